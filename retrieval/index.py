"""The knowledge base as those who search it see it: one published version at a time, never half a change."""

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from retrieval import rows
from retrieval.all_rows import AllRows
from retrieval.changes import Change, ChangeLog
from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import excluded_by
from retrieval.diet.preferences import Restrictions
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError, UnavailableError
from retrieval.hybrid import EXACT_ROWS
from retrieval.indexing import VECTOR_INDEX_FROM, tuned
from retrieval.publishing import check_made_with, explained, nothing_at
from retrieval.rows import Hit, hit_from

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable
    from lancedb.query import AsyncVectorQuery

_LOG = logging.getLogger(__name__)

FRESH_S = 0.5
"""How old, in seconds, a look at the change log may be before a search looks again: it takes 0.3 ms on a disk."""

_ROWS_KEPT = 4_000  # some 4 kB each
_CONDITIONS_KEPT = 1_000

_ID = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One published version: the `table` fixed at it, and the `change` that made it."""

    table: "AsyncTable"
    change: Change
    _read: dict[int, Hit] = field(default_factory=dict, repr=False)
    _permitted: dict[str, int] = field(default_factory=dict, repr=False)
    _held: dict[str | None, AllRows] = field(default_factory=dict, repr=False)

    async def all_rows(self, where: str | None) -> AllRows | None:
        """Return the vectors of all rows that `where` permits, or `None` for a table too large to compare with all.

        The database is asked once for each condition: a version never changes.
        """
        if self.change.passages > EXACT_ROWS:
            return None
        if None not in self._held:
            self._held[None] = await AllRows.read(self.table)
        if where is not None and where not in self._held:
            if len(self._held) > _CONDITIONS_KEPT:
                every = self._held[None]
                self._held.clear()
                self._held[None] = every
            self._held[where] = await self._held[None].permitted(self.table, where)
        return self._held[where]

    async def hits(self, row_ids: Sequence[int]) -> list[Hit]:
        """Return what the rows hold that a search of this version named, in the same order.

        What was read before is kept, up to a few thousand: a version never changes.
        """
        hits = {at: self._read[at] for at in row_ids if at in self._read}
        if missing := [at for at in row_ids if at not in hits]:
            taken = await self.table.take_row_ids(missing).with_row_id().select(["passage"]).to_arrow()
            packed = zip(taken["_rowid"].to_pylist(), taken["passage"].to_pylist(), strict=True)
            read = {at: hit_from(text) for at, text in packed}
            if len(self._read) > _ROWS_KEPT:
                self._read.clear()
            self._read.update(read)
            hits.update(read)
        return [hits[at] for at in row_ids]

    async def tune(self, query: "AsyncVectorQuery", where: str | None) -> "AsyncVectorQuery":
        """Let a nearest query spend as much as its condition needs: the fewer rows it permits, the more."""
        rows = self.change.passages
        if rows < VECTOR_INDEX_FROM:
            return query
        if where is not None and where not in self._permitted:
            if len(self._permitted) > _CONDITIONS_KEPT:
                self._permitted.clear()
            self._permitted[where] = await self.table.count_rows(where)
        return tuned(query, rows, rows if where is None else self._permitted[where])


class Index:
    """An open knowledge base, to be searched by many tasks at once while other processes change it."""

    def __init__(
        self, uri: str, embedder: Embedder, connection: "AsyncConnection", log: ChangeLog, snapshot: Snapshot
    ) -> None:
        self.uri = uri
        self.embedder = embedder
        self._connection = connection
        self._log = log
        self._snapshot = snapshot
        self._looked = time.monotonic()
        self._looking = asyncio.Lock()

    @classmethod
    async def open(cls, uri: str, embedder: Embedder) -> Self:
        """Open the knowledge base at `uri`, a folder or object storage (`s3://…`).

        Raises `UnavailableError` when there is none, `BadInputError` when it was made with another embedder.
        """
        from lancedb import connect_async

        async with explained(uri):
            connection = await connect_async(uri)
            log = await ChangeLog.open(connection)
            if log is None or not await log.moved() or (change := await log.newest()) is None:
                raise nothing_at(uri)
            snapshot = await _snapshot(connection, change)
        check_made_with(await snapshot.table.schema(), embedder.name, uri)
        return cls(uri, embedder, connection, log, snapshot)

    async def snapshot(self) -> Snapshot:
        """Return the newest published version, or one that was the newest half a second ago.

        Whoever asks two things of one version asks them of one snapshot.
        """
        if time.monotonic() - self._looked >= FRESH_S and not self._looking.locked():
            async with self._looking:
                try:
                    await self._look()
                except UnavailableError as error:
                    # What is open can still be searched; a bucket that is away for a moment comes back.
                    self._log.forget()
                    _LOG.warning("%s; version %d is served on", error, self._snapshot.change.number)
                self._looked = time.monotonic()
        return self._snapshot

    async def _look(self) -> None:
        async with explained(self.uri):
            if await self._log.moved() and (change := await self._log.newest()) is not None:
                self._snapshot = await _snapshot(self._connection, change)

    def close(self) -> None:
        """Close the handles."""
        self._log.close()
        self._snapshot.table.close()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class OriginCount:
    """How many documents of one kind came from one origin, and under which licence."""

    origin: str
    name: str
    release: str
    licence: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Described:
    """What a knowledge base says of itself."""

    embedder: str
    change: Change
    origins: tuple[OriginCount, ...]

    @property
    def rows(self) -> int:
        """All passages."""
        return sum(origin.count for origin in self.origins)


async def describe_index(uri: str) -> Described:
    """Look into the knowledge base at `uri` without an embedder. Raises `UnavailableError` when there is none."""
    from lancedb import connect_async

    async with explained(uri):
        connection = await connect_async(uri)
        log = await ChangeLog.open(connection)
        if log is None or (change := await log.newest()) is None:
            raise nothing_at(uri)
        table = (await _snapshot(connection, change)).table
        embedder = rows.metadata(await table.schema()).get("embedder", "")
        return Described(embedder, change, await _origins(table))


def restriction_filter(restrictions: Restrictions) -> str | None:
    """Return the SQL condition under which a passage may be given to a person with `restrictions`.

    It runs inside LanceDB, before ranking. Unknown ingredients never pass it.
    Raises `BadInputError` for an allergy that isn't a lexicon id: such a word must never become SQL.
    """
    conditions: list[str] = []
    if restrictions.allergies:
        excluded = [
            excluded_by(_checked(allergy), restrictions.exceptions) for allergy in restrictions.allergies
        ]
        contents = frozenset().union(*(item.contents for item in excluded))
        conditions.append(f"known AND NOT array_has_any(contains, {_sql_list(contents)})")
        if words := frozenset().union(*(item.words for item in excluded)):
            conditions.append(f"NOT array_has_any(ingredients, {_sql_list(words)})")
    if restrictions.diets:
        conditions.append(f"array_has_all(suits, {_sql_list(restrictions.diets)})")
    return " AND ".join(conditions) or None


async def _snapshot(connection: "AsyncConnection", change: Change) -> Snapshot:
    return Snapshot(await connection.open_table(rows.TABLE, version=change.version), change)


async def _origins(table: "AsyncTable") -> tuple[OriginCount, ...]:
    columns = ["origin", "origin_name", "release", "licence", "kind"]
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    async for batch in await table.query().select(columns).to_batches():
        grouped = pa.Table.from_batches([batch]).group_by(columns).aggregate([([], "count_all")])
        for row in grouped.to_pylist():
            key = (row["origin"], row["origin_name"], row["release"], row["licence"], row["kind"])
            counts[key] += row["count_all"]
    return tuple(OriginCount(*key, count) for key, count in sorted(counts.items()))


def _checked(allergy: str) -> str:
    if not _ID.fullmatch(allergy) or allergy not in lexicon():
        raise BadInputError(
            f"unknown allergy '{allergy}'; use an allergen's id or an ingredient of the lexicon"
        )
    return allergy


def _sql_list(names: Iterable[str]) -> str:
    return f"[{', '.join(repr(str(name)) for name in sorted(names))}]"
