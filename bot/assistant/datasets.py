"""Making a dataset of consented turns: from the store, through `training.dataset`, into the ledger."""

import asyncio
import hashlib
import shutil
import threading
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.store.columns import utc_now
from bot.store.dataset_rows import DatasetRows, Selection
from bot.store.export import Exports
from bot.store.ledger import Export, Ledger
from bot.store.people import Person
from bot.store.pseudonyms import Pseudonyms
from bot.store.store import Store
from retrieval.errors import BadInputError, UnavailableError
from training.dataset.schema import Passage
from training.dataset.source import Turn

COMMAND_LINE = "command line"
MANIFEST = "dataset.json"
_ID_BYTES = 16


class NothingToExportError(BadInputError):
    """No turn is consented to, or none that was asked for."""


Write = Callable[[Iterator[Turn], Path], object]
"""Writes turns as a dataset into a folder that isn't there yet, whole or not at all; called in a thread."""

Distract = Callable[[Turn], Awaitable[tuple[Passage, ...]]]
"""Finds passages for a turn's question besides those that were served."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants which turns written how. `since_last`: those after the last export. `options` is for the audit."""

    write: Write
    selection: Selection = field(default_factory=Selection)
    since_last: bool = False
    by: Person | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    distract: Distract | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when whoever ordered it waits no more: `write` ends at its next turn."""


@dataclass(frozen=True, slots=True)
class Held:
    """A dataset that holds people who were erased or took consent back, and the adapters trained from it."""

    export: Export
    rows: tuple[str, ...]
    """The rows that mustn't be in it any more."""
    adapters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished dataset: a folder, or a zip of one. `sha256` is the zip's, or that of the folder's manifest.

    `turns`, `people` and `rated` are what went in, before anything was dropped as a duplicate, or for its quality.
    """

    path: Path
    sha256: str
    size: int
    turns: int
    people: int
    rated: int
    left_out: Mapping[str, int]


class Datasets:
    """Exports consented turns; `data` is the folder of all local state."""

    def __init__(self, store: Store, data: Path) -> None:
        self._store = store
        self._data = data
        self._exports = Exports(data)
        self._ledger = Ledger(data)

    async def export(self, target: Path, order: Order) -> Made:
        """Make the dataset `target`, a folder that isn't there yet, and note it in the ledger.

        Raises `BadInputError` when there is nothing to export or `target` exists, `UnavailableError` when the database
        doesn't answer, or when somebody in it took their consent back meanwhile; nothing is left behind then.
        """
        if await asyncio.to_thread(target.exists):
            raise BadInputError(f"{target}: is there already; name a folder that isn't")
        target = await asyncio.to_thread(target.absolute)
        started = utc_now()
        fed = await self._write(target, order, started)
        try:
            sha256 = await asyncio.to_thread(digest, target / MANIFEST)
            noted = await self._note(order, fed, started, sha256=sha256, path=target)
            await self._take_back_if_somebody_left(fed, started, noted)
        except BaseException:
            # What the ledger doesn't know must not be there.
            await asyncio.to_thread(shutil.rmtree, target, ignore_errors=True)
            raise
        return fed.made(target, sha256)

    async def export_zip(self, order: Order) -> Made:
        """Make a dataset as a zip in the folder of exports. Raises what `export` raises."""
        started = utc_now()
        name = f"platewise-{started:%Y%m%d-%H%M%S-%f}"
        final = self._exports.path_of(name).absolute()
        with self._exports.under_way(name) as folder:
            fed = await self._write(folder / name, order, started)
            manifest = await asyncio.to_thread(digest, folder / name / MANIFEST)
            zipped = await asyncio.to_thread(_zipped, folder / name, folder / final.name)
            noted = await self._note(order, fed, started, sha256=manifest, path=final)
            await asyncio.to_thread(zipped.replace, final)
        try:
            await self._take_back_if_somebody_left(fed, started, noted)
        except BaseException:
            await asyncio.to_thread(final.unlink, missing_ok=True)
            raise
        return fed.made(final, await asyncio.to_thread(digest, final))

    async def _write(self, target: Path, order: Order, started: datetime) -> "_Fed":
        names = await asyncio.to_thread(Pseudonyms.of, self._data)
        since = order.selection.since
        if order.since_last:
            last = await asyncio.to_thread(self._ledger.last)
            if last is None:
                raise BadInputError("since last: nothing was exported before; leave it out the first time")
            since = last.until
        rows = DatasetRows(self._store.database, names)
        pages = _distracted(rows.pages(replace(order.selection, since=since, until=started)), order.distract)
        fed = _Fed(rows)
        turns = fed.noting(_in_thread(pages, asyncio.get_running_loop(), order.stopped))
        writing = asyncio.ensure_future(asyncio.to_thread(order.write, turns, target))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            # A thread can't be cancelled, and mustn't be left alone with a loop that ends.
            order.stopped.set()
            with suppress(Exception):
                await writing
            raise
        return fed

    async def held(self) -> list[Held]:
        """Return the datasets in the ledger with rows that may not be used any more, oldest first.

        Rows of people who were erased, or took back what they had allowed; of exports whose files are known to be gone,
        too, when an adapter was trained from them. Raises `UnavailableError` when the database doesn't answer.
        """
        exports = await asyncio.to_thread(self._ledger.exports)
        if not exports:
            return []
        names = await asyncio.to_thread(Pseudonyms.of, self._data)
        allowed = set[bytes]()
        async for page in DatasetRows(self._store.database, names).pages(Selection(include_refused=True)):
            allowed.update(bytes.fromhex(turn.row.row) for turn in page)
        adapters = await asyncio.to_thread(self._ledger.adapters)
        found = []
        for export in exports:
            rows = await asyncio.to_thread(self._ledger.rows, export.id)
            gone = tuple(row.hex() for row in rows if row not in allowed)
            trained = tuple(name for name, hashes in adapters.items() if export.sha256 in hashes)
            if gone and (trained or not export.dropped):
                found.append(Held(export, gone, trained))
        return found

    async def _note(self, order: Order, fed: "_Fed", started: datetime, *, sha256: str, path: Path) -> int:
        by = order.by
        names = await asyncio.to_thread(Pseudonyms.of, self._data)
        export = Export(
            sha256=sha256,
            path=path,
            made_at=utc_now(),
            until=started,
            made_by=COMMAND_LINE if by is None else by.handle,
            made_by_person="" if by is None else names.person(by.pseudonym),
            options=order.options,
            counts=fed.counts(),
        )
        return await asyncio.to_thread(self._ledger.note, export, fed.pairs())

    async def _take_back_if_somebody_left(self, fed: "_Fed", started: datetime, noted: int) -> None:
        """Raise `UnavailableError` when somebody in the dataset was erased, or refused, since it was begun.

        Asked after the dataset is in the ledger: who leaves later finds it there.
        """
        left = await fed.rows.left_since(started)
        if left & await asyncio.to_thread(fed.people):
            await asyncio.to_thread(self._ledger.dropped, [noted], utc_now())
            raise UnavailableError(
                "somebody took back what they had allowed while the dataset was written, so it was deleted; "
                "export again"
            )


@dataclass(slots=True)
class _Fed:
    """What went into an export: the names of people and rows, in 32 bytes each."""

    rows: DatasetRows
    ids: bytearray = field(default_factory=bytearray)
    rated: int = 0

    def noting(self, turns: Iterator[Turn]) -> Iterator[Turn]:
        for turn in turns:
            self.ids += bytes.fromhex(turn.row.person) + bytes.fromhex(turn.row.row)
            self.rated += turn.row.feedback is not None
            yield turn
        if not self.ids:
            raise NothingToExportError(
                "there is nothing to export: no turn is consented to, or none that was asked for; see /privacy"
            )

    def pairs(self) -> Iterator[tuple[str, str]]:
        for start in range(0, len(self.ids), 2 * _ID_BYTES):
            pair = self.ids[start : start + 2 * _ID_BYTES].hex()
            yield pair[: 2 * _ID_BYTES], pair[2 * _ID_BYTES :]

    def people(self) -> set[str]:
        return {person for person, _ in self.pairs()}

    def counts(self) -> dict[str, int]:
        turns = len(self.ids) // (2 * _ID_BYTES)
        return {"turns": turns, "people": len(self.people()), "rated": self.rated}

    def made(self, path: Path, sha256: str) -> Made:
        size = path.stat().st_size if path.is_file() else 0
        return Made(path, sha256, size, left_out=dict(self.rows.left_out), **self.counts())


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, Path(folder.name) / file.relative_to(folder))
    path.chmod(0o600)
    return path


def _in_thread(
    pages: AsyncIterator[list[Turn]], loop: asyncio.AbstractEventLoop, stopped: threading.Event
) -> Iterator[Turn]:
    """Yield in a thread what the loop reads, a page at a time. Raises `UnavailableError` when it is `stopped`."""
    while page := asyncio.run_coroutine_threadsafe(_next(pages), loop).result():
        for turn in page:
            if stopped.is_set():
                raise UnavailableError("the export was stopped")
            yield turn


async def _distracted(
    pages: AsyncIterator[list[Turn]], distract: Distract | None
) -> AsyncIterator[list[Turn]]:
    async for page in pages:
        if distract is None:
            yield page
        else:
            yield [replace(turn, distractors=await distract(turn)) for turn in page]


async def _next(pages: AsyncIterator[list[Turn]]) -> list[Turn]:
    """Return the next page that isn't empty; an empty one at the end."""
    async for page in pages:
        if page:
            return page
    return []
