"""`platewise run`: the Telegram bot, until it is told to stop."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer
from bot.assistant.forgetting import Forgetting
from bot.logs import set_up_logging
from bot.settings import Settings
from bot.store.export import Exports
from bot.store.store import Store
from bot.upkeep import kept_private, kept_tidy
from bot.web.checks import database_check, knowledge_check, model_check
from bot.wiring import open_assistant, open_store

_LOG = logging.getLogger(__name__)


def run(*, webhook: bool = False) -> int:
    """Poll Telegram, or have it post to the webhook, until SIGINT or SIGTERM."""
    settings = Settings.read()
    settings.require_token()
    if webhook:
        settings.require_webhook()
    set_up_logging()

    async def opened() -> int:
        async with open_store(settings) as store, open_assistant(settings) as assistant:
            return await serve(settings, store, assistant, webhook=webhook)

    return asyncio.run(opened())


async def serve(settings: Settings, store: Store, assistant: Assistant, *, webhook: bool = False) -> int:
    """Run the bot until the process is told to stop; then finish what is under way.

    Raises `BadInputError` for a setting that Telegram refuses, `UnavailableError` when the port is taken.
    """
    # Imported here: `chat` and `ask` need no Telegram library.
    from bot.telegram.app import build_application, polling, receiving
    from bot.web.metrics import MeasuredTurns, Metrics
    from bot.web.site import Site

    metrics = Metrics()
    turns = MeasuredTurns(metrics, assistant, store, Proposer(assistant.model))
    application = build_application(settings, store, turns, observe=metrics.called)
    async with _told_to_stop() as stop, AsyncExitStack() as stack:
        ready = {
            "model": model_check(assistant.model),
            "database": database_check(store),
            "knowledge": knowledge_check(assistant.index),
        }
        site = Site(settings, application, metrics, webhook=webhook)
        if settings.web_port:
            await stack.enter_async_context(site.served(ready))
        await stack.enter_async_context(
            receiving(application, settings, site.listen)
            if webhook
            else polling(application, admins=settings.admins)
        )
        await stack.enter_async_context(kept_tidy(settings.knowledge_uri))
        forgetting = Forgetting(store, Exports(settings.data))
        private = kept_private(store, forgetting, retention_days=settings.retention_days)
        await stack.enter_async_context(private)
        _LOG.info("ready: %d passages", (await assistant.index.snapshot()).change.passages)
        await stop()
        _LOG.info("stopping: what is under way is finished first")
    return 0


@asynccontextmanager
async def _told_to_stop() -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Give what waits for SIGINT or SIGTERM. One that comes before anybody waits ends the block as it is.

    So a bot that is still waiting for Telegram, or for anything else that a start needs, can be stopped, too.
    """
    told, starting = asyncio.Event(), asyncio.current_task()

    def tell() -> None:
        if starting is not None and not told.is_set():
            starting.cancel()
        told.set()

    async def wait() -> None:
        nonlocal starting
        starting = None
        await told.wait()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell)
    try:
        yield wait
    except asyncio.CancelledError:
        if starting is None or not told.is_set():
            raise
        starting.uncancel()
        _LOG.info("stopped before everything was there")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
