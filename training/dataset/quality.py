"""Why a row isn't good enough to learn from: one named reason, or none."""

import unicodedata
from dataclasses import dataclass

from training.dataset.schema import Row

CYRILLIC = frozenset({"ru", "uk", "bg", "sr", "be", "mk"})


@dataclass(frozen=True, slots=True)
class Quality:
    """What a row must be. Lengths are in characters; `languages` empty allows all.

    `refused` also takes answers that the guard put aside for its own, which are left out unless asked for.
    """

    shortest_question: int = 3
    longest_question: int = 4_000
    shortest_answer: int = 20
    longest_answer: int = 8_000
    languages: frozenset[str] = frozenset()
    refused: bool = False


DEFAULT = Quality()
PASSED = frozenset({"passed", "repaired", "composed"})
REASONS = (
    "stopped",
    "guard refused",
    "guard did not pass",
    "question too short",
    "question too long",
    "answer too short",
    "answer too long",
    "language not asked for",
    "answer in another script",
)
"""All reasons that `fault_of` gives, in the order in which it looks."""


def fault_of(row: Row, rules: Quality = DEFAULT) -> str | None:
    """Return the first of `REASONS` to leave a row out; None when it is good. What no guard saw didn't pass."""
    status = row.guard.status if row.guard else None
    question, answer = row.asked.strip(), row.answer.strip()
    language = row.language.split("-")[0].casefold()
    found = (
        row.stopped,
        status == "refused" and not rules.refused,
        status != "refused" and status not in PASSED,
        len(question) < rules.shortest_question,
        len(question) > rules.longest_question,
        len(answer) < rules.shortest_answer,
        len(answer) > rules.longest_answer,
        bool(rules.languages) and language not in rules.languages,
        _another_script(answer, language),
    )
    return next((reason for reason, true in zip(REASONS, found, strict=True) if true), None)


def _another_script(text: str, language: str) -> bool:
    """Whether most letters aren't of the language's script. Tells Cyrillic from Latin only, and knows no words."""
    if text.isascii():
        return language in CYRILLIC and any(map(str.isalpha, text))
    letters = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    cyrillic = sum(name.startswith("CYRILLIC") for name in letters)
    latin = sum(name.startswith("LATIN") for name in letters)
    if language in CYRILLIC:
        return latin > cyrillic
    return cyrillic > latin
