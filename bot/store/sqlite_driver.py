"""aiosqlite with fewer trips to its thread.

A trip costs more than most statements, and SQLAlchemy makes five of them for one (cursor, execute, fetch, close,
reset), and as many to begin a transaction. Here a statement is one trip, BEGIN travels with the first statement,
and what has nothing to do makes none: a turn's ten calls cost a quarter of the time.
"""

import logging
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import aiosqlite

# At DEBUG, aiosqlite logs each statement with its values: what people wrote.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

_CHUNK = 64  # rows at a time when iterating, which we don't


async def connect(path: Path, *, timeout_s: float) -> "Connection":
    """Open the file at `path`; wait up to `timeout_s` seconds for another process' write.

    The caller says when a transaction begins (`begin_with`); without that, each statement stands alone.
    """
    connection = Connection(
        lambda: sqlite3.connect(path, timeout=timeout_s, isolation_level=None), iter_chunk_size=_CHUNK
    )
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does: an unclosed one must not keep Python alive
    await connection
    return connection


class Connection(aiosqlite.Connection):
    """A connection whose cursors take one trip for each statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begin = ""
        self._begun = False

    def begin_with(self, sql: str) -> None:
        """Begin a transaction with `sql` when the next statement is executed."""
        self._begin = sql

    def cursor(self) -> "Cursor":  # type: ignore[override] # SQLAlchemy enters it, as it enters aiosqlite's
        """Return a cursor, without a trip."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit what was begun; without a statement there is nothing to commit."""
        self._begin = ""
        if self._begun:
            await super().commit()
            self._begun = False

    async def rollback(self) -> None:
        """Roll back what was begun; without a statement there is nothing to undo."""
        self._begin = ""
        if self._begun:
            await super().rollback()
            self._begun = False

    async def run(self, sql: str, parameters: Any, *, many: bool) -> "_Outcome":
        """Execute `sql`, after the BEGIN that is due, and fetch all rows, in one trip."""
        begin, self._begin = self._begin, ""
        # Noted before the trip: should this await be cancelled, the statement is executed all the same.
        self._begun = self._begun or bool(begin)
        outcome: _Outcome = await self._execute(  # type: ignore[no-untyped-call]
            _run, self._conn, begin, sql, parameters, many
        )
        return outcome


class Cursor:
    """What SQLAlchemy needs of an aiosqlite cursor; rows are here before they are asked for."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Execute one statement."""
        return self._take(await self._connection.run(sql, parameters, many=False))

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Execute one statement for each item of `parameters`."""
        return self._take(await self._connection.run(sql, parameters, many=True))

    async def fetchall(self) -> list[Any]:
        """Return the rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: the real cursor was closed in its own thread."""

    def _take(self, outcome: "_Outcome") -> Self:
        self.description, self.rowcount, self.lastrowid, self._rows = outcome
        return self


_Outcome = tuple[Any, int, int | None, list[Any]]


def _run(connection: sqlite3.Connection, begin: str, sql: str, parameters: Any, many: bool) -> _Outcome:  # noqa: FBT001 - passed on by position
    """Do the work of one trip, in the connection's thread."""
    if begin:
        connection.execute(begin)
    cursor = connection.executemany(sql, parameters) if many else connection.execute(sql, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()
