import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.assistant.datasets import Datasets, Order, digest
from bot.assistant.forgetting import Forgetting
from bot.store.export import Exports
from bot.store.ledger import Ledger
from bot.store.pseudonyms import Pseudonyms
from bot.store.store import Store
from bot.store.tables import Purpose
from retrieval.errors import BadInputError, UnavailableError
from tests.unit.bot.store.exporting import in_folder, write_plain, zipped
from tests.unit.bot.store.lives import live
from training.dataset.source import Turn

ADA, BOB = 424_242_001, 535_353_002


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    await opened.database.migrate()
    yield opened
    await opened.close()


async def test_an_export_is_written_and_noted(store: Store, tmp_path: Path) -> None:
    ada = (await live(store, ADA, "quokka")).person
    made = await zipped(store, tmp_path, by=ada, options={"view": "dpo"})
    assert (made.turns, made.people, made.rated) == (2, 1, 2)
    assert made.sha256 == digest(made.path)
    with zipfile.ZipFile(made.path) as archive:
        rows = [json.loads(line) for line in archive.read(f"{made.path.stem}/rows.jsonl").splitlines()]
    assert {row["question"] for row in rows} == {
        "quokkaquestion in a private chat",
        "quokkaquestion in a supergroup chat",
    }
    noted = Ledger(tmp_path).last()
    assert noted is not None
    assert (noted.path, noted.made_by, noted.options) == (made.path, f"telegram:{ADA}", {"view": "dpo"})
    assert made.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]


async def test_exports_with_somebody_who_is_forgotten_go_and_others_stay(
    store: Store, tmp_path: Path
) -> None:
    ada = (await live(store, ADA, "quokka")).person
    with_ada = await zipped(store, tmp_path, by=ada)
    folder = await in_folder(store, tmp_path, tmp_path / "mine")
    await store.consents.give(ada.id, Purpose.IMPROVEMENT, granted=False, version="1")
    await live(store, BOB, "wombat")
    without = await zipped(store, tmp_path)
    half = with_ada.path.with_name("killed.partial")
    half.mkdir()
    assert await Exports(tmp_path).holding(ada.pseudonym) == [with_ada.path.name, "mine"]

    await Forgetting(store, Exports(tmp_path)).forget(ada)

    assert list(with_ada.path.parent.iterdir()) == [without.path]
    assert folder.path.is_dir()
    ledger = Ledger(tmp_path)
    held = ledger.holdings([Pseudonyms.of(tmp_path).person(ada.pseudonym)])
    assert [(item.export.path, item.export.dropped) for item in held] == [
        (with_ada.path, True),
        (folder.path, False),
    ]
    assert {item.made_by for item in ledger.exports()} == {"erased", "command line"}


@pytest.mark.parametrize("leaves", ["forgets", "refuses"])
async def test_who_leaves_while_it_is_written_is_in_no_dataset(
    store: Store, tmp_path: Path, leaves: str
) -> None:
    ada = (await live(store, ADA, "quokka")).person
    loop = asyncio.get_running_loop()

    async def leave() -> None:
        if leaves == "forgets":
            await Forgetting(store, Exports(tmp_path)).forget(ada)
        else:
            await store.consents.give(ada.id, Purpose.IMPROVEMENT, granted=False, version="1")

    def write(turns: Iterator[Turn], target: Path) -> None:
        write_plain(turns, target)
        asyncio.run_coroutine_threadsafe(leave(), loop).result()

    for export in (
        Datasets(store, tmp_path).export_zip(Order(write)),
        Datasets(store, tmp_path).export(tmp_path / "mine", Order(write)),
    ):
        with pytest.raises((UnavailableError, BadInputError), match=r"export again|nothing to export"):
            await export
    assert list((tmp_path / "exports").iterdir()) == []
    assert not (tmp_path / "mine").exists()


async def test_after_the_last_export_only_what_is_new(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing was exported before"):
        await zipped(store, tmp_path, since_last=True)
    await live(store, ADA, "quokka")
    await zipped(store, tmp_path)
    with pytest.raises(BadInputError, match="there is nothing to export"):
        await zipped(store, tmp_path, since_last=True)
    await live(store, BOB, "wombat")
    assert (await zipped(store, tmp_path, since_last=True)).people == 1


async def test_a_failure_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    await live(store, ADA, "quokka")

    def full(turns: Iterator[Turn], target: Path) -> None:
        write_plain(turns, target)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await Datasets(store, tmp_path).export_zip(Order(full))
    assert list((tmp_path / "exports").iterdir()) == []
    assert Ledger(tmp_path).exports() == []


async def test_a_folder_that_is_there_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    await live(store, ADA, "quokka")
    (tmp_path / "mine").mkdir()
    with pytest.raises(BadInputError, match="mine: is there already"):
        await in_folder(store, tmp_path, tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []
