"""Alembic's migrations, run from the installed package, by one process at a time.

To add one after changing `tables.py`: `command.revision(config, autogenerate=True)` with the configuration
made here, on a migrated database; then read what it wrote, and name it by the next number.
"""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.errors import UnavailableError

LOCK_WAIT_S = 60.0
"""How long a process waits, in seconds, for another one that is migrating."""

_POLL_S = 0.05
_LOCK_KEY = 7_528_473_219  # any number, as long as every Platewise uses the same one
_PRIVATE = 0o600  # the file says what people eat and suffer from


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for `connection`; the scripts are found by package, with no .ini file."""
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.attributes["connection"] = connection
    return config


async def migrate_sqlite(path: Path, connect: Callable[[], AsyncEngine]) -> None:
    """Make the file when it isn't there (and its folder), and bring its tables up to date.

    Raises `UnavailableError` when another process holds the lock for `LOCK_WAIT_S`, when rows refer to
    missing ones after migrating (nothing is changed then), or when a newer Platewise made the file.
    """
    await asyncio.to_thread(_make_file, path)
    engine = connect()
    try:
        async with _file_lock(path.with_name(path.name + ".lock")), engine.begin() as connection:
            await connection.run_sync(_upgrade)
            broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise UnavailableError(
                    f"database {path}: a row of '{broken[0]}' refers to one that is missing; put the last backup there"
                )
    finally:
        await engine.dispose()


async def migrate_postgresql(connect: Callable[[], AsyncEngine]) -> None:
    """Bring the tables up to date, in one transaction under an advisory lock that ends with it.

    Raises `UnavailableError` when a newer Platewise made the tables.
    """
    engine = connect()
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S * 1000:.0f}ms'")
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    # Alembic reports each step to the log as news; to the people who start the bot it isn't.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise UnavailableError(
            f"the database's tables don't belong to this version ({error}); install the newest Platewise"
        ) from error


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))


@asynccontextmanager
async def _file_lock(path: Path) -> AsyncIterator[None]:
    """Hold the lock on the file `path`. The system lets go of it when a process ends, however it ends."""
    file = await asyncio.to_thread(os.open, path, os.O_CREAT | os.O_RDWR, _PRIVATE)
    try:
        try:
            async with asyncio.timeout(LOCK_WAIT_S):
                # A file lock has no event to wait for, and waiting inside flock would stop the loop.
                while not _try_lock(file):  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise UnavailableError(
                f"database: another process holds {path} for over {LOCK_WAIT_S:.0f} s; stop it and start again"
            ) from None
        yield
    finally:
        os.close(file)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
