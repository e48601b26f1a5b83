"""Processes that do the two passes, fed in order and read in order, so that how many there are changes no byte."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from retrieval.errors import UnavailableError
from training.dataset.options import ExportOptions
from training.dataset.stage import Passes

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_mine: Passes | None = None
"""This worker's passes."""


class Workers:
    """Does calls of `Passes`; here when there are no processes."""

    def __init__(self, passes: Passes | None, pool: ProcessPoolExecutor | None, count: int) -> None:
        self._passes, self._pool, self._count = passes, pool, count

    def map(self, call: Callable[[Passes, _In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
        """Yield what `call` returns for each item, in order, some items ahead of the reader.

        Raises what it raises, and `UnavailableError` when a process has died.
        """
        if self._pool is None:
            for item in items:
                assert self._passes is not None  # noqa: S101 - one of both is there
                yield call(self._passes, item)
            return
        under_way: deque[Future[_Out]] = deque()
        try:
            for item in items:
                under_way.append(self._pool.submit(_do, call, item))
                if len(under_way) > 2 * self._count:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as error:
            raise UnavailableError(
                "a process that made the dataset was killed, perhaps for want of memory; nothing was written, try again"
            ) from error


@contextmanager
def workers(options: ExportOptions, count: int) -> Iterator[Workers]:
    """Start `count` processes; 0 does all in this one."""
    if not count:
        yield Workers(Passes(options), None, 0)
        return
    how = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    # Threads of this process, of Telegram's loop above all, must not be forked.
    context = multiprocessing.get_context(how)
    # A mapping that can't be changed can't be sent either.
    sent = replace(options, shares=dict(options.shares), selection=dict(options.selection))
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(sent,))
    try:
        yield Workers(None, pool, count)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(options: ExportOptions) -> None:
    global _mine  # noqa: PLW0603 - what a process pool offers
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # there is a process for each core already
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _mine = Passes(options)


def _end_with_parent() -> None:
    """End when the parent was killed: nobody would tell this process to, and it would wait for work for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _do(call: Callable[[Passes, Any], _Out], item: Any) -> _Out:
    assert _mine is not None  # noqa: S101 - `_begin` has run
    return call(_mine, item)
