"""The real clients, pointed at the fakes."""

from collections.abc import AsyncIterator

import openai
import pytest
from telegram import Bot

from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram


@pytest.fixture(autouse=True)
def _time_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, python-telegram-bot 22 warns whenever Telegram says how long to wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(
        telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot"
    ) as bot:
        yield bot


@pytest.fixture
async def client(model: FakeModel) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=f"{model.url}/v1",
        api_key="none",
        max_retries=0,
        timeout=5.0,
        http_client=openai.DefaultAioHttpClient(),
    ) as client:
        yield client
