"""What isn't text, and commands that nobody knows: one kind line each."""

from telegram import Message, Update
from telegram.constants import MessageType
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.messages import say
from bot.telegram.context import Context
from bot.telegram.replies import reply
from bot.telegram.services import Services

_KINDS = {
    MessageType.VOICE: "voice",
    MessageType.AUDIO: "audio",
    MessageType.VIDEO: "video",
    MessageType.VIDEO_NOTE: "video",
    MessageType.PHOTO: "photo",
    MessageType.STICKER: "sticker",
    MessageType.ANIMATION: "animation",
    MessageType.VENUE: "location",
    MessageType.LOCATION: "location",
    MessageType.CONTACT: "contact",
    MessageType.DOCUMENT: "document",
    MessageType.POLL: "poll",
    MessageType.DICE: "dice",
}
"""The fields of a message by which it is told what it is, the more exact first: an animation is a document, too."""


class FallbackHandlers:
    """The last handlers of all. Edited messages aren't answered here: a shared place that moves is one each time."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register, after everything else."""
        new = filters.UpdateType.MESSAGE
        return [
            MessageHandler(new & filters.COMMAND, self.unknown_command),
            MessageHandler(new & ~filters.StatusUpdate.ALL, self.not_text),
        ]

    async def unknown_command(self, update: Update, _context: Context) -> None:
        """Say where the commands are listed."""
        await self._services.person(update)
        await reply(update, say("unknown_command"))

    async def not_text(self, update: Update, _context: Context) -> None:
        """Answer a sticker, a photo, a voice message, each in its own way."""
        await self._services.person(update)
        if update.message is not None:
            await reply(update, say(line_for(update.message)))


def line_for(message: Message) -> str:
    """Return the key of the line that answers a message without text."""
    kind = next((kind for name, kind in _KINDS.items() if getattr(message, name, None)), None)
    return f"not_text_{kind}" if kind else "only_text"
