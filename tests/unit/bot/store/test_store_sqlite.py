"""What only SQLite has: a file, its lock, its journal."""

import asyncio
import fcntl
import logging
import os
import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import database as database_module
from bot.store import migrate as migrate_module
from bot.store.conversations import Asked
from bot.store.store import Store
from bot.store.tables import metadata
from retrieval.errors import UnavailableError


def schema(path: Path) -> dict[str, list[str]]:
    """Return what each table and index consists of; a table that was made anew lists its constraints otherwise."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
    ).fetchall()
    connection.close()
    return {
        name: sorted(part.strip(' ")') for part in " ".join(sql.replace('"', "").split()).split(","))
        for name, sql in rows
    }


async def pragma(store: Store, name: str) -> object:
    async with store.database.read() as connection:
        return await connection.scalar(sa.text(f"PRAGMA {name}"))


async def test_the_journal_is_write_ahead_synced_and_foreign_keys_are_on(store: Store) -> None:
    assert await pragma(store, "journal_mode") == "wal"
    assert await pragma(store, "synchronous") == 2
    assert await pragma(store, "foreign_keys") == 1


async def test_migrations_and_tables_say_the_same_to_the_letter(migrated_file: Path, tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()

    assert schema(migrated_file) == schema(tmp_path / "made.db")


async def test_the_folder_is_made_and_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "platewise.db"
    store = Store.open(f"sqlite:///{path}")

    await store.database.migrate()
    await store.close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_migrating_waits_for_the_lock_and_gives_up_with_one_line(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "LOCK_WAIT_S", 0.1)
    store = Store.open(empty_url)
    lock = os.open(tmp_path / "empty.db.lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)

    with pytest.raises(UnavailableError, match=r"another process holds .*empty\.db\.lock"):
        await store.database.migrate()
    os.close(lock)

    await store.database.migrate()
    await store.close()


async def test_another_programs_write_is_waited_for(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "platewise.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(store.people.person("terminal:default"))
    # A read takes as many trips as the write needs to reach the lock; reading is never held up.
    await store.consents.current(1)

    other.execute("COMMIT")
    other.close()

    assert (await write).handle == "terminal:default"


async def test_a_write_holds_the_database_from_its_first_statement(store: Store, tmp_path: Path) -> None:
    # A transaction that reads first and writes later would fail when another program wrote in between.
    other = sqlite3.connect(tmp_path / "platewise.db", isolation_level=None, timeout=0)

    async with store.database.write() as connection:
        await connection.execute(sa.select(metadata.tables["people"]))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_a_database_that_stays_locked_is_named_with_the_mend(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_CONNECT_S", 0.05)
    store = Store.open(store_url)
    other = sqlite3.connect(tmp_path / "platewise.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(UnavailableError) as caught:
        await store.people.person("terminal:default")

    assert "platewise.db: database is locked; another program is writing" in str(caught.value)
    other.execute("COMMIT")
    other.close()
    assert (await store.people.person("terminal:default")).handle == "terminal:default"
    await store.close()


async def test_a_full_disk_is_named_nothing_is_lost_and_writing_goes_on_after(store: Store) -> None:
    person = await store.people.person("terminal:default")
    conversation = await store.conversations.current(person.id, None, "terminal")
    # SQLite's own limit gives the same error as a full disk. It is the connection's, and this store has one.
    async with store.database.write() as connection:
        await connection.execute(sa.text("PRAGMA max_page_count = 1"))

    with pytest.raises(UnavailableError, match=r"full; free some space"):
        await store.conversations.receive(
            conversation.id, "?" * 500_000, asked=Asked(update_id=1), preferences={}, consent_improve=False
        )

    async with store.database.write() as connection:
        await connection.execute(sa.text("PRAGMA max_page_count = 1073741823"))
    turn = await store.conversations.receive(
        conversation.id, "?" * 500_000, asked=Asked(update_id=1), preferences={}, consent_improve=False
    )
    assert await store.conversations.get(turn.id) == turn


@pytest.mark.parametrize("content", [b"this is not a database, it is a shopping list" * 100, b""])
async def test_a_file_that_is_no_database_of_ours_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.db").write_bytes(content)
    store = Store.open(f"sqlite:///{tmp_path / 'list.db'}")

    with pytest.raises(UnavailableError, match=r"list\.db: .*; (the file is damaged|run 'platewise run')"):
        await store.database.ping()
    await store.close()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = Store.open(f"sqlite:///{tmp_path / 'file' / 'platewise.db'}")

    with pytest.raises(UnavailableError, match="check that its folder exists"):
        await store.database.migrate()
    await store.close()


async def test_asking_whether_it_is_there_makes_no_file(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'absent.db'}")

    with pytest.raises(UnavailableError, match="no such file"):
        await store.database.ping()

    assert not (tmp_path / "absent.db").exists()
    await store.close()


async def test_no_log_at_any_level_holds_what_people_wrote(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = Store.open(empty_url)
    await store.database.migrate()

    person = await store.people.person("terminal:secret-name")
    conversation = await store.conversations.current(person.id, None, "terminal")
    await store.conversations.receive(
        conversation.id, "my secret allergy", asked=Asked(update_id=1), preferences={}, consent_improve=False
    )
    await store.close()

    assert "secret" not in caplog.text
    assert "alembic" not in caplog.text
