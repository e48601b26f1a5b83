"""Who may use the bot, decided before any other handler runs."""

from collections.abc import Set as AbstractSet

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.messages import say
from bot.telegram.context import Context
from bot.telegram.replies import acknowledge, reply

GROUP = -1
"""The handler group of the gate: lower groups run first."""


class Gate:
    """Lets the allowed people through, in private chats; an empty set allows everybody."""

    def __init__(self, allowed: AbstractSet[int]) -> None:
        self._allowed = allowed

    def handler(self) -> TypeHandler[Update, Context, object]:
        """Return what to register in `GROUP`."""
        return TypeHandler(Update, self.check)

    async def check(self, update: Update, _context: Context) -> None:
        """Raise `ApplicationHandlerStop` for an update that no handler may see."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or user.is_bot or chat is None:
            raise ApplicationHandlerStop
        if self._allowed and user.id not in self._allowed:
            await _refuse(update, say("not_allowed", id=str(user.id)))
            raise ApplicationHandlerStop
        if chat.type != ChatType.PRIVATE:
            message = update.effective_message
            if message is not None and (message.text or "").startswith("/"):
                await reply(update, say("only_private"))
            raise ApplicationHandlerStop


async def _refuse(update: Update, text: str) -> None:
    if update.callback_query is not None:
        await acknowledge(update.callback_query, text, alert=True)
    else:
        await reply(update, text)
