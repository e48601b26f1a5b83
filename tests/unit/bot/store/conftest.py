"""The store on SQLite. `tests/integration/store/` has the same fixtures on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import Store


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """A database without tables."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.db"

    async def migrate() -> None:
        store = Store.open(f"sqlite:///{path}")
        await store.database.migrate()
        await store.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
def store_url(migrated_file: Path, tmp_path: Path) -> str:
    """A database with tables and no rows."""
    path = tmp_path / "platewise.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = Store.open(store_url)
    yield store
    await store.close()
