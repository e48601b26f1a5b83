"""A whole bot, with a real database, a real knowledge base and the real embedder."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer
from bot.assistant.model import Limits, ModelClient
from bot.assistant.turns import Turns
from bot.settings import Settings
from bot.store.store import Store
from retrieval.embedding import Embedder, load_embedder
from retrieval.index import Index
from retrieval.knowledge.catalogue import load_catalogue
from retrieval.upkeep import bring_up_to_date
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram

QUICK = Limits(connect_s=1.0, first_token_s=1.0, between_tokens_s=1.0, total_s=3.0, retries=0)
"""A model client that gives up early, so that tests of a slow server are quick."""

StartBot = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    """The embedder that ships."""
    loaded = load_embedder()
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def knowledge(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The shipped knowledge base, built once, also where several processes run the tests."""
    folder = tmp_path_factory.getbasetemp()
    uri = str((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "knowledge")
    asyncio.run(bring_up_to_date(uri, embedder, load_catalogue()))
    return uri


@pytest.fixture
async def index(knowledge: str, embedder: Embedder) -> AsyncIterator[Index]:
    """The shipped knowledge base, opened."""
    opened = await Index.open(knowledge, embedder)
    yield opened
    opened.close()


@pytest.fixture
async def assistant(index: Index, model: FakeModel) -> AsyncIterator[Assistant]:
    """The assistant, asking the fake model server."""
    client = ModelClient(model.url, limits=QUICK)
    yield Assistant(index, client)
    await client.aclose()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store in a file."""
    opened = Store.open(f"sqlite+aiosqlite:///{tmp_path / 'platewise.db'}")
    await opened.database.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def proposer() -> Proposer | None:
    """Nobody reads messages beside the rules; tests of those who do put one here."""
    return None


@pytest.fixture
def more_settings() -> dict[str, Any]:
    """No settings but the necessary ones; tests of others put them here."""
    return {}


@pytest.fixture
def bot_settings(telegram: FakeTelegram, tmp_path: Path, more_settings: dict[str, Any]) -> Settings:
    """The settings of the bot that `start_bot` starts; nothing of whoever runs the tests is in them."""
    return Settings(
        telegram_token=telegram.token,
        telegram_api=telegram.url,
        data=tmp_path,
        messages_per_second=0,  # the fake server refuses nothing unless it is told to
        _env_file=None,
        **more_settings,
    )


@pytest.fixture
def start_bot(
    bot_settings: Settings,
    assistant: Assistant,
    proposer: Proposer | None,
) -> StartBot:
    """Start the whole bot against the fake servers; started again, it finds what the last one left."""
    from bot.telegram.app import build_application, polling

    @asynccontextmanager
    async def start() -> AsyncIterator[Store]:
        store = Store.open(bot_settings.database)
        await store.database.migrate()
        application = build_application(bot_settings, store, Turns(assistant, store, proposer))
        try:
            async with polling(application, admins=bot_settings.admins):
                yield store
        finally:
            await store.close()

    return start
