"""Questions with two buttons: yes does what is asked about, no leaves it. The buttons carry all that is needed.

Nothing is kept for them, so they work after a restart, and for the person whose id they carry alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.assistant.candidates import one_by_one
from bot.assistant.known import Known, described
from bot.assistant.prefs_change import covers
from bot.assistant.prefs_command import Action, PrefsCommand
from bot.assistant.understand import Change
from bot.assistant.words import food_name
from bot.messages import say
from bot.telegram.prefs_card import Card, Do, escaped, short
from retrieval.diet.preferences import parse_diet
from retrieval.errors import BadInputError

CLEAR, KEEP, DROP, NOTE = "clear", "keep", "drop", "note"
# One letter each: beside the longest Telegram id, a button has 34 bytes left for what it is about.
_ALLERGY, _EXCEPTION, _DIET, _LIKE, _DISLIKE, _TARGET = "aedlxt"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its buttons."""

    text: str
    keyboard: InlineKeyboardMarkup


def clear_question(mine: int, command: PrefsCommand) -> Question:
    """Ask whether everything, or one kind, is to be cleared. `mine` is the Telegram id of the person who may answer."""
    data = f"prefs:{CLEAR}:{mine}" if command.kind is None else f"prefs:{CLEAR}:{mine}:{command.kind}"
    return _question(escaped(command.clear_question()), say("button_yes_clear"), data, mine)


def drop_questions(mine: int, allergies: Iterable[str]) -> Iterator[Question]:
    """Ask whether allergies are to be dropped; several questions where one button can't hold them all."""
    prefix = f"prefs:{DROP}:{mine}:"
    for ids in _fitting(sorted(allergies), len(prefix)):
        names = ", ".join(food_name(item) for item in ids)
        text = say("prefs_confirm_remove", names=names)
        yield _question(text, say("button_yes_remove"), prefix + ",".join(ids), mine)


def note_questions(mine: int, candidates: Change) -> Iterator[Question]:
    """Ask about each candidate whether it is to be noted; one that no button can hold is left out."""
    for part in one_by_one(candidates):
        if (data := _note_data(mine, part)) is not None:
            text = say("candidate", changes=described(part))
            yield _question(text, say("button_yes_note"), data, mine, no=say("button_no_note"))


def suggestion_buttons(
    mine: int, suggestions: Iterable[PrefsCommand], known: Known
) -> list[tuple[PrefsCommand, InlineKeyboardButton | None]]:
    """Return each command with a button that does it; none where it doesn't fit into a button."""
    return [(command, _suggestion(mine, command, known)) for command in suggestions]


def unpacked(value: str) -> Change:
    """Return the change that a note button carries ('a:crustaceans,molluscs').

    Raises `BadInputError` for what no button of ours carries.
    """
    kind, _, rest = value.partition(":")
    if kind == _ALLERGY:
        return Change(allergies=frozenset(rest.split(",")))
    if kind == _EXCEPTION:
        return Change(exceptions=frozenset(rest.split(",")))
    if kind == _DIET:
        return Change(diets=frozenset(parse_diet(item) for item in rest.split(",")))
    if kind == _TARGET:
        pairs = (item.split("=") for item in rest.split(","))
        return Change(targets={target: float(amount) for target, amount in pairs})
    if kind == _LIKE:
        return Change(likes=(rest,))
    if kind == _DISLIKE:
        return Change(dislikes=(rest,))
    raise BadInputError(f"'{kind}' is nothing that a button can note")


def _suggestion(mine: int, command: PrefsCommand, known: Known) -> InlineKeyboardButton | None:
    text, card = short(command.describe()), Card(mine, known)
    if command.action is Action.ADD:
        data = _note_data(mine, command.change)
        return None if data is None else InlineKeyboardButton(text, callback_data=data)
    if command.action is Action.REMOVE:
        things = [item for item in known.things if covers(command.change, item)]
        return card.take_button(things[0], text) if len(things) == 1 else None
    if command.action is Action.SET:
        name, choice = next(iter(command.settings.items()))
        return card.choose_button(name, choice, text)
    if command.kind is not None:
        return None
    verbs = {Action.SHOW: Do.VIEW, Action.CLEAR: Do.CLEAR, Action.EXPORT: Do.EXPORT}
    return card.plain_button(verbs[command.action], text) if command.action in verbs else None


def _packed(change: Change) -> str | None:
    """Return a change of one kind as a button carries it; `None` for several kinds, or several tastes."""
    kinds = {
        _ALLERGY: ",".join(sorted(change.allergies)),
        _EXCEPTION: ",".join(sorted(change.exceptions)),
        _DIET: ",".join(sorted(change.diets)),
        _LIKE: change.likes[0] if len(change.likes) == 1 else None,
        _DISLIKE: change.dislikes[0] if len(change.dislikes) == 1 else None,
        _TARGET: ",".join(f"{target}={amount:.8g}" for target, amount in change.targets.items()),
    }
    named = [f"{kind}:{values}" for kind, values in kinds.items() if values]
    several = len(change.likes) > 1 or len(change.dislikes) > 1 or len(named) > 1
    return named[0] if named and not several else None


def _note_data(mine: int, change: Change) -> str | None:
    packed = _packed(change)
    data = f"prefs:{NOTE}:{mine}:{packed}"
    fits = packed is not None and len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    return data if fits else None


def _fitting(ids: list[str], taken: int) -> Iterator[list[str]]:
    """Cut a list into lists whose names, joined by commas, fit behind `taken` bytes."""
    room = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA - taken
    part: list[str] = []
    for item in ids:
        if part and len(",".join((*part, item))) > room:
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def _question(text: str, yes: str, data: str, mine: int, *, no: str = "") -> Question:
    buttons = [
        InlineKeyboardButton(yes, callback_data=data),
        InlineKeyboardButton(no or say("button_no"), callback_data=f"prefs:{KEEP}:{mine}"),
    ]
    return Question(text, InlineKeyboardMarkup([buttons]))
