"""What no answer may tell anybody, whether a model or a document says it (`crossed_lines`).

The rules are data: `data/answer_lines.yaml`. `redlines` is about what people say; this is about what they are told.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.assistant.datafiles import DATA, read_list
from bot.assistant.redlines import LOWEST_ENERGY
from bot.assistant.targets import daily_energy
from bot.assistant.wording import plain
from retrieval.errors import BadInputError

ANSWER_LINES = DATA / "answer_lines.yaml"


class AnswerLineKind(StrEnum):
    """What an answer must not do."""

    STOPS_MEDICINE = "stops_medicine"
    LONG_FAST = "long_fast"
    TOO_LITTLE_ENERGY = "too_little_energy"
    TESTS_ALLERGEN = "tests_allergen"
    PLAYS_DOWN_REACTION = "plays_down_reaction"
    CALLS_ALLERGY_HARMLESS = "calls_allergy_harmless"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One entry of the file; of one of its `cues` every word is in each text that crosses it."""

    kind: AnswerLineKind
    reason: str
    cues: tuple[tuple[str, ...], ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def crossed_by(self, words: str) -> bool:
        """Whether plain text crosses this line."""
        if not self._matches(words):
            return False
        for pattern in self.unless:
            words = pattern.sub(" ", words)
        return self._matches(words)

    def _matches(self, words: str) -> bool:
        if self.kind is AnswerLineKind.TOO_LITTLE_ENERGY:
            return any(
                _too_little(match[1]) for pattern in self.patterns for match in pattern.finditer(words)
            )
        return any(pattern.search(words) for pattern in self.patterns)


def crossed_lines(text: str) -> tuple[str, ...]:
    """Return why `text` may be given to nobody, one reason for each line that it crosses."""
    lowered = text.lower()
    suspected = [line for line in _lines() if any(all(word in lowered for word in cue) for cue in line.cues)]
    if not suspected:
        return ()
    words = plain(text)
    return tuple(line.reason for line in suspected if line.crossed_by(words))


def silent_on_emergency(answer: str) -> bool:
    """Tell whether an answer speaks of a severe reaction as happening and names no emergency help."""
    lowered = answer.lower()
    if not any(map(lowered.__contains__, _CUES)):
        return False
    words = plain(answer)
    return _HAPPENING.search(words) is not None and _HELP.search(words) is None


def read_lines(path: Path) -> tuple[AnswerLine, ...]:
    """Read the rules. Raises `BadInputError` that names the file and the rule for what is missing or no pattern."""
    lines = tuple(_line(path, number, entry) for number, entry in enumerate(read_list(path), 1))
    if {line.kind for line in lines} != set(AnswerLineKind) or len(lines) != len(AnswerLineKind):
        raise BadInputError(f"{path}: must have one rule for each of {', '.join(AnswerLineKind)}")
    return lines


_CUES = ("throat", "tongue", "lips", "airway", "face", "breath", "anaphyla", "severe allergic")
"""One of these is in every text that `_HAPPENING` matches: looking for them is quick."""

_HAPPENING = re.compile(
    r"\b(?:your|if your|when your) (?:throat|tongue|lips|airways?|face) (?:is |are |feels? |starts? |gets? )?(?:to )?"
    r"(?:swell\w*|swollen|clos\w*|tight\w*)"
    r"|\byou (?:can not|could not|can hardly|have trouble|have difficulty|struggle to) breath\w*"
    r"|\byou (?:are having|have|may be having|might be having) (?:an )?anaphyla\w+"
    r"|\b(?:treat|handle|manage|deal with) (?:an? )?(?:anaphyla\w+|severe allergic reactions?)"
)
_HELP = re.compile(r"\b(?:112|999|911|ambulance|emergency|adrenaline|epinephrine|epi-?pen|auto-?injector)\b")


def _too_little(energy_a_day: str) -> bool:
    energy = daily_energy(energy_a_day)
    return energy is not None and energy < LOWEST_ENERGY


@lru_cache(maxsize=1)
def _lines() -> tuple[AnswerLine, ...]:
    return read_lines(ANSWER_LINES)


def _line(path: Path, number: int, entry: Any) -> AnswerLine:
    keys = {"kind", "reason", "cues", "patterns", "unless"}
    if not isinstance(entry, dict) or set(entry) != keys:
        raise BadInputError(f"{path}: rule {number} must have {', '.join(sorted(keys))}, and nothing else")
    where = f"{path}: rule {number} ({entry['kind']})"
    if entry["kind"] not in set(AnswerLineKind):
        raise BadInputError(f"{where}: unknown kind; use one of {', '.join(AnswerLineKind)}")
    if not isinstance(entry["reason"], str) or not entry["reason"].strip():
        raise BadInputError(f"{where}: 'reason' is empty; write why nobody may be told that")
    return AnswerLine(
        kind=AnswerLineKind(entry["kind"]),
        reason=entry["reason"].strip(),
        cues=tuple(tuple(cue.split("+")) for cue in _strings(where, entry["cues"])),
        patterns=_patterns(where, entry["patterns"]),
        unless=_patterns(where, entry["unless"]),
    )


def _strings(where: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadInputError(f"{where}: 'cues', 'patterns' and 'unless' must be lists of words")
    return tuple(values)


def _patterns(where: str, values: Any) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(source) for source in _strings(where, values))
    except re.error as error:
        raise BadInputError(f"{where}: '{error.pattern!r}' is no regular expression: {error}") from error
