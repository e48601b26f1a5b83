"""An answer arrives whole and once, whatever becomes of the calls that bring it."""

from typing import Any

import pytest

from bot.messages import say
from bot.telegram import app, delivery
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
FLOOD = {"status": 429, "description": "Too Many Requests: retry after 1", "retry_after": 1}
BAD_GATEWAY = {"status": 502, "description": "Bad Gateway"}
REPLY_LOST = {"status": 502, "description": "lost", "after_effect": True}
DELETED = {"status": 400, "description": "Bad Request: message to edit not found"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon, and put no placeholder up, however slow the machine is."""
    monkeypatch.setattr(delivery, "_PAUSES_S", (0.01,))
    monkeypatch.setattr(delivery, "SHOWN_AFTER_S", 60.0)


def answers(chat: Chat) -> int:
    """How many times the answer stands in the chat."""
    return sum("9.02 g" in text for text in chat.texts)


def leftovers(chat: Chat) -> int:
    """How many placeholders still stand in the chat."""
    return chat.texts.count(say("placeholder"))


@pytest.mark.parametrize(
    "fault", [FLOOD, BAD_GATEWAY, REPLY_LOST], ids=["flood", "bad gateway", "reply lost"]
)
async def test_an_answer_that_is_sent_at_once_arrives_once(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, fault: dict[str, Any]
) -> None:
    model.break_next(Fault.STATUS, times=None)  # composed: there before a placeholder would be
    chat = telegram.private_chat()
    telegram.fail_next("sendMessage", **fault)
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: answers(chat) == 1 and not leftovers(chat), timeout=10)
        await chat.send("/help")
        await chat.wait_until(lambda chat: "/prefs" in "".join(chat.texts[-1:]))
    assert answers(chat) == 1
    assert chat.messages[-2].buttons


@pytest.mark.parametrize(
    "fault", [DELETED, FLOOD, BAD_GATEWAY, REPLY_LOST], ids=["deleted", "flood", "bad gateway", "reply lost"]
)
async def test_an_answer_that_had_a_placeholder_arrives_once(
    telegram: FakeTelegram,
    model: FakeModel,
    start_bot: StartBot,
    fault: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "SHOWN_AFTER_S", 0.0)
    model.ttft, model.default = 0.3, GOOD
    chat = telegram.private_chat()
    telegram.fail_next("editMessageText", **fault)
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: answers(chat) == 1, timeout=10)
        await chat.send("/help")
        await chat.wait_until(lambda chat: "/prefs" in "".join(chat.texts[-1:]))
    assert answers(chat) == 1


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
async def test_a_process_that_dies_while_it_sends_leaves_no_doubt(
    telegram: FakeTelegram,
    model: FakeModel,
    start_bot: StartBot,
    monkeypatch: pytest.MonkeyPatch,
    arrived: bool,
) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.0)
    model.break_next(Fault.STATUS, times=None)
    chat, other = telegram.private_chat(), telegram.private_chat()
    telegram.fail_next("sendMessage", 502, "lost", times=1_000_000, after_effect=arrived)
    async with start_bot():
        await chat.send(QUESTION)
        await telegram.wait_until(
            lambda fake: any(call.status is not None for call in fake.calls_of("sendMessage"))
        )
    before = answers(chat)
    telegram.heal()
    async with start_bot():
        await other.send("/help")
        await chat.send("/help")
        await chat.wait_until(lambda chat: "/prefs" in "".join(chat.texts[-1:]))
        await other.wait_until(lambda other: "/prefs" in "".join(other.texts[-1:]))
    assert (before, answers(chat)) == (int(arrived), 1)


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
async def test_processes_that_die_while_they_look_for_it_leave_one_message(
    telegram: FakeTelegram,
    model: FakeModel,
    start_bot: StartBot,
    monkeypatch: pytest.MonkeyPatch,
    arrived: bool,
) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.0)
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    telegram.fail_next("sendMessage", 502, "lost", times=1_000_000, after_effect=arrived)
    async with start_bot():
        await chat.send(QUESTION)
        await telegram.wait_until(
            lambda fake: any(call.status is not None for call in fake.calls_of("sendMessage"))
        )
    unheard = leftovers(chat)
    telegram.heal()
    telegram.fail_next("editMessageText", 502, "lost", times=1_000_000)
    for _ in range(3):
        tried = len(telegram.calls_of("editMessageText"))
        async with start_bot():
            await telegram.wait_until(lambda fake, tried=tried: len(fake.calls_of("editMessageText")) > tried)
    telegram.heal()
    async with start_bot():
        await chat.send("/help")
        await chat.wait_until(lambda chat: "/prefs" in "".join(chat.texts[-1:]))
    assert (answers(chat), leftovers(chat)) == (1, unheard)


async def test_an_answer_that_telegram_does_not_take_is_kept_for_the_next_start(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.1)
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    telegram.fail_next("sendMessage", 502, "Bad Gateway", times=1_000_000)
    async with start_bot():
        await chat.send(QUESTION)
        await telegram.wait_until(lambda fake: len(fake.calls_of("sendMessage")) > 20)
        await chat.send("/help")
    assert not answers(chat)
    telegram.heal()
    async with start_bot():
        await chat.wait_until(lambda chat: answers(chat) == 1 and "/prefs" in chat.texts[-1])
    assert answers(chat) == 1


async def test_a_slow_answer_shows_that_it_is_being_written_and_a_quick_one_is_one_call(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SHOWN_AFTER_S", 0.0)
    model.ttft, model.default = 0.3, GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: chat.texts[-1:] == [say("placeholder")])
        await chat.wait_until(lambda chat: answers(chat) == 1)
        monkeypatch.setattr(delivery, "SHOWN_AFTER_S", 60.0)
        before = len(telegram.calls_of("sendMessage")), len(telegram.calls_of("editMessageText"))
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: answers(chat) == 2)
    after = len(telegram.calls_of("sendMessage")), len(telegram.calls_of("editMessageText"))
    assert (after[0] - before[0], after[1] - before[1]) == (1, 0)
