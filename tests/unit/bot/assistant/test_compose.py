import re
from dataclasses import replace

import pytest

from bot.assistant.compose import Need, compose
from bot.assistant.guard import Guard
from bot.assistant.understand import Intent
from bot.messages import say
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Diet, Preferences
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Passage

KNOWN = {passage.id: passage for passage in passages(load_catalogue())}
NOBODY = Preferences()


def pick(*keys: str) -> list[Passage]:
    return [KNOWN[key] for key in keys]


def need(
    question: str, intent: Intent = Intent.LOOKUP, nutrient: str | None = None, who: Preferences = NOBODY
) -> Need:
    return Need(question, intent, nutrient, who)


def allergic(*allergies: str) -> Preferences:
    return Preferences(allergies=frozenset(allergies))


def test_a_figure_is_given_per_100_g_and_per_portion() -> None:
    asked = need("How much protein is in cooked lentils?", nutrient="protein_g")
    text = compose(asked, pick("food:lentils-cooked", "food:lentils-dry")).text
    assert text == "**Lentils, cooked**: protein 9.02 g per 100 g, 17.9 g in 1 cup (198 g) [1]"


@pytest.mark.parametrize(
    ("question", "key", "nutrient", "said"),
    [
        (
            "protein in 250 g of cooked lentils",
            "lentils-cooked",
            "protein_g",
            "22.6 g in 250 g, computed from",
        ),
        ("3 oz of salmon: protein?", "salmon", "protein_g", "17.4 g in 3 oz, computed"),
        (
            "calories in two cups of cooked rice",
            "rice-white-cooked",
            "energy_kcal",
            "411 kcal in two cups (316 g)",
        ),
        ("how many calories are in 2 bananas?", "banana", "energy_kcal", "210 kcal in 2 bananas (236 g)"),
    ],
)
def test_an_amount_that_is_asked_for_is_computed_and_that_is_said(
    question: str, key: str, nutrient: str, said: str
) -> None:
    assert said in compose(need(question, nutrient=nutrient), pick(f"food:{key}")).text


def test_figures_come_in_the_order_that_was_asked_with_the_main_one_first() -> None:
    asked = need("How much iron and protein do cooked lentils have?", nutrient="iron_mg")
    assert "iron 3.33 mg, protein 9.02 g per 100 g" in compose(asked, pick("food:lentils-cooked")).text


def test_salt_is_given_as_salt_with_the_sodium_it_comes_from() -> None:
    text = compose(
        need("how much salt is in feta", nutrient="sodium_mg"), pick("food:feta", "food:salt")
    ).text
    assert "salt 2.29 g (sodium 917 mg) per 100 g, salt 0.65 g in 1 oz" in text
    assert "**Salt**" not in text


def test_a_figure_that_nobody_has_is_said_to_be_missing_and_a_note_helps() -> None:
    asked = need("how much vitamin D is in salmon?", Intent.QUESTION)
    composed = compose(asked, pick("food:salmon", "note:vitamin-d"))
    assert composed.text.startswith("I have no figure for vitamin D in Salmon")
    assert "10 µg" in composed.text
    assert [passage.id for passage in composed.passages] == ["food:salmon", "note:vitamin-d"]


def test_a_comparison_says_which_has_more_and_by_how_much_on_one_basis() -> None:
    asked = need("Which has more iron, lentils or spinach?", Intent.COMPARE, "iron_mg")
    composed = compose(
        asked, pick("food:lentils-dry", "food:spinach", "food:spinach-cooked", "food:lentils-cooked")
    )
    assert [passage.id for passage in composed.passages] == ["food:spinach-cooked", "food:lentils-cooked"]
    assert composed.text.startswith(
        "Most iron: **Spinach, cooked**, 0.24 mg more than Lentils, cooked, per 100 g"
    )


def test_a_comparison_of_less_puts_the_least_first() -> None:
    asked = need("Which has less sugar, apples or bananas?", Intent.COMPARE, "sugar_g")
    composed = compose(asked, pick("food:banana", "food:apple", "food:sugar"))
    assert [passage.id for passage in composed.passages] == ["food:apple", "food:banana"]


def test_a_comparison_without_a_nutrient_gives_several_side_by_side() -> None:
    text = compose(
        need("compare tofu and tempeh", Intent.COMPARE), pick("food:tofu-firm", "food:tempeh")
    ).text
    assert "- protein: 17.27 g against 20.29 g, 3.02 g less" in text
    assert text.count("\n- ") >= 4


def test_a_figure_word_may_be_a_food_and_a_food_without_figures_is_named() -> None:
    asked = need("honey, oat milk or sugar: which has more?", Intent.COMPARE, "sugar_g")
    text = compose(asked, pick("food:honey", "food:sugar")).text
    assert text.startswith("Most sugar: **Sugar, white**, 17.7 g more than Honey")
    assert text.endswith("I have no figures for oat milk.")


def test_figures_of_something_near_are_not_passed_off_as_those_asked_for() -> None:
    asked = need("fish and chips calories", nutrient="energy_kcal")
    assert compose(asked, pick("food:banana-chips")).text.startswith(say("card_near"))


def test_one_food_alone_is_not_called_a_comparison() -> None:
    asked = need("what has more protein than tofu?", Intent.COMPARE, "protein_g")
    assert say("compare_one") in compose(asked, pick("food:tofu-firm")).text


def test_a_recipe_comes_with_servings_time_figures_ingredients_and_steps() -> None:
    text = compose(need("a recipe for shakshuka", Intent.RECIPE), pick("recipe:shakshuka")).text
    for part in (
        "serves 3, 30 minutes",
        "energy 292 kcal",
        "- Egg, whole, raw, 300 g (6 large)",
        "\n5. Scatter",
    ):
        assert part in text


def test_a_recipe_that_is_not_the_one_asked_for_says_so() -> None:
    asked = need("a recipe for pad thai", Intent.RECIPE, who=allergic("peanuts"))
    assert compose(asked, pick("recipe:baked-plantain")).text.startswith(say("recipe_near"))


def test_options_say_why_and_the_disliked_is_left_out() -> None:
    who = Preferences(likes=("mushroom",), dislikes=("tofu",))
    found = pick(
        "recipe:tofu-scramble",
        "recipe:garlic-mushrooms-toast",
        "recipe:mushroom-barley-soup",
        "recipe:hummus-home-made",
    )
    text = compose(need("What can I have for dinner?", Intent.SUGGEST, who=who), found).text
    assert text.startswith(say("options_intro"))
    assert "with mushroom, which you like" in text
    assert "Tofu" not in text
    assert text.index("Mushroom and barley soup") < text.index("Garlic mushrooms"), "dinner before breakfast"


def test_the_disliked_comes_last_where_there_is_little_else() -> None:
    who = Preferences(dislikes=("tofu",))
    found = pick("recipe:tofu-scramble", "recipe:hummus-home-made")
    text = compose(need("What can I have?", Intent.SUGGEST, who=who), found).text
    assert text.index("Hummus") < text.lower().index("tofu")


def test_options_are_listed_with_the_figure_that_matters() -> None:
    asked = need("What snack has a lot of protein?", Intent.SUGGEST, "protein_g")
    assert "protein 18.5 g" in compose(asked, pick("recipe:edamame-chilli-lime", "food:lentils-cooked")).text


def test_a_note_on_ones_own_allergen_tells_what_to_avoid_and_recommends_none_of_it() -> None:
    who = allergic("peanuts")
    asked = need("how do I read labels with a peanut allergy?", Intent.QUESTION, who=who)
    composed = compose(asked, pick("note:reading-labels-allergens", "note:peanut-allergy-labels"))
    assert "Avoid peanut, groundnut, monkey nut" in composed.text
    assert Guard(asked.question, composed.passages, who.restrictions).check(composed.text) == ()


def test_nothing_relevant_is_said_plainly_with_what_to_ask_instead() -> None:
    assert compose(need("What is the capital of France?", Intent.QUESTION), []).text == say("nothing_found")
    text = compose(need("satay", Intent.SUGGEST, who=allergic("peanuts")), []).text
    assert "What can I have for dinner?" in text
    assert "peanut" not in text


def test_a_passage_that_recommends_something_forbidden_is_left_out() -> None:
    peanut_butter = [passage for key, passage in KNOWN.items() if "peanut-butter" in key]
    assert peanut_butter
    asked = need("peanut butter", Intent.SUGGEST, who=allergic("peanuts"))
    assert compose(asked, peanut_butter).passages == ()


def test_a_document_that_gives_dangerous_advice_is_not_repeated() -> None:
    note = replace(KNOWN["note:fibre"], id="note:bad", text="Eat only 600 kcal a day. Fibre fills you.")
    assert compose(need("fibre?", Intent.QUESTION), [note]).text.endswith("Fibre fills you. [1]")


PROFILES = {
    "nobody": NOBODY,
    "nuts": allergic("peanuts", "tree_nuts"),
    "milk and eggs": allergic("milk", "eggs"),
    "gluten and soya": allergic("gluten", "soybeans"),
    "seafood and sesame": allergic("fish", "crustaceans", "molluscs", "sesame"),
    "vegan": Preferences(diets=frozenset({Diet.VEGAN})),
    "halal with tastes": Preferences(diets=frozenset({Diet.HALAL}), likes=("lentil",), dislikes=("tofu",)),
}
INTENTS = (Intent.LOOKUP, Intent.QUESTION, Intent.SUGGEST, Intent.COMPARE, Intent.RECIPE)


@pytest.mark.parametrize("who", PROFILES.values(), ids=PROFILES.keys())
@pytest.mark.parametrize("intent", INTENTS)
def test_what_is_composed_from_the_catalogue_passes_the_guard(intent: Intent, who: Preferences) -> None:
    """Every eleventh document, others for each form of answer, for every profile that it is permitted to."""
    failed = {}
    for key in sorted(KNOWN)[INTENTS.index(intent) :: 11]:
        passage = KNOWN[key]
        if permits(passage.contains, passage.per_100g, who.restrictions).answer is not Answer.YES:
            continue
        question = f"How much protein is in 250 g of {passage.title}?"
        composed = compose(need(question, intent, "protein_g", who), [passage])
        asked = "protein_g" if intent is Intent.LOOKUP and composed.passages else None
        if faults := Guard(question, composed.passages, who.restrictions, asked).check(composed.text):
            failed[key] = faults
    assert failed == {}


def test_every_number_of_a_composed_answer_is_in_its_passages_or_computed() -> None:
    asked = need("compare apple and banana", Intent.COMPARE)
    composed = compose(asked, pick("food:apple", "food:banana"))
    wrong = re.sub(r"\d+\.\d+ g against", "77.7 g against", composed.text, count=1)
    assert Guard(asked.question, composed.passages, NOBODY.restrictions).check(wrong)
