"""What only PostgreSQL has: a server that may be away, and an advisory lock."""

import asyncpg
import pytest

from bot.store import migrate as migrate_module
from bot.store.store import Store
from retrieval.errors import UnavailableError


async def test_migrating_waits_for_the_lock_and_gives_up_with_one_line(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "LOCK_WAIT_S", 0.1)
    store = Store.open(empty_url)
    other = await asyncpg.connect(empty_url)
    await other.execute(f"SELECT pg_advisory_lock({migrate_module._LOCK_KEY})")

    with pytest.raises(UnavailableError, match="lock timeout; another program"):
        await store.database.migrate()
    await other.close()

    await store.database.migrate()
    await store.close()


async def test_a_server_that_is_away_is_named_without_the_password() -> None:
    store = Store.open("postgresql://bob:secret@127.0.0.1:1/food")

    with pytest.raises(UnavailableError) as caught:
        await store.people.person("terminal:default")
    with pytest.raises(UnavailableError):
        await store.database.migrate()
    with pytest.raises(UnavailableError):
        await store.database.ping()

    message = str(caught.value)
    assert message.startswith("database bob@127.0.0.1/food: ")
    assert message.endswith("check that the database runs and that PLATEWISE_DATABASE_URL is right")
    assert "secret" not in message
    assert "\n" not in message
    await store.close()


async def test_a_database_that_is_not_there_is_named(empty_url: str) -> None:
    store = Store.open(empty_url.replace("/test_", "/absent_"))

    with pytest.raises(UnavailableError, match=r"does not exist; check the user, the password and the name"):
        await store.database.ping()
    await store.close()


async def test_a_restarted_connection_is_not_noticed(store: Store, store_url: str) -> None:
    await store.people.person("terminal:default")
    other = await asyncpg.connect(store_url)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'platewise'"
    )
    await other.close()

    assert (await store.people.person("terminal:default")).handle == "terminal:default"
