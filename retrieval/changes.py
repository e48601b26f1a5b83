"""The history of a knowledge base: which version of the table readers see, and why.

A change may take several commits to the table (rows, then indexes). Readers see none of them until the change is
appended here, which is one atomic commit: the newest entry says which version is live. A writer that was killed
half-way leaves commits that nobody sees; the next one goes back to the live version first.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import pyarrow as pa

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

_TABLE = "changes"
_SCHEMA = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("origin", pa.string(), nullable=False),
        pa.field("catalogue", pa.string(), nullable=False),
        pa.field("tags", pa.string(), nullable=False),
        pa.field("added", pa.int64(), nullable=False),
        pa.field("changed", pa.int64(), nullable=False),
        pa.field("removed", pa.int64(), nullable=False),
        pa.field("passages", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its `number`, the table's `version` that it made, when (UTC), why, and what it did.

    `origin` is the collection that changed ('' for all); `catalogue` and `tags` are the fingerprints of the bundled
    catalogue that is in it and of the rules by which all rows are tagged; `added`, `changed`, `removed` and `passages`
    (all that there are afterwards) count rows.
    """

    number: int
    version: int
    at: datetime
    reason: str
    origin: str
    catalogue: str
    tags: str
    added: int
    changed: int
    removed: int
    passages: int


class ChangeLog:
    """The changes of one knowledge base, kept in a small table beside the passages."""

    def __init__(self, table: "AsyncTable") -> None:
        self._table = table
        self._seen = -1

    @classmethod
    async def open(cls, connection: "AsyncConnection") -> Self | None:
        """Return the log, or `None` where nothing was ever published."""
        if _TABLE not in (await connection.list_tables()).tables:
            return None
        return cls(await connection.open_table(_TABLE))

    @classmethod
    async def create(cls, connection: "AsyncConnection") -> Self:
        """Make an empty log."""
        return cls(await connection.create_table(_TABLE, schema=_SCHEMA))

    async def moved(self) -> bool:
        """Tell whether something was published since the last call, by this process or another."""
        await self._table.checkout_latest()  # type: ignore[no-untyped-call]
        version = await self._table.version()
        moved, self._seen = version != self._seen, version
        return moved

    def forget(self) -> None:
        """Let `moved` be true the next time, as after a look that failed half-way."""
        self._seen = -1

    async def all(self) -> tuple[Change, ...]:
        """Return every change, oldest first. Of one that was tidied up since, the version is the tidy one."""
        await self._table.checkout_latest()  # type: ignore[no-untyped-call]
        rows = (await self._table.query().to_arrow()).sort_by(
            [("number", "ascending"), ("version", "ascending")]
        )
        return tuple({row["number"]: Change(**row) for row in rows.to_pylist()}.values())

    async def newest(self) -> Change | None:
        """Return the change that made the live version."""
        changes = await self.all()
        return changes[-1] if changes else None

    async def publish(self, change: Change) -> Change:
        """Make `change.version` the live one, and return the change with its number and time."""
        newest = await self.newest()
        number = (newest.number if newest else 0) + 1
        return await self._append(replace(change, number=number, at=datetime.now(UTC)))

    async def move(self, change: Change, version: int) -> Change:
        """Say that `version` holds the same rows as `change`, better stored or indexed, and make it the live one."""
        return await self._append(replace(change, version=version))

    async def tidy(self) -> None:
        """Merge the many small files that many changes leave."""
        await self._table.optimize()

    def close(self) -> None:
        """Close the table's handle."""
        self._table.close()  # type: ignore[no-untyped-call]

    async def _append(self, change: Change) -> Change:
        await self._table.add(pa.Table.from_pylist([asdict(change)], schema=_SCHEMA))
        return change
