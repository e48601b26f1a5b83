"""Where Platewise is not a doctor: texts that get a fixed, kind answer which says whom to see (`red_line`).

The rules are data, `data/red_lines.yaml`, and so are the answers: the messages `red_line_…`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.assistant.datafiles import DATA, read_list
from bot.assistant.targets import daily_energy
from bot.assistant.wording import plain
from bot.messages import say
from retrieval.errors import BadInputError

LOWEST_ENERGY = 1200.0
"""Kilocalories a day. Below that, plans belong under a doctor's eyes."""

RED_LINES = DATA / "red_lines.yaml"


class RedLineKind(StrEnum):
    """What a red line is about, the most urgent first."""

    ANAPHYLAXIS = "anaphylaxis"
    EATING_DISORDER = "eating_disorder"
    LOW_ENERGY = "low_energy"
    PREGNANCY = "pregnancy"
    MEDICATION = "medication"


@dataclass(frozen=True, slots=True)
class RedLine:
    """The fixed answer to give in place of any other."""

    kind: RedLineKind

    @property
    def answer(self) -> str:
        """What the person is told, in the language spoken here."""
        return say(f"red_line_{self.kind}")


def red_line(text: str, targets: Mapping[str, float]) -> RedLine | None:
    """Return the red line that a message crosses, the most urgent one, or `None`.

    `targets` are the person's targets with those of this message. One below `LOWEST_ENERGY` counts when the message
    is about energy, weight or plans, so that a person who has it can still ask how to cook lentils.
    """
    words = plain(text)
    for rule in _rules():
        if rule.matches(words) or (rule.line.kind is RedLineKind.LOW_ENERGY and _low_energy(words, targets)):
            return rule.line
    return None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the file."""

    line: RedLine
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def matches(self, words: str) -> bool:
        """Whether plain text crosses this line."""
        if not any(pattern.search(words) for pattern in self.patterns):
            return False
        for pattern in self.unless:
            words = pattern.sub(" ", words)
        return any(pattern.search(words) for pattern in self.patterns)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read the rules in the order of `RedLineKind`.

    Raises `BadInputError` that names the file and the rule for a missing or unknown kind, or a pattern that is no
    regular expression.
    """
    rules = [_rule(path, number, entry) for number, entry in enumerate(read_list(path), 1)]
    kinds = [rule.line.kind for rule in rules]
    if kinds != list(RedLineKind):
        raise BadInputError(f"{path}: must have one rule for each of {', '.join(RedLineKind)}, in that order")
    return tuple(rules)


_ABOUT_ENERGY = re.compile(
    r"\b(?:k?cals?|calories?|energy|targets?|goals?|plans?|diet|weight|lose|losing|deficit"
    r"|how much (?:should|can|may) i eat)\b"
)


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    return read_rules(RED_LINES)


def _rule(path: Path, number: int, entry: Any) -> Rule:
    if not isinstance(entry, dict) or set(entry) != {"kind", "patterns", "unless"}:
        raise BadInputError(f"{path}: rule {number} must have kind, patterns and unless, and nothing else")
    where = f"{path}: rule {number} ({entry['kind']})"
    if entry["kind"] not in set(RedLineKind):
        raise BadInputError(f"{where}: unknown kind; use one of {', '.join(RedLineKind)}")
    line = RedLine(RedLineKind(entry["kind"]))
    return Rule(line, _patterns(where, entry["patterns"]), _patterns(where, entry["unless"]))


def _patterns(where: str, sources: Any) -> tuple[re.Pattern[str], ...]:
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise BadInputError(f"{where}: 'patterns' and 'unless' must be lists of regular expressions")
    try:
        return tuple(re.compile(source) for source in sources)
    except re.error as error:
        raise BadInputError(f"{where}: '{error.pattern!r}' is no regular expression: {error}") from error


def _low_energy(words: str, targets: Mapping[str, float]) -> bool:
    named = daily_energy(words)
    if named is not None and named < LOWEST_ENERGY:
        return True
    target = targets.get("energy_kcal")
    return target is not None and target < LOWEST_ENERGY and _ABOUT_ENERGY.search(words) is not None
