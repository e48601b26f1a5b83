"""Telegram's own drafts: what is written is shown in them, until Telegram refuses them once."""

from typing import Any

import pytest

from bot.telegram import delivery
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.chatting import GOOD, QUESTION, answered, finished

TWICE = f"{GOOD} {GOOD.replace('Cooked', 'Boiled')}"


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {"drafts": True}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show at once what is written, however slow the machine is."""
    monkeypatch.setattr(delivery, "SHOWN_AFTER_S", 0.0)
    monkeypatch.setattr(delivery, "DRAFT_AFTER_S", 0.0)
    monkeypatch.setattr(delivery, "EDIT_EVERY_S", 0.0)


def stall(model: FakeModel) -> None:
    """Have the model stop after the first sentence of the next answer, until the bot's patience ends."""
    model.break_next(Fault.STALL, after_tokens=22)


async def test_what_is_written_is_shown_in_a_draft_and_the_answer_is_one_message(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = TWICE
    stall(model)
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: any("9.02 g" in draft.text for draft in chat.drafts))
        assert not chat.everything_sent
        await chat.wait_until(lambda chat: bool(finished(chat)))
    assert len(chat.everything_sent) == 1
    assert not chat.messages[0].edits
    assert len({draft.draft_id for draft in chat.drafts}) == 1


@pytest.mark.parametrize(
    ("status", "description"),
    [(404, "Not Found: method not found"), (400, "Bad Request: can't use the method"), (401, "Unauthorized")],
)
async def test_the_first_refusal_ends_drafts_for_everybody_and_edits_go_on(
    telegram: FakeTelegram,
    model: FakeModel,
    start_bot: StartBot,
    caplog: pytest.LogCaptureFixture,
    status: int,
    description: str,
) -> None:
    model.default = TWICE
    telegram.fail_next("sendMessageDraft", status, description)
    ada, bob = telegram.private_chat(), telegram.private_chat()
    async with start_bot():
        for chat in (ada, bob):
            stall(model)
            await chat.send(QUESTION)
            await chat.wait_until(lambda chat: any("9.02 g" in text for text in chat.texts))
            assert not finished(chat)
            await chat.wait_until(lambda chat: bool(finished(chat)))
    assert len(telegram.calls_of("sendMessageDraft")) == 1
    assert [len(chat.everything_sent) for chat in (ada, bob)] == [1, 1]
    assert caplog.text.count("drafts were refused") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502, "description": "Bad Gateway"},
        {"status": 429, "description": "Too Many Requests: retry after 1", "retry_after": 1},
    ],
    ids=["bad gateway", "flood"],
)
async def test_what_passes_ends_nothing(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, fault: dict[str, Any]
) -> None:
    model.default = TWICE
    telegram.fail_next("sendMessageDraft", **fault)
    chat = telegram.private_chat()
    async with start_bot():
        for _ in range(2):
            stall(model)
            await answered(chat, QUESTION)
    assert chat.drafts
    assert len(chat.everything_sent) == 2
    assert not any(message.edits for message in chat.messages)


async def test_drafts_of_one_chat_keep_their_distance(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "EDIT_EVERY_S", 60.0)
    model.default, model.per_token = " ".join((TWICE, TWICE.replace("have", "hold"))), 0.015
    chat = telegram.private_chat()
    async with start_bot():
        await answered(chat, QUESTION)
    assert len(telegram.calls_of("sendMessageDraft")) == 1


async def test_groups_have_no_drafts(telegram: FakeTelegram, model: FakeModel, start_bot: StartBot) -> None:
    model.default = GOOD
    group = telegram.group_chat("Dinner club", [telegram.user()])
    async with start_bot():
        await answered(group, f"@{telegram.bot.username} {QUESTION}")
    assert telegram.calls_of("sendMessageDraft") == []


class TestUnasked:
    """Without the setting."""

    @pytest.fixture
    def more_settings(self) -> dict[str, Any]:
        return {}

    async def test_there_are_no_drafts(
        self, telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
    ) -> None:
        model.default = TWICE
        stall(model)
        chat = telegram.private_chat()
        async with start_bot():
            await answered(chat, QUESTION)
        assert telegram.calls_of("sendMessageDraft") == []
        assert chat.messages[0].edits
