"""What the running bot does once a day, so that nobody has to."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from bot.assistant.forgetting import Forgetting
from bot.store.store import Store
from retrieval.errors import PlatewiseError
from retrieval.publishing import maintain

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400.0
_UPDATES = timedelta(days=7)
"""How long the ids of updates are kept: Telegram repeats them for a day, and may begin anew after a week."""

Wait = Callable[[float], Awaitable[object]]


@asynccontextmanager
async def kept_tidy(uri: str, every_s: float = _DAY_S) -> AsyncIterator[None]:
    """Compact the knowledge base at `uri` and delete its old versions, every `every_s` seconds while open."""

    async def upkeep() -> None:
        while True:
            await asyncio.sleep(every_s)
            await _attempt("knowledge", maintain(uri))

    async with _beside(upkeep(), "knowledge upkeep"):
        yield


@asynccontextmanager
async def kept_private(
    store: Store, forgetting: Forgetting, *, retention_days: int, wait: Wait = asyncio.sleep
) -> AsyncIterator[None]:
    """Now and once a day while open, delete what is due, and finish erasures that were interrupted.

    Turns are kept for `retention_days`, or for ever with 0. `wait` is what waits for the next day.
    """

    async def upkeep() -> None:
        while True:
            await _attempt("erasure", forgetting.sweep())
            await _attempt("retention", delete_old(store, retention_days))
            await wait(_DAY_S)

    async with _beside(upkeep(), "privacy upkeep"):
        yield


async def delete_old(store: Store, retention_days: int) -> None:
    """Delete turns that were received more than `retention_days` ago (0: none), and old updates' ids.

    Raises `UnavailableError` when the database doesn't answer.
    """
    await store.inbox.prune(_UPDATES)
    if retention_days:
        gone = await store.retention.enforce(timedelta(days=retention_days))
        if gone:
            _LOG.info("retention: %d turns are older than %d days and were deleted", gone, retention_days)
    await store.database.empty_log()


async def _attempt(what: str, work: Awaitable[object]) -> None:
    try:
        await work
    except (PlatewiseError, OSError) as error:
        # Nothing that anybody waits for: tomorrow is another day.
        _LOG.warning("%s upkeep: %s", what, error)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
