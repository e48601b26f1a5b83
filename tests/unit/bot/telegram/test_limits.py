"""The shared budget: what waits, what is dropped, and who is held up by whom."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.telegram.limits import ChatLimiter, Rates, ShedError, Urgency, expecting


class Clock:
    """A clock that moves when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        wake = asyncio.Event()
        self._sleepers.append((self.now + seconds, wake))
        await wake.wait()

    async def run(self, work: Awaitable[Any]) -> Any:
        """Await `work`; whenever nobody can go on, move to the next moment at which somebody can."""
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(50):
                await asyncio.sleep(0)
            if not task.done() and self._sleepers:
                self._sleepers.sort(key=lambda sleeper: sleeper[0])
                at, wake = self._sleepers.pop(0)
                self.now = max(self.now, at)
                wake.set()
        return await task


Send = Callable[..., Awaitable[float]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the application sets it
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> ChatLimiter:
    rates = Rates(
        bot_per_second=10, bot_burst=4, chat_per_second=1, chat_burst=2, group_per_second=0.1, group_burst=3
    )
    return ChatLimiter(rates, clock=clock, sleep=clock.sleep)


@pytest.fixture
def send(limiter: ChatLimiter, clock: Clock) -> Send:
    async def send(
        chat: int,
        *,
        urgency: Urgency | None = None,
        method: str = "sendMessage",
        refusals: list[int] | None = None,
    ) -> float:
        """Send to `chat`; return when the call was made that worked."""

        async def call() -> float:
            if refusals:
                raise RetryAfter(refusals.pop())
            return clock()

        result: float = await limiter.process_request(call, (), {}, method, {"chat_id": chat}, urgency)
        return result

    return send


async def test_one_chat_gets_a_short_burst_and_then_one_message_a_second(clock: Clock, send: Send) -> None:
    times = await clock.run(asyncio.gather(*(send(1) for _ in range(5))))
    assert times == pytest.approx([0, 0, 1, 2, 3])


async def test_all_chats_together_keep_to_the_bots_rate(clock: Clock, send: Send) -> None:
    times = sorted(await clock.run(asyncio.gather(*(send(chat) for chat in range(1, 25)))))
    assert times == pytest.approx([0] * 4 + [number / 10 for number in range(1, 21)])


async def test_a_group_gets_fewer(clock: Clock, send: Send) -> None:
    times = await clock.run(asyncio.gather(*(send(-5) for _ in range(5))))
    assert times == pytest.approx([0, 0, 1, 10, 20])


async def test_a_refused_chat_waits_and_the_others_do_not(
    limiter: ChatLimiter, clock: Clock, send: Send
) -> None:
    refused = asyncio.ensure_future(send(1, refusals=[30]))
    others = await clock.run(asyncio.gather(*(send(chat) for chat in range(2, 5))))
    assert max(others) < 0.2
    assert await clock.run(refused) >= 30
    assert limiter.refused == 1
    later = await clock.run(asyncio.gather(*(send(1) for _ in range(3))))
    assert [round(b - a, 3) for a, b in pairwise(later)] == [1, 1]


async def test_a_draft_leaves_room_for_the_answer(limiter: ChatLimiter, clock: Clock, send: Send) -> None:
    assert await clock.run(send(1, urgency=Urgency.PASSING)) == 0
    with pytest.raises(ShedError):
        await clock.run(send(1, urgency=Urgency.PASSING))
    assert await clock.run(send(1)) == 0
    assert limiter.shed == 1


async def test_with_many_answers_to_send_drafts_and_typing_are_dropped_and_buttons_are_answered(
    limiter: ChatLimiter, clock: Clock, send: Send
) -> None:
    await clock.run(asyncio.gather(*(send(chat) for chat in range(1, 5))))
    assert limiter.busy
    with pytest.raises(ShedError):
        await clock.run(send(9, urgency=Urgency.PASSING))
    for method in ("sendChatAction", "sendMessageDraft"):
        with pytest.raises(ShedError):
            await clock.run(send(9, method=method))
    assert await clock.run(send(9, method="answerCallbackQuery")) == clock()


async def test_what_telegram_does_not_count_takes_no_room(clock: Clock, send: Send) -> None:
    for method in ("sendChatAction", "sendMessageDraft"):
        for _ in range(50):
            assert await clock.run(send(1, method=method)) == clock()
    assert await clock.run(send(1)) == clock()


async def test_a_chat_that_waits_takes_no_room_from_others(clock: Clock, send: Send) -> None:
    flood = asyncio.gather(*(send(1) for _ in range(100)))
    await asyncio.sleep(0)
    assert await clock.run(send(2)) < 0.5
    flood.cancel()


async def test_idle_chats_are_forgotten(limiter: ChatLimiter, clock: Clock, send: Send) -> None:
    for chat in range(1, 3000):
        await clock.run(send(chat))
        clock.now += 1
    assert len(limiter._chats) < 1500


async def test_drafts_leave_room_for_all_answers_that_are_being_written(
    limiter: ChatLimiter, send: Send, clock: Clock
) -> None:
    bot = ExtBot("1:token", rate_limiter=limiter)
    with ExitStack() as answers:
        for _ in range(4):
            answers.enter_context(expecting(bot))
        await clock.run(send(1, urgency=Urgency.PASSING))
        answers.enter_context(expecting(bot))
        with pytest.raises(ShedError):
            await clock.run(send(2, urgency=Urgency.PASSING))
    clock.now += 10
    await clock.run(send(2, urgency=Urgency.PASSING))
