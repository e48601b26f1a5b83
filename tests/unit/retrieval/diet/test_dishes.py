"""Dishes of the world's kitchens and words of nine languages, by what they hide."""

import pytest

from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.violations import violations


def against(allergy_or_diet: str) -> Restrictions:
    if allergy_or_diet in set(Diet):
        return Restrictions(diets=frozenset({Diet(allergy_or_diet)}))
    return Restrictions(allergies=frozenset({allergy_or_diet}))


@pytest.mark.parametrize(
    ("dish", "restriction"),
    [
        ("gnudi", "milk"),
        ("saganaki", "milk"),
        ("kulfi", "milk"),
        ("clafoutis", "eggs"),
        ("zabaglione", "eggs"),
        ("okonomiyaki", "eggs"),
        ("fattoush", "gluten"),
        ("haggis", "gluten"),
        ("seitan", "gluten"),
        ("mafe", "peanuts"),
        ("pé de moleque", "peanuts"),
        ("baklava", "tree_nuts"),
        ("stollen", "tree_nuts"),
        ("bouillabaisse", "fish"),
        ("worcestershire sauce", "fish"),
        ("surimi", "fish"),
        ("vongole", "molluscs"),
        ("gambas al ajillo", "crustaceans"),
        ("halva", "sesame"),
        ("baba ganoush", "sesame"),
        ("miso soup", "soybeans"),
        ("edamame", "soybeans"),
        ("piccalilli", "mustard"),
        ("waldorf salad", "celery"),
        ("coq au vin", "halal"),
        ("sherry trifle", "halal"),
        ("chorizo", "kosher"),
        ("panna cotta", "vegetarian"),
        ("toad in the hole", "vegan"),
        ("Käse", "milk"),
        ("fromage", "milk"),
        ("huevos", "eggs"),
        ("jajecznica", "eggs"),
        ("орехи", "tree_nuts"),
        ("karides", "crustaceans"),
    ],
)
def test_what_a_dish_hides_is_found(dish: str, restriction: str) -> None:
    assert violations(f"Have some {dish}.", against(restriction)), dish


@pytest.mark.parametrize(
    ("food", "restriction"),
    [
        ("coconut milk", "milk"),
        ("cocoa butter", "milk"),
        ("butter beans", "milk"),
        ("aubergine", "eggs"),
        ("eggplant", "eggs"),
        ("buckwheat", "gluten"),
        ("nutmeg", "tree_nuts"),
        ("butternut squash", "tree_nuts"),
        ("water chestnuts", "tree_nuts"),
        ("almonds", "peanuts"),
        ("oyster mushrooms", "molluscs"),
        ("rice vinegar", "gluten"),
        ("ginger", "halal"),
        ("vegan cheese", "vegan"),
        ("tofu", "milk"),
    ],
)
def test_what_only_looks_alike_is_left_alone(food: str, restriction: str) -> None:
    assert not violations(f"Have some {food}.", against(restriction)), food
