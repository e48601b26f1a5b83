"""Writing to a knowledge base: everything that readers must see at once, or not at all."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from retrieval import rows
from retrieval.changes import Change, ChangeLog
from retrieval.errors import BadInputError, UnavailableError
from retrieval.indexing import index_rows
from retrieval.locking import locked
from retrieval.quoting import quoted_list
from retrieval.tags import tags_digest

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

KEPT = timedelta(days=30)
"""How long old versions are kept, and can be gone back to."""

_FOREVER = timedelta(days=36_500)
_AT_ONCE = 20_000
"""Rows that are published before they are indexed: searching so few without an index is quick enough."""


@dataclass(slots=True)
class Draft:
    """The table as the next change finds it, held alone. What is written to it is seen once it is published."""

    connection: "AsyncConnection"
    table: "AsyncTable"
    log: ChangeLog
    newest: Change | None

    async def publish(
        self,
        *,
        reason: str,
        origin: str = "",
        catalogue: str | None = None,
        tags: str | None = None,
        added: int = 0,
        changed: int = 0,
        removed: int = 0,
    ) -> Change:
        """Let readers see what was written, index it, and return the change.

        `catalogue` and `tags` are fingerprints; without them, the last change's hold on.
        """
        if added + changed > _AT_ONCE or self.newest is None:
            await self._index()
        change = await self.log.publish(
            Change(
                number=0,
                version=await self.table.version(),
                at=datetime.now(UTC),
                reason=reason,
                origin=origin,
                catalogue=(self.newest.catalogue if self.newest else "") if catalogue is None else catalogue,
                tags=(self.newest.tags if self.newest else tags_digest()) if tags is None else tags,
                added=added,
                changed=changed,
                removed=removed,
                passages=await self.table.count_rows(),
            )
        )
        self.newest = change
        return await self.tidy()

    async def tidy(self) -> Change:
        """Index what isn't yet, merge small files, and let readers have the result. Same rows, quicker."""
        if self.newest is None:
            raise UnavailableError("knowledge: nothing was published yet")
        await self._index()
        version = await self.table.version()
        if version != self.newest.version:
            self.newest = await self.log.move(self.newest, version)
        return self.newest

    async def clean(self, kept: timedelta) -> None:
        """Delete versions older than `kept`, except the live one."""
        await self.tidy()
        await self.table.optimize(cleanup_older_than=kept)
        await self.tidy()
        await self.log.tidy()

    async def _index(self) -> None:
        await index_rows(self.table)
        await self.table.optimize(cleanup_older_than=_FOREVER)


@asynccontextmanager
async def drafting(uri: str, schema: pa.Schema | None = None) -> AsyncIterator[Draft]:
    """Hold the knowledge base at `uri` for writing. What a killed writer left is undone.

    With a `schema` (of `rows.schema`) it is made where it isn't there, and otherwise must have been made with the
    same embedder: `BadInputError` if not. Without one it is taken as it is. Raises `UnavailableError` when there is
    none, or the disk or the store fails.
    """
    from lancedb import connect_async

    async with locked(uri), explained(uri):
        connection = await connect_async(uri)
        log = await ChangeLog.open(connection)
        newest = await log.newest() if log else None
        if schema is None and newest is None:
            raise nothing_at(uri)
        log = log or await ChangeLog.create(connection)
        if newest is None:
            # Whatever is there was never published, or is of a layout without a history.
            table = await connection.create_table(rows.TABLE, schema=schema, mode="overwrite")
        else:
            table = await connection.open_table(rows.TABLE)
            newest = await _gone_back(table, log, newest)
            if schema is not None:
                check_made_with(await table.schema(), rows.metadata(schema)["embedder"], uri)
        try:
            yield Draft(connection, table, log, newest)
        finally:
            table.close()  # type: ignore[no-untyped-call]
            log.close()


async def versions(uri: str) -> tuple[Change, ...]:
    """Return the changes that were made to the knowledge base at `uri`, oldest first."""
    from lancedb import connect_async

    async with explained(uri):
        log = await ChangeLog.open(await connect_async(uri))
        return await log.all() if log else ()


async def rollback(uri: str, number: int) -> Change:
    """Make the knowledge base what it was after change `number`; this is a change like any other.

    Rows that were tagged by older rules are tagged again. Raises `BadInputError` for a number that isn't there,
    whose version is kept no more, or that was made with another embedder.
    """
    async with drafting(uri) as draft:
        known = {change.number: change for change in await draft.log.all()}
        if (target := known.get(number)) is None:
            numbers = f"1 to {max(known)}" if known else "none yet"
            raise BadInputError(f"knowledge: there is no version {number}; there are {numbers}")
        entries = await draft.table.list_versions()  # type: ignore[no-untyped-call]
        kept = {entry["version"] for entry in entries}
        if target.version not in kept:
            raise BadInputError(f"knowledge: version {number} is older than what is kept, and is gone")
        embedder = rows.metadata(await draft.table.schema())["embedder"]
        await draft.table.checkout(target.version)
        check_made_with(await draft.table.schema(), embedder, f"version {number}")
        await draft.table.restore()
        if target.tags != tags_digest():
            await retag(draft.table)
        return await draft.publish(
            reason=f"back to version {number}",
            origin=target.origin,
            catalogue=target.catalogue,
            tags=tags_digest(),
        )


async def remove(uri: str, origin: str, reason: str) -> Change:
    """Remove everything that came from `origin`. Raises `BadInputError` when nothing did."""
    async with drafting(uri) as draft:
        which = f"origin IN ({quoted_list([origin])})"
        if not (count := await draft.table.count_rows(which)):
            raise BadInputError(
                f"knowledge: nothing came from '{origin}'; `platewise knowledge list --json` names origins"
            )
        await draft.table.delete(which)
        return await draft.publish(reason=reason, origin=origin, removed=count)


async def retag(table: "AsyncTable", progress: Callable[[int], None] = lambda _rows: None) -> int:
    """Work out again the tags of every row of `table`. Returns how many rows were written."""
    snapshot = await table.query().to_batches(max_batch_length=2_000)
    changed = done = 0
    async for batch in snapshot:
        new = rows.retagged(batch)
        if not all(new.column(name).equals(batch.column(name)) for name in rows.TAG_COLUMNS):
            reader = pa.RecordBatchReader.from_batches(new.schema, [new])
            result = await table.merge_insert("id").when_matched_update_all().execute(reader)
            changed += result.num_updated_rows
        done += batch.num_rows
        progress(done)
    return changed


async def maintain(uri: str, kept: timedelta = KEPT) -> None:
    """Merge small files and delete versions older than `kept`. Raises `UnavailableError` when there is nothing."""
    async with drafting(uri) as draft:
        await draft.clean(kept)


@asynccontextmanager
async def explained(uri: str) -> AsyncIterator[None]:
    """Turn what LanceDB raises for a full disk, a damaged file or a lost bucket into one clear line."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        # Its messages end with places in its own source.
        cause = re.sub(r"^lance error: |,? ?/\S+\.rs:[\d:]+", "", str(error)).splitlines()[0]
        raise UnavailableError(
            f"knowledge: {uri} can't be used: {cause}; free some space, or delete that folder and build it again"
        ) from error


async def _gone_back(table: "AsyncTable", log: ChangeLog, newest: Change) -> Change:
    """Make the live version the latest one of `table` again, if a killed writer left others."""
    if await table.version() == newest.version:
        return newest
    await table.checkout(newest.version)
    await table.restore()
    return await log.move(newest, await table.version())


def check_made_with(table_schema: pa.Schema, embedder: str, what: str) -> None:
    """Raise `BadInputError` when the table was made with another embedder, or by another layout of ours."""
    made = rows.metadata(table_schema)
    if made.get("layout") != rows.LAYOUT:
        raise BadInputError(
            f"knowledge: {what} has layout {made.get('layout', '?')}, this program needs {rows.LAYOUT}; "
            "move that folder away, then build and add again"
        )
    if (name := made.get("embedder", "")) != embedder:
        raise BadInputError(
            f"knowledge: {what} was made with the embedder '{name}', not '{embedder}'; set PLATEWISE_EMBEDDER to it, "
            "or run `platewise knowledge build --reembed`"
        )


def nothing_at(uri: str) -> UnavailableError:
    """Return the error for a place without a knowledge base."""
    return UnavailableError(f"knowledge: nothing at {uri} yet; run `platewise knowledge build`")
