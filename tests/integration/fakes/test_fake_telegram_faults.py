"""The fake Bot API server goes wrong in the ways that a test asks for."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from tests.fakes.telegram import FakeTelegram, FloodLimits


class Clock:
    """A time that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_the_next_calls_fail_and_then_work_again(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    telegram.fail_next("sendMessage", 502, "Bad Gateway", times=2)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(chat.id, "hello")
    await bot.get_me()
    await bot.send_message(chat.id, "hello")
    assert chat.texts == ["hello"]
    assert [call.status for call in telegram.calls_of("sendMessage")] == [502, 502, 200]


async def test_a_planned_flood_says_when_to_come_back(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    telegram.fail_next(status=429, description="Too Many Requests: retry after 7", retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(chat.id, "hello")
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_lost_answer_leaves_the_message_in_the_chat(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    telegram.fail_next("sendMessage", after_effect=True)
    with pytest.raises(NetworkError, match="disconnected"):
        await bot.send_message(chat.id, "sent, and the answer was lost")
    assert chat.texts == ["sent, and the answer was lost"]
    assert telegram.calls[-1].status == 0


async def test_a_delayed_method_is_slow_and_the_others_are_not(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    telegram.delay("sendMessage", 0.2)
    slow = asyncio.create_task(bot.send_message(chat.id, "slow"))
    await bot.send_chat_action(chat.id, "typing")
    assert chat.messages == []
    await slow
    assert chat.messages[0].sent_at - chat.actions[0].at > 0.1


async def test_a_black_hole_never_answers_until_it_is_switched_off(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.black_hole()
    with pytest.raises(TimedOut):
        await bot.get_me(read_timeout=0.1)
    telegram.black_hole(on=False)
    assert (await bot.get_me()).is_bot


async def test_a_server_that_holds_calls_can_be_stopped_at_once(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.black_hole("getMe")
    held = asyncio.create_task(bot.get_me())
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_until(lambda fake: len(fake.calls) == 3)  # the client's own getMe was the first
    async with asyncio.timeout(1):
        await telegram.stop()
    with pytest.raises(NetworkError):
        await held
    assert await polling == ()
    with pytest.raises(NetworkError):
        await bot.get_me()


async def test_one_chat_takes_a_burst_and_then_one_message_a_second(telegram: FakeTelegram, bot: Bot) -> None:
    clock, chat, other = Clock(), telegram.private_chat(), telegram.private_chat(telegram.user())
    telegram.limits = FloodLimits(chat_burst=2, now=clock)
    sent = await bot.send_message(chat.id, "1")
    await bot.edit_message_text("2", chat.id, sent.message_id)
    with pytest.raises(RetryAfter, match="Retry in 0:00:01"):
        await bot.edit_message_text("3", chat.id, sent.message_id)
    await bot.send_message(other.id, "not concerned")
    clock.now += 1
    await bot.edit_message_text("3", chat.id, sent.message_id)
    assert chat.texts == ["3"]


async def test_a_group_takes_twenty_messages_a_minute(telegram: FakeTelegram, bot: Bot) -> None:
    clock, group = Clock(), telegram.group_chat("Kitchen", [telegram.user()])
    telegram.limits = FloodLimits(chat_per_second=100, chat_burst=100, now=clock)
    for number in range(20):
        await bot.send_message(group.id, str(number))
    with pytest.raises(RetryAfter, match="Retry in 0:00:03"):
        await bot.send_message(group.id, "20")
    clock.now += 3
    await bot.send_message(group.id, "20")


async def test_a_bot_sends_thirty_messages_a_second(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.limits = FloodLimits(now=Clock())
    chats = [telegram.private_chat(telegram.user(id=number)) for number in range(1, 32)]
    for chat in chats[:30]:
        await bot.send_message(chat.id, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(chats[30].id, "hello")
    await bot.send_chat_action(chats[30].id, "typing")  # isn't counted


async def test_a_refused_message_doesnt_count(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.limits = FloodLimits(now=Clock())
    chat = telegram.private_chat()
    with pytest.raises(BadRequest):
        await bot.send_message(chat.id, " ")
    await bot.send_message(chat.id, "hello")


async def test_a_wait_that_fails_says_what_was_there(telegram: FakeTelegram, bot: Bot) -> None:
    chat = telegram.private_chat()
    await bot.send_message(chat.id, "something else")
    with pytest.raises(TimeoutError, match=r"not within 0\.05 s; chat \d+ shows \['something else'\]"):
        await chat.wait_until(lambda chat: "lentils" in chat.texts, timeout=0.05)
    with pytest.raises(TimeoutError, match=r"last calls: .*sendMessage"):
        await telegram.wait_until(lambda fake: fake.calls_of("deleteMessage"), timeout=0.05)
