"""Free text: a question is answered, and the answer gets its buttons."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.assistant.answer import Answer, Draft
from bot.assistant.assistant import LONGEST_QUESTION
from bot.assistant.guard import cited_numbers
from bot.assistant.turns import Begun, Place
from bot.assistant.understand import About, Change
from bot.messages import say
from bot.store.conversations import Asked, Turn
from bot.store.tables import Rating, TurnStatus
from bot.telegram.asking import drop_questions, note_questions
from bot.telegram.context import Context
from bot.telegram.delivery import Delivery
from bot.telegram.inbox import polling_bot
from bot.telegram.prefs import undo_button
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender

_LOG = logging.getLogger(__name__)

TYPING_EVERY_S = 4.5
"""Telegram shows 'typing' for five seconds."""


class AnswerHandlers:
    """Questions, and what people think of the answers."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            MessageHandler(filters.TEXT & ~filters.COMMAND, self.question),
            CallbackQueryHandler(self.feedback, pattern=rf"^feedback:\d+:({Rating.UP}|{Rating.DOWN})$"),
        ]

    async def question(self, update: Update, context: Context) -> None:
        """Answer a question, once, however often its update comes."""
        message, chat = update.effective_message, update.effective_chat
        if message is None or chat is None or message.text is None:
            return
        question = message.text.strip()
        if not question:
            await reply(update, say("empty_question"))
        elif len(question) > LONGEST_QUESTION:
            await reply(update, say("too_long", length=len(question), limit=LONGEST_QUESTION))
        else:
            async with _typing(context.bot, message):
                await self._answer(update, message, chat, question, context.bot)

    async def feedback(self, update: Update, _context: Context) -> None:
        """Store 👍 or 👎 for an answer of this person's."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, turn_id, value = query.data.split(":")
        person = await self._services.person(update)
        if await self._services.store.conversations.asker(int(turn_id)) != person.id:
            await acknowledge(query, say("feedback_unknown"))
            return
        await self._services.store.feedback.give(int(turn_id), person.id, Rating(value))
        await acknowledge(query, say("feedback_thanks"))

    async def _answer(self, update: Update, message: Message, chat: Chat, question: str, bot: Bot) -> None:
        services = self._services
        person = await services.person(update)
        place = Place(chat.id, chat.type)
        asked = Asked(update_id=update.update_id, message_id=message.message_id)
        begun = await services.turns.begin(person, place, question, asked=asked)
        delivery = Delivery(
            polling_bot(bot),
            chat.id,
            begun.turn.id,
            services.store.conversations,
            list(begun.turn.message_ids),
            question_id=message.message_id,
            sending_after=begun.turn.sending_after,
            thread_id=message.message_thread_id if message.is_topic_message else None,
        )
        if begun.turn.status is TurnStatus.ANSWERED and begun.turn.record is not None:
            # Killed after the answer was stored and before we knew that it arrived: the same text once more.
            await self._finish(update, begun.turn, begun, delivery)
            return
        async with services.turns.candidates(begun) as candidates:
            await self._finish(update, await self._write(begun, delivery), begun, delivery)
            for proposal in note_questions(sender(update).id, await candidates()):
                await reply(update, proposal.text, proposal.keyboard)

    async def _finish(self, update: Update, turn: Turn, begun: Begun, delivery: Delivery) -> None:
        """Deliver the answer, then ask about what a message alone doesn't change."""
        await delivery.finish(_text(turn), _keyboard(turn, noted=_noted(begun)))
        mine, understood = sender(update).id, begun.heard.understanding
        loosened = Change(exceptions=understood.loosens if understood.about is About.SELF else frozenset())
        for question in (
            *drop_questions(mine, understood.needs_confirmation),
            *note_questions(mine, loosened),
        ):
            await reply(update, question.text, question.keyboard)

    async def _write(self, begun: Begun, delivery: Delivery) -> Turn:
        async with _drafts(delivery):
            async for event in self._services.turns.answer(begun):
                if isinstance(event, Draft):
                    delivery.draft(event.text)
                elif isinstance(event, Answer):
                    _LOG.info(
                        "turn %d: %s, %d+%d tokens, %.0f ms",
                        begun.turn.id,
                        event.guard.status,
                        event.usage.prompt,
                        event.usage.completion,
                        event.timing_ms["total"],
                    )
        turn = await self._services.store.conversations.get(begun.turn.id)
        if turn is None:
            raise AssertionError("the turn that was just answered is there")
        return turn


@asynccontextmanager
async def _typing(bot: Bot, message: Message) -> AsyncIterator[None]:
    """Show 'typing' from now on until the block ends. A failure to show it is no failure."""

    async def show() -> None:
        while True:
            with suppress(TelegramError):
                await bot.send_chat_action(
                    message.chat_id, ChatAction.TYPING, message_thread_id=message.message_thread_id
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


def _text(turn: Turn) -> str:
    """Return a stored answer as the person gets it: notices, answer, and the sources that it cites."""
    record = turn.record
    if record is None:
        raise AssertionError(f"turn {turn.id} has no answer")
    lines = [record.said]
    cited = [number for number in cited_numbers(record.answer) if number <= len(record.passages)]
    if cited:
        lines.append(f"\n\n**{say('sources')}**")
    for number in cited:
        passage = record.passages[number - 1]
        source = f" — {passage['source']}" if passage.get("source") else ""
        lines.append(f"\n\\[{number}\\] {passage['title']}{source}  ")
    return "".join(lines)


def _noted(begun: Begun) -> bool:
    """Whether the message changed the person's own preferences."""
    understood = begun.heard.understanding
    return understood.about is About.SELF and bool(understood.add or understood.remove)


def _keyboard(turn: Turn, *, noted: bool) -> InlineKeyboardMarkup:
    rows = [
        [
            InlineKeyboardButton("👍", callback_data=f"feedback:{turn.id}:{Rating.UP}"),
            InlineKeyboardButton("👎", callback_data=f"feedback:{turn.id}:{Rating.DOWN}"),
        ]
    ]
    if noted:
        rows.append([undo_button(turn.id)])
    return InlineKeyboardMarkup(rows)
