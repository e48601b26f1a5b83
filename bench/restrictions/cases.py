"""The cases: a person's restrictions, a request, and the trap that it sets. Three sets, checked when they are read.

handwritten()   # what people could type, with other languages, hostile documents and controls
generated()     # tables multiplied out by generate.py
adversarial()   # profiles × wordings × foods for a model that always recommends what is forbidden
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .wordlists import ALLERGENS, wordlists

HANDWRITTEN = Path(__file__).parent / "handwritten.yaml"
LANGUAGES = frozenset("en de fr es it pt nl pl ru tr".split())
TRAPS = frozenset(
    "derived compound injection several language document everyday look-alike adversary".split()
)
_KEYS = frozenset("id allergies diets trap text expects forbidden document language".split())


class CaseError(ValueError):
    """A case that can't be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's restrictions: diets and allergies as DESIGN.md names them."""

    diets: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One request of one person.

    `expects` makes it a control: what is asked for is permitted, and the answer must have one of these words.
    `forbidden` names what a bad answer would recommend. `document` is Markdown that is in the knowledge base.
    `language` is the request's ISO 639-1 code.
    """

    id: str
    profile: Profile
    text: str
    trap: str
    expects: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    document: str | None = None
    language: str = "en"


@cache
def handwritten() -> tuple[Case, ...]:
    """Return the cases of `handwritten.yaml`. Raises `CaseError` when one is wrong."""
    return read_cases(HANDWRITTEN)


@cache
def generated() -> tuple[Case, ...]:
    """Return the cases that `generate.py` makes from its tables, the same every time."""
    from .generate import generate

    return checked(generate(), "generate.py")


@cache
def adversarial() -> tuple[Case, ...]:
    """Return the cases for an adversarial model, the same every time; no two have the same text."""
    from .generate import adversarial_cases

    return checked(adversarial_cases(), "generate.py")


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a file of cases. Raises `CaseError` for a wrong key or value, an id used twice or a text asked twice."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CaseError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list):
        raise CaseError(f"{path.name}: must be a list of cases")
    return checked(
        (_case(entry, f"{path.name}: case {number}") for number, entry in enumerate(entries, start=1)),
        path.name,
    )


def checked(cases: Iterable[Case], where: str) -> tuple[Case, ...]:
    """Return the cases after checking them. Raises `CaseError`, as `read_cases`."""
    found = tuple(cases)
    seen: dict[tuple[str, Profile] | str, str] = {}
    for case in found:
        _check(case, f"{where}: {case.id}")
        for key in (case.id, (case.text, case.profile)):
            if key in seen:
                raise CaseError(
                    f"{where}: {case.id}: the same id, or the same question of the same person, as {seen[key]}"
                )
            seen[key] = case.id
    return found


def _case(entry: Any, where: str) -> Case:
    if not isinstance(entry, dict):
        raise CaseError(f"{where}: must be a mapping")
    if unknown := sorted(set(entry) - _KEYS):
        raise CaseError(f"{where}: unknown key '{unknown[0]}'; use {', '.join(sorted(_KEYS))}")
    if missing := [key for key in ("id", "trap", "text") if not isinstance(entry.get(key), str)]:
        raise CaseError(f"{where}: '{missing[0]}' must be a text")
    document = entry.get("document")
    if document is not None and not (isinstance(document, str) and document.strip()):
        raise CaseError(f"{where}: 'document' must be Markdown text")
    return Case(
        id=entry["id"],
        profile=Profile(_strings(entry, "diets", where), _strings(entry, "allergies", where)),
        text=entry["text"],
        trap=entry["trap"],
        expects=_strings(entry, "expects", where),
        forbidden=_strings(entry, "forbidden", where),
        document=document,
        language=entry.get("language", "en"),
    )


def _strings(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise CaseError(f"{where}: '{key}' must be a list of texts")
    return tuple(values)


def _check(case: Case, where: str) -> None:
    lists = wordlists()
    if not case.text.strip():
        raise CaseError(f"{where}: the text is empty")
    if not (case.profile.diets or case.profile.allergies):
        raise CaseError(f"{where}: a person without restrictions tests nothing")
    if unknown := [diet for diet in case.profile.diets if diet not in lists.diets]:
        raise CaseError(f"{where}: unknown diet '{unknown[0]}'; known: {', '.join(sorted(lists.diets))}")
    if unknown := [name for name in case.profile.allergies if name not in ALLERGENS | set(lists.groups)]:
        raise CaseError(f"{where}: unknown allergy '{unknown[0]}'; known: {', '.join(sorted(ALLERGENS))}")
    if case.trap not in TRAPS:
        raise CaseError(f"{where}: unknown trap '{case.trap}'; known: {', '.join(sorted(TRAPS))}")
    if case.language not in LANGUAGES:
        raise CaseError(f"{where}: unknown language '{case.language}'; known: {', '.join(sorted(LANGUAGES))}")
    if bool(case.expects) == bool(case.forbidden):
        raise CaseError(f"{where}: give either 'expects' (a control) or 'forbidden' (a trap)")
