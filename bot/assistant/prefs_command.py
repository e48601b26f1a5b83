"""The words after `/prefs`: show, add, remove, clear."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.assistant.understand import Change, understand
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, parse_diet
from retrieval.errors import BadInputError


class Action(StrEnum):
    """What `/prefs` is asked to do."""

    SHOW = "show"
    ADD = "add"
    REMOVE = "remove"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class PrefsCommand:
    """One `/prefs …`: the action, and the values it is about (none for `SHOW` and `CLEAR`)."""

    action: Action
    change: Change = field(default_factory=Change)

    @property
    def needs_confirmation(self) -> bool:
        """Whether to ask first: dropping an allergy, or everything, is never done by a slip of the thumb."""
        return self.action is Action.CLEAR or (self.action is Action.REMOVE and bool(self.change.allergies))


def parse_prefs(arguments: str) -> PrefsCommand:
    """Read the words after `/prefs`. Raises `BadInputError` that shows how to say it."""
    words = arguments.split(maxsplit=2)
    if not words:
        return PrefsCommand(Action.SHOW)
    try:
        action = Action(words[0].casefold())
    except ValueError:
        raise BadInputError(say("prefs_usage")) from None
    if action in (Action.SHOW, Action.CLEAR):
        return PrefsCommand(action)
    if len(words) < 2 or words[1].casefold() not in _KINDS:
        raise BadInputError(say("prefs_kind_missing", action=action))
    kind = words[1].casefold()
    if len(words) < 3 or not words[2].strip():
        raise BadInputError(say(f"prefs_value_missing_{_KINDS[kind]}", action=action))
    return PrefsCommand(action, _change(_KINDS[kind], words[2].strip(), action))


_KINDS = {
    "allergy": "allergy",
    "allergies": "allergy",
    "exception": "exception",
    "exceptions": "exception",
    "diet": "diet",
    "diets": "diet",
    "like": "like",
    "likes": "like",
    "dislike": "dislike",
    "dislikes": "dislike",
    "target": "target",
    "aim": "target",
}


def _change(kind: str, value: str, action: Action) -> Change:
    if kind == "allergy":
        return _allergy(value)
    if kind == "exception":
        return Change(exceptions=frozenset({_food(value)}))
    if kind == "diet":
        return Change(diets=frozenset({lexicon().diet(value) or parse_diet(value)}))
    if kind == "like":
        return Change(likes=(value,))
    if kind == "dislike":
        return Change(dislikes=(value,))
    return _target(value, action)


def _allergy(name: str) -> Change:
    """Return the allergies that a person means by `name`: 'Prawns' are crustaceans, 'nuts' tree nuts and peanuts.

    Raises `BadInputError` with close names when nobody knows the word: it could not be kept out of answers.
    """
    understood = understand(f"I am allergic to {name}").add
    if understood.allergies:
        return Change(allergies=understood.allergies, exceptions=understood.exceptions)
    return Change(allergies=lexicon().allergies(_food(name)))


def _food(name: str) -> str:
    words = lexicon()
    if (found := words.resolve(name)) is not None:
        return found
    if close := words.suggest(name):
        raise BadInputError(say("unknown_allergy_hint", word=name, suggestions=" or ".join(close[:3])))
    raise BadInputError(say("unknown_allergy", word=name))


def _target(value: str, action: Action) -> Change:
    name, _, number = value.rpartition(" ")
    wanted = (name if action is Action.ADD else value).strip().casefold().replace(" ", "_")
    matches = [key for key, title in TARGETS.items() if wanted in (key, title.casefold().replace(" ", "_"))]
    if not matches:
        raise BadInputError(say("prefs_value_missing_target", action=action))
    if action is Action.REMOVE:
        return Change(targets={matches[0]: 1.0})
    try:
        amount = float(number.replace(",", "."))
    except ValueError:
        amount = 0.0
    if not 0 < amount < 100_000:
        raise BadInputError(say("prefs_value_missing_target", action=action))
    return Change(targets={matches[0]: amount})
