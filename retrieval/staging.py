"""Records on their way in: read, checked, embedded and put aside, in steps that survive a kill.

Reading and embedding a large source takes long, so each few batches are committed to a table of their own. A run that
was killed is gone on with; nothing of it is in the knowledge base before the whole source was read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from retrieval import rows
from retrieval.embedding import Embedder
from retrieval.knowledge.documents import Record
from retrieval.knowledge.loaders.loader import Batch, Fault, Loader
from retrieval.knowledge.orders import without_orders
from retrieval.quoting import quoted_list
from retrieval.seen import SeenIds

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

_CHECKPOINT = 4
"""Batches in a commit: at most so many are read and embedded twice after a kill."""

_BATCH = "platewise_batch"
_REPLACES = "platewise_replaces"
_LISTED = 1_000  # faults kept in full
_CHUNK = 20_000  # rows held in memory while they move


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an addition is: `share` of the source read, 0 to 1, and rows of each sort so far."""

    share: float
    records: int
    faults: int


@dataclass(slots=True)
class Staged:
    """What was put aside, and what is known of the rest.

    `added`, `changed` and `unchanged` count records, `left_out` rows that aren't any; `faults` lists the first of them.
    """

    table: "AsyncTable"
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    faults: list[Fault] = field(default_factory=list)
    seen: SeenIds = field(default_factory=SeenIds)

    @property
    def records(self) -> int:
        """All records read."""
        return self.added + self.changed + self.unchanged

    def leave_out(self, faults: Sequence[Fault]) -> None:
        """Count rows that were left out."""
        self.left_out += len(faults)
        self.faults += faults[: _LISTED - len(self.faults)]

    async def chunks(self, table_schema: pa.Schema) -> AsyncIterator[tuple[pa.Table, pa.Table]]:
        """Yield what was put aside as (new rows, rows that replace others), a bounded number at a time."""
        for start in range(0, await self.table.count_rows(), _CHUNK):
            chunk = await self.table.query().limit(_CHUNK).offset(start).to_arrow()
            replaces = chunk[_REPLACES]
            plain = chunk.select(table_schema.names).cast(table_schema)
            yield plain.filter(pa.compute.invert(replaces)), plain.filter(replaces)


async def stage(
    connection: "AsyncConnection",
    loader: Loader,
    *,
    name: str,
    live: "AsyncTable | None",
    embedder: Embedder,
    progress: Callable[[Progress], None],
) -> Staged:
    """Read all of `loader` into the table `name`, or what a killed run left unread.

    A record that `live` has already is left out; one whose words didn't change keeps its vector. Raises
    `BadInputError` for a source that can't be read: what was put aside stays, for another try.
    """
    schema = _staging_schema(rows.schema(embedder.dimension, embedder.name))
    table = await _opened(connection, name, schema)
    done = await _batches_done(table)
    staged = Staged(table)
    waiting: list[pa.RecordBatch] = []
    batches = enumerate(loader.batches())
    # Reading, parsing and tagging are work for the processor: in a thread, so that the loop stays free.
    while (item := await asyncio.to_thread(next, batches, None)) is not None:
        number, batch = item
        records = await asyncio.to_thread(_fresh, loader, batch, staged)
        old = await _known_rows(live, records)
        wanted = [record for record in records if _differs(record, old.get(record.passage.id))]
        replaces = [record.passage.id in old for record in wanted]
        staged.changed += sum(replaces)
        staged.added += len(wanted) - sum(replaces)
        staged.unchanged += len(records) - len(wanted)
        if number >= done:
            vectors = await _vectors(wanted, old, embedder)
            plain = await asyncio.to_thread(rows.rows_of, wanted, vectors, _plain(schema))
            waiting.append(_marked(plain, number, replaces, schema))
            if len(waiting) == _CHECKPOINT:
                await table.add(pa.Table.from_batches(waiting, schema=schema))
                waiting.clear()
        progress(Progress(batch.share, staged.records, staged.left_out))
    if waiting:
        await table.add(pa.Table.from_batches(waiting, schema=schema))
    return staged


async def drop(connection: "AsyncConnection", name: str) -> None:
    """Delete what was put aside under `name`."""
    with suppress(ValueError):
        await connection.drop_table(name)


def _fresh(loader: Loader, batch: Batch, staged: Staged) -> list[Record]:
    """Return the records of `batch` whose id didn't come before in this source."""
    parsed = loader.parse(batch)
    cleaned = [_without_orders(record, staged) for record in parsed.records]
    records = [record for record in cleaned if record.passage.text and staged.seen.add(record.passage.id)]
    kept = {id(record) for record in records}
    again = [record.passage.id for record in cleaned if record.passage.text and id(record) not in kept]
    staged.leave_out([*batch.faults, *parsed.faults])
    staged.leave_out([Fault(key, "came before in this source; the first one counts") for key in again])
    return records


def _without_orders(record: Record, staged: Staged) -> Record:
    """Take out what a document says to the assistant instead of its readers; without any text left it isn't kept."""
    passage = record.passage
    title, text = without_orders(passage.title), without_orders(passage.text)
    if (title, text) == (passage.title, passage.text):
        return record
    staged.leave_out([Fault(passage.id, "holds orders to an assistant, which were left out")])
    return replace(record, passage=replace(passage, title=title, text=text if title else ""))


async def _known_rows(live: "AsyncTable | None", records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    if live is None or not records:
        return {}
    ids = quoted_list([record.passage.id for record in records])
    query = live.query().where(f"id IN ({ids})").select(["id", "digest", "modified", "search", "vector"])
    return {row["id"]: row for row in await query.to_list()}


def _differs(record: Record, old: dict[str, Any] | None) -> bool:
    if old is None:
        return True
    if record.modified is not None and old["modified"] is not None and record.modified < old["modified"]:
        return False
    return bool(rows.digest_of(record) != old["digest"])


async def _vectors(
    records: Sequence[Record], old: dict[str, dict[str, Any]], embedder: Embedder
) -> NDArray[np.float32]:
    texts = [rows.search_text(record.passage) for record in records]
    kept = [old.get(record.passage.id) for record in records]
    same = [before is not None and before["search"] == text for before, text in zip(kept, texts, strict=True)]
    vectors = np.empty((len(records), embedder.dimension), dtype=np.float32)
    if new := [number for number, is_same in enumerate(same) if not is_same]:
        vectors[new] = await embedder.embed([texts[number] for number in new])
    for number, before in enumerate(kept):
        if same[number] and before is not None:
            vectors[number] = before["vector"]
    return vectors


async def _opened(connection: "AsyncConnection", name: str, schema: pa.Schema) -> "AsyncTable":
    if name in (await connection.list_tables()).tables:
        return await connection.open_table(name)
    return await connection.create_table(name, schema=schema)


async def _batches_done(table: "AsyncTable") -> int:
    # Batches are committed in order and some at a time, so the highest number tells; empty ones are read again.
    numbers = (await table.query().select([_BATCH]).to_arrow())[_BATCH]
    return pa.compute.max(numbers).as_py() + 1 if len(numbers) else 0


def _staging_schema(table_schema: pa.Schema) -> pa.Schema:
    return table_schema.append(pa.field(_BATCH, pa.int64())).append(pa.field(_REPLACES, pa.bool_()))


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        [field for field in schema if field.name not in (_BATCH, _REPLACES)], metadata=schema.metadata
    )


def _marked(plain: pa.RecordBatch, number: int, replaces: list[bool], schema: pa.Schema) -> pa.RecordBatch:
    marks = [pa.array([number] * plain.num_rows, pa.int64()), pa.array(replaces, pa.bool_())]
    return pa.RecordBatch.from_arrays([*plain.columns, *marks], schema=schema)
