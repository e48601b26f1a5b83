"""The words by which a recipe is recognised: headings of its parts, amounts and units, and licences of collections.

The data is `recipe_words.yaml`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from retrieval.diet.words import split
from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.files import one_line
from retrieval.knowledge.loaders.markdown import Block, Line, Shape

_DATA = Path(__file__).with_name("recipe_words.yaml")

_LONGEST_HEADING = 6  # words
_FRACTION = "½¼¾⅓⅔⅕⅖⅗⅘⅙⅛⅜⅝⅞"
_SLASH = "[/\u2044]"
_NUMBER = rf"(?:\d*[.,]?\d+(?: ?{_SLASH} ?\d+)?(?: ?[{_FRACTION}]| \d+{_SLASH}\d+)?|[{_FRACTION}])"

_Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Part(StrEnum):
    """A part of a recipe, as a heading tells it."""

    INGREDIENTS = "ingredients"
    DIRECTIONS = "directions"
    REMARKS = "remarks"


@dataclass(frozen=True, slots=True)
class RecipeWords:
    """What `recipe_words.yaml` holds, ready to compare with: phrases as folded words."""

    headings: tuple[tuple[Part, tuple[tuple[str, ...], ...]], ...]
    amount: re.Pattern[str]
    licences: tuple[tuple[str, str], ...]

    def part(self, heading: str) -> Part | None:
        """Return the part that `heading` opens: 'Zutaten', 'Cooking directions (90 min)'; `None` for any other."""
        words = _folded(heading)
        for part, phrases in self.headings:
            if part is Part.REMARKS:
                if any(words[: len(phrase)] == phrase for phrase in phrases):
                    return part
            elif len(words) <= _LONGEST_HEADING and any(_within(phrase, words) for phrase in phrases):
                return part
        return None

    def has_amount(self, line: str) -> bool:
        """Return whether `line` begins with an amount and a unit: '1 1/2 cups', 'a pinch of', '200g'."""
        return self.amount.match(line) is not None

    def reads_like_ingredients(self, block: Block) -> bool:
        """Return whether two or more lines of a list or a paragraph begin with an amount and a unit."""
        if block.shape is Shape.HEADING:
            return False
        return sum(self.has_amount(line.text) for line in block.lines) >= 2

    def licence(self, text: str) -> str:
        """Return the short name of the licence in `text`, or its first line when it isn't known."""
        folded = one_line(text).casefold()
        for phrase, name in self.licences:
            if phrase in folded:
                return name
        return next((one_line(line)[:80] for line in text.split("\n") if line.strip(" #*=-")), "")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ingredients: list[_Phrase]
    directions: list[_Phrase]
    remarks: list[_Phrase]
    units: list[_Phrase]
    amounts: list[_Phrase]
    licences: list[tuple[_Phrase, _Phrase]]


@cache
def recipe_words() -> RecipeWords:
    """Return the words in `recipe_words.yaml`. Raises `BadInputError` when that file is malformed."""
    try:
        file = _File.model_validate(yaml.safe_load(_DATA.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise BadInputError(f"{_DATA.name}: {one_line(str(error))[:200]}") from error
    return RecipeWords(
        headings=(  # remarks first: 'Notes on the ingredients' has none
            (Part.REMARKS, _phrases(file.remarks)),
            (Part.INGREDIENTS, _phrases(file.ingredients)),
            (Part.DIRECTIONS, _phrases(file.directions)),
        ),
        amount=_amount(file.amounts, file.units),
        licences=tuple((phrase.casefold(), name) for phrase, name in file.licences),
    )


def is_group(line: Line) -> bool:
    """Return whether an item of a list of ingredients only names those under it ('Spices:', 'For the dough')."""
    return line.heads and (not line.marker or line.text.endswith(":") or line.text.lower().startswith("for "))


def ingredient(text: str) -> str:
    """Return a line of ingredients as plain text, the cells of a table joined."""
    return text.replace(" | ", " ")


def _amount(amounts: Sequence[str], units: Sequence[str]) -> re.Pattern[str]:
    about = r"(?:about|around|approx\.?|ca\.?|circa|~|≈)? ?"
    number = rf"(?:{_NUMBER}|(?:{_any(amounts)})(?= ))"
    to = rf"(?: ?(?:-|–|—|to|or|bis) ?{_NUMBER})?"
    size = r"(?:small|medium|large|big|generous|heaped|level|fresh|whole|thin|thick)"
    return re.compile(rf"\W*{about}{number}{to}[ -]?(?:{size} )?(?:{_any(units)})\b\.?", re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _phrases(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(_folded(value) for value in values)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(word for word, _, _ in split(text) if word[0].isalnum())


def _within(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))
