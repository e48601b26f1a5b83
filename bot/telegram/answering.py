"""An answer on its way: written with drafts and a stop button, delivered, with its buttons under it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.assistant.answer import Answer
from bot.assistant.consented import Consented, is_forgotten
from bot.assistant.guard import cited_numbers
from bot.assistant.turns import Begun
from bot.assistant.understand import About, Change
from bot.messages import say
from bot.store.conversations import Turn
from bot.store.faults import ErasedError
from bot.store.tables import TurnStatus
from bot.telegram.answer_buttons import answer_keyboard, stop_keyboard
from bot.telegram.asking import drop_questions, note_questions
from bot.telegram.delivery import Delivery
from bot.telegram.groups import is_shared, privately, public_turn
from bot.telegram.inbox import polling_bot
from bot.telegram.limits import expecting
from bot.telegram.prefs import undo_button
from bot.telegram.services import Services, sender

_LOG = logging.getLogger(__name__)

TYPING_EVERY_S = 4.5
"""Telegram shows 'typing' for five seconds."""


class Answering:
    """Answers turns that have begun."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._consented = Consented(services.store)

    async def answer(self, update: Update, begun: Begun, bot: Bot) -> None:
        """Write the answer to a turn and deliver it, once, however often its update comes."""
        delivery = self._delivery(update, begun.turn, bot)
        try:
            with expecting(delivery.bot):
                await self._answer(update, begun, delivery)
        except ErasedError:
            # The person has had everything erased meanwhile. What stands in the chat of this answer goes, too.
            await _withdraw(delivery)
            raise

    async def _answer(self, update: Update, begun: Begun, delivery: Delivery) -> None:
        bot = delivery.bot
        if is_forgotten(begun.turn):
            return  # it was delivered, and its person doesn't want it kept
        if begun.turn.status is TurnStatus.ANSWERED:
            # Killed after the answer was stored and before we knew that it arrived: the same text once more.
            await self._finish(update, begun.turn, begun, delivery)
            return
        async with _typing(bot, delivery), self._services.turns.candidates(begun) as candidates:
            turn = await self._write(begun, delivery, shared=is_shared(update))
            await self._finish(update, turn, begun, delivery)
            if begun.turn.again_of is None:
                for proposal in note_questions(sender(update).id, await candidates()):
                    await privately(update, bot, proposal.text, proposal.keyboard)

    def _delivery(self, update: Update, turn: Turn, bot: Bot) -> Delivery:
        query, message = update.callback_query, update.effective_message
        answered = message or (query.message if query is not None else None)
        if answered is None:
            raise AssertionError(f"update {update.update_id} comes from no message")
        in_topic = message is not None and message.is_topic_message
        asked_in = turn.question_message_id or answered.message_id
        return Delivery(
            polling_bot(bot),
            answered.chat.id,
            turn.id,
            self._services.store.conversations,
            list(turn.message_ids),
            question_id=answered.message_id,
            sending_after=turn.sending_after,
            thread_id=message.message_thread_id if message is not None and in_topic else None,
            draft_keyboard=stop_keyboard(turn.id, sender(update).id),
            reply_to=asked_in if is_shared(update) else None,
            drafts=self._services.drafts,
        )

    async def _write(self, begun: Begun, delivery: Delivery, *, shared: bool) -> Turn:
        turn = None
        async with _drafts(delivery):
            async for event in self._services.turns.answer(begun):
                if isinstance(event, Answer):
                    turn = event.turn
                    _LOG.info(
                        "turn %d: %s, %d+%d tokens, %.0f ms",
                        begun.turn.id,
                        event.guard.status,
                        event.usage.prompt,
                        event.usage.completion,
                        event.timing_ms["total"],
                    )
                elif not shared:  # in a group, only what was looked through as a whole is shown
                    delivery.draft(event.text)
        if turn is None:
            raise AssertionError(f"turn {begun.turn.id} came to no answer")
        return replace(turn, message_ids=tuple(delivery.message_ids))

    async def _finish(self, update: Update, turn: Turn, begun: Begun, delivery: Delivery) -> None:
        """Deliver the answer, then do what its person allows, and ask about what a message alone doesn't change."""
        mine, noted = sender(update).id, _noted(begun)
        if is_shared(update):
            await self._finish_in_group(update, turn, delivery, noted=noted)
        else:
            await delivery.finish(answer_text(turn), answer_keyboard(turn, mine, noted=noted))
        await self._consented.after_delivery(turn)
        understood = begun.heard.understanding
        loosened = Change(exceptions=understood.loosens if understood.about is About.SELF else frozenset())
        for question in (
            *drop_questions(mine, understood.needs_confirmation),
            *note_questions(mine, loosened),
        ):
            await privately(update, delivery.bot, question.text, question.keyboard)

    async def _finish_in_group(self, update: Update, turn: Turn, delivery: Delivery, *, noted: bool) -> None:
        """Deliver what others may read; what they may not goes to the person's private chat."""
        mine, public = sender(update).id, public_turn(turn)
        if public is None:
            keyboard = answer_keyboard(turn, mine, noted=noted)
            arrived = await privately(update, delivery.bot, answer_text(turn), keyboard)
            await delivery.finish(say("group_answered_privately" if arrived else "group_not_aloud"), None)
            return
        await delivery.finish(answer_text(public), answer_keyboard(public, mine, noted=False))
        if turn.record is not None and turn.record.notices:
            told = "\n\n".join(turn.record.notices)
            undo = InlineKeyboardMarkup([[undo_button(turn.id)]]) if noted else None
            await privately(update, delivery.bot, told, undo)


def answer_text(turn: Turn) -> str:
    """Return a stored answer as the person gets it: notices, answer, and the sources that it cites."""
    record = turn.record
    if record is None:
        raise AssertionError(f"turn {turn.id} has no answer")
    lines = [record.said]
    if record.stopped and record.passages:
        lines.append(f"\n\n{say('stopped_note')}")
    cited = [number for number in cited_numbers(record.answer) if number <= len(record.passages)]
    if cited:
        lines.append(f"\n\n**{say('sources')}**")
    for number in cited:
        passage = record.passages[number - 1]
        source = f" — {passage['source']}" if passage.get("source") else ""
        lines.append(f"\n\\[{number}\\] {passage['title']}{source}  ")
    return "".join(lines)


async def _withdraw(delivery: Delivery) -> None:
    for message_id in delivery.message_ids:
        with suppress(TelegramError):
            await delivery.bot.delete_message(delivery.chat_id, message_id)


@asynccontextmanager
async def _typing(bot: Bot, delivery: Delivery) -> AsyncIterator[None]:
    """Show 'typing' from now on until the block ends. A failure to show it is no failure."""

    async def show() -> None:
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(
                    delivery.chat_id, ChatAction.TYPING, message_thread_id=delivery.thread_id
                )
            await asyncio.sleep(TYPING_EVERY_S)

    task = asyncio.create_task(show(), name="typing")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _drafts(delivery: Delivery) -> AsyncIterator[None]:
    """Show drafts until the block ends; a call under way is let finish, since half a call is an unknown message."""
    task = asyncio.create_task(delivery.show_drafts(), name="drafts")
    try:
        yield
    finally:
        delivery.stop_drafts()
        await task


def _noted(begun: Begun) -> bool:
    """Whether the message changed the person's own preferences."""
    understood = begun.heard.understanding
    return understood.about is About.SELF and bool(understood.add or understood.remove)
