"""`/mydata` and `/forget` with the whole bot: what a person gets, and that nothing of them is left."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.messages import say, speaking
from bot.store.store import Store
from bot.store.tables import Purpose
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram, User
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot
from tests.integration.telegram.test_bot import answer_to, shown
from tests.unit.bot.assistant.test_mydata import checked
from tests.unit.bot.store.exporting import zipped

ADA, BOB = 424_242_001, 535_353_002
QUESTION = "How much protein is in cooked lentils, quokka?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."


@pytest.fixture
def ada(telegram: FakeTelegram) -> User:
    return telegram.user(ADA, "Adaquokka", username="ada_quokka")


def scan(data: Path) -> dict[str, list[str]]:
    """What of Ada's words, names and id is in which file."""
    traces = (b"quokka", b"peanuts", str(ADA).encode(), ADA.to_bytes(4, "big"))
    found = {
        path.name: [str(trace) for trace in traces if trace in path.read_bytes().lower()]
        for path in data.rglob("*")
        if path.is_file()
    }
    return {name: traces for name, traces in found.items() if traces}


async def ask(chat: Chat, question: str = QUESTION, user: User | None = None) -> None:
    before = shown(chat).count("9.02 g")
    await chat.send(question, user=user)
    await chat.wait_until(lambda chat: shown(chat).count("9.02 g") > before)
    await chat.wait_until(lambda chat: "👍" in chat.messages[-1].buttons)


async def live(chat: Chat, store: Store) -> None:
    """Everything that a person does with the bot."""
    await answer_to(chat, "/prefs add allergy peanuts")
    await ask(chat)
    await chat.press(chat.messages[-1], "👎")
    await chat.wait_until(lambda chat: bool(chat.callback_answers))
    person = await store.people.find(f"telegram:{chat.id}")
    assert person is not None
    await store.consents.give(person.id, Purpose.IMPROVEMENT, granted=True, version="1")
    await ask(chat)


async def forget(telegram: FakeTelegram, chat: Chat) -> int:
    """Say yes to `/forget`; returns the press's update once the bot has dealt with it."""
    await answer_to(chat, "/forget")
    press = await chat.press(chat.messages[-1], say("button_forget_yes"))
    await chat.wait_until(lambda chat: chat.texts[-1] == say("forgotten"))
    return press


async def settled(store: Store, update_id: int) -> None:
    """Wait until an update is marked as done."""
    async with asyncio.timeout(20):
        while update_id in [item.update_id for item in await store.inbox.pending()]:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0)


async def swept(data: Path) -> None:
    """Wait until the files hold nothing of Ada: the last of it goes after she was told."""
    async with asyncio.timeout(20):
        while scan(data):  # noqa: ASYNC110 - files have no event
            await asyncio.sleep(0.01)


def document(telegram: FakeTelegram, chat: Chat) -> dict[str, Any]:
    """The last document that the bot has sent."""
    file = telegram.files[chat.messages[-1].media["document"]["file_id"]]
    return checked(file.upload.content)


async def test_a_person_gets_everything_that_is_held(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User
) -> None:
    model.default = GOOD
    chat, other = telegram.private_chat(ada), telegram.private_chat(telegram.user(BOB, "Bobwombat"))
    async with start_bot() as store:
        await answer_to(other, "/prefs add dislike wombat stew")
        await live(chat, store)
        await chat.send("/mydata")
        await chat.wait_until(lambda chat: "document" in chat.messages[-1].media)

    given = document(telegram, chat)
    assert given["person"]["telegram_id"] == ADA
    assert given["preferences"]["now"]["allergies"] == ["peanuts"]
    assert [turn["question"] for turn in given["conversations"][0]["turns"]] == [QUESTION, QUESTION]
    assert "/mydata" in json.dumps([update["payload"] for update in given["updates"]])
    assert "wombat" not in json.dumps(given)
    assert str(BOB) not in json.dumps(given)


async def test_after_forget_a_byte_scan_finds_nothing(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User, tmp_path: Path
) -> None:
    model.default = GOOD
    chat, other = telegram.private_chat(ada), telegram.private_chat(telegram.user(BOB, "Bob"))
    async with start_bot() as store:
        await ask(other, "How much protein is in cooked lentils?")
        await live(chat, store)
        await zipped(store, tmp_path)
        assert scan(tmp_path)

        await forget(telegram, chat)
        await swept(tmp_path)

        assert await store.people.find(f"telegram:{ADA}", telegram_id=ADA) is None
        person = await store.people.find(f"telegram:{BOB}")
        assert person is not None
        assert len(await store.held.turns(person.id, limit=9)) == 1
    assert scan(tmp_path) == {}


async def test_neither_a_duplicate_nor_a_second_press_brings_anything_back(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User, tmp_path: Path
) -> None:
    model.default = GOOD
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        question = await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat))
        await answer_to(chat, "/forget")
        card = chat.messages[-1]
        first = await chat.press(card, say("button_forget_yes"))
        second = await chat.press(card, say("button_forget_yes"))
        await chat.wait_until(lambda chat: len(chat.callback_answers) == 2)
        for update_id in (question, first, second):
            await telegram.redeliver(update_id)
        await telegram.wait_until(lambda fake: not fake.unconfirmed)
        await settled(store, second)
        await swept(tmp_path)
        assert await store.people.find(f"telegram:{ADA}", telegram_id=ADA) is None
    assert scan(tmp_path) == {}
    assert chat.texts[-1] == say("forgotten")
    assert "went wrong" not in shown(chat)


async def test_nobody_becomes_known_by_asking(telegram: FakeTelegram, start_bot: StartBot, ada: User) -> None:
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        assert await answer_to(chat, "/mydata") == say("mydata_nothing")
        assert await answer_to(chat, "/forget") == say("mydata_nothing")
        assert await store.people.find(f"telegram:{ADA}", telegram_id=ADA) is None


async def test_no_leaves_everything(telegram: FakeTelegram, start_bot: StartBot, ada: User) -> None:
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await answer_to(chat, "/forget")
        await chat.press(chat.messages[-1], say("button_forget_no"))
        await chat.wait_until(lambda chat: chat.texts[-1] == say("forget_kept"))
        person = await store.people.find(f"telegram:{ADA}")
        assert person is not None
        assert (await store.preferences.load(person.id)).allergies == {"peanuts"}


async def test_another_person_cannot_press(telegram: FakeTelegram, start_bot: StartBot, ada: User) -> None:
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await answer_to(chat, "/forget")
        await chat.press(chat.messages[-1], say("button_forget_yes"), user=telegram.user(BOB, "Bob"))
        await chat.wait_until(lambda chat: bool(chat.callback_answers))
        assert chat.callback_answers[-1]["text"] == say("prefs_not_yours")
        assert await store.people.find(f"telegram:{ADA}") is not None


async def test_the_last_words_are_in_the_persons_language(
    telegram: FakeTelegram, start_bot: StartBot, ada: User
) -> None:
    chat = telegram.private_chat(ada)
    async with start_bot():
        await answer_to(chat, "/language es")
        await answer_to(chat, "/forget")
        with speaking("es"):
            button, last = say("button_forget_yes"), say("forgotten")
        await chat.press(chat.messages[-1], button)
        await chat.wait_until(lambda chat: chat.texts[-1] == last)


async def test_an_answer_that_is_being_written_brings_nobody_back(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User, tmp_path: Path
) -> None:
    model.default = GOOD
    chat = telegram.private_chat(ada)
    group = telegram.group_chat("Cooks", [ada, telegram.user(BOB, "Bob")])
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        model.ttft = 1.0
        asked = await group.send(f"@{telegram.bot.username} {QUESTION}")
        await model.wait_until(lambda model: model.active)
        waiting = await group.send(f"@{telegram.bot.username} And quokka tofu?")
        await telegram.wait_until(lambda fake: waiting not in fake.unconfirmed)

        await forget(telegram, chat)
        await model.wait_until(lambda model: not model.active)
        await settled(store, waiting)
        model.ttft = 0.0
        bob = telegram.private_chat(telegram.user(BOB, "Bob"))
        await ask(bob, "How much protein is in cooked lentils?")

        assert await store.people.find(f"telegram:{ADA}", telegram_id=ADA) is None
        assert asked not in [item.update_id for item in await store.inbox.pending()]
        assert "quokka" not in "".join(scan(tmp_path).get("platewise.db", []))
    assert group.texts == []
    assert "went wrong" not in shown(chat)


async def test_in_a_group_nothing_is_shown(telegram: FakeTelegram, start_bot: StartBot, ada: User) -> None:
    group = telegram.group_chat("Cooks", [ada, telegram.user(BOB, "Bob")])
    async with start_bot():
        await group.send(f"/mydata@{telegram.bot.username}")
        await group.wait_until(lambda chat: bool(chat.messages))
        assert "document" not in group.messages[-1].media
        assert group.texts[-1] == say("group_in_private")


async def test_who_writes_again_is_somebody_new(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User
) -> None:
    model.default = GOOD
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await forget(telegram, chat)
        await ask(chat)
        person = await store.people.find(f"telegram:{ADA}")
        assert person is not None
        assert not await store.preferences.load(person.id)
        assert person.pseudonym not in await store.erasure.erased()


async def test_who_has_deleted_the_question_is_told_in_a_new_message(
    telegram: FakeTelegram, start_bot: StartBot, ada: User
) -> None:
    chat = telegram.private_chat(ada)
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await answer_to(chat, "/forget")
        card = chat.messages[-1]
        telegram.fail_next("editMessageText", 400, "Bad Request: message to edit not found")
        await chat.press(card, say("button_forget_yes"))
        await chat.wait_until(lambda chat: chat.texts[-1] == say("forgotten"))
        assert chat.messages[-1].id != card.id
        assert await store.people.find(f"telegram:{ADA}") is None
