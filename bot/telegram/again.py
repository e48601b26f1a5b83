"""🔁 another answer to the same question, and ⏹ no more of the one that is being written."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot.assistant.turns import Place
from bot.messages import say
from bot.store.conversations import Asked
from bot.telegram.answer_buttons import Verb, own_press, pattern
from bot.telegram.answering import Answering
from bot.telegram.context import Context
from bot.telegram.replies import acknowledge
from bot.telegram.services import Services


class AgainHandlers:
    """The two buttons that write, and stop writing."""

    def __init__(self, services: Services, answering: Answering) -> None:
        self._services = services
        self._answering = answering

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CallbackQueryHandler(self.again, pattern=pattern(Verb.AGAIN)),
            CallbackQueryHandler(self.stop, pattern=pattern(Verb.STOP)),
        ]

    async def again(self, update: Update, context: Context) -> None:
        """Answer the question of a turn once more, differently; each press makes one turn."""
        press = await own_press(self._services, update)
        chat = update.effective_chat
        if press is None or chat is None:
            return
        turns, conversations = self._services.turns, self._services.store.conversations
        first = await conversations.get(press.turn.again_of or press.turn.id) or press.turn
        if not first.question:  # its person doesn't want it kept
            await acknowledge(press.query, say("feedback_unknown"), alert=True)
            return
        await acknowledge(press.query, say("again_coming"))
        asked = Asked(update.update_id, first.question_message_id, again_of=first.id, meant=first.meant)
        begun = await turns.begin(press.person, Place(chat.id, chat.type), first.question, asked=asked)
        await self._answering.answer(update, begun, context.bot)

    async def stop(self, update: Update, _context: Context) -> None:
        """Stop writing. What was written until now stays as the answer; after the end nothing happens."""
        press = await own_press(self._services, update)
        if press is not None:
            stopped = self._services.turns.stop(press.turn.id)
            await acknowledge(press.query, say("stop_done" if stopped else "stop_too_late"))
