from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.prefs_command import Action, parse_prefs
from retrieval.diet.preferences import Diet
from retrieval.errors import BadInputError


def test_nothing_said_shows_everything() -> None:
    assert parse_prefs("  ").action is Action.SHOW


@pytest.mark.parametrize(
    ("said", "allergy"),
    [
        ("peanuts", "peanuts"),
        ("Peanut", "peanuts"),
        ("prawns", "crustaceans"),
        ("strawberries", "strawberry"),
    ],
)
def test_an_allergy_is_kept_under_the_id_that_protects(said: str, allergy: str) -> None:
    command = parse_prefs(f"add allergy {said}")
    assert command.action is Action.ADD
    assert command.change.allergies == {allergy}


def test_a_word_for_several_allergens_means_all_of_them() -> None:
    assert parse_prefs("add allergy nuts").change.allergies == {"tree_nuts", "peanuts"}
    assert parse_prefs("add allergy shellfish").change.allergies == {"crustaceans", "molluscs"}


def test_diets_tastes_and_targets() -> None:
    assert parse_prefs("add diet gluten free").change.diets == {Diet.GLUTEN_FREE}
    assert parse_prefs("add dislike coriander").change.dislikes == ("coriander",)
    assert parse_prefs("add like red lentils").change.likes == ("red lentils",)
    assert parse_prefs("add target saturated fat 20").change.targets == {"saturated_fat_g": 20.0}
    assert set(parse_prefs("remove target protein").change.targets) == {"protein_g"}


@pytest.mark.parametrize(
    "words",
    ["add", "add allergy", "add nothing", "frobnicate", "add diet paleo", "add target protein", "add target protein -5",
     "add target protein many", "add target vibes 3", "add allergy xyzzyq", "remove allergy"],
)  # fmt: skip
def test_what_cannot_be_done_says_how_to_say_it(words: str) -> None:
    with pytest.raises(BadInputError):
        parse_prefs(words)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("clear", True),
        ("remove allergy peanuts", True),
        ("remove diet vegan", False),
        ("add allergy peanuts", False),
    ],
)
def test_only_what_takes_protection_away_asks_first(words: str, asks: bool) -> None:
    assert parse_prefs(words).needs_confirmation is asks


@given(st.text(max_size=80))
def test_any_words_are_understood_or_refused(words: str) -> None:
    with suppress(BadInputError):
        parse_prefs(words)
