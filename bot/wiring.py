"""How the parts are put together, from settings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.assistant.assistant import Assistant, hear
from bot.assistant.model import ModelClient
from bot.logs import quieten_libraries
from bot.settings import Settings
from bot.store.store import Store
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError


@asynccontextmanager
async def open_assistant(
    settings: Settings, *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> AsyncIterator[Assistant]:
    """Open the knowledge base (made first if it is missing or out of date) and the model client."""
    quieten_libraries()
    # Imported here: PyTorch and LanceDB cost seconds that other commands needn't pay.
    from retrieval.embedding import load_embedder
    from retrieval.index import Index
    from retrieval.knowledge.catalogue import load_catalogue, passages

    catalogue = await asyncio.to_thread(load_catalogue)
    embedder = await asyncio.to_thread(load_embedder, settings.embedder)
    # The first sentence loads the lexicon's tables; nobody should wait for that in a turn.
    await asyncio.to_thread(hear, "I can't eat nuts. How much protein is in lentils?", Preferences())
    model = open_model(settings)
    try:
        index = await Index.build(
            settings.knowledge_uri,
            embedder,
            await asyncio.to_thread(passages, catalogue),
            catalogue.digest,
            progress=progress,
        )
        try:
            yield Assistant(index, model)
        finally:
            index.close()
    finally:
        await model.aclose()
        embedder.close()


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
