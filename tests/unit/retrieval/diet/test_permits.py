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


def judged(text: str, restrictions: Restrictions) -> Answer:
    """Return the answer for a food that `text` names, with little sugar, salt and starch in it."""
    named = [mention.ingredient for mention in lexicon().find(text)]
    assert named, text
    return permits(named, dict.fromkeys(FIGURES, 1.0), restrictions).answer


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
    ("exempt", "allergy"),
    [
        ("wheat glucose syrup", "gluten"),
        ("glucose syrup from wheat", "wheat"),
        ("wheat dextrose", "gluten"),
        ("wheat-based maltodextrin", "gluten"),
        ("barley glucose syrup", "gluten"),
        ("whisky", "gluten"),
        ("fish gelatine as carrier", "fish"),
        ("isinglass", "fish"),
        ("fully refined soybean oil", "soybeans"),
        ("natural mixed tocopherols from soybean", "soybeans"),
        ("D-alpha tocopherol", "soybeans"),
        ("phytosterols from soybean", "soybeans"),
        ("plant stanol esters from soybean", "soybeans"),
        ("gin", "milk"),
        ("lactitol", "milk"),
        ("brandy", "tree_nuts"),
    ],
)
def test_what_annex_ii_exempts_is_permitted_to_the_allergic(exempt: str, allergy: str) -> None:
    assert judged(exempt, allergic(allergy)) is Answer.YES


@pytest.mark.parametrize(
    ("close", "allergy"),
    [
        ("wheat starch", "gluten"),
        ("barley malt extract", "gluten"),
        ("beer", "gluten"),
        ("fish gelatine", "fish"),
        ("cold-pressed soybean oil", "soybeans"),
        ("soya lecithin", "soybeans"),
        ("E426", "soybeans"),
        ("peanut oil", "peanuts"),
        ("whey", "milk"),
        ("lactose", "milk"),
        ("almond oil", "tree_nuts"),
        ("amaretto", "tree_nuts"),
        ("lysozyme", "eggs"),
    ],
)
def test_what_only_resembles_an_exemption_is_not_permitted(close: str, allergy: str) -> None:
    assert judged(close, allergic(allergy)) is Answer.NO


US_NINE = dict(
    pair.split(": ")
    for pair in "cheddar: milk|meringue: eggs|smoked haddock: fish|tempura prawns: crustaceans|pine nuts: tree_nuts"
    "|pad thai: peanuts|couscous: wheat|miso: soybeans|tahini: sesame".split("|")
)


@pytest.mark.parametrize("food", US_NINE)
def test_the_nine_of_the_united_states_are_kept_from_the_allergic(food: str) -> None:
    assert judged(food, allergic(US_NINE[food])) is Answer.NO


@pytest.mark.parametrize(
    ("additive", "diet", "answer"),
    [
        *((number, Diet.VEGETARIAN, Answer.NO) for number in "E120 E441 E542 E904 E920 E921 E1000".split()),
        *(
            (number, Diet.VEGETARIAN, Answer.UNKNOWN)
            for number in "E422 E470a E471 E472e E476 E481 E491 E570 E627 E631 E635 E913 E966 E1104".split()
        ),
        ("E901", Diet.VEGAN, Answer.NO),
        ("E901", Diet.VEGETARIAN, Answer.YES),
        ("E1105", Diet.VEGAN, Answer.NO),
        ("E322", Diet.VEGAN, Answer.YES),
        ("E621", Diet.VEGAN, Answer.YES),
        ("E406", Diet.VEGAN, Answer.YES),
        ("E120", Diet.KOSHER, Answer.NO),
    ],
)
def test_additives_of_animals_are_not_given_to_those_who_eat_none(
    additive: str, diet: Diet, answer: Answer
) -> None:
    assert judged(additive, eats(diet)) is answer


@pytest.mark.parametrize(
    ("fat", "diet", "answer"),
    [
        ("lard", Diet.HALAL, Answer.NO),
        ("bacon dripping", Diet.KOSHER, Answer.NO),
        ("Schmalz", Diet.HALAL, Answer.NO),
        *((fat, Diet.HALAL, Answer.UNKNOWN) for fat in ("beef dripping", "tallow", "suet", "schmaltz")),
        *(
            (fat, Diet.VEGETARIAN, Answer.NO)
            for fat in ("beef dripping", "tallow", "suet", "schmaltz", "lard")
        ),
        ("suet and milk", Diet.KOSHER, Answer.NO),
        ("vegetable suet", Diet.VEGAN, Answer.YES),
    ],
)
def test_fat_of_cattle_and_fowl_is_no_pork(fat: str, diet: Diet, answer: Answer) -> None:
    assert judged(fat, eats(diet)) is answer


@pytest.mark.parametrize(
    ("food", "restriction", "answer"),
    [
        ("smoothie", allergic("milk"), Answer.UNKNOWN),
        ("smoothie", eats(Diet.VEGAN), Answer.UNKNOWN),
        ("milk smoothie", allergic("milk"), Answer.NO),
        ("chia pudding", eats(Diet.VEGAN), Answer.UNKNOWN),
        ("pudding", allergic("gluten"), Answer.UNKNOWN),
        ("pudding", eats(Diet.GLUTEN_FREE), Answer.UNKNOWN),
        ("bread pudding", eats(Diet.GLUTEN_FREE), Answer.NO),
        ("eggnog", eats(Diet.HALAL), Answer.UNKNOWN),
        ("advocaat", eats(Diet.HALAL), Answer.NO),
        ("apple cider", eats(Diet.HALAL), Answer.UNKNOWN),
        ("dry cider", eats(Diet.HALAL), Answer.NO),
        ("alcohol-free wine", eats(Diet.HALAL), Answer.UNKNOWN),
        ("alcohol-free beer", eats(Diet.HALAL), Answer.UNKNOWN),
        ("wine vinegar", allergic("sulphites"), Answer.UNKNOWN),
        ("asafoetida", eats(Diet.GLUTEN_FREE), Answer.UNKNOWN),
        ("starch", allergic("potato"), Answer.UNKNOWN),
        ("potato starch", allergic("potato"), Answer.NO),
        ("sweetened condensed milk", eats(Diet.DIABETIC), Answer.NO),
        ("evaporated milk", eats(Diet.DIABETIC), Answer.YES),
    ],
)
def test_a_word_that_may_mean_something_else_is_not_certain(
    food: str, restriction: Restrictions, answer: Answer
) -> None:
    assert judged(food, restriction) is answer


@pytest.mark.parametrize(
    ("food", "allergy"),
    [
        ("rutabaga", "parsnip"),
        ("kohlrabi", "turnip"),
        ("poppadoms", "lentil"),
        ("guava", "lychee"),
        ("gooseberries", "blackcurrant"),
        ("taro", "sweet_potato"),
        ("aspartame", "stevia"),
        ("swordfish", "monkfish"),
        ("hake", "haddock"),
        ("salt", "msg"),
        ("sugar", "fructose"),
        ("honey", "agave"),
        ("chamomile tea", "caffeine"),
        ("decaf", "caffeine"),
        ("white chocolate", "caffeine"),
        ("sunflower lecithin", "soybeans"),
        ("legumes and vegetables", "peanuts"),
        ("pulses", "soybeans"),
        ("eggplant", "eggs"),
        ("coconut milk and cocoa butter", "milk"),
        ("nutmeg, water chestnuts and butternut squash", "tree_nuts"),
        ("butter beans and cream of tartar", "milk"),
        ("buckwheat groats", "gluten"),
        ("farine de riz et farine de sarrasin", "gluten"),
        ("Kakaobutter", "milk"),
    ],
)
def test_what_only_shares_a_name_or_a_row_is_permitted(food: str, allergy: str) -> None:
    assert judged(food, allergic(allergy)) is Answer.YES


@pytest.mark.parametrize(
    ("food", "allergy"),
    [
        ("black gram papadums", "urad_bean"),
        ("neeps", "swede"),
        ("monosodium glutamate", "msg"),
        ("agave syrup", "fructose"),
        ("high fructose corn syrup", "fructose"),
        ("espresso", "caffeine"),
        ("green tea", "caffeine"),
        ("flat white", "caffeine"),
        ("dark chocolate", "caffeine"),
        ("energy drink", "caffeine"),
        ("tiramisu", "caffeine"),
        ("suet", "beef"),
        ("schmaltz", "chicken"),
        ("peanuts", "legume"),
        ("seeds mix of sesame", "seed"),
    ],
)
def test_an_allergy_outside_the_fourteen_is_kept_to(food: str, allergy: str) -> None:
    assert judged(food, allergic(allergy)) is Answer.NO


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
