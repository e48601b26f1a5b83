"""Questions with two buttons: yes does what is asked about, no leaves it. The buttons carry all that is needed.

Nothing is kept for them, so they work after a restart, and for the person whose id they carry alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.assistant.candidates import one_by_one
from bot.assistant.fixed import describe_change
from bot.assistant.understand import Change
from bot.messages import say
from retrieval.diet.preferences import parse_diet
from retrieval.prompt import label

CLEAR, KEEP, DROP, NOTE = "clear", "keep", "drop", "note"
_ALLERGY, _EXCEPTION, _DIET, _LIKE, _DISLIKE = "allergy", "exception", "diet", "like", "dislike"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its buttons."""

    text: str
    keyboard: InlineKeyboardMarkup


def clear_question(mine: int) -> Question:
    """Ask whether everything is to be cleared. `mine` is the Telegram id of the person who may answer."""
    return _question(say("prefs_confirm_clear"), say("button_yes_clear"), f"prefs:{CLEAR}:{mine}", mine)


def drop_questions(mine: int, allergies: Iterable[str]) -> Iterator[Question]:
    """Ask whether allergies are to be dropped; several questions where one button can't hold them all."""
    prefix = f"prefs:{DROP}:{mine}:"
    for ids in _fitting(sorted(allergies), len(prefix)):
        names = ", ".join(label(item) for item in ids)
        text = say("prefs_confirm_remove", names=names)
        yield _question(text, say("button_yes_remove"), prefix + ",".join(ids), mine)


def note_questions(mine: int, candidates: Change) -> Iterator[Question]:
    """Ask about each candidate whether it is to be noted; one that no button can hold is left out."""
    for part in one_by_one(candidates):
        data = f"prefs:{NOTE}:{mine}:{_packed(part)}"
        if len(data.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            text = say("candidate", changes=describe_change(part))
            yield _question(text, say("button_yes_note"), data, mine, no=say("button_no_note"))


def unpacked(value: str) -> Change:
    """Return the change that a note button carries ('allergy:crustaceans,molluscs')."""
    kind, _, rest = value.partition(":")
    if kind == _ALLERGY:
        return Change(allergies=frozenset(rest.split(",")))
    if kind == _EXCEPTION:
        return Change(exceptions=frozenset({rest}))
    if kind == _DIET:
        return Change(diets=frozenset({parse_diet(rest)}))
    return Change(likes=(rest,)) if kind == _LIKE else Change(dislikes=(rest,))


def _packed(part: Change) -> str:
    if part.allergies:
        return f"{_ALLERGY}:{','.join(sorted(part.allergies))}"
    if part.exceptions:
        return f"{_EXCEPTION}:{','.join(sorted(part.exceptions))}"
    if part.diets:
        return f"{_DIET}:{','.join(sorted(part.diets))}"
    return f"{_LIKE}:{part.likes[0]}" if part.likes else f"{_DISLIKE}:{part.dislikes[0]}"


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
