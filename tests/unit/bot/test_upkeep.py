"""What is done once a day, by a clock that the tests turn."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.assistant.forgetting import Forgetting
from bot.store import columns, inbox, retention
from bot.store.export import Exports
from bot.store.store import Store
from bot.upkeep import kept_private
from retrieval.errors import UnavailableError
from tests.unit.bot.store.lives import live

ADA = 424_242_001


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    await opened.database.migrate()
    yield opened
    await opened.close()


def database_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("platewise.db*"))


class Days:
    """Waits in the place of a clock: `pass_` lets a day go by, and returns once its work is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._waiting, self._next = asyncio.Event(), asyncio.Event()

    async def wait(self, seconds: float) -> None:
        assert seconds == 86_400
        self._waiting.set()
        await self._next.wait()
        self._next.clear()

    async def begun(self) -> None:
        await self._waiting.wait()

    async def pass_(self, days: int) -> None:
        now = columns.utc_now() + timedelta(days=days)
        for module in (retention, inbox):
            self._monkeypatch.setattr(module, "utc_now", lambda: now)
        self._waiting.clear()
        self._next.set()
        await self._waiting.wait()


async def test_turns_go_on_the_day_after_their_last(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life, days = await live(store, ADA, "quokka"), Days(monkeypatch)
    forgetting = Forgetting(store, Exports(tmp_path))
    async with kept_private(store, forgetting, retention_days=30, wait=days.wait):
        await days.begun()
        await days.pass_(29)
        assert len(await store.held.turns(life.person.id, limit=9)) == 2
        await days.pass_(31)
        assert await store.held.turns(life.person.id, limit=9) == ()
    assert b"quokkaanswer" not in database_files(tmp_path)


async def test_without_a_limit_turns_are_kept_and_old_updates_forgotten(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life, days = await live(store, ADA, "quokka"), Days(monkeypatch)
    forgetting = Forgetting(store, Exports(tmp_path))
    async with kept_private(store, forgetting, retention_days=0, wait=days.wait):
        await days.begun()
        await days.pass_(4000)
        assert len(await store.held.turns(life.person.id, limit=9)) == 2
        assert [item.done_at for item in (await store.held.about(life.person)).updates] == [None, None]


async def test_a_day_on_which_it_fails_is_made_up_for_on_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    life, days = await live(store, ADA, "quokka"), Days(monkeypatch)
    forgetting = Forgetting(store, Exports(tmp_path))

    async def fails(*_args: object) -> bool:
        raise UnavailableError("database: disk full; free some space on its disk")

    with caplog.at_level(logging.WARNING), monkeypatch.context() as broken:
        broken.setattr(type(store.inbox), "prune", fails)
        async with kept_private(store, forgetting, retention_days=30, wait=days.wait):
            await days.begun()
            await days.pass_(31)
            assert len(await store.held.turns(life.person.id, limit=9)) == 2
            broken.undo()
            await days.pass_(31)
            assert await store.held.turns(life.person.id, limit=9) == ()
    assert "disk full" in caplog.text
