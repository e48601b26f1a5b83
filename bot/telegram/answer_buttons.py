"""The buttons under an answer, and what their presses carry: `<verb>:<turn>:<Telegram id>[:<value>]`.

The id is that of the person who asked; whoever else presses is told so. Nothing is kept for a button, so that it works
after a restart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.assistant.consented import is_forgotten
from bot.messages import say
from bot.store.conversations import Turn
from bot.store.feedback import REASONS
from bot.store.people import Person
from bot.store.tables import Rating
from bot.telegram.delivery import persistently
from bot.telegram.inbox import STOP
from bot.telegram.prefs import undo_button
from bot.telegram.replies import acknowledge
from bot.telegram.services import Services, sender

Rows = Iterable[Iterable[InlineKeyboardButton]]


class Verb(StrEnum):
    """What a button does."""

    FEEDBACK = "feedback"
    REASON = "reason"
    AGAIN = "again"
    SOURCES = "sources"
    STOP = STOP


@dataclass(frozen=True, slots=True)
class Press:
    """A press of one's own button."""

    query: CallbackQuery
    person: Person
    turn: Turn
    value: str


def pattern(verb: Verb) -> str:
    """Return what the data of a verb's buttons look like."""
    return rf"^{verb}:\d{{1,18}}:\d{{1,18}}(?::[a-z]+)?$"


def answer_keyboard(turn: Turn, mine: int, *, noted: bool) -> InlineKeyboardMarkup:
    """Return what goes under an answer to the person with the Telegram id `mine`."""
    thumbs = [
        _button("👍", Verb.FEEDBACK, turn.id, mine, Rating.UP),
        _button("👎", Verb.FEEDBACK, turn.id, mine, Rating.DOWN),
        _button("🔁", Verb.AGAIN, turn.id, mine),
    ]
    if turn.record is not None and turn.record.passages:
        thumbs.append(_button("📚", Verb.SOURCES, turn.id, mine))
    return InlineKeyboardMarkup([thumbs, [undo_button(turn.id)]] if noted else [thumbs])


def stop_keyboard(turn_id: int, mine: int) -> InlineKeyboardMarkup:
    """Return what goes under an answer that is being written."""
    return InlineKeyboardMarkup([[_button(f"⏹ {say('button_stop')}", Verb.STOP, turn_id, mine)]])


def reason_rows(turn_id: int, mine: int) -> list[list[InlineKeyboardButton]]:
    """Return the chips that ask why an answer was no good, two in a row."""
    chips = [_button(say(f"chip_{reason}"), Verb.REASON, turn_id, mine, reason) for reason in REASONS]
    return [chips[start : start + 2] for start in range(0, len(chips), 2)]


def other_rows(query: CallbackQuery) -> list[tuple[InlineKeyboardButton, ...]]:
    """Return the rows under the message of a press that aren't chips."""
    return [row for row in _rows(query) if not _is_chip(row[0])]


def has_chips(query: CallbackQuery) -> bool:
    """Tell whether chips are shown under the message of a press."""
    return any(_is_chip(row[0]) for row in _rows(query))


async def show_rows(query: CallbackQuery, rows: Rows) -> None:
    """Put other buttons under the message of a press; it may hold them already, or be gone."""
    markup = InlineKeyboardMarkup([list(row) for row in rows])
    try:
        await persistently(partial(query.edit_message_reply_markup, markup))
    except BadRequest as error:
        said = error.message.lower()
        if "not modified" not in said and "not found" not in said and "can't be edited" not in said:
            raise


async def own_press(services: Services, update: Update) -> Press | None:
    """Return what was pressed; None, and a word for who pressed, where the button is another's or its turn is gone."""
    query = update.callback_query
    if query is None or query.data is None:
        raise AssertionError(f"update {update.update_id} is no button")
    person = await services.person(update)
    _, turn_id, mine, *value = query.data.split(":")
    if mine != str(sender(update).id):
        await acknowledge(query, say("prefs_not_yours"), alert=True)
        return None
    turn = await services.store.conversations.get(int(turn_id))
    theirs = turn is not None and await services.store.conversations.asker(turn.id) == person.id
    if turn is None or not theirs or is_forgotten(turn):
        await acknowledge(query, say("feedback_unknown"), alert=True)
        return None
    return Press(query, person, turn, value[0] if value else "")


def _rows(query: CallbackQuery) -> tuple[tuple[InlineKeyboardButton, ...], ...]:
    message = query.message
    markup = message.reply_markup if isinstance(message, Message) else None
    return markup.inline_keyboard if markup is not None else ()


def _is_chip(button: InlineKeyboardButton) -> bool:
    return str(button.callback_data).startswith(f"{Verb.REASON}:")


def _button(text: str, verb: Verb, turn_id: int, mine: int, value: str = "") -> InlineKeyboardButton:
    data = f"{verb}:{turn_id}:{mine}"
    return InlineKeyboardButton(text, callback_data=f"{data}:{value}" if value else data)
