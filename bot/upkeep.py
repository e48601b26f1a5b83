"""What the running bot does once a day, so that nobody has to."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from retrieval.errors import PlatewiseError
from retrieval.publishing import maintain

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400.0


@asynccontextmanager
async def kept_tidy(uri: str, every_s: float = _DAY_S) -> AsyncIterator[None]:
    """Compact the knowledge base at `uri` and delete its old versions, every `every_s` seconds while open."""
    task = asyncio.create_task(_keep_tidy(uri, every_s), name="knowledge upkeep")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep_tidy(uri: str, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await maintain(uri)
        except PlatewiseError as error:
            # Nothing that anybody waits for: what is there is served on, and tomorrow is another day.
            _LOG.warning("knowledge upkeep: %s", error)
