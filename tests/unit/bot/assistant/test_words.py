"""What our data name in English, said in another language; in English it is what it was."""

import re
from collections.abc import Iterator

import pytest

from bot.assistant.composing.options import about_recipe
from bot.assistant.composing.parts import amount_text, computed_text, figure_text
from bot.assistant.figures import _NUTRIENT_WORDS
from bot.assistant.words import (
    both,
    either,
    food_name,
    nutrient_name,
    portion_text,
    reason_text,
    recipe_line,
    restriction_name,
)
from bot.messages import languages, speaking
from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import Answer, conflicts_of, permits
from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.diet.reasons import Form, read_reason, reason
from retrieval.diet.rules import ALLERGENS
from retrieval.diet.violations import violations
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import NUTRIENTS
from retrieval.prompt import label

EVERYTHING = Restrictions(diets=frozenset(Diet), allergies=frozenset(Allergen))
KNOWN = tuple(passages(load_catalogue()))
ENGLISH = re.compile(r"\b(?:contains|may|which|isn't|known|names|above|together|serves|minutes|cups?)\b")


def every_reason() -> Iterator[str]:
    """Every reason that the lexicon and the rules can give, and those about whole foods."""
    for key in lexicon():
        yield from (conflict.reason for conflict in conflicts_of(key, EVERYTHING))
    for passage in KNOWN:
        for diet in Diet:
            verdict = permits(passage.contains, passage.per_100g, Restrictions(diets=frozenset({diet})))
            if verdict.answer is not Answer.YES:
                yield verdict.reason
    unknown = Restrictions(
        allergies=frozenset({"ortolan", "milk"}), diets=frozenset({Diet.LOW_CARB, Diet.VEGAN})
    )
    for contains in (None, ("rice",)):
        yield permits(contains, {}, unknown).reason
    yield permits(("rice",), {}, Restrictions(diets=frozenset({Diet.LOW_CARB}))).reason
    yield from (found.reason for found in violations("Eat ortolan", unknown))
    kosher = Restrictions(diets=frozenset({Diet.KOSHER}))
    yield from (found.reason for found in violations("Steak with butter", kosher))


REASONS = frozenset(every_reason())


def test_every_form_of_reason_occurs() -> None:
    forms = {found[0] for found in map(read_reason, REASONS) if found is not None}
    # No diet that asks for a label asks it of the ingredient itself by the same word.
    assert set(Form) - forms <= {Form.LABEL_SAYS}


@pytest.mark.parametrize("form", list(Form))
def test_a_reason_is_read_back(form: Form) -> None:
    parts = ("1", "g", "fat", "2", "g") if form is Form.ABOVE else ("tree nuts", "milk", "halal")
    text = reason(form, *parts)
    read = read_reason(text)
    assert read is not None
    assert read[0] is form
    assert read[1] == parts[: len(read[1])]


def test_every_reason_is_said_in_english_as_it_was() -> None:
    assert {text for text in REASONS if reason_text(text) != text} == set()


def test_no_reason_stays_english_in_spanish() -> None:
    with speaking("es"):
        assert {text for text in REASONS if ENGLISH.search(reason_text(text))} == set()
        assert reason_text("contains tahini → sesame") == "contiene tahini → sésamo"
        assert reason_text("nut may be tree nuts").endswith("puede ser frutos de cáscara")
        assert reason_text("52.4 g of carbohydrate per 100 g, above 10 g").startswith("52,4 g de hidratos")


def test_what_is_no_reason_is_left_alone() -> None:
    assert reason_text("the model: timed out") == "the model: timed out"


@pytest.mark.parametrize("language", languages())
def test_every_nutrient_that_a_question_can_name_has_a_name(language: str) -> None:
    with speaking(language):
        for nutrient in {*_NUTRIENT_WORDS.values(), *NUTRIENTS}:
            assert nutrient_name(nutrient)


def test_english_names_are_those_of_the_data() -> None:
    assert {key: nutrient_name(key) for key in NUTRIENTS} == {
        key: name for key, (name, _) in NUTRIENTS.items()
    }
    assert nutrient_name("vitamin k") == "vitamin K"
    assert all(food_name(item) == label(item) for item in ALLERGENS)
    assert food_name("strawberry") == label("strawberry")
    assert all(restriction_name(diet) == label(diet) for diet in Diet)
    assert portion_text("half a cup, chopped") == "half a cup, chopped"
    assert either(["almond", "walnut", "pecan"]) == "almond or walnut or pecan"
    assert both(["tofu"]) == "tofu"


def test_recipes_and_portions_of_the_catalogue_are_said_in_english_as_they_are() -> None:
    abouts = [about for about in map(about_recipe, KNOWN) if about]
    assert len(abouts) > 200
    assert [recipe_line(about) for about in abouts] == abouts
    assert [portion_text(passage.portion) for passage in KNOWN] == [passage.portion for passage in KNOWN]


def test_recipes_of_the_catalogue_are_said_in_spanish() -> None:
    with speaking("es"):
        said = {
            about_recipe(passage): recipe_line(about_recipe(passage))
            for passage in KNOWN
            if about_recipe(passage)
        }
    english = re.compile(r"\b[A-Z]|breakfast|lunch|dinner|snack|dessert|side|drink|serves")
    proper = re.compile(r"Europa del Este|Oriente Medio|Sri Lanka|África Occidental")
    assert [about for about, line in said.items() if english.search(proper.sub("", line))] == []


@pytest.mark.parametrize(
    ("portion", "said"),
    [
        ("1 cup", "1 taza"),
        ("2 cups", "2 cups"),
        ("half a cup", "media taza"),
        ("a quarter of a cup", "un cuarto de taza"),
        ("3 oz", "3 oz"),
        ("1.5 oz", "1,5 oz"),
        ("2 tbsp", "2 cucharadas"),
        ("1 cup, chopped", "1 taza, en trozos"),
        ("1 kernel", "1 kernel"),
        ("serving", "1 ración"),
        ("", ""),
    ],
)
def test_a_household_portion_is_said_or_left_in_english_as_a_whole(portion: str, said: str) -> None:
    with speaking("es"):
        assert portion_text(portion) == said


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert (amount_text("sodium_mg", 38758.0), computed_text("fat_g", 1.25)) == ("38,758 mg", "1.25 g")
    with speaking("es"):
        assert amount_text("sodium_mg", 38758.0) == "38\u202f758 mg"
        assert figure_text("protein_g", 9.02) == "proteínas 9,02 g"
