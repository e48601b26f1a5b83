"""The engine: SQLite in a file, or a PostgreSQL server, behind one way to read and one to write.

SQLite has one writer at a time. Writers of this process queue for it in order (`asyncio.Lock`), and begin with
`BEGIN IMMEDIATE`, so that writers of other processes are waited for too instead of failing half-way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store import sqlite_driver
from bot.store.columns import to_json
from bot.store.faults import explained
from bot.store.migrate import migrate_postgresql, migrate_sqlite
from retrieval.errors import BadInputError, UnavailableError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_EXAMPLES = "use sqlite:///var/platewise.db or postgresql://user:password@host/name"
_POSTGRESQL_OPTIONS = {"host", "port", "ssl", "passfile", "target_session_attrs"}

_CONNECT_S = 10
_STATEMENT_S = 30
_WAIT_S = 30  # for a connection from the pool, and for the turn to write
_PING_S = 5

REWRITTEN_BYTES = 1 << 30
"""A larger SQLite file isn't written anew to erase somebody: writers would wait too long (1 GB takes about 8 s)."""


class Database:
    """One database. `migrate` before the first use, `close` after the last."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._is_sqlite = url.get_backend_name() == "sqlite"
        self._path = Path(url.database or "")
        self._name = str(self._path) if self._is_sqlite else _address(url)
        self._engine = _engine(url)
        # Statements that stand alone spare PostgreSQL two round trips; SQLite's stand alone unless we say BEGIN.
        alone = {} if self._is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._alone = self._engine.execution_options(**alone)
        self._writes = self._engine.execution_options(writes=True)
        self._writer = asyncio.Lock()

    @classmethod
    def open(cls, url: str) -> Self:
        """Prepare a database from `sqlite:///path`, `postgresql://…` or `postgres://…`; touches nothing yet.

        Raises `BadInputError` for anything else, and for SQLite without a file.
        """
        return cls(_parse(url))

    @property
    def name(self) -> str:
        """The file's path, or `user@host/name`: for messages, without the password."""
        return self._name

    async def migrate(self) -> None:
        """Bring the tables up to date. Of several processes that start at once, one does it and the rest wait.

        Raises `UnavailableError` when the database can't be reached, is locked for over a minute, or was
        made by a newer Platewise.
        """
        # Its own connection: foreign keys are off while SQLite tables are rebuilt, and waiting has other limits.
        with explained(self.name):
            if self._is_sqlite:
                await migrate_sqlite(
                    self._path, lambda: _engine(self._url, migrating=True).execution_options(writes=True)
                )
            else:
                await migrate_postgresql(lambda: _engine(self._url, migrating=True))

    async def ping(self) -> None:
        """Ask for the tables' version. Raises `UnavailableError` when there is no answer or there are no tables."""
        with explained(self.name):
            # SQLite would make an empty file of a wrong path.
            if self._is_sqlite and not await asyncio.to_thread(self._path.is_file):
                raise UnavailableError(
                    f"database {self.name}: no such file; run 'platewise run' once: it makes the tables"
                )
            async with asyncio.timeout(_PING_S), self.read() as connection:
                await connection.execute(sa.text("SELECT version_num FROM alembic_version"))

    async def close(self) -> None:
        """Close all connections. On SQLite this also folds the write-ahead log into the file."""
        await self._engine.dispose()

    async def wipe_deleted(self) -> bool:
        """Leave nothing in SQLite's files of what was deleted; return whether that is done.

        Deleted rows are zeroed at once (`secure_delete`); here the file is written anew without the gaps between rows,
        and the write-ahead log is emptied. Writers wait meanwhile, the event loop doesn't. False when another process
        still reads an older state: try again later. On PostgreSQL, overwriting is the server's VACUUM.
        """
        if not self._is_sqlite:
            return True
        small = (await asyncio.to_thread(self._path.stat)).st_size <= REWRITTEN_BYTES
        return await self._checkpoint(*(["VACUUM"] if small else []))

    async def empty_log(self) -> bool:
        """Fold SQLite's write-ahead log into the file and empty it; return whether that is done."""
        return await self._checkpoint() if self._is_sqlite else True

    async def _checkpoint(self, *first: str) -> bool:
        with explained(self.name):
            async with self._turn_to_write(), self._alone.connect() as connection:
                for statement in first:
                    await connection.exec_driver_sql(statement)
                busy, *_ = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
                return not busy

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for statements that only read; each sees what is stored at its moment.

        Raises `UnavailableError` when the database fails.
        """
        with explained(self.name):
            async with self._alone.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write_one(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for one statement that writes: stored when executed, in half the time of `write`.

        Raises what `write` raises.
        """
        with explained(self.name):
            async with self._turn_to_write(), self._alone.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give one transaction: all of it is stored at the end, or, after an error, nothing.

        Raises `UnavailableError` when the database fails, and `BadInputError` when a row refers to
        something that isn't stored.
        """
        with explained(self.name):
            async with self._turn_to_write(), self._writes.begin() as connection:
                yield connection

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        if not self._is_sqlite:  # PostgreSQL has as many writers as connections
            yield
            return
        try:
            async with asyncio.timeout(_WAIT_S):
                await self._writer.acquire()
        except TimeoutError:
            raise UnavailableError(
                f"database {self.name}: too many writes are waiting; try again in a moment"
            ) from None
        try:
            yield
        finally:
            self._writer.release()


def _address(url: URL) -> str:
    host = url.host or url.query.get("host", "localhost")
    return f"{url.username or ''}@{host}/{url.database or ''}".removeprefix("@")


def _parse(url: str) -> URL:
    scheme, separator, _ = url.strip().partition("://")
    if scheme not in _DRIVERS:
        # Without a scheme the text may begin with a password: only a scheme is repeated.
        what = f"'{scheme}' isn't a database we know" if separator else "this is no database's address"
        raise BadInputError(f"PLATEWISE_DATABASE_URL: {what}; {_EXAMPLES}")
    if not separator:
        raise BadInputError(f"PLATEWISE_DATABASE_URL: '://' is missing after '{scheme}'; {_EXAMPLES}")
    try:
        parsed = make_url(url.strip()).set(drivername=_DRIVERS[scheme])
    except (exc.ArgumentError, ValueError):
        # The text may hold a password: it isn't repeated.
        raise BadInputError(f"PLATEWISE_DATABASE_URL: this can't be read; {_EXAMPLES}") from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database.startswith((":memory:", "file:")):
            raise BadInputError(f"PLATEWISE_DATABASE_URL: SQLite needs the path of a file; {_EXAMPLES}")
        return parsed
    return _with_driver_options(parsed)


def _with_driver_options(url: URL) -> URL:
    """Call `sslmode` by asyncpg's name for it, and refuse what asyncpg wouldn't know."""
    if "sslmode" in url.query:
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(["sslmode"])
    if unknown := sorted(set(url.query) - _POSTGRESQL_OPTIONS):
        raise BadInputError(
            f"PLATEWISE_DATABASE_URL: unknown option '{unknown[0]}'; "
            f"use {', '.join(sorted(_POSTGRESQL_OPTIONS | {'sslmode'}))}"
        )
    return url


def _engine(url: URL, *, migrating: bool = False) -> AsyncEngine:
    options: dict[str, Any] = {
        "hide_parameters": True,  # error texts reach logs, and parameters are what people wrote
        "json_serializer": to_json,
    }
    if migrating:
        options["poolclass"] = NullPool
    else:
        options |= {"pool_size": 8, "max_overflow": 0, "pool_timeout": _WAIT_S}
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, migrating=migrating, options=options)
    connecting = {"timeout": _CONNECT_S, "server_settings": {"application_name": "platewise"}}
    if not migrating:
        connecting["command_timeout"] = _STATEMENT_S
    return create_async_engine(url, connect_args=connecting, pool_pre_ping=True, **options)


def _sqlite_engine(url: URL, *, migrating: bool, options: dict[str, Any]) -> AsyncEngine:
    path = Path(url.database or "")
    engine = create_async_engine(
        url, async_creator=lambda: sqlite_driver.connect(path, timeout_s=_CONNECT_S), **options
    )
    sa.event.listen(engine.sync_engine, "connect", _prepare_migration if migrating else _prepare)
    sa.event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # FULL: an update that we have acknowledged to Telegram survives a power cut, not only a crash of ours.
    # secure_delete: what is deleted is overwritten, so that no file holds words of somebody who was erased.
    _pragmas(connection, "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")


def _prepare_migration(connection: Any, _record: Any) -> None:
    # journal_mode stays with the file. Foreign keys are off because a rebuilt table is dropped for a moment.
    _pragmas(connection, "journal_mode=WAL", "foreign_keys=OFF", "synchronous=FULL", "secure_delete=ON")


def _pragmas(connection: Any, *settings: str) -> None:
    cursor = connection.cursor()
    for setting in settings:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite_driver.Connection) and connection.get_execution_options().get("writes"):
        driver.begin_with("BEGIN IMMEDIATE")
