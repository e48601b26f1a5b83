"""Ctrl-C while something is being done: that ends, and the talk goes on."""

import asyncio
import signal
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

from bot.commands.chatting.desk import Desk


async def unless_interrupted(desk: Desk, work: Awaitable[None]) -> bool:
    """Do `work` until its end or until Ctrl-C; return whether it came to its end.

    What has a better answer to Ctrl-C than to be given up says so with `Desk.interrupting`. Prompts have keys of their
    own, and take the signal away: after one, Ctrl-C ends the program.
    """
    task, pressed = asyncio.current_task(), False
    if task is None:
        raise AssertionError("the talk runs in a task")

    def give_up() -> None:
        nonlocal pressed
        if not pressed:
            pressed = task.cancel()

    with _on_sigint(desk), desk.interrupting(give_up):
        try:
            await work
        except asyncio.CancelledError:
            if not pressed:
                raise
            task.uncancel()
    return not pressed


@contextmanager
def _on_sigint(desk: Desk) -> Iterator[None]:
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)

    def interrupt() -> None:
        desk.interrupt()  # what it is by then

    loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
