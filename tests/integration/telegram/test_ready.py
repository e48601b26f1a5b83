"""`/readyz`: each part that is away is named, and well again when it is back."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.assistant.model import ModelClient
from bot.store.store import Store
from bot.web.checks import database_check, knowledge_check, model_check
from bot.web.health import Check, run_checks
from retrieval.embedding import Embedder
from retrieval.index import Index
from tests.fakes.model import FakeModel
from tests.integration.conftest import QUICK


@pytest.fixture
async def checks(
    model: FakeModel, store: Store, knowledge: str, embedder: Embedder, tmp_path: Path
) -> AsyncIterator[dict[str, Check]]:
    """The checks of a bot with a knowledge base of its own."""
    shutil.copytree(knowledge, tmp_path / "knowledge")
    index = await Index.open(str(tmp_path / "knowledge"), embedder)
    client = ModelClient(model.url, limits=QUICK)
    yield {
        "model": model_check(client),
        "database": database_check(store),
        "knowledge": knowledge_check(index),
    }
    await client.aclose()
    index.close()


async def wrong(checks: dict[str, Check]) -> list[str]:
    """The parts that aren't there."""
    return [name for name, (works, _) in (await run_checks(checks)).items() if not works]


async def test_a_model_server_that_is_away(checks: dict[str, Check], model: FakeModel) -> None:
    assert await wrong(checks) == []
    await model.stop()
    assert await wrong(checks) == ["model"]
    await model.start()
    assert await wrong(checks) == []


@pytest.mark.parametrize(("part", "name"), [("database", "platewise.db"), ("knowledge", "knowledge")])
async def test_files_that_are_away(checks: dict[str, Check], tmp_path: Path, part: str, name: str) -> None:
    assert await wrong(checks) == []
    (tmp_path / name).rename(tmp_path / "elsewhere")
    assert await wrong(checks) == [part]
    (tmp_path / "elsewhere").rename(tmp_path / name)
    assert await wrong(checks) == []
