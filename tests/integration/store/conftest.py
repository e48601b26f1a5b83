"""The fixtures of `tests/unit/bot/store/`, on a PostgreSQL server that is started for the tests alone."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from bot.store.store import Store

# Nothing here outlives the tests, so nothing is written safely.
QUICK = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """The folder of a server's socket. Without PostgreSQL's programs on the PATH the tests are skipped."""
    for program in ("initdb", "pg_ctl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} isn't on the PATH: PostgreSQL isn't installed")
    # Not pytest's own folder: the path of a socket may have 107 bytes, and another user must be let in.
    folder = Path(tempfile.mkdtemp(prefix="platewise-pg-"))
    as_user = _somebody_else(folder)
    data = folder / "data"
    try:
        _run(
            ["initdb", "-D", str(data), "-U", "platewise", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            as_user,
        )
        options = f"-k {folder} {QUICK}"
        log = str(folder / "log")
        _run(["pg_ctl", "-D", str(data), "-l", log, "-o", options, "-w", "-t", "60", "start"], as_user)
        try:
            yield folder
        finally:
            _run(["pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop"], as_user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(postgresql: Path) -> str:
    """The name of a database with tables and no rows, to copy."""

    async def make() -> None:
        await _create(postgresql, "migrated", template="template0")
        store = Store.open(_url(postgresql, "migrated"))
        await store.database.migrate()
        await store.close()

    asyncio.run(make())
    return "migrated"


@pytest.fixture
async def empty_url(postgresql: Path) -> str:
    return await _new_database(postgresql, template="template0")


@pytest.fixture
async def store_url(postgresql: Path, template: str) -> str:
    return await _new_database(postgresql, template=template)


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = Store.open(store_url)
    yield store
    await store.close()


async def _new_database(folder: Path, *, template: str) -> str:
    name = f"test_{uuid4().hex}"
    await _create(folder, name, template=template)
    return _url(folder, name)


async def _create(folder: Path, name: str, *, template: str) -> None:
    connection = await asyncpg.connect(host=str(folder), user="platewise", database="postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()


def _url(folder: Path, name: str) -> str:
    return f"postgresql://platewise@/{name}?host={folder}"


def _somebody_else(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, who gets the folder."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[str], as_user: dict[str, Any]) -> None:
    # pg_ctl's server keeps the output open, so it goes to a file and not to a pipe that would never end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command, stdout=output, stderr=output, cwd="/", timeout=120, check=False, **as_user
        )
        output.seek(0)
        assert done.returncode == 0, output.read()
