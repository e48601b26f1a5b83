"""What the bot says on its own: Fluent messages in `bot/locales/<language>/`, so that they are changed without code.

A folder with the same files in another language adds that language; what it leaves out is said in English (see
docs/languages.md). The language is that of the task: never call `say` while a module is imported, nor keep what it
returned in a cache.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import BadInputError

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"

_LONG = 1000
"""Characters of a value that is put in after Fluent has done its part: it refuses some thousand of them."""

_SPOKEN: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


def say(key: str, **values: object) -> str:
    """Return the message called `key` in the language spoken here (see `speaking`), with its `$names` filled in.

    Numbers are written as the language writes them, so pass ids as `str`. `KeyError` when there is no such message.
    """
    for language in (_SPOKEN.get(), DEFAULT):
        if (text := _formatted(language, key, values)) is not None:
            return text
    raise KeyError(key)


def say_if_known(key: str, **values: object) -> str | None:
    """Return the message in the language spoken here; `None` where that language has none, whatever English has.

    For the names of what our data name in English: cuisines, household portions, foods.
    """
    return _formatted(_SPOKEN.get(), key, values)


def speaks() -> str:
    """Return the language spoken here."""
    return _SPOKEN.get()


def speak(language: str | None) -> None:
    """Say everything in `language` (an IETF tag such as `es-MX`) from now on, in the current task."""
    _SPOKEN.set(spoken(language))


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Say everything in `language` while the block runs."""
    token = _SPOKEN.set(spoken(language))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken(language: str | None) -> str:
    """Return the language of ours that an IETF tag asks for: `es-MX` → `es`; English for what we don't speak."""
    base = (language or DEFAULT).replace("_", "-").partition("-")[0].lower()
    return base if base in languages() else DEFAULT


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are files for, English first."""
    found = {path.name for path in LOCALES.iterdir() if any(path.glob("*.ftl"))}
    return (DEFAULT, *sorted(found - {DEFAULT}))


def _formatted(language: str, key: str, values: Mapping[str, object]) -> str | None:
    bundle = _bundle(language)
    if not bundle.has_message(key) or (pattern := bundle.get_message(key).value) is None:
        return None
    long = {name: value for name, value in values.items() if isinstance(value, str) and len(value) > _LONG}
    text, errors = bundle.format_pattern(pattern, {**values, **{name: _place(name) for name in long}})
    if errors:
        raise KeyError(f"message {key} ({language}): {errors[0]}")
    said = str(text)
    for name, value in long.items():
        said = said.replace(_place(name), value)
    return said


def _place(name: str) -> str:
    # Noncharacters of Unicode: nobody writes them.
    return f"\ufdd0{name}\ufdd1"


@cache
def _bundle(language: str) -> "FluentBundle":
    # Imported here: it takes 100 ms, and commands that say nothing needn't wait for it.
    from fluent.runtime import FluentBundle, FluentResource
    from fluent.syntax import ast

    # Isolation marks are for texts of mixed direction; in a message they'd be copied along with a food's name.
    bundle = FluentBundle([language], use_isolating=False)
    for path in sorted((LOCALES / language).glob("*.ftl")):
        resource = FluentResource(path.read_text(encoding="utf-8"))
        for entry in resource.body:
            if isinstance(entry, ast.Junk):
                line = (entry.content or "").strip().partition("\n")[0]
                raise BadInputError(f"{path}: not a Fluent message: {line!r}")
        bundle.add_resource(resource)
    return bundle
