"""The phrases that carry a statement about eating, from `data/cues.yaml`, compiled: `find_cues`, `phrases`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.assistant.datafiles import read_data
from retrieval.errors import BadInputError


class CueKind(StrEnum):
    """What a phrase says about its object."""

    REQUEST = "request"
    """Asks for it; states nothing."""
    LIKE = "like"
    DISLIKE = "dislike"
    ALLERGY = "allergy"
    AVOID = "avoid"
    """Isn't eaten, without saying why."""
    REFUSED = "refused"
    """'no nuts': a wish for this meal, or an allergy when the same message says so."""
    EATEN = "eaten"
    """'when I eat nuts': an allergy when a reaction is told next."""
    FINE = "fine"
    """Can be eaten (again)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase at `[start, end)`; its object stands before it when `trails`, else after it."""

    kind: CueKind
    trails: bool
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """The word lists of `data/cues.yaml`, each compiled to match whole words."""

    cue: re.Pattern[str]
    subject: re.Pattern[str]
    """Whoever a sentence may be about, in the groups `me`, `other` and `nobody`."""
    words: Mapping[str, re.Pattern[str]]
    """Key of the file → pattern."""
    conditions: Mapping[str, re.Pattern[str]]
    """Allergen id → the conditions that mean it."""
    groups: Mapping[str, frozenset[str]]
    """Name of a group of allergens → their ids."""
    group_names: Mapping[str, re.Pattern[str]]
    freed_diets: Mapping[str, frozenset[str]]
    """Lexicon id → the diets that end when it is eaten again."""
    avoided_diets: Mapping[str, re.Pattern[str]]
    """Diet id → the food groups whose avoidance means that diet."""

    def has(self, key: str, text: str) -> bool:
        """Whether any word or phrase of the list `key` stands in `text`."""
        return self.words[key].search(text) is not None


def find_cues(text: str) -> list[Cue]:
    """Return the phrases in a piece of plain text, left to right, not overlapping."""
    found: list[Cue] = []
    for match in phrases().cue.finditer(text):
        place, _, kind = str(match.lastgroup).partition("_")
        found.append(Cue(CueKind(kind), place == "trail", match.start(), match.end(), match[0]))
    return found


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return the phrases, read once. Raises `BadInputError` naming the entry that is wrong."""
    data = read_data("cues.yaml", _WORD_LISTS | _MAPPINGS | {"lead", "trail", "eating", "symptoms", "body"})
    short = {
        "<adv>": f"(?:(?:{data['adverbs']}) ){{0,4}}",
        "<eat>": f"(?:{data['eating']})",
        "<me>": "(?:i|we)",
        "<ill>": f"(?:{data['symptoms']})",
        "<body>": f"(?:{data['body']})",
    }
    return Phrases(
        cue=_cue_pattern(data, short),
        subject=_compile(
            "me/others/people/you",
            rf"(?<![\w-])(?:(?P<other>{data['others']})|(?P<me>{data['me']})|(?P<nobody>{data['people']}|{data['you']}))"
            r"(?![\w-])(?!'(?!s\b))",
        ),
        words={key: _whole_words(key, data[key], short) for key in _WORD_LISTS},
        conditions=_each(data, "conditions"),
        groups={name: frozenset(ids) for name, ids in data["groups"].items()},
        freed_diets={food: frozenset(diets) for food, diets in data["freed_diets"].items()},
        group_names=_each(data, "group_names"),
        avoided_diets=_each(data, "avoided_diets"),
    )


_MAPPINGS = frozenset({"conditions", "groups", "group_names", "avoided_diets", "freed_diets"})
_WORD_LISTS = frozenset(
    """
    about_preferences adjectives adverbs again determiners diet_copulas diet_fillers diet_heads
    diet_only diet_tails eats_fish everything_but exception generic_after hard_stops hypothetical
    keeps_away me negation negation_adjacent not_diets not_food not_negated not_others not_past
    not_persons not_tastes kinds medical medically ordinary others own past past_after people pronouns
    retracting retracting_after stop_words you
    """.split()
)


def _cue_pattern(data: Mapping[str, Any], short: Mapping[str, str]) -> re.Pattern[str]:
    kinds = []
    for place in ("lead", "trail"):
        for kind, alternatives in data[place].items():
            CueKind(kind)
            source = "|".join(alternatives)
            kinds.append(f"(?P<{place}_{kind}>{_expand(source, short)})")
    return _compile("lead/trail", r"\b(?:" + "|".join(kinds) + r")(?:(?<=\s)|(?!\w))")


def _each(data: Mapping[str, Any], key: str) -> dict[str, re.Pattern[str]]:
    return {name: _whole_words(f"{key}.{name}", source, {}) for name, source in data[key].items()}


def _whole_words(name: str, source: str, short: Mapping[str, str]) -> re.Pattern[str]:
    return _compile(name, rf"(?<![\w])(?:{_expand(source, short)})(?!\w)")


def _expand(source: str, short: Mapping[str, str]) -> str:
    for placeholder, pattern in short.items():
        source = source.replace(placeholder, pattern)
    return source


def _compile(name: str, source: str) -> re.Pattern[str]:
    try:
        return re.compile(source)
    except re.error as error:
        raise BadInputError(
            f"cues.yaml: '{name}' is no regular expression: {error}; mend that entry"
        ) from error
