"""An allergy to a group with foods of that group that are fine: "tree nuts except almonds"."""

from functools import lru_cache

from retrieval.diet.lexicon import lexicon


def narrows(exception: str, allergy: str) -> bool:
    """Whether `exception` is a food of the group `allergy`, so that it can be left out of the allergy.

    An allergy to one thing, such as milk, is never narrowed.
    """
    words = lexicon()
    if allergy not in words or exception not in words or exception == allergy:
        return False
    return (
        words[allergy].is_group
        and not words[exception].is_group
        and allergy in words.contents_of(exception).everything
    )


@lru_cache(maxsize=4096)
def fine_of(allergy: str, exceptions: frozenset[str]) -> frozenset[str]:
    """Return those of `exceptions` that are foods of the group `allergy`."""
    return frozenset(item for item in exceptions if narrows(item, allergy))


@lru_cache(maxsize=16_384)
def brings(ingredient: str, allergy: str, fine: frozenset[str]) -> bool:
    """Whether `ingredient` brings `allergy` by anything that isn't in `fine`: marzipan is almonds alone, praline not.

    Raises `BadInputError` for an unknown ingredient.
    """
    if ingredient in fine:
        return False
    if allergy not in lexicon().contents_of(ingredient).everything:
        return False
    item = lexicon()[ingredient]
    own = ingredient == allergy or allergy in item.carries
    return own or any(brings(parent, allergy, fine) for parent in item.parents)
