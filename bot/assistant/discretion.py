"""Answers that others read along: nothing of what the asker must not, or will not, eat is said in them.

The wordings are data: `data/discretion.yaml`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.assistant.datafiles import DATA, read_data
from bot.assistant.guard import cited_numbers
from bot.assistant.redlines import RedLineKind
from bot.assistant.sentences import split_sentences
from bot.assistant.understand import Intent
from bot.store.conversations import TurnRecord
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Diet, Preferences
from retrieval.errors import BadInputError

_PRIVATE_INTENTS = frozenset({Intent.SHOW_PREFERENCES, Intent.OPEN_PREFERENCES})
_RED_LINE = "red line: "
_URGENT = frozenset({f"{_RED_LINE}{RedLineKind.ANAPHYLAXIS}"})
_MEANT_BY: dict[Diet, str] = {Diet.GLUTEN_FREE: "gluten", Diet.DAIRY_FREE: "milk"}
"""Diets whose name tells an allergy just as well."""
_EMPTY_BRACKETS = re.compile(r" ?\(\s*\)")
_ALLERGY = re.compile(r"\b(?:allerg|intoleran|al[eé]rgi|c(?:o|)eliac|celíac)", re.IGNORECASE)
_LETTERS = re.compile(r"\w{2}")


def discreet(question: str, record: TurnRecord) -> str | None:
    """Return an answer for others to read, or None when what is left of it would answer nothing.

    Left out are sentences that speak of the person's own preferences, and those that name an allergy or a diet of
    theirs which the question doesn't name, or cite what does by its title. Notices are not a part of it.
    """
    if _is_private(record):
        return None
    wordings = _wordings()
    own = _Own.of(question, Preferences.from_dict(record.preferences or {}))
    kept, dropped = [], False
    for sentence in split_sentences(record.answer):
        said = wordings.without_clauses(sentence)
        titles = (str(record.passages[number - 1]["title"]) for number in _cited(said, record))
        if wordings.is_personal(said) or any(map(own.is_named_in, (said, *titles))):
            dropped = True
        else:
            kept.append(said)
    text = "".join(kept).strip()
    # A heading or a closing word that stayed alone is no answer: what was cited is what was asked for.
    lost = dropped and "[" in record.answer and "[" not in text
    return None if lost or not _LETTERS.search(text) else text


def _is_private(record: TurnRecord) -> bool:
    """Tell whether the whole answer is about the person. Only an emergency can't wait for the private chat."""
    crossed = {reason for reason in record.guard_reasons if reason.startswith(_RED_LINE)}
    return record.intent in _PRIVATE_INTENTS or bool(crossed - _URGENT)


def _cited(sentence: str, record: TurnRecord) -> list[int]:
    return [number for number in cited_numbers(sentence) if 1 <= number <= len(record.passages)]


@dataclass(frozen=True, slots=True)
class _Own:
    """What only the person has said: allergies and diets that the question doesn't name.

    `unspoken` are all allergies, unless the question speaks of some: who asks about peanut butter has said nothing of
    a peanut allergy.
    """

    allergies: frozenset[str]
    diets: frozenset[Diet]
    unspoken: frozenset[str]

    @classmethod
    def of(cls, question: str, preferences: Preferences) -> "_Own":
        asked = _contents(question)
        named = frozenset(diet for diet, _, _ in lexicon().find_diets(question))
        unspoken = frozenset() if _ALLERGY.search(question) else preferences.allergies
        return cls(preferences.allergies - asked, preferences.diets - named, unspoken)

    def is_named_in(self, text: str) -> bool:
        diets = {diet for diet, _, _ in lexicon().find_diets(text)}
        meant = {_MEANT_BY[diet] for diet in diets & _MEANT_BY.keys()}
        named = meant | _contents(text)
        told = named & self.allergies or (_ALLERGY.search(text) is not None and named & self.unspoken)
        return bool(told or diets & self.diets)


@dataclass(frozen=True, slots=True)
class Wordings:
    """The file's patterns."""

    personal: tuple[re.Pattern[str], ...]
    clauses: tuple[re.Pattern[str], ...]

    def is_personal(self, sentence: str) -> bool:
        """Tell whether a sentence speaks of the person's preferences."""
        return any(pattern.search(sentence) for pattern in self.personal)

    def without_clauses(self, sentence: str) -> str:
        """Return a sentence without the parts that do."""
        shorter = sentence
        for pattern in self.clauses:
            shorter = pattern.sub("", shorter)
        return sentence if shorter == sentence else _EMPTY_BRACKETS.sub("", shorter)


def read_wordings(name: str = "discretion.yaml") -> Wordings:
    """Read the patterns. Raises `BadInputError` that names the file for what is missing or no pattern."""
    data = read_data(name, {"personal", "clauses"})
    return Wordings(_patterns(name, data["personal"]), _patterns(name, data["clauses"]))


@cache
def _wordings() -> Wordings:
    return read_wordings()


def _patterns(name: str, sources: Any) -> tuple[re.Pattern[str], ...]:
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise BadInputError(f"{DATA / name}: 'personal' and 'clauses' must be lists of patterns")
    try:
        return tuple(re.compile(source, re.IGNORECASE) for source in sources)
    except re.error as error:
        raise BadInputError(
            f"{DATA / name}: '{error.pattern!r}' is no regular expression: {error}"
        ) from error


def _contents(text: str) -> frozenset[str]:
    """Return everything that the foods named in a text are or are made of."""
    words = lexicon()
    return frozenset(words.contents([mention.ingredient for mention in words.find(text)]).everything)
