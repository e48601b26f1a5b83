"""The words of food labels that the lexicon doesn't know, read from `retrieval/knowledge/labels/words.yaml`.

They tell a label that we understand from one that we don't: a word that is in neither place makes the contents
unknown. So a word belongs into the file only when it can't hide a food that somebody must avoid.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from retrieval.diet.lexicon import Lexicon, lexicon
from retrieval.diet.words import Name, Names, name_variants
from retrieval.errors import BadInputError

LABEL_WORDS = Path(__file__).parent / "labels" / "words.yaml"

CLAIM = "-"
"""The value of a phrase that names no substance at all ('without salt')."""

_KEYS = ("alone", "beside", "kitchen", "plain", "harmless", "claims", "names", "vague")


@dataclass(frozen=True, slots=True)
class LabelWords:
    """What the words of a label say.

    `alone` are folded words that need nothing beside them ('contains', 'emulsifier'); `beside` describe a
    substance in the same piece ('dried'), `kitchen` do so in recipes, `plain` in the names of plain foods. `names` maps
    phrases to the lexicon ids that they stand for, joined by `|`: '' for none, `CLAIM` for no substance.
    `vague` are ids too general to tell what is in a piece that names nothing else.
    """

    alone: frozenset[str]
    beside: frozenset[str]
    kitchen: frozenset[str]
    plain: frozenset[str]
    names: Names
    vague: frozenset[str]


@cache
def label_words() -> LabelWords:
    """Return the shared words, loaded once."""
    return read_label_words(LABEL_WORDS, lexicon())


def read_label_words(path: Path, known: Lexicon) -> LabelWords:
    """Read a file of label words; `known` is the lexicon that its ids are from.

    Raises `BadInputError` for a key that doesn't exist, an unknown id, a word list that holds the name of a food,
    or a phrase that is there twice.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
    except (OSError, yaml.YAMLError) as error:
        raise BadInputError(f"{path.name}: can't be read: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict) or set(data) != set(_KEYS):
        raise BadInputError(f"{path.name}: must have exactly the keys {', '.join(_KEYS)}")
    if unknown := [key for key in data["vague"] if key not in known]:
        raise BadInputError(f"{path.name}: vague: '{unknown[0]}' is no id of the lexicon")
    return LabelWords(
        alone=_words(path, "alone", data, known),
        beside=_words(path, "beside", data, known),
        kitchen=_words(path, "kitchen", data, known),
        plain=_words(path, "plain", data, known),
        names=Names(_phrases(path, data, known)),
        vague=frozenset(data["vague"]),
    )


def _words(path: Path, key: str, data: Mapping[str, Any], known: Lexicon) -> frozenset[str]:
    """Return the single words of a list. A word that names a food can't be a mere description."""
    found: set[str] = set()
    for word in " ".join(data[key]).split():
        if known.resolve(word) is not None:
            raise BadInputError(f"{path.name}: {key}: '{word}' names a food of the lexicon; take it out")
        variants = name_variants(word)
        if not variants or any(len(name) > 1 for name in variants):
            raise BadInputError(f"{path.name}: {key}: '{word}' isn't one word; put phrases under 'harmless'")
        found.update(name[0] for name in variants)
    return frozenset(found)


def _phrases(path: Path, data: Mapping[str, Any], known: Lexicon) -> dict[Name, str]:
    """Return every phrase and its plurals. A plural that somebody's own phrase equals yields to that one."""
    names: dict[Name, str] = {}
    derived: dict[Name, str] = {}

    def add(lines: Iterable[str], value: Callable[[str], str]) -> None:
        for phrase in (part.strip() for line in lines for part in line.split("|")):
            variants = name_variants(phrase)
            if not variants or variants[0] in names:
                why = "is there twice" if variants else "has no letters"
                raise BadInputError(f"{path.name}: the phrase '{phrase}' {why}; every phrase is given once")
            names[variants[0]] = value(phrase)
            for variant in variants[1:]:
                derived.setdefault(variant, names[variants[0]])

    add(data["harmless"], lambda phrase: _harmless(path, phrase, known))
    add(data["claims"], lambda _phrase: CLAIM)
    for ids, lines in data["names"].items():
        if unknown := [key for key in ids.split("|") if key not in known]:
            raise BadInputError(f"{path.name}: names: '{unknown[0]}' is no id of the lexicon")
        add(lines, partial(_same, ids))
    return {**derived, **names}


def _same(ids: str, _phrase: str) -> str:
    return ids


def _harmless(path: Path, phrase: str, known: Lexicon) -> str:
    """Return the value of a phrase without contents. It may hold the name of a food only if that is harmless."""
    found = known.contents(mention.ingredient for mention in known.find(phrase))
    if found.allergens:
        raise BadInputError(
            f"{path.name}: harmless: '{phrase}' names {min(found.allergens)}; give its ids under 'names'"
        )
    return ""
