"""`/export [view …] [since] [feedback]`: administrators get consented turns as a dataset, in their private chats."""

import asyncio
from collections.abc import Sequence
from functools import partial

from telegram import Message, Update
from telegram.ext import BaseHandler, CommandHandler

from bot.assistant.datasets import Datasets, Made, NothingToExportError
from bot.assistant.exporting import order, wanted
from bot.messages import say
from bot.store.people import Person
from bot.telegram.access import admins_only
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.prefs_card import escaped
from bot.telegram.progress_line import progress_line
from bot.telegram.replies import reply
from bot.telegram.services import Services
from retrieval.errors import PlatewiseError
from training.dataset.export import Progress
from training.dataset.options import ExportOptions

LARGEST_DOCUMENT = 50_000_000
"""Bytes that a bot may send as a document (core.telegram.org/bots/api#senddocument)."""


class ExportHandlers:
    """Making datasets, one at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._admins = admins_only(services.settings.admins)
        self._datasets = Datasets(services.store, services.settings.data)
        self._busy = False

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [CommandHandler("export", self.export, filters=self._admins)]

    async def export(self, update: Update, context: Context) -> None:
        """Send a dataset in a zip, or say where it is when Telegram wouldn't take it."""
        person = await self._services.person(update)
        message = update.effective_message
        if message is None:
            return
        if self._busy:
            await reply(update, say("export_busy"))
            return
        self._busy = True
        try:
            made = await self._make(message, person, context.args or [])
        except NothingToExportError:
            await reply(update, say("export_empty"))
        except PlatewiseError as error:
            await reply(update, escaped(say("export_failed", reason=str(error))))
        else:
            await self._hand_over(update, message, made)
        finally:
            self._busy = False

    async def _make(self, message: Message, person: Person, words: Sequence[str]) -> Made:
        wish = wanted(words)
        services = self._services
        async with progress_line(message, say("export_begun"), _so_far) as progress:
            ordered = await asyncio.to_thread(
                order,
                wish,
                ExportOptions(workers=1),  # the bot goes on answering meanwhile
                services.settings.data,
                index=services.turns.assistant.index,
                by=person,
                progress=progress,
            )
            return await self._datasets.export_zip(ordered)

    async def _hand_over(self, update: Update, message: Message, made: Made) -> None:
        counts = {"turns": made.turns, "people": made.people, "rated": made.rated, "sha256": made.sha256}
        if made.size > LARGEST_DOCUMENT:
            size = round(made.size / 1_000_000, 1)
            await reply(update, say("export_large", **counts, path=f"`{made.path}`", size=size))
            return
        content = await asyncio.to_thread(made.path.read_bytes)
        caption = say("export_done", **counts)
        await persistently(
            partial(message.reply_document, document=content, filename=made.path.name, caption=caption)
        )


def _so_far(state: Progress) -> str:
    return say("export_progress", step=state.step, done=state.done)
