"""The words after `/prefs`: show, add, remove, set, clear, export, or plain words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from bot.assistant import prefs_words as words
from bot.assistant.known import described, named
from bot.assistant.prefs_values import AND, UnknownWordError, joined, shortened, values_of
from bot.assistant.prefs_words import Action, Kind, close_words
from bot.assistant.understand import Change, understand
from bot.assistant.words import food_name
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

__all__ = ["Action", "Kind", "PrefsCommand", "UnclearError", "parse_prefs"]

_NOBODY = Preferences()
_FOODS = (Kind.ALLERGY, Kind.DISLIKE, Kind.LIKE)
_REMOVABLE = (*_FOODS, Kind.EXCEPTION, Kind.DIET, Kind.TARGET)
_TITLES = {
    Kind.ALLERGY: "allergies",
    Kind.EXCEPTION: "exceptions",
    Kind.DIET: "diets",
    Kind.LIKE: "likes",
    Kind.DISLIKE: "dislikes",
    Kind.TARGET: "targets",
}
_SETTINGS: Mapping[Kind, Callable[[], Mapping[str, str]]] = {
    Kind.UNITS: words.units,
    Kind.LANGUAGE: words.language_names,
}


@dataclass(frozen=True, slots=True)
class PrefsCommand:
    """One `/prefs …`: the action, and what it is about.

    `change` holds the values of `ADD` and `REMOVE`, `settings` those of `SET` (`units`, `language`), `text` the plain
    words of `TELL`, `kind` what is cleared where that isn't everything.
    """

    action: Action
    change: Change = field(default_factory=Change)
    settings: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    kind: Kind | None = None

    @property
    def needs_confirmation(self) -> bool:
        """Whether to ask first: dropping an allergy, or everything, is never done by a slip of the thumb."""
        return self.action is Action.CLEAR or (self.action is Action.REMOVE and bool(self.change.allergies))

    def clear_question(self) -> str:
        """Return what to ask before `CLEAR` is done."""
        if self.kind is None:
            return say("prefs_confirm_clear")
        return say("prefs_confirm_clear_kind", title=say(f"card_{_TITLES[self.kind]}"))

    def describe(self) -> str:
        """Return in words what would be done, for a button."""
        if self.action is Action.ADD:
            return described(self.change)
        if self.action is Action.REMOVE:
            return say("card_button_remove", name=named(self.change))
        if "units" in self.settings:
            return say("card_units", name=say(f"units_{self.settings['units']}"))
        if "language" in self.settings:
            return words.own_name(self.settings["language"])
        return " ".join(("/prefs", self.action, *([self.kind] if self.kind else ())))


class UnclearError(BadInputError):
    """A command with a word that nobody knows, or of which the kind is missing; `suggestions` may be meant."""

    def __init__(self, message: str, suggestions: tuple[PrefsCommand, ...]) -> None:
        super().__init__(message)
        self.suggestions = suggestions


def parse_prefs(arguments: str, known: Preferences = _NOBODY) -> PrefsCommand:
    """Read the words after `/prefs` of somebody whose preferences are `known`.

    Raises `UnclearError` with what may be meant, or `BadInputError` that shows how to say it.
    """
    first, rest = _cut(arguments)
    if not first:
        return PrefsCommand(Action.SHOW)
    action = words.actions().get(first.casefold())
    if action is not None:
        return _command(Action(action), rest, known)
    if rest and words.kinds().get(first.casefold()) in (*_SETTINGS, Kind.TARGET):
        return _command(Action.SET, arguments, known)
    if close := close_words(first, words.actions()):
        meant = [f"{word} {rest}" for word in close]
        if suggestions := _those_that_work(meant, partial(parse_prefs, known=known)):
            raise UnclearError(say("prefs_did_you_mean", word=shortened(first)), suggestions)
    if (told := _told(arguments, known)) is not None:
        return told
    raise BadInputError(say("prefs_usage"))


def _command(action: Action, rest: str, known: Preferences) -> PrefsCommand:
    if action in (Action.SHOW, Action.EXPORT):
        return PrefsCommand(action)
    if action is Action.CLEAR:
        return _clearing(rest, known)
    if action is Action.REMOVE and rest.casefold() in words.everything():
        return PrefsCommand(Action.CLEAR)
    first, value = _cut(rest)
    found = words.kinds().get(first.casefold())
    if found is None:
        return _without_kind(action, rest, known)
    kind = Kind(found)
    if kind in _SETTINGS and action is not Action.REMOVE:
        return _setting(kind, value)
    if kind in _SETTINGS:
        raise BadInputError(say("prefs_kind_missing", action=words.verb(action)))
    if not value:
        raise BadInputError(say(f"prefs_value_missing_{kind}", action=words.verb(action)))
    return _values(action, kind, known, value)


def _clearing(rest: str, known: Preferences) -> PrefsCommand:
    """Read `clear`, `clear dislikes`, `clear olives`: whoever names one thing doesn't mean all the others."""
    kind = words.kinds().get(rest.casefold())
    if kind is not None and Kind(kind) in _TITLES:
        return PrefsCommand(Action.CLEAR, kind=Kind(kind))
    if not rest or rest.casefold() in words.everything():
        return PrefsCommand(Action.CLEAR)
    return _command(Action.REMOVE, rest, known)


def _values(action: Action, kind: Kind, known: Preferences, value: str, tries: int = 2) -> PrefsCommand:
    """Read the values of one kind. With `tries` left, unknown words are replaced by those that they look like."""
    does = Action.ADD if action is Action.SET else action
    try:
        change = _held(values_of(kind, value, action, known.settings.units), action, known)
        if action is Action.REMOVE and kind in (Kind.LIKE, Kind.DISLIKE):
            _check_tastes(kind, change, known)
        return PrefsCommand(does, change)
    except UnknownWordError as error:
        held = _alike(kind, error.word, known) if action is Action.REMOVE else ()
        alternatives = dict.fromkeys((*held, *error.alternatives)) if error.word in value else {}
        meant = [value.replace(error.word, word) for word in alternatives]
        suggestions = (
            _those_that_work(meant, partial(_values, action, kind, known, tries=tries - 1)) if tries else ()
        )
        if suggestions:
            raise UnclearError(say("prefs_did_you_mean", word=shortened(error.word)), suggestions) from error
        # Nothing is half done unless the person says so: the parts that are known are only offered.
        parts = value.split(",")
        kept = [part for part in parts if error.word not in part]
        rest = [",".join(kept)] if tries and 0 < len(kept) < len(parts) else []
        if not (others := _those_that_work(rest, partial(_values, action, kind, known, tries=tries - 1))):
            raise
        raise UnclearError(say("prefs_others", word=shortened(error.word)), others) from error


def _without_kind(action: Action, rest: str, known: Preferences) -> PrefsCommand:
    """Read `add vegan`, `set protein 120`, `remove peanuts`: the value says what it is, or the person does."""
    read = _held_under(rest, known) if action is Action.REMOVE else _diet_or_target(action, rest, known)
    if read is not None:
        return read
    if action is Action.SET and (suggestions := _kinds_of(action, rest, known)):
        raise UnclearError(say("prefs_did_you_mean", word=shortened(rest)), suggestions)
    first, value = _cut(rest)
    if value and (close := close_words(first, words.kinds())):
        meant = [f"{word} {value}" for word in close]
        if suggestions := _those_that_work(meant, partial(_command, action, known=known)):
            raise UnclearError(say("prefs_did_you_mean", word=shortened(first)), suggestions)
    if action is not Action.REMOVE and (told := _told(rest, known)) is not None and len(rest.split()) > 1:
        return told
    if suggestions := _kinds_of(action, rest, known):
        key = "prefs_which_kind" if action is Action.ADD and lexicon().find(rest) else "prefs_did_you_mean"
        raise UnclearError(say(key, word=shortened(rest)), suggestions)
    key = "prefs_set_what" if action is Action.SET else "prefs_kind_missing"
    raise BadInputError(say(key, action=words.verb(action)))


def _diet_or_target(action: Action, text: str, known: Preferences) -> PrefsCommand | None:
    read = (_exactly(action, kind, known, text) for kind in (Kind.DIET, Kind.TARGET))
    return next((command for command in read if command is not None), None)


def _held_under(text: str, known: Preferences) -> PrefsCommand | None:
    """Return the removal of everything known under exactly this name, whatever its kind."""
    found = Change()
    for kind in _REMOVABLE:
        if (command := _exactly(Action.REMOVE, kind, known, text)) is not None:
            found = joined(found, command.change)
    found = _of_known(found, known)
    return PrefsCommand(Action.REMOVE, found) if found else None


def _kinds_of(action: Action, text: str, known: Preferences) -> tuple[PrefsCommand, ...]:
    """Return what a value without its kind may mean: of 'add peanuts', an allergy isn't noted in place of a like."""
    kinds: tuple[Kind, ...]
    if action is Action.ADD:
        kinds = _FOODS if lexicon().find(text) else (Kind.DIET,)
    else:
        kinds = _REMOVABLE if action is Action.REMOVE else (Kind.TARGET,)
    read = [
        command
        for kind in kinds
        for command in _those_that_work([text], partial(_values, action, kind, known))
    ]
    if action is Action.REMOVE:
        read = [replace(command, change=_of_known(command.change, known)) for command in read]
    return tuple(command for command in read if command.change)


def _exactly(action: Action, kind: Kind, known: Preferences, text: str) -> PrefsCommand | None:
    """Return the command whose words are all known, or `None`: what only looks alike is asked about."""
    try:
        return _values(action, kind, known, text, tries=0)
    except BadInputError:
        return None


def _setting(kind: Kind, value: str) -> PrefsCommand:
    if not value:
        raise BadInputError(say(f"prefs_value_missing_{kind}"))
    names = _SETTINGS[kind]()
    if (choice := names.get(value.casefold())) is not None:
        return PrefsCommand(Action.SET, settings={str(kind): choice})
    close = dict.fromkeys(names[word] for word in close_words(value, names))
    # There are few of them, so that all can be offered where none looks alike.
    choices = tuple(close) or tuple(dict.fromkeys(names.values()))
    suggestions = tuple(PrefsCommand(Action.SET, settings={str(kind): choice}) for choice in choices)
    raise UnclearError(say("prefs_did_you_mean", word=shortened(value)), suggestions)


def _told(text: str, known: Preferences) -> PrefsCommand | None:
    """Return the plain words as a command, when they say anything about what somebody eats."""
    understood = understand(text, known)
    if understood.add or understood.remove or understood.others or understood.unresolved:
        return PrefsCommand(Action.TELL, text=text)
    return None


def _held(change: Change, action: Action, known: Preferences) -> Change:
    """Return a removal with its tastes as they are held: whoever removes 'Walnuts' means the 'walnut' that is there."""
    if action is not Action.REMOVE:
        return change
    return replace(
        change, likes=_as_held(change.likes, known.likes), dislikes=_as_held(change.dislikes, known.dislikes)
    )


def _as_held(tastes: tuple[str, ...], held: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for taste in tastes for item in _held_as(taste, held) or (taste,)))


def _held_as(taste: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is held under a name; of 'kale and olives', which isn't one thing, both."""
    if found := _same(taste, held):
        return found
    pieces = [_same(piece.strip(), held) for piece in AND.split(taste)]
    return tuple(item for piece in pieces for item in piece) if all(pieces) else ()


def _same(taste: str, held: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in held if _key(item) == _key(taste))


def _key(taste: str) -> str:
    return lexicon().resolve(taste) or taste.casefold()


def _of_known(change: Change, known: Preferences) -> Change:
    return Change(
        diets=change.diets & known.diets,
        allergies=change.allergies & known.allergies,
        exceptions=change.exceptions & known.exceptions,
        likes=tuple(item for item in change.likes if item in known.likes),
        dislikes=tuple(item for item in change.dislikes if item in known.dislikes),
        targets={target: amount for target, amount in change.targets.items() if target in known.targets},
    )


def _check_tastes(kind: Kind, change: Change, known: Preferences) -> None:
    """Ask about a taste that is to be removed, isn't there, and looks like some that are."""
    held = known.likes if kind is Kind.LIKE else known.dislikes
    names = {food_name(item).casefold(): item for item in held}
    for taste in (*change.likes, *change.dislikes):
        if taste not in held and (close := close_words(taste, names)):
            raise UnknownWordError(taste, tuple(names[word] for word in close))


def _alike(kind: Kind, word: str, known: Preferences) -> tuple[str, ...]:
    """Return what is known of this kind and looks like `word`."""
    held: Mapping[Kind, tuple[str, ...]] = {
        Kind.ALLERGY: tuple(food_name(item) for item in known.allergies),
        Kind.EXCEPTION: tuple(food_name(item) for item in known.exceptions),
    }
    return close_words(word, held.get(kind, ()))


def _those_that_work(texts: list[str], read: Callable[[str], PrefsCommand]) -> tuple[PrefsCommand, ...]:
    """Return the commands that `texts` are, each once; of one that is unclear again, its first suggestion."""
    return tuple({command.describe(): command for command in _read_all(texts, read)}.values())


def _read_all(texts: list[str], read: Callable[[str], PrefsCommand]) -> Iterator[PrefsCommand]:
    for text in texts:
        try:
            yield read(text)
        except UnclearError as error:
            yield error.suggestions[0]
        except BadInputError:
            continue


def _cut(text: str) -> tuple[str, str]:
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    return first, rest.strip()
