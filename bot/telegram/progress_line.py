"""One message that shows how far something is that takes a while."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from telegram import Message
from telegram.error import TelegramError

from bot.telegram.delivery import persistently

PROGRESS_S = 3.0
"""Seconds between two words on how far it is."""

_State = TypeVar("_State")


@asynccontextmanager
async def progress_line(
    message: Message, begun: str, said: Callable[[_State], str]
) -> AsyncIterator[Callable[[_State], None]]:
    """Answer with `begun`; yields what may be told, from any thread, how far it is: `said` puts that into words.

    A word that is lost is no failure.
    """
    latest: list[_State] = []
    line = await persistently(partial(message.reply_text, begun))

    async def show() -> None:
        shown = begun
        while True:
            await asyncio.sleep(PROGRESS_S)
            if not latest:
                continue
            text = said(latest[-1])
            if text != shown:
                with suppress(TelegramError):
                    await line.edit_text(text)
                shown = text

    def told(state: _State) -> None:
        latest[:] = [state]

    task = asyncio.create_task(show(), name="progress")
    try:
        yield told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
