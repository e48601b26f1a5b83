"""Datasets that administrators order by /export, and what becomes of people in them."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.assistant import datasets
from bot.assistant.exporting import Wanted, order
from bot.messages import say
from bot.settings import Settings
from bot.store.ledger import Ledger
from bot.store.store import Store
from bot.store.tables import Purpose
from bot.telegram import admin_export
from retrieval.index import Index
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot
from tests.integration.telegram.test_mydata import forget
from training.dataset.check import check as faults_of
from training.dataset.options import Contexts, ExportOptions, Format
from training.dataset.views import VIEWS

ADMIN = 4242
QUESTION = "Please tell me how much protein there is in lentils that are cooked."
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {"admins": {ADMIN}}


@pytest.fixture
def chat(telegram: FakeTelegram, model: FakeModel) -> Chat:
    """The administrator's."""
    model.default = GOOD
    return telegram.private_chat(telegram.user(ADMIN, first_name="Root"))


async def ask(chat: Chat, text: str = QUESTION) -> None:
    await chat.send(text)
    await chat.wait_until(lambda chat: any("👍" in message.buttons for message in chat.messages))


async def agree(store: Store, chat: Chat, *, granted: bool = True) -> None:
    person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
    await store.consents.give(person.id, Purpose.IMPROVEMENT, granted=granted, version="1")


async def document(telegram: FakeTelegram, chat: Chat, command: str) -> bytes:
    before = len(chat.messages)
    await chat.send(command)
    await chat.wait_until(lambda chat: any(message.media for message in chat.messages[before:]))
    return telegram.files[chat.messages[-1].media["document"]["file_id"]].upload.content


def questions(content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if "/raw/" in name and name.endswith(".jsonl")]
        lines = [line for name in names for line in archive.read(name).splitlines()]
    return sorted(json.loads(line)["question"] for line in lines)


async def test_of_three_people_only_who_agreed_and_stayed_is_exported(
    telegram: FakeTelegram, start_bot: StartBot, chat: Chat, bot_settings: Settings
) -> None:
    ada = telegram.private_chat(telegram.user(first_name="Adalbertina"))
    bob, eve = telegram.private_chat(), telegram.private_chat()
    async with start_bot() as store:
        await chat.send("/export")
        await chat.wait_until(lambda chat: say("export_empty") in chat.texts)
        await agree(store, ada)
        await agree(store, eve)
        await agree(store, bob, granted=False)
        await ask(ada, f"{QUESTION} Write to ada@example.org. Thanks, Adalbertina")
        await ask(bob, "Please tell me how much fat there is in tofu.")
        await ask(eve, "Please tell me how much iron there is in raw spinach.")
        with_eve = await document(telegram, chat, "/export raw")
        await forget(telegram, eve)
        without = await document(telegram, chat, "/export all")
    assert len(questions(with_eve)) == 2
    (left,) = questions(without)
    assert left == f"{QUESTION} Write to <EMAIL_1>. Thanks, <NAME_1>"
    assert b"Adalbertina" not in without
    caption = chat.messages[-1].text
    assert hashlib.sha256(without).hexdigest() in caption
    # The earlier one held Eve, so it is gone from here; the ledger knows of both, and who ordered them.
    assert len(list((bot_settings.data / "exports").iterdir())) == 1
    noted = Ledger(bot_settings.data).exports()
    assert [(item.made_by, item.dropped) for item in noted] == [
        (f"telegram:{ADMIN}", True),
        (f"telegram:{ADMIN}", False),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("dpoo", "did you mean dpo?"),
        ("2026-13-01", "2026-13-01: this is no date"),
        ("since yesterday", "since: "),
        ("last", "nothing was exported before"),
    ],
)
async def test_what_export_does_not_know_is_said(
    start_bot: StartBot, chat: Chat, bot_settings: Settings, words: str, said: str
) -> None:
    async with start_bot() as store:
        await agree(store, chat)
        await ask(chat)
        await chat.send(f"/export {words}")
        await chat.wait_until(lambda chat: any(said in text for text in chat.texts))
    assert not list((bot_settings.data / "exports").glob("*"))


async def test_a_large_export_stays_here_and_its_path_and_checksum_are_told(
    start_bot: StartBot, chat: Chat, bot_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_export, "LARGEST_DOCUMENT", 10)
    async with start_bot() as store:
        await agree(store, chat)
        await ask(chat)
        await chat.send("/export any")
        await chat.wait_until(lambda chat: ".zip" in "".join(chat.texts[-1:]))
    (path,) = (bot_settings.data / "exports").glob("*.zip")
    assert str(path) in chat.texts[-1]
    assert hashlib.sha256(path.read_bytes()).hexdigest() in chat.texts[-1]


async def test_the_same_turns_give_the_same_bytes_on_another_day_and_hold_up(
    telegram: FakeTelegram,
    start_bot: StartBot,
    chat: Chat,
    bot_settings: Settings,
    index: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [telegram.private_chat() for _ in range(3)]
    one, other, later = tmp_path / "one", tmp_path / "other", tmp_path / "later"
    options = ExportOptions(formats=tuple(Format), contexts=Contexts.BOTH)

    async with start_bot() as store:
        for person, food in zip(people, ("cooked lentils", "raw spinach", "tofu"), strict=True):
            await agree(store, person)
            await ask(person, f"Please tell me how much protein there is in {food}.")
        made = datasets.Datasets(store, bot_settings.data)

        async def export(target: Path) -> None:
            wish = Wanted(views=tuple(VIEWS))
            await made.export(target, order(wish, options, bot_settings.data, index=index))

        await export(one)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        monkeypatch.setattr(datasets, "utc_now", lambda: tomorrow)
        await export(other)
        assert bytes_of(one) == bytes_of(other)
        assert faults_of(one) == []

        await forget(telegram, people[0])
        held = await made.held()
        assert [(item.export.path, len(item.rows)) for item in held] == [(one, 1), (other, 1)]
        (fault, *_) = faults_of(one, erased_rows=frozenset(held[0].rows))
        assert "export again" in fault.what
        await export(later)
        assert faults_of(later, erased_rows=frozenset(held[0].rows)) == []


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
