"""Erasure in files and in memory: a byte scan of the data folder finds nothing, also after a kill in between."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from bot.assistant.forgetting import Forgetting
from bot.assistant.subjects import subjects
from bot.store.export import Exports
from bot.store.people import Person
from bot.store.store import Store
from bot.upkeep import kept_private
from retrieval.diet.words import split
from retrieval.embedding.recent import RecentVectors
from tests.unit.bot.store.exporting import zipped
from tests.unit.bot.store.lives import Life, everything, live, payload, update_of

ADA, BOB = 424_242_001, 535_353_002
ASKED_IN = update_of(ADA, 8)

_KILLED = """
import asyncio, os, signal, sys
from bot.assistant.forgetting import Forgetting
from bot.store.store import Store

async def forget():
    store = Store.open(sys.argv[1])
    person = await store.people.find(sys.argv[2])
    if sys.argv[3] == "before":
        async with store.database.write() as connection:
            await connection.exec_driver_sql("DELETE FROM turns")
            os.kill(os.getpid(), signal.SIGKILL)
    await store.erasure.erase(person, asked_in=int(sys.argv[4]))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(forget())
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    await opened.database.migrate()
    yield opened
    await opened.close()


def forgetting(store: Store, data: Path) -> Forgetting:
    return Forgetting(store, Exports(data))


async def two_lives(store: Store, data: Path) -> tuple[Life, Life]:
    """Two people who have said the same kinds of things, of whom an export was made; one of them wants to be erased."""
    ada, bob = await live(store, ADA, "quokka"), await live(store, BOB, "wombat")
    await zipped(store, data)
    await store.inbox.receive(ASKED_IN, f"chat:{ADA}", payload(ADA, "quokka says yes"))
    return ada, bob


def scan(data: Path, life: Life) -> dict[str, list[str]]:
    """What of a person's words, id and name is in which file, in any of the ways in which they are written."""
    traces = (
        *life.words,
        life.words[0].removesuffix("dislike"),
        str(life.person.telegram_id),
        "Name424242001",
    )
    found = {}
    for path in sorted(data.rglob("*")):
        if path.is_file():
            content = path.read_bytes().lower()
            number = (life.person.telegram_id or 0).to_bytes(4, "big")  # as SQLite stores it
            words = [trace for trace in traces if trace.lower().encode() in content]
            words += ["the id in binary"] if number in content else []
            if words:
                found[path.name] = words
    return found


async def test_a_byte_scan_of_all_files_finds_nothing(store: Store, tmp_path: Path) -> None:
    ada, bob = await two_lives(store, tmp_path)
    assert scan(tmp_path, ada)

    await forgetting(store, tmp_path).forget(ada.person, asked_in=ASKED_IN)
    await forgetting(store, tmp_path).close(ADA, ASKED_IN)

    assert scan(tmp_path, ada) == {}
    assert "quokka" not in await everything(store)
    assert scan(tmp_path, bob)
    assert not list((tmp_path / "exports").iterdir())
    await store.close()
    assert scan(tmp_path, ada) == {}


async def test_a_redelivered_update_leaves_no_trace_in_any_file(store: Store, tmp_path: Path) -> None:
    ada, _ = await two_lives(store, tmp_path)
    await forgetting(store, tmp_path).forget(ada.person, asked_in=ASKED_IN)
    await forgetting(store, tmp_path).close(ADA, ASKED_IN)

    assert not await store.inbox.receive(ASKED_IN, f"chat:{ADA}", payload(ADA, "quokka says yes"))

    assert scan(tmp_path, ada) == {}


async def test_an_export_without_the_person_is_kept(store: Store, tmp_path: Path) -> None:
    bob = await live(store, BOB, "wombat")
    made = await zipped(store, tmp_path)
    ada = await live(store, ADA, "quokka")

    await forgetting(store, tmp_path).forget(ada.person)

    assert made.path.exists()
    assert bob.person.pseudonym not in await store.erasure.erased()


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_killed_erasure_is_done_by_the_next_process(
    store: Store, tmp_path: Path, moment: str
) -> None:
    ada, _ = await two_lives(store, tmp_path)
    await store.close()
    url = f"sqlite:///{tmp_path / 'platewise.db'}"
    command = [sys.executable, "-c", _KILLED, url, ada.person.handle, moment, str(ASKED_IN)]
    killed = await asyncio.to_thread(subprocess.run, command, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert scan(tmp_path, ada)

    again = Store.open(url)
    await _handle_again(again, tmp_path)

    assert scan(tmp_path, ada) == {}
    assert await again.erasure.erased() == {ada.person.pseudonym}
    assert await again.erasure.unswept() == frozenset()
    await again.close()


async def test_upkeep_sweeps_what_a_killed_process_left(store: Store, tmp_path: Path) -> None:
    ada, _ = await two_lives(store, tmp_path)
    await store.erasure.erase(ada.person)
    done = asyncio.Event()

    async def wait(_seconds: float) -> None:
        done.set()
        await asyncio.Event().wait()

    async with kept_private(store, forgetting(store, tmp_path), retention_days=0, wait=wait):
        await done.wait()

    assert scan(tmp_path, ada) == {}


async def test_what_another_process_still_reads_is_swept_later(store: Store, tmp_path: Path) -> None:
    ada, _ = await two_lives(store, tmp_path)
    reader = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    async with reader.database.read() as connection:
        await connection.exec_driver_sql("BEGIN")
        await connection.exec_driver_sql("SELECT count(*) FROM turns")
        await store.erasure.erase(ada.person)
        async with store.database.read() as ours:
            await ours.exec_driver_sql("PRAGMA busy_timeout=10")
        swept = await forgetting(store, tmp_path).sweep()
        assert not swept
        assert await store.erasure.unswept() == {ada.person.pseudonym}
        await connection.exec_driver_sql("COMMIT")

    assert await forgetting(store, tmp_path).sweep()
    assert scan(tmp_path, ada) == {}
    await reader.close()


async def test_the_loop_goes_on_while_a_file_is_written_anew(store: Store, tmp_path: Path) -> None:
    person: Person = (await live(store, ADA, "quokka")).person
    sweeping = asyncio.create_task(forgetting(store, tmp_path).forget(person))
    turns = 0
    while not sweeping.done():
        turns += 1
        await asyncio.sleep(0)
    await sweeping
    assert turns > 20


async def test_questions_are_forgotten_in_memory(store: Store, tmp_path: Path) -> None:
    recent = RecentVectors()
    recent.put("quokka question", np.zeros(3, dtype=np.float32))
    subjects("What about quokka stew?")
    split("What about quokka stew?")
    person = (await live(store, ADA, "quokka")).person

    await forgetting(store, tmp_path).forget(person)

    assert recent.get("quokka question") is None
    assert subjects.cache_info().currsize == split.cache_info().currsize == 0


async def _handle_again(store: Store, data: Path) -> None:
    """What the next process does with the update that asked."""
    assert ASKED_IN in [item.update_id for item in await store.inbox.pending()]
    person = await store.people.find(f"telegram:{ADA}", telegram_id=ADA)
    if person is not None:
        await forgetting(store, data).forget(person, asked_in=ASKED_IN)
    else:
        await forgetting(store, data).sweep()
    await forgetting(store, data).close(ADA, ASKED_IN)
