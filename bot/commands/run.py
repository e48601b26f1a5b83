"""`platewise run`: the Telegram bot, until it is told to stop."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack

from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer
from bot.assistant.turns import Turns
from bot.logs import set_up_logging
from bot.settings import Settings
from bot.store.store import Store
from bot.upkeep import kept_tidy
from bot.web.checks import database_check, knowledge_check, model_check, polling_check
from bot.web.health import serve_health
from bot.wiring import open_assistant, open_store

_LOG = logging.getLogger(__name__)


def run() -> int:
    """Poll Telegram until SIGINT or SIGTERM."""
    settings = Settings.read()
    settings.require_token()
    set_up_logging()

    async def opened() -> int:
        async with open_store(settings) as store, open_assistant(settings) as assistant:
            return await serve(settings, store, assistant)

    return asyncio.run(opened())


async def serve(settings: Settings, store: Store, assistant: Assistant) -> int:
    """Run the bot until the process is told to stop; then finish what is under way."""
    # Imported here: `chat` and `ask` need no Telegram library.
    from bot.telegram.app import build_application, polling

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        application = build_application(settings, store, Turns(assistant, store, Proposer(assistant.model)))
        parts = {
            "model": model_check(assistant.model),
            "database": database_check(store),
            "knowledge": knowledge_check(assistant.index),
        }
        if settings.web_port:
            alive = {"telegram": polling_check(application.bot)}
            await stack.enter_async_context(
                serve_health(settings.web_host, settings.web_port, alive=alive, ready=parts)
            )
        await stack.enter_async_context(polling(application))
        await stack.enter_async_context(kept_tidy(settings.knowledge_uri))
        _LOG.info("ready: %d passages", (await assistant.index.snapshot()).change.passages)
        await stop.wait()
        _LOG.info("stopping: what is under way is finished first")
    return 0
