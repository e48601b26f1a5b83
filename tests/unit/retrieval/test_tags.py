"""What restrictions are filtered by, worked out from what a source says."""

import pytest

from retrieval.knowledge.documents import Kind, Says
from retrieval.tags import Tags, tags


def listed(title: str, ingredients: str) -> Tags:
    return tags(Kind.FOOD, title, says=Says.LIST, label=ingredients, stated=(), per_100g={})


@pytest.mark.parametrize(
    ("title", "contains", "without"),
    [
        ("Nut & seed butter", "tree_nuts", "fish"),
        ("Cheese sauce", "milk", "fish"),
        ("Dairy-free oat drink", "oat", "milk"),
    ],
)
def test_what_a_title_names_counts_whatever_the_ingredients_say(
    title: str, contains: str, without: str
) -> None:
    found = listed(title, "water, oats, sunflower oil")
    assert contains in found.contains
    assert without not in found.contains


def test_one_unknown_word_makes_it_unknown_and_fit_for_no_diet_of_ingredients() -> None:
    found = listed("Drink", "water, oats, xyzzyium")
    assert not found.known
    assert "oat" in found.contains, "what is known of it counts all the same"
    assert "vegan" not in found.suits


def test_what_we_chose_ourselves_isnt_read_again() -> None:
    found = tags(Kind.RECIPE, "Stroganoff", says=Says.IDS, label="", stated=("mushroom",), per_100g={})
    assert found.ingredients == ("mushroom",)
    assert found.known


def test_an_ingredient_that_left_the_lexicon_makes_a_row_unknown_instead_of_failing() -> None:
    found = tags(Kind.FOOD, "Oats", says=Says.IDS, label="", stated=("oat", "left_the_lexicon"), per_100g={})
    assert not found.known
    assert found.ingredients == ("oat",)
