"""Likes and dislikes that are told without a verb of liking."""

import pytest

from bot.assistant.understand import understand


@pytest.mark.parametrize(
    ("text", "likes", "dislikes"),
    [
        ("ramen is my absolute weakness", ["ramen"], []),
        ("sweet potato, huge favourite", ["sweet potato"], []),
        ("tuna's grim imo", [], ["tuna"]),
        ("mushrooms feel like slugs in my mouth, no thank you", [], ["mushroom"]),
        ("I'm not allergic to walnuts, I just find them nasty", [], ["walnut"]),
        ("il maiale non lo mangio", [], ["pork"]),
    ],
)
def test_a_taste_is_heard_in_the_words_around_it(text: str, likes: list[str], dislikes: list[str]) -> None:
    add = understand(text).add
    assert (list(add.likes), list(add.dislikes)) == (likes, dislikes)


@pytest.mark.parametrize(
    "text",
    [
        "Is tuna gross?",
        "The soup was delicious",
        "Most children dislike bitter vegetables.",
    ],
)
def test_questions_others_and_what_passes_are_no_tastes(text: str) -> None:
    add = understand(text).add
    assert not add.likes
    assert not add.dislikes
