"""The data of the bootstrap: words and phrasings, read once and checked."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, parse_diet
from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS

DATA = Path(__file__).parent / "data"

_MAPS = ("nutrients", "diets", "targets")
_LISTS = (
    "unlisted",
    "allergies",
    "tastes",
    "meals",
    "strangers",
    "everywhere",
    "elsewhere",
    "medical",
    "stand_ins",
)


@cache
def words() -> Mapping[str, Any]:
    """Return `words.yaml`. Raises `BadInputError` for a missing part, or an id that the lexicon doesn't know."""
    path = DATA / "words.yaml"
    found = _mapping(path)
    if missing := sorted({*_MAPS, *_LISTS} - set(found)):
        raise BadInputError(f"{path}: '{missing[0]}' is missing; add it")
    if unknown := sorted(set(found["nutrients"]) ^ set(NUTRIENTS)):
        raise BadInputError(f"{path}: nutrients: '{unknown[0]}' is missing, or no figure's id")
    if unknown := sorted(set(found["targets"]) - set(TARGETS)):
        raise BadInputError(f"{path}: targets: '{unknown[0]}' is no target's id")
    for diet in found["diets"]:
        parse_diet(diet)
    if unknown := [word for word in found["allergies"] if word not in lexicon()]:
        raise BadInputError(f"{path}: allergies: '{unknown[0]}' isn't in the lexicon")
    return found


@cache
def phrasings() -> Mapping[str, Sequence[str]]:
    """Return `phrasings.yaml`: what is wanted → how people ask for it. Raises `BadInputError` for another layout."""
    path = DATA / "phrasings.yaml"
    found = _mapping(path)
    for name, lines in found.items():
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise BadInputError(f"{path}: '{name}' must be a list of sentences")
        if len(set(lines)) != len(lines):
            raise BadInputError(f"{path}: '{name}' has a sentence twice")
    return found


@cache
def answer_words() -> Mapping[str, str]:
    """Return `answers.yaml`: name → what is said, with {slots}."""
    return _mapping(DATA / "answers.yaml")


def _mapping(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise BadInputError(f"{path}: must be a mapping of names to lists")
    return found
