"""Parts of the bot on their own, which need no knowledge base and no model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from telegram.ext import ApplicationBuilder

from bot.settings import Settings
from bot.store.store import Store
from bot.telegram.prefs import PrefsHandlers
from bot.telegram.services import Services
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot


@pytest.fixture
def start_prefs(telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StartBot:
    """Start the handlers of `/prefs` alone; started again, they find the same store. A failure of theirs is raised."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    settings = Settings(
        telegram_token=telegram.token, telegram_api=telegram.url, data=tmp_path, _env_file=None
    )

    @asynccontextmanager
    async def start() -> AsyncIterator[Store]:
        failures: list[Exception] = []

        async def failed(_update: object, context: Any) -> None:
            failures.append(context.error)

        store = Store.open(settings.database)
        await store.database.migrate()
        application = ApplicationBuilder().token(telegram.token).base_url(f"{telegram.url}/bot").build()
        application.add_handlers(PrefsHandlers(Services(store, cast("Any", None), settings)).handlers())
        application.add_error_handler(failed)
        assert application.updater is not None
        try:
            async with application:
                await application.start()
                await application.updater.start_polling()
                try:
                    yield store
                finally:
                    await application.updater.stop()
                    await application.stop()
        finally:
            await store.close()
        assert not failures, failures

    return start
