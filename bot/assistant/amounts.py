"""How much of a food a question asks about ("in 250 g", "two cups", "3 eggs"), and what is in that much."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.figures import Figure, figures
from bot.assistant.numerals import IN_DIGITS, IN_WORDS, fold, number_value
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words

MOST_GRAMS = 5000.0
"""What weighs more is somebody's weight, or a shop's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An amount in a question. `figure` is its mass or volume, or `None` for a count of `things` ("3 large eggs").

    `about` are the words that follow it, by which its food is told.
    """

    text: str
    figure: Figure | None
    count: float
    things: frozenset[str]
    about: frozenset[str]


def asked_amounts(question: str) -> tuple[Asked, ...]:
    """Return the amounts that a question names, in its order; not those of a nutrient ("30 g of protein")."""
    text = fold(question).text
    weighed = [
        item for item in figures(question) if item.dimension in ("mass", "volume") and item.nutrient is None
    ]
    taken = [(item.start, item.end) for item in figures(question)]
    found = [
        (item.start, item.end, Asked(item.text, item, 1.0, frozenset(), frozenset())) for item in weighed
    ]
    if text.isascii() and len(text) == len(question):
        found += _counts(question, text, taken)
    found.sort(key=lambda item: item[0])
    ends = [*(start for start, _end, _asked in found[1:]), len(question)][: len(found)]
    return tuple(
        Asked(asked.text, asked.figure, asked.count, asked.things, significant_words(question[end:until]))
        for (_start, end, asked), until in zip(found, ends, strict=True)
    )


def asked_of(passage: Passage, asked: Sequence[Asked]) -> tuple[Asked, float] | None:
    """Return the amount that is asked of this food and its weight in grams; `None` when none is, or nobody can tell.

    Where the question names one amount only, it is everybody's.
    """
    if not asked:
        return None
    names = significant_words(" ".join((passage.title, *passage.names)))
    about = [item for item in asked if (item.about | item.things) & names]
    for item in about or asked[:1]:
        if (grams := grams_of(item, passage)) is not None:
            return item, grams
    return None


def grams_of(asked: Asked, passage: Passage) -> float | None:
    """Return what an amount weighs, `None` when `passage` doesn't tell.

    Cups and spoons are turned into grams by the passage's own household portion, pieces by its weight for one piece.
    """
    if asked.figure is None:
        grams = _counted(asked, passage)
    elif asked.figure.dimension == "mass":
        grams = asked.figure.amount
    else:
        portion = _portion_figures(passage.portion)
        measured = portion and portion[0].dimension == "volume" and passage.portion_g
        grams = (
            asked.figure.amount / portion[0].amount * passage.portion_g
            if measured and passage.portion_g
            else None
        )
    return grams if grams is not None and 0 < grams <= MOST_GRAMS else None


def amount_in(passage: Passage, nutrient: str, grams: float) -> float | None:
    """Return the amount of `nutrient` (a key of `NUTRIENTS`, in its unit) in so many grams; `None` when unknown."""
    per_100g = passage.per_100g.get(nutrient)
    return None if per_100g is None else per_100g * grams / 100


_COUNT = re.compile(rf"(?<![\w.,/])({IN_DIGITS}|{IN_WORDS})\s+((?:[a-z-]+\s+){{0,2}}[a-z-]+)")
_PIECE = re.compile(r"(\d+(?:\.\d+)?|half|an?)?\s*([a-z].*)?", re.IGNORECASE)
_SERVING = frozenset({"serving", "portion", "plate", "bowl"})


@lru_cache(maxsize=1024)  # "1 cup" is the portion of many foods
def _portion_figures(portion: str) -> tuple[Figure, ...]:
    return figures(portion)


def _counts(question: str, text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int, Asked]]:
    found = []
    for match in _COUNT.finditer(text):
        if any(start < match.end(1) and match.start(1) < end for start, end in taken):
            continue
        count, _half_digit = number_value(match[1])
        things = significant_words(match[2])
        asked = Asked(question[match.start() : match.end()], None, count, things, frozenset())
        if things and 0 < count <= 24:
            found.append((match.start(), match.end(), asked))
    return found


def _counted(asked: Asked, passage: Passage) -> float | None:
    if not passage.portion_g:
        return None
    if passage.kind is Kind.RECIPE:
        return asked.count * passage.portion_g if asked.things & _SERVING else None
    piece = _PIECE.fullmatch(passage.portion.strip())
    if piece is None or _portion_figures(passage.portion):
        return None
    pieces = {"half": 0.5, "a": 1.0, "an": 1.0, None: 1.0}.get(piece[1]) or float(piece[1])
    named = significant_words(f"{piece[2] or ''} {passage.title} {' '.join(passage.names)}")
    return asked.count * passage.portion_g / pieces if asked.things & named else None
