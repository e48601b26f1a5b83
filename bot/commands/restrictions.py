"""Preferences from command-line options."""

from collections.abc import Sequence

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences, parse_diet
from retrieval.errors import BadInputError


def preferences_from(diets: Sequence[str], allergies: Sequence[str], dislikes: Sequence[str]) -> Preferences:
    """Return the preferences that options name. Raises `BadInputError` for a word that nobody knows."""
    return Preferences(
        diets=frozenset(lexicon().diet(diet) or parse_diet(diet) for diet in diets),
        allergies=frozenset().union(*(allergies_named(allergy) for allergy in allergies)),
        dislikes=tuple(dict.fromkeys(dislike.strip() for dislike in dislikes if dislike.strip())),
    )


def allergies_named(name: str) -> frozenset[str]:
    """Return the allergies called `name`: an id ('tree_nuts') as it is, else what a person means by the word.

    Raises `BadInputError` with suggestions.
    """
    words = lexicon()
    if name in words:
        return words.allergies(name)
    if (found := words.resolve(name.replace("_", " "))) is not None:
        return words.allergies(found)
    close = words.suggest(name)
    hint = (
        f"did you mean {' or '.join(close[:3])}?" if close else "name a food or one of the fourteen allergens"
    )
    raise BadInputError(f"unknown allergy '{name}': {hint}")
