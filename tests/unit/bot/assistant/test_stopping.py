"""An answer can be stopped at any moment, and ends with what was written until then."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot.assistant.stopping import Stopping


class Answer:
    """Says 'one', waits until it is let go on, says 'two'; stopped, it ends with 'stopped'."""

    def __init__(self, stopping: Stopping) -> None:
        self._stopping = stopping
        self.waits = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.cleaned = False

    async def events(self) -> AsyncGenerator[str, None]:
        try:
            yield "one"
            if not self._stopping.pressed:
                self.waits.set()
                await self.goes_on.wait()
                yield "two"
        except asyncio.CancelledError:
            if not self._stopping.taken():
                raise
        finally:
            self.cleaned = True
        if self._stopping.pressed:
            yield "stopped"


async def collect(stopping: Stopping, answer: Answer) -> list[str]:
    return [event async for event in stopping.steps(answer.events())]


async def test_an_answer_that_nobody_stops_is_whole() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    answer.goes_on.set()
    assert await collect(stopping, answer) == ["one", "two"]


async def test_what_it_waits_for_is_let_go_at_once() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    task = asyncio.create_task(collect(stopping, answer))
    await answer.waits.wait()
    stopping.press()
    stopping.press()
    assert await task == ["one", "stopped"]
    assert answer.cleaned


async def test_a_press_between_two_steps_counts() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    seen = []
    async for event in stopping.steps(answer.events()):
        seen.append(event)
        stopping.press()
    assert seen == ["one", "stopped"]


async def test_a_press_before_the_first_step_counts() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    task = asyncio.create_task(collect(stopping, answer))
    stopping.press()
    assert await task == ["one", "stopped"]


async def test_the_end_of_the_process_is_no_press() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    task = asyncio.create_task(collect(stopping, answer))
    await answer.waits.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert answer.cleaned


async def test_the_end_of_the_process_is_stronger_than_a_press() -> None:
    stopping = Stopping()
    answer = Answer(stopping)
    task = asyncio.create_task(collect(stopping, answer))
    await answer.waits.wait()
    stopping.press()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
