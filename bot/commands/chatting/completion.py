"""Completion of commands and their arguments at a terminal."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.assistant.prefs_words import Action, Kind, language_names, own_name, units
from bot.assistant.words import food_name, restriction_name
from bot.commands.chatting.privacy_words import choices
from bot.messages import languages, say
from bot.store.feedback import REASONS
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, Diet, Preferences
from retrieval.diet.rules import ALLERGENS
from retrieval.prompt import label

COMMANDS = (
    "start",
    "help",
    "prefs",
    "new",
    "why",
    "sources",
    "again",
    "good",
    "bad",
    "undo",
    "chart",
    "language",
    "privacy",
    "mydata",
    "forget",
    "quit",
)
"""What may be typed after a slash; `command_…` messages say what each does."""

_MOST = 40
_ACTIONS = tuple(action for action in Action if action is not Action.TELL)
_SETTABLE = (Kind.TARGET, Kind.UNITS, Kind.LANGUAGE)
_LISTED = (Kind.ALLERGY, Kind.EXCEPTION, Kind.DIET, Kind.LIKE, Kind.DISLIKE, Kind.TARGET)


class ChatCompleter(Completer):
    """Completes what begins with a slash; `known` returns what is known of the person, for `/prefs remove`."""

    def __init__(self, known: Callable[[], Preferences]) -> None:
        self._known = known

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Yield what the word before the cursor may become."""
        text = document.text_before_cursor
        if not text.startswith("/") or "\n" in text:
            return
        command, space, rest = text[1:].partition(" ")
        if not space:
            yield from _completed(command, {name: say(f"command_{name}") for name in COMMANDS})
        elif command == "language":
            yield from _completed(rest.lstrip(), {language: own_name(language) for language in languages()})
        elif command == "privacy":
            yield from _completed(rest.lstrip(), choices())
        elif command == "bad":
            yield from _completed(rest.lstrip(), {say(f"chip_{reason}"): "" for reason in REASONS})
        elif command == "prefs":
            yield from self._of_prefs(rest.lstrip())

    def _of_prefs(self, text: str) -> Iterator[Completion]:
        """Yield the next word of `/prefs <action> <kind> <values, with commas>`."""
        action, space, rest = text.partition(" ")
        if not space:
            yield from _completed(action, dict.fromkeys(_ACTIONS, ""))
            return
        kind, space, values = rest.lstrip().partition(" ")
        if not space:
            kinds = {Action.ADD: _LISTED, Action.REMOVE: _LISTED, Action.SET: _SETTABLE}
            offered = next((found for key, found in kinds.items() if key == action), ())
            yield from _completed(kind, dict.fromkeys(offered, ""))
            return
        last = values.rpartition(",")[2].lstrip()
        yield from _completed(last, self._values(action, kind))

    def _values(self, action: str, kind: str) -> Mapping[str, str]:
        """Return what may stand there → what it is, in the order in which to offer it."""
        if action == Action.REMOVE:
            return dict.fromkeys(map(_typed, self._held(kind)), "")
        if kind in (Kind.ALLERGY, Kind.EXCEPTION, Kind.LIKE, Kind.DISLIKE):
            return _foods()
        if kind == Kind.DIET:
            return {diet: restriction_name(diet) for diet in Diet}
        if kind == Kind.TARGET:
            return {TARGETS[target]: say(f"target_{target}") for target in TARGETS}
        if kind == Kind.UNITS:
            return {unit: say(f"units_{unit}") for unit in dict.fromkeys(units().values())}
        if kind == Kind.LANGUAGE:
            return {language: own_name(language) for language in dict.fromkeys(language_names().values())}
        return {}

    def _held(self, kind: str) -> Iterable[str]:
        known = self._known()
        held: Mapping[str, Iterable[str]] = {
            Kind.ALLERGY.value: sorted(known.allergies),
            Kind.EXCEPTION.value: sorted(known.exceptions),
            Kind.DIET.value: sorted(known.diets),
            Kind.LIKE.value: known.likes,
            Kind.DISLIKE.value: known.dislikes,
            Kind.TARGET.value: [TARGETS[target] for target in sorted(known.targets)],
        }
        return held.get(kind, ())


def _foods() -> Mapping[str, str]:
    """Return the names of the lexicon's foods, the fourteen allergens first."""
    items = (*sorted(ALLERGENS), *(key for key in lexicon() if key not in ALLERGENS))
    names = {_typed(item): item for item in items}
    # Not every name is one that people say ('no food').
    return {name: food_name(item) for name, item in names.items() if lexicon().resolve(name) is not None}


def _typed(item: str) -> str:
    """Return a food's name as it is understood when typed: in the person's language where that is."""
    name = food_name(item)
    return name if lexicon().resolve(name) == item else label(item)


def _completed(begun: str, offered: Mapping[str, str]) -> Iterator[Completion]:
    """Yield what begins as it was typed, then what has a word that does."""
    wanted = begun.casefold()
    first = [name for name in offered if name.casefold().startswith(wanted)]
    later = [name for name in offered if name not in first and f" {wanted}" in f" {name.casefold()}"]
    for name in (*first, *later)[:_MOST]:
        meaning = offered[name]
        yield Completion(
            name, start_position=-len(begun), display_meta=meaning if meaning.casefold() != name else ""
        )
