"""A person's whole way through the bot on PostgreSQL, with nothing left of them at the end."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.messages import say
from bot.store.tables import Rating
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot
from tests.integration.telegram.cards import opened
from tests.integration.telegram.cards import press as press_on
from tests.integration.telegram.chatting import GOOD, answered
from tests.integration.telegram.forms import YES, known, press, someone, started, tell

ADA, NAME = 424_242_001, "Adaquokka"
QUESTION = "How much protein is in cooked lentils, quokka?"


@pytest.fixture
def more_settings(store_url: str) -> dict[str, Any]:
    return {"database_url": store_url}


async def rows_with(url: str, *traces: str) -> list[str]:
    """The tables that have a row with any of `traces` in it."""
    connection = await asyncpg.connect(url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = []
    for (table,) in tables:
        rows = await connection.fetch(f"SELECT t::text FROM {table} t")  # noqa: S608 - its own tables' names
        if any(trace in row[0].lower() for row in rows for trace in traces):
            found.append(table)
    await connection.close()
    return found


async def first_minute(chat: Chat) -> None:
    await started(chat)
    await press(chat, YES, "improve the model that answers")
    await press(chat, YES, "Do you follow a diet?")
    await press(chat, "vegan", "So far: vegan")
    await press(chat, "Done", "Are you allergic to anything?")
    await tell(chat, "peanuts", "Noted: allergy to peanuts")
    await tell(chat, QUESTION, "9.02 g")
    await tell(chat, "I hate olives", "Do you aim for anything")
    await tell(chat, "nothing", "This is what I keep to")


async def test_a_person_comes_asks_judges_looks_and_is_forgotten(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, store_url: str, tmp_path: Path
) -> None:
    model.default = GOOD
    chat = telegram.private_chat(telegram.user(ADA, NAME))
    other = telegram.private_chat(telegram.user(first_name="Bob"))
    async with start_bot() as store:
        await answered(other, "How much protein is in cooked lentils?")
        await first_minute(chat)

        answer = await answered(chat, QUESTION)
        await chat.press(answer, "👎")
        await chat.wait_until(lambda _: say("chip_facts") in answer.buttons)
        await chat.press(answer, say("chip_facts"))
        await chat.wait_until(lambda _: say("chip_facts") not in answer.buttons)
        turn = await store.lookup.latest((await someone(store, chat)).id, chat.id)
        assert turn is not None
        assert [opinion.value for opinion in await store.feedback.of_turn(turn.id)] == [Rating.DOWN]

        card = await opened(chat, "Allergies", "sesame", "✅ peanuts")
        await press_on(chat, card, say("button_yes_remove"))
        held = await known(store, chat)
        assert (held.diets, held.allergies, held.dislikes) == ({"vegan"}, {"sesame"}, ("olive",))

        await chat.send("/mydata")
        await chat.wait_until(lambda chat: "document" in chat.messages[-1].media)
        given = json.loads(telegram.files[chat.messages[-1].media["document"]["file_id"]].upload.content)
        assert given["person"]["telegram_id"] == ADA
        assert [turn["question"] for turn in given["conversations"][0]["turns"]] == [QUESTION] * 2
        assert await rows_with(store_url, str(ADA), NAME.lower(), "quokka")

        await tell(chat, "/forget", "")
        await chat.press(chat.messages[-1], say("button_forget_yes"))
        await chat.wait_until(lambda chat: chat.texts[-1] == say("forgotten"))
        await telegram.wait_until(lambda fake: not fake.unconfirmed)
    assert await rows_with(store_url, str(ADA), NAME.lower(), "quokka") == []
    assert await rows_with(store_url, str(other.id))
    assert not (tmp_path / "platewise.db").exists()
