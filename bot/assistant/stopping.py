"""A person's wish to hear no more of an answer that is being written."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, TypeVar

_T = TypeVar("_T")


class Stopping:
    """Interrupts one answer.

    The answer's generator runs in steps, each in a task of its own; `press` cancels the step that is under way, so that
    whatever it waits for (the model's next word above all) is let go at once. The generator takes that for a last word:
    see `taken`.
    """

    def __init__(self) -> None:
        self._pressed = False
        self._step: asyncio.Task[Any] | None = None

    @property
    def pressed(self) -> bool:
        """Whether the person wants it to end."""
        return self._pressed

    def press(self) -> None:
        """End the answer. Pressing again changes nothing."""
        if not self._pressed:
            self._pressed = True
            if self._step is not None:
                self._step.cancel()

    def taken(self) -> bool:
        """Tell the generator whether the `CancelledError` that it caught is the press: then it may go on and finish."""
        task = asyncio.current_task()
        return self._pressed and task is not None and task.uncancel() == 0

    async def steps(self, events: AsyncGenerator[_T, None]) -> AsyncGenerator[_T, None]:
        """Yield what `events` yields."""
        async with aclosing(events):
            while True:
                step = self._step = asyncio.create_task(_next(events), name="answer")
                try:
                    event = await step
                except asyncio.CancelledError:
                    task = asyncio.current_task()
                    if not self._pressed or (task is not None and task.cancelling()):
                        raise
                    continue  # the step was cancelled before it began: the next one sees `pressed`
                if isinstance(event, _End):
                    return
                yield event


class _End:
    """What a generator gives that has nothing more to give."""


_END = _End()


async def _next(events: AsyncGenerator[_T, None]) -> _T | _End:
    try:
        return await anext(events)
    except StopAsyncIteration:
        return _END
