"""One writer at a time for a knowledge base in a local folder."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from retrieval.errors import UnavailableError

WRITING = ".write.lock"
ADDING = ".add.lock"

_WAIT_S = 600.0


@asynccontextmanager
async def locked(uri: str, lock: str = WRITING) -> AsyncIterator[None]:
    """Hold a lock of the knowledge base at `uri`; the folder is made first where it isn't there.

    The system lets go of it when the process dies, however it dies. Object storage has no such lock: there, let
    one process write at a time. Raises `UnavailableError` when the folder can't be written, or somebody else
    writes for more than ten minutes.
    """
    if "://" in uri:
        yield
        return
    folder = Path(uri)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        handle = (folder / lock).open("a")
    except OSError as error:
        raise UnavailableError(f"knowledge: can't write in the folder {folder}: {error.strerror}") from error
    with handle:
        try:
            async with asyncio.timeout(_WAIT_S):
                while not _try_lock(handle.fileno()):  # noqa: ASYNC110 - another process holds it: nothing to await on
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise UnavailableError(f"knowledge: another process has been writing to {uri} for long") from None
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
