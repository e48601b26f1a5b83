"""`/knowledge`: administrators add to the knowledge base by sending a file, as `platewise knowledge add` does."""

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from telegram import Document, Message, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.messages import say
from bot.telegram.access import admins_only
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.prefs_card import escaped
from bot.telegram.progress_line import progress_line
from bot.telegram.replies import reply
from bot.telegram.services import Services
from retrieval.errors import PlatewiseError

if TYPE_CHECKING:
    from retrieval.adding import Added
    from retrieval.staging import Progress

_LARGEST = int(FileSizeLimit.FILESIZE_DOWNLOAD)
_MB = 1_000_000
_LONGEST_NAME = 100
_SHOWN_FAULTS = 3
_SHOWN_ORIGINS = 20
_CAPTION = filters.CaptionRegex(r"^/knowledge(?:@\w+)?(?:\s|$)")


class KnowledgeHandlers:
    """Adding files, and listing what there is."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._admins = admins_only(services.settings.admins)
        self._uploads = services.settings.data / "uploads"

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("knowledge", self.command, filters=self._admins),
            MessageHandler(self._admins & filters.Document.ALL & _CAPTION, self.command),
        ]

    async def command(self, update: Update, _context: Context) -> None:
        """Add the document that is sent, or replied to; or list what there is."""
        await self._services.person(update)
        message = update.effective_message
        if message is None:
            return
        words = (message.text or message.caption or "").split()[1:]
        document = message.document or (
            message.reply_to_message.document if message.reply_to_message else None
        )
        if words[:1] == ["list"]:
            await reply(update, await self._list())
        elif words[:1] != ["add"] or document is None:
            await reply(update, say("knowledge_usage", limit=_LARGEST // _MB))
        elif (document.file_size or 0) > _LARGEST:
            size = round((document.file_size or 0) / _MB, 1)
            await reply(update, say("knowledge_too_large", size=size, limit=_LARGEST // _MB))
        else:
            await self._add(update, message, document, reason=" ".join(words[1:]))

    async def _add(self, update: Update, message: Message, document: Document, *, reason: str) -> None:
        name = _file_name(document)
        folder = self._uploads / str(update.update_id)
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            begun = say("knowledge_receiving", name=name)
            async with progress_line(message, begun, partial(_so_far, name)) as progress:
                await _fetch(document, folder / name)
                added = await self._read(folder / name, reason or f"added {name}", progress)
            await reply(update, _outcome(name, added))
        except (PlatewiseError, OSError) as error:
            said = str(error).replace(f"{folder}/", "")
            await reply(update, escaped(say("knowledge_refused", name=name, reason=said)))
        except BadRequest as error:
            await reply(update, escaped(say("knowledge_refused", name=name, reason=error.message)))
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _read(self, path: Path, reason: str, progress: "Callable[[Progress], None]") -> "Added":
        # Imported here: the loaders' libraries are heavy, and most starts add nothing.
        from retrieval.adding import add, source_fingerprint
        from retrieval.knowledge.loaders.recognise import recognise

        loader = await asyncio.to_thread(recognise, path)
        return await add(
            self._services.settings.knowledge_uri,
            self._services.turns.assistant.index.embedder,
            loader,
            reason=reason,
            source=await asyncio.to_thread(source_fingerprint, path),
            progress=progress,
        )

    async def _list(self) -> str:
        from retrieval.index import describe_index

        try:
            found = await describe_index(self._services.settings.knowledge_uri)
        except PlatewiseError as error:
            return escaped(str(error))
        change = found.change
        lines = [say("knowledge_listed", version=str(change.number), passages=change.passages)]
        lines += [
            say(
                "knowledge_origin",
                count=item.count,
                kind=str(item.kind),
                name=escaped(item.name),
                release=escaped(item.release),
                licence=escaped(item.licence),
            )
            for item in found.origins[:_SHOWN_ORIGINS]
        ]
        if more := len(found.origins) - _SHOWN_ORIGINS:
            lines += [say("knowledge_origins_more", count=more)] if more > 0 else []
        return "\n".join(lines)


def _so_far(name: str, state: "Progress") -> str:
    return say("knowledge_progress", name=name, percent=round(state.share * 100), records=state.records)


async def _fetch(document: Document, path: Path) -> None:
    file = await persistently(document.get_file)
    await persistently(partial(file.download_to_drive, path))


def _file_name(document: Document) -> str:
    """Return a document's name without anything that could lead to another folder."""
    name = Path((document.file_name or "").replace("\\", "/")).name.strip(". \0")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name[:_LONGEST_NAME] or "document"
    return f"{stem[:_LONGEST_NAME]}.{suffix[:20]}"


def _outcome(name: str, added: "Added") -> str:
    outcome = say("knowledge_unchanged")
    if added.change is not None:
        outcome = say("knowledge_version", version=str(added.change.number), passages=added.change.passages)
    text = say(
        "knowledge_added",
        name=escaped(name),
        added=added.added,
        changed=added.changed,
        removed=added.removed,
        unchanged=added.unchanged,
        left=added.left_out,
        outcome=outcome,
    )
    faults = [
        say("knowledge_fault", where=escaped(fault.where), why=escaped(fault.why))
        for fault in added.faults[:_SHOWN_FAULTS]
    ]
    return "\n".join((text, *faults))
