"""Updates of one chat in the order in which they came; chats side by side."""

import asyncio
import inspect
import sys
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor


@dataclass(slots=True)
class _Line:
    """The updates of one chat: the one that holds `turn` is handled, the others wait first come, first served."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class PerChatProcessor(BaseUpdateProcessor):
    """Handles the updates of a chat one at a time and in order, and up to `max_concurrent` chats at once.

    Only the update at the head of its chat's line takes one of the `max_concurrent` places, so a flood in one
    chat holds no other chat back. An update without a chat queues by its user, one without either in one line
    that all such updates share. Nothing is kept about a chat that has no update here.

    Raises `ValueError` when `max_concurrent` is below 1.
    """

    __slots__ = ("_lines", "_pending", "_places")

    def __init__(self, max_concurrent: int) -> None:
        if max_concurrent < 1:
            raise ValueError(f"PerChatProcessor: max_concurrent is {max_concurrent}; it must be 1 or more")
        # The base class takes one of its places before it calls us, for updates that only wait, too.
        super().__init__(max_concurrent_updates=sys.maxsize)
        self._places = asyncio.Semaphore(max_concurrent)
        self._lines: dict[int | None, _Line] = {}
        self._pending = 0

    @property
    def pending(self) -> int:
        """Updates that are being handled or wait for it."""
        return self._pending

    @property
    def active_chats(self) -> int:
        """Chats (and other lines) that have at least one such update."""
        return len(self._lines)

    def idle(self, chat_id: int) -> bool:
        """Return whether no update of this chat is being handled or waits for it."""
        return chat_id not in self._lines

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await `coroutine` when it is the update's turn; close it unawaited when we are cancelled before."""
        key = _line_of(update)
        # No await before the lock: tasks start in the order in which the updates came.
        line = self._lines.setdefault(key, _Line())
        line.length += 1
        self._pending += 1
        try:
            async with line.turn, self._places:
                await coroutine
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # changes nothing once it has run
            self._pending -= 1
            line.length -= 1
            if not line.length:
                del self._lines[key]

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: the application has awaited every update before it calls this."""


def _line_of(update: object) -> int | None:
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return update.effective_chat.id
    # A private chat has its user's id, so an inline query queues with that user's messages.
    return update.effective_user.id if update.effective_user is not None else None
