"""A food is permitted only when its ingredients and figures are known to allow it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.diet.lexicon import LEXICON, lexicon
from retrieval.diet.permits import Answer, Verdict, permits, suitable_diets
from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.diet.rules import rules
from retrieval.errors import BadInputError

LINES = LEXICON.read_text(encoding="utf-8").splitlines()[1:]
IDS = sorted(line.partition(",")[0] for line in LINES)
STRICTNESS = [Answer.YES, Answer.UNKNOWN, Answer.NO]
FIGURES = ["sodium_mg", "carbohydrate_g", "sugar_g", "protein_g"]

ingredients = st.lists(st.sampled_from(IDS), max_size=6)
facts = st.dictionaries(st.sampled_from(FIGURES), st.floats(min_value=0, max_value=1_000))
restrictions = st.builds(
    Restrictions,
    diets=st.frozensets(st.sampled_from(list(Diet))),
    allergies=st.frozensets(st.one_of(st.sampled_from(IDS), st.just("dragon tears")), max_size=4),
)


def allergic(*allergies: str) -> Restrictions:
    return Restrictions(allergies=frozenset(allergies))


def eats(*diets: Diet) -> Restrictions:
    return Restrictions(diets=frozenset(diets))


@pytest.mark.parametrize(
    ("contains", "allergy", "answer", "reason"),
    [
        (["chickpea", "tahini"], "sesame", Answer.NO, "contains tahini → sesame"),
        (["peanuts"], "peanuts", Answer.NO, "contains peanuts"),
        (["almond"], "tree_nuts", Answer.NO, "contains almond → tree nuts"),
        (["almond"], "peanuts", Answer.YES, ""),
        (["peanut_butter"], "tree_nuts", Answer.YES, ""),
        (["peanut_butter"], "milk", Answer.YES, ""),
        (["strawberry_jam"], "strawberry", Answer.NO, "contains strawberry jam → strawberry"),
        (["cheddar"], "cheese", Answer.NO, "contains cheddar → cheese"),
        (["butter"], "cheese", Answer.YES, ""),
        (["shrimp"], "shellfish", Answer.NO, "contains shrimp → crustaceans"),
        (["tree_nuts"], "almond", Answer.UNKNOWN, "tree nuts may be almond"),
        (["tree_nuts"], "peanuts", Answer.UNKNOWN, "tree nuts may be peanuts"),
        (["almond"], "hazelnut", Answer.YES, ""),
        (["soybean_oil"], "soybeans", Answer.YES, ""),
        (["apple"], "Groundnuts", Answer.YES, ""),
        (["peanuts"], "Groundnuts", Answer.NO, "contains peanuts"),
    ],
)
def test_allergies_look_into_every_ingredient(
    contains: list[str], allergy: str, answer: Answer, reason: str
) -> None:
    assert permits(contains, {}, allergic(allergy)) == Verdict(answer, reason)


@pytest.mark.parametrize(
    ("contains", "diet", "answer"),
    [
        (["gelatine"], Diet.VEGETARIAN, Answer.NO),
        (["honey"], Diet.VEGAN, Answer.NO),
        (["honey"], Diet.VEGETARIAN, Answer.YES),
        (["carmine"], Diet.VEGETARIAN, Answer.NO),
        (["cheddar"], Diet.VEGETARIAN, Answer.YES),
        (["parmesan"], Diet.VEGETARIAN, Answer.UNKNOWN),
        (["worcestershire_sauce"], Diet.VEGETARIAN, Answer.NO),
        (["salmon"], Diet.PESCATARIAN, Answer.YES),
        (["chicken"], Diet.PESCATARIAN, Answer.NO),
        (["ham"], Diet.HALAL, Answer.NO),
        (["wine"], Diet.HALAL, Answer.NO),
        (["chicken"], Diet.HALAL, Answer.UNKNOWN),
        (["lentil"], Diet.HALAL, Answer.YES),
        (["shrimp"], Diet.KOSHER, Answer.NO),
        (["eel"], Diet.KOSHER, Answer.NO),
        (["salmon"], Diet.KOSHER, Answer.YES),
        (["beef"], Diet.KOSHER, Answer.UNKNOWN),
        (["beef", "cheddar"], Diet.KOSHER, Answer.NO),
        (["oat"], Diet.GLUTEN_FREE, Answer.NO),
        (["gluten_free_oat"], Diet.GLUTEN_FREE, Answer.YES),
        (["buckwheat"], Diet.GLUTEN_FREE, Answer.YES),
        (["beer"], Diet.GLUTEN_FREE, Answer.NO),
        (["coconut_milk"], Diet.DAIRY_FREE, Answer.YES),
        (["lactose_free_milk"], Diet.DAIRY_FREE, Answer.NO),
        (["lactose_free_milk"], Diet.LOW_FODMAP, Answer.YES),
        (["garlic"], Diet.LOW_FODMAP, Answer.NO),
        (["garlic_oil"], Diet.LOW_FODMAP, Answer.YES),
        (["cheddar"], Diet.LOW_FODMAP, Answer.YES),
    ],
)
def test_diets_look_into_every_ingredient(contains: list[str], diet: Diet, answer: Answer) -> None:
    assert permits(contains, {}, eats(diet)).answer is answer


@pytest.mark.parametrize(
    ("diet", "figures", "answer", "reason"),
    [
        (Diet.LOW_SODIUM, {"sodium_mg": 120.0}, Answer.YES, ""),
        (Diet.LOW_SODIUM, {"sodium_mg": 121.0}, Answer.NO, "121 mg of sodium per 100 g, above 120 mg"),
        (Diet.LOW_SODIUM, {}, Answer.UNKNOWN, "its sodium isn't known"),
        (Diet.LOW_SODIUM, {"sodium_mg": math.nan}, Answer.UNKNOWN, "its sodium isn't known"),
        (Diet.LOW_CARB, {"carbohydrate_g": 10.0}, Answer.YES, ""),
        (Diet.LOW_CARB, {"carbohydrate_g": 28.0}, Answer.NO, "28 g of carbohydrate per 100 g, above 10 g"),
        (Diet.DIABETIC, {"sugar_g": 22.5}, Answer.YES, ""),
        (Diet.DIABETIC, {"sugar_g": 63.0}, Answer.NO, "63 g of sugar per 100 g, above 22.5 g"),
    ],
)
def test_diets_of_figures_compare_with_their_limit(
    diet: Diet, figures: dict[str, float], answer: Answer, reason: str
) -> None:
    assert permits(["apple"], figures, eats(diet)) == Verdict(answer, reason)


def test_added_sugar_is_not_diabetic_however_little() -> None:
    assert permits(["jam"], {"sugar_g": 3.0}, eats(Diet.DIABETIC)) == Verdict(
        Answer.NO, "contains jam → added sugar"
    )


def test_the_strictest_restriction_decides() -> None:
    both = Restrictions(diets=frozenset({Diet.HALAL}), allergies=frozenset({"milk"}))
    assert permits(["chicken", "butter"], {}, both).answer is Answer.NO
    assert permits(["chicken"], {}, both).answer is Answer.UNKNOWN


@pytest.mark.parametrize("allergy", [*Allergen, "strawberry", "dragon tears"])
def test_unknown_ingredients_are_never_safe_with_an_allergy(allergy: str) -> None:
    assert permits(None, {}, allergic(allergy)).answer is Answer.UNKNOWN


@pytest.mark.parametrize("diet", [diet for diet, rule in rules().items() if rule.needs_ingredients])
def test_unknown_ingredients_are_never_suitable_for_a_diet_of_ingredients(diet: Diet) -> None:
    figures = dict.fromkeys(FIGURES, 0.0)
    assert permits(None, figures, eats(diet)).answer is Answer.UNKNOWN
    assert diet not in suitable_diets(None, figures)


def test_figures_alone_answer_for_diets_of_figures() -> None:
    assert suitable_diets(None, {"sodium_mg": 5.0, "carbohydrate_g": 60.0}) == {Diet.LOW_SODIUM}


def test_an_allergy_we_have_no_word_for_is_never_answered_with_yes() -> None:
    assert permits(["apple"], {}, allergic("dragon tears")).answer is Answer.UNKNOWN


def test_without_restrictions_everything_is_permitted() -> None:
    assert permits(None, {}, Restrictions()) == Verdict(Answer.YES, "")


def test_an_ingredient_that_is_not_in_the_lexicon_is_refused() -> None:
    with pytest.raises(BadInputError, match="unknown ingredient 'unobtainium'"):
        permits(["unobtainium"], {}, Restrictions())


def test_suitable_diets_are_those_that_answer_yes() -> None:
    plain = {"sodium_mg": 2.0, "carbohydrate_g": 20.0, "sugar_g": 1.8}
    assert suitable_diets(["lentil"], plain) == set(Diet) - {Diet.LOW_CARB, Diet.LOW_FODMAP}
    assert Diet.HALAL not in suitable_diets(["chicken"], plain)


@given(ingredients, facts, restrictions, restrictions)
def test_more_restrictions_never_permit_more(
    contains: list[str], figures: dict[str, float], some: Restrictions, others: Restrictions
) -> None:
    more = Restrictions(diets=some.diets | others.diets, allergies=some.allergies | others.allergies)
    before, after = permits(contains, figures, some), permits(contains, figures, more)
    assert STRICTNESS.index(after.answer) >= STRICTNESS.index(before.answer)


@given(ingredients, ingredients, facts, restrictions)
def test_more_ingredients_never_permit_more(
    contains: list[str], added: list[str], figures: dict[str, float], limits: Restrictions
) -> None:
    before, after = permits(contains, figures, limits), permits([*contains, *added], figures, limits)
    assert STRICTNESS.index(after.answer) >= STRICTNESS.index(before.answer)


@given(facts, restrictions)
def test_unknown_ingredients_are_never_permitted_where_ingredients_matter(
    figures: dict[str, float], limits: Restrictions
) -> None:
    matters = limits.allergies or any(rules()[diet].needs_ingredients for diet in limits.diets)
    if matters:
        assert permits(None, figures, limits).answer is not Answer.YES


@pytest.mark.parametrize("allergen", list(Allergen))
def test_whatever_brings_an_allergen_is_never_permitted_to_the_allergic(allergen: Allergen) -> None:
    for key in IDS:
        if allergen.value in lexicon().contents([key]).allergens:
            assert permits([key], {}, allergic(allergen.value)).answer is Answer.NO, key


@given(ingredients, facts, restrictions)
def test_every_refusal_says_why(contains: list[str], figures: dict[str, float], limits: Restrictions) -> None:
    verdict = permits(contains, figures, limits)
    assert bool(verdict.reason) is (verdict.answer is not Answer.YES)
    assert "\n" not in verdict.reason
