"""An event loop in a thread of its own, for a client that must outlive the loops of its callers."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """Runs coroutines for callers on any thread or event loop, so that connections needn't belong to one of theirs."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()
        self._closing = False
        self._lock = Lock()

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start `work`; cancelling what is returned cancels it. Raises `RuntimeError` when closed."""
        # Under the lock, as work that came after the end's list of what to cancel would be waited for in vain.
        with self._lock:
            if not self._closing:
                return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        raise RuntimeError("the loop is closed")

    def close(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Cancel what still runs, run `last`, and end the thread. Does nothing the second time."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            ended = asyncio.run_coroutine_threadsafe(_ended(last), self._loop)
        ended.result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _ended(last: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    if last is not None:
        await last()
