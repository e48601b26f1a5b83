"""How the parts are put together, from settings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.assistant.adapters import Adapters
from bot.assistant.assistant import Assistant, hear
from bot.assistant.model import ModelClient
from bot.logs import quieten_libraries
from bot.settings import Settings
from bot.store.store import Store
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

if TYPE_CHECKING:
    from retrieval.embedding import Embedder
    from retrieval.index import Index
    from retrieval.staging import Progress


@asynccontextmanager
async def open_embedder(settings: Settings) -> AsyncIterator["Embedder"]:
    """Load the embedder, and close it afterwards."""
    quieten_libraries()
    # Imported here: what turns text into vectors costs time that other commands needn't pay.
    from threadpoolctl import threadpool_limits

    from retrieval.embedding import load_embedder

    # A search's matrix products are too small to share out, and OpenBLAS' other threads spin for 100 ms after each.
    threadpool_limits(1, user_api="blas")

    key = settings.embedder_key.get_secret_value()
    embedder = await asyncio.to_thread(partial(load_embedder, settings.embedder, key=key))
    try:
        yield embedder
    finally:
        await asyncio.to_thread(embedder.close)


@asynccontextmanager
async def open_knowledge(
    settings: Settings, *, progress: Callable[["Progress"], None] = lambda _progress: None
) -> AsyncIterator["Index"]:
    """Open the knowledge base, made first if it is missing, and brought up to date with the program."""
    async with open_embedder(settings) as embedder:
        from retrieval.index import Index
        from retrieval.knowledge.catalogue import load_catalogue
        from retrieval.upkeep import bring_up_to_date

        catalogue = await asyncio.to_thread(load_catalogue)
        await bring_up_to_date(settings.knowledge_uri, embedder, catalogue, progress)
        index = await Index.open(settings.knowledge_uri, embedder)
        try:
            yield index
        finally:
            index.close()


@asynccontextmanager
async def open_assistant(
    settings: Settings, *, progress: Callable[["Progress"], None] = lambda _progress: None
) -> AsyncIterator[Assistant]:
    """Open the knowledge base and the model client."""
    async with open_knowledge(settings, progress=progress) as index:
        # The first sentence loads the lexicon's tables; nobody should wait for that in a turn.
        await asyncio.to_thread(hear, "I can't eat nuts. How much protein is in lentils?", Preferences())
        model = open_model(settings)
        try:
            await asyncio.to_thread(Adapters(model, settings.data).restore)
            yield Assistant(index, model)
        finally:
            await model.aclose()


def open_model(settings: Settings) -> ModelClient:
    """Return the client of the model server; it connects when it is first asked."""
    return ModelClient(settings.model_url, key=settings.model_key.get_secret_value(), model=settings.model)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Open the database, brought to the newest schema."""
    if not settings.database_url:
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInputError(
                f"PLATEWISE_DATA: can't make the folder {settings.data}: {error.strerror}; choose another"
            ) from error
    store = Store.open(settings.database)
    try:
        await store.database.migrate()
        yield store
    finally:
        await store.close()
