"""The words of `/prefs`, in every language that there are messages in; and words that look like them."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache

from bot.messages import languages, say, speaking
from retrieval.diet.preferences import TARGETS, Diet
from retrieval.diet.rules import rules

_CLOSE = 0.7
_SUGGESTIONS = 3


class Action(StrEnum):
    """What `/prefs` is asked to do. `TELL` is plain words, such as "no peanuts, vegan"."""

    SHOW = "show"
    ADD = "add"
    REMOVE = "remove"
    SET = "set"
    CLEAR = "clear"
    EXPORT = "export"
    TELL = "tell"


class Kind(StrEnum):
    """What a value of `/prefs` is."""

    ALLERGY = "allergy"
    EXCEPTION = "exception"
    DIET = "diet"
    LIKE = "like"
    DISLIKE = "dislike"
    TARGET = "target"
    UNITS = "units"
    LANGUAGE = "language"


def actions() -> Mapping[str, str]:
    """Return word → action."""
    return _words("action", tuple(action for action in Action if action is not Action.TELL))


def verb(action: Action) -> str:
    """Return the word for an action in an example, in the language spoken here."""
    return say(f"prefs_action_{action}").partition(",")[0]


def everything() -> Collection[str]:
    """Return the words for all that is known."""
    return _words("scope", ("all",)).keys()


def kinds() -> Mapping[str, str]:
    """Return word → kind."""
    return _words("kind", tuple(Kind))


def units() -> Mapping[str, str]:
    """Return word → `metric` or `imperial`."""
    return _words("units", ("metric", "imperial"))


@cache
def targets() -> Mapping[str, str]:
    """Return name → target's id; ids are names, too."""
    names = dict(_words("target", tuple(TARGETS)))
    for target, title in TARGETS.items():
        names[title.casefold()] = target
        for language in languages():
            with speaking(language):
                names[say(f"target_{target}").casefold()] = target
    return names


@cache
def diets() -> Mapping[str, str]:
    """Return name → diet's id."""
    names = {name.casefold(): str(rule.diet) for rule in rules().values() for name in rule.names}
    for diet in Diet:
        names[diet.replace("_", " ")] = str(diet)
        for language in languages():
            with speaking(language):
                names[say(f"diet_{diet}").casefold()] = str(diet)
    return names


@cache
def language_names() -> Mapping[str, str]:
    """Return name → language of ours: 'spanish', 'español' and 'es' are `es`."""
    from babel import Locale

    names = {language: language for language in languages()}
    for language in languages():
        for spoken in languages():
            if name := Locale.parse(language).get_display_name(spoken):
                names[name.casefold()] = language
    return names


def own_name(language: str) -> str:
    """Return what a language is called by those who speak it: 'Español'."""
    from babel import Locale

    return (Locale.parse(language).get_display_name(language) or language).capitalize()


def close_words(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of `known` that look like `word`, closest first."""
    found = difflib.get_close_matches(word.casefold()[:40], tuple(known), n=_SUGGESTIONS, cutoff=_CLOSE)
    return tuple(found)


@cache
def _words(topic: str, keys: tuple[str, ...]) -> Mapping[str, str]:
    words = {str(key): str(key) for key in keys}
    for language in languages():
        with speaking(language):
            for key in keys:
                said = say(f"prefs_{topic}_{key}")
                words |= {word.strip().casefold(): str(key) for word in said.split(",")}
    return words
