"""`/start`, `/help`, `/new`."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.messages import say
from bot.telegram.context import Context
from bot.telegram.replies import reply
from bot.telegram.services import Services


class ConversationHandlers:
    """Hello, help, and a new beginning."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[CommandHandler[Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("start", self.start),
            CommandHandler("help", self.help),
            CommandHandler("new", self.new),
        ]

    async def start(self, update: Update, _context: Context) -> None:
        """Introduce the bot, and make the person known."""
        await self._services.person(update)
        await reply(update, say("start"))

    async def help(self, update: Update, _context: Context) -> None:
        """Show examples and commands."""
        await self._services.person(update)
        await reply(update, say("help"))

    async def new(self, update: Update, _context: Context) -> None:
        """End the conversation; preferences stay."""
        person = await self._services.person(update)
        if (chat := update.effective_chat) is not None:
            await self._services.store.conversations.start_new(person.id, chat.id, chat.type)
        await reply(update, say("new_conversation"))
