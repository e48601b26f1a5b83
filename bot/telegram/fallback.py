"""What isn't text, and commands that nobody knows: one kind line each."""

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.messages import say
from bot.telegram.context import Context
from bot.telegram.replies import reply


class FallbackHandlers:
    """The last handlers of all."""

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register, after everything else."""
        return [
            MessageHandler(filters.COMMAND, self.unknown_command),
            MessageHandler(~filters.StatusUpdate.ALL, self.not_text),
        ]

    async def unknown_command(self, update: Update, _context: Context) -> None:
        """Say where the commands are listed."""
        await reply(update, say("unknown_command"))

    async def not_text(self, update: Update, _context: Context) -> None:
        """Answer a sticker, a photo, a voice message."""
        await reply(update, say("only_text"))
