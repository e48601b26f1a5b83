"""What a text recommends against a restriction is found; what it warns of is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.diet.violations import violations

EVERYTHING = Restrictions(
    diets=frozenset(Diet), allergies=frozenset(allergen.value for allergen in Allergen) | {"strawberry"}
)
COMMON = frozenset({"peanuts", "milk", "tree_nuts", "sesame", "eggs"})


def named(text: str, *allergies: str, diets: tuple[Diet, ...] = ()) -> list[str]:
    """Return the words of `text` that are against the restrictions, by default five common allergies."""
    chosen = frozenset(allergies) if allergies or diets else COMMON
    found = violations(text, Restrictions(diets=frozenset(diets), allergies=chosen))
    return list(dict.fromkeys(violation.mention.name for violation in found))


@pytest.mark.parametrize(
    "text",
    [
        "Avoid peanuts.",
        "Avoid peanuts, cashews and sesame.",
        "Avoid foods made with peanuts.",
        "Avoid the following foods: peanuts, cashews, sesame.",
        "Avoid:\n- peanuts\n- tahini\n- cheese\n",
        "Avoid pesto because it contains pine nuts and parmesan.",
        "Avoid dairy (milk, cheese and cream).",
        "Avoid nuts, e.g. cashews and almonds.",
        "Skip the satay sauce.",
        "Stay away from anything with sesame.",
        "Steer clear of cakes, cookies and pastries.",
        "Never eat peanuts.",
        "Don’t add butter.",
        "You should not eat peanuts or tahini.",
        "You can't eat peanuts.",
        "I've left out the cheese and butter.",
        "The rice is cooked without butter.",
        "It's free from milk and eggs.",
        "It contains no eggs.",
        "It has no eggs, milk or nuts.",
        "It doesn't contain milk.",
        "Neither milk nor eggs are in it.",
        "You are allergic to peanuts.",
        "Your peanut allergy matters here.",
        "Because you're allergic to peanuts, tree nuts, and sesame, I suggest rice.",
        "Since you can't have milk, try a glass of water.",
        "Use olive oil instead of butter.",
        "Replace the milk with rice milk.",
        "Swap butter for olive oil.",
        "Use an egg substitute.",
        "Rice milk is a milk alternative.",
        "A peanut-free lunch, with nut- and dairy-free snacks.",
        "Choose dairy-free yoghurt, vegan mayo, or an egg-free, dairy-free and nut-free cake.",
        "Peanuts are not suitable for you.",
        "Peanut butter and tahini should be avoided.",
        "Pad thai usually contains peanuts, so it isn't suitable for you.",
        "Pesto contains parmesan, so skip it.",
        "Peanuts, which you must avoid, are legumes.",
        "Butter won't work for you.",
        "Peanuts are out.",
        "Pesto (which contains parmesan and pine nuts) is off limits.",
        "Coconut milk, butter beans, eggplant, nutmeg, water chestnuts and buckwheat are fine.",
        "Reis ohne Milch, riz sans lait.",
    ],
)
def test_what_a_text_keeps_away_is_no_violation(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "cue",
    "avoid|avoids|avoiding|skip|skipped|omit|ditching|leave out|left out|hold the|exclude|excluding|cut out|rules out"
    "|stay away from|keep well away from|steer clear of|refrain from|watch out for|look out for|beware of"
    "|be careful with|do not eat|don't use|never add|shouldn't have|must not eat|allergic to"
    "|an allergy to|intolerant to|sensitive to|free from|free of|without|instead of|rather than"
    "|in place of|an alternative to|a substitute for"
    "|replacements for|lacks|lacking|can't eat|cannot have|couldn't eat|doesn't contain|does not have|didn't use"
    "|won't contain|unable to eat|not able to eat|no|zero|neither|minus|not|ohne|sans|sin|senza|sem|zonder|bez|без"
    "".split("|"),
)
def test_every_way_of_keeping_a_food_away_is_understood(cue: str) -> None:
    assert named(f"It is {cue} peanuts, in short.") == []


@pytest.mark.parametrize("verb", ["Replace", "Swap", "Swapping", "Switch", "Exchange", "Trade"])
def test_what_is_replaced_is_no_violation_and_its_replacement_is_one(verb: str) -> None:
    assert named(f"{verb} butter with peanut butter.") == ["peanut butter"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Try peanut butter.", ["peanut butter"]),
        ("Avoid salt, and eat peanuts.", ["peanuts"]),
        ("Avoid salt and eat peanuts.", ["peanuts"]),
        ("Avoid salt and peanuts are good.", ["peanuts"]),
        ("Avoid salt but peanuts are fine.", ["peanuts"]),
        ("Avoid salt; peanuts are fine.", ["peanuts"]),
        ("Avoid boredom with peanuts.", ["peanuts"]),
        ("Avoid hunger by eating peanuts.", ["peanuts"]),
        ("To avoid cramps, peanuts help.", ["peanuts"]),
        ("Avoid peanuts. Cheese is better.", ["Cheese"]),
        ("Avoid rice\nPeanuts", ["Peanuts"]),
        ("Skip breakfast and eat peanuts.", ["peanuts"]),
        ("Skip lunch for peanuts.", ["peanuts"]),
        ("Don't skip the peanuts.", ["peanuts"]),
        ("Never avoid peanuts.", ["peanuts"]),
        ("There is no need to avoid peanuts.", ["peanuts"]),
        ("No better snack than peanuts.", ["peanuts"]),
        ("No, peanuts are fine.", ["peanuts"]),
        ("Why not peanuts?", ["peanuts"]),
        ("Not only peanuts but also almonds.", ["peanuts", "almonds"]),
        ("Instead of milk, peanut butter.", ["peanut butter"]),
        ("Instead of jam: peanut butter.", ["peanut butter"]),
        ("If you can't have milk, cheese works.", ["cheese"]),
        ("Since you can't have rice, peanuts are great.", ["peanuts"]),
        ("You can't go wrong with peanuts.", ["peanuts"]),
        ("You can't have too many peanuts.", ["peanuts"]),
        ("Without rice, peanuts work.", ["peanuts"]),
        ("Peanuts are great but rice is not suitable.", ["Peanuts"]),
        ("Try peanut butter, since rice is not suitable for you.", ["peanut butter"]),
        ("Peanut butter works well, since rice is not suitable for you.", ["Peanut butter"]),
        ("Remove the peanuts from the heat.", ["peanuts"]),
        ("Substitute peanut butter for jam.", ["peanut butter"]),
        ("Replace rice with peanuts.", ["peanuts"]),
        ("It contains peanuts.", ["peanuts"]),
        ("Peanuts avoid a sudden hunger.", ["Peanuts"]),
        ("Peanuts free from salt.", ["Peanuts"]),
        ("Peanuts don't suit everyone.", ["Peanuts"]),
        ("Peanuts are out of this world.", ["Peanuts"]),
        ("A handful of mixed nuts.", ["mixed nuts"]),
        ("Gluten-free peanut cookies.", ["peanut cookies"]),
        ("Lactose-free ice cream.", ["ice cream"]),
        ("Dairy-free cookies with eggs.", ["cookies", "eggs"]),
        ("The soup is vegan, cheese on top.", ["cheese"]),
        ("A soup, vegan\nCheese", ["Cheese"]),
        ("P\u200bea\u0301nuts and mi\u200dlk.", ["P\u200bea\u0301nuts", "mi\u200dlk"]),
    ],
)
def test_what_a_text_recommends_is_a_violation(text: str, found: list[str]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("text", "allergy", "found"),
    [
        ("A handful of nuts", "peanuts", ["nuts"]),
        ("A handful of nuts", "almond", ["nuts"]),
        ("Top it with berries", "strawberry", ["berries"]),
        ("A blueberry muffin", "strawberry", []),
        ("Grilled prawns", "shellfish", ["prawns"]),
        ("Cashews", "almond", []),
        ("A spoon of Dragon Tears", "dragon tear", ["Dragon Tears"]),
        ("A soup without dragon tears", "dragon tear", []),
    ],
)
def test_allergies_outside_the_fourteen_are_found_too(text: str, allergy: str, found: list[str]) -> None:
    assert named(text, allergy) == found


@pytest.mark.parametrize(
    ("text", "diet", "found"),
    [
        ("Grilled chicken with gravy and rice", Diet.VEGAN, ["Grilled chicken", "gravy"]),
        ("Vegan sausages with vegan gravy", Diet.VEGAN, []),
        ("Marshmallows", Diet.VEGETARIAN, ["Marshmallows"]),
        ("Bread and gluten-free bread", Diet.GLUTEN_FREE, ["Bread"]),
        ("Gluten-free and vegan cake", Diet.GLUTEN_FREE, []),
        ("Coq au vin, ham and turkey", Diet.HALAL, ["Coq au vin", "ham"]),
        ("Prawns and salmon", Diet.KOSHER, ["Prawns"]),
        ("Add 10 g of sugar", Diet.DIABETIC, ["sugar"]),
        ("It has 10 g of sugar; sugar: 10 g per 100 g", Diet.DIABETIC, []),
        ("Sugar-free cookies", Diet.DIABETIC, []),
        ("Onion and soup", Diet.LOW_FODMAP, ["Onion", "soup"]),
        ("Salted crisps and white rice", Diet.LOW_SODIUM, []),
    ],
)
def test_diets_are_held_by_what_is_in_a_mention(text: str, diet: Diet, found: list[str]) -> None:
    assert named(text, diets=(diet,)) == found


def test_a_violation_says_which_restriction_and_why() -> None:
    (violation,) = violations("Add tahini.", Restrictions(allergies=frozenset({"sesame"})))
    assert (violation.restriction, violation.reason) == ("sesame", "contains tahini → sesame")
    assert (violation.mention.start, violation.mention.end) == (4, 10)


def test_without_restrictions_nothing_is_a_violation() -> None:
    assert violations("Peanuts, ham and beer", Restrictions()) == ()


pieces = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            "peanuts|cheese|vegan|free|-|avoid|skip|no|without|instead of|and|,|.|:|\n- |eat|you can't have|if|¤|İ|e.g."
            "|replace|with|is not suitable|(|)|sugar|10 g of".split("|")
        ),
    )
).map(" ".join)


@given(pieces)
def test_any_text_can_be_judged_and_places_are_right(text: str) -> None:
    for violation in violations(text, EVERYTHING):
        mention = violation.mention
        assert text[mention.start : mention.end] == mention.name


@given(pieces, st.sampled_from(["peanuts", "milk", "sesame"]))
def test_an_order_to_eat_is_a_violation_after_any_text(text: str, allergen: str) -> None:
    found = violations(f"{text}.\n\nEat {allergen} today.", Restrictions(allergies=frozenset({allergen})))
    assert found
    assert found[-1].mention.name == allergen


@given(pieces)
def test_more_restrictions_never_find_less(text: str) -> None:
    few = Restrictions(allergies=frozenset({"peanuts"}), diets=frozenset({Diet.VEGAN}))
    assert {item.mention for item in violations(text, few)} <= {
        item.mention for item in violations(text, EVERYTHING)
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fry the steak in butter.", True),
        ("Butter chicken is a classic.", True),
        ("Roast the chicken with lemon.", False),
        ("Roast the chicken with lemon. Milk is fine hours later.", False),
        ("Fry the steak in oil instead of butter.", False),
    ],
)
def test_kosher_keeps_meat_and_milk_apart_within_a_sentence(text: str, found: bool) -> None:
    kosher = Restrictions(diets=frozenset({Diet.KOSHER}))
    assert any("together" in violation.reason for violation in violations(text, kosher)) is found
