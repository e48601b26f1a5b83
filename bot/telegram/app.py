"""The Telegram application: what there is, in the order in which it is asked."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, Updater

from bot.assistant.turns import Turns
from bot.messages import say
from bot.settings import PREFIX, Settings
from bot.store.store import Store
from bot.telegram.access import GROUP, Gate
from bot.telegram.answers import AnswerHandlers
from bot.telegram.conversation import ConversationHandlers
from bot.telegram.errors import ErrorHandler
from bot.telegram.fallback import FallbackHandlers
from bot.telegram.http import AiohttpRequest
from bot.telegram.inbox import DurableProcessor, DurableQueue, PollingBot
from bot.telegram.limits import ChatLimiter, Rates
from bot.telegram.prefs import PrefsHandlers
from bot.telegram.services import Services
from retrieval.errors import BadInputError

_LOG = logging.getLogger(__name__)

CHATS_AT_ONCE = 256
"""Chats whose updates are handled at the same time; most of them wait for the model."""

RATES = Rates()
"""How much the bot sends."""

CONNECTIONS = 32
"""Calls to Telegram at the same time; more cost CPU time and gain nothing at 30 messages a second."""

STOP_S = 8.0
"""How long a stop waits for answers that are being written: service managers often kill after ten seconds."""

UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]
_COMMANDS = ("start", "help", "prefs", "new")
_POLL_S = 30


def build_application(
    settings: Settings, store: Store, turns: Turns
) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Put the bot together. Raises `BadInputError` when the token is missing or malformed."""
    # PTB's coming default for waits after a flood; the old one warns at each.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    bot = PollingBot(
        token=settings.require_token(),
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=AiohttpRequest(connections=CONNECTIONS),
        rate_limiter=ChatLimiter(RATES),
        # Polls wait for `_POLL_S` on the server's side, so they have a client of their own that waits longer.
        get_updates_request=AiohttpRequest(connections=2, read_s=_POLL_S + 10.0),
    )
    queue = DurableQueue(store.inbox)
    application = (
        ApplicationBuilder()
        .updater(Updater(bot, update_queue=queue))
        .concurrent_updates(DurableProcessor(store.inbox, max_concurrent=CHATS_AT_ONCE))
        .build()
    )
    services = Services(store, turns, settings)
    application.add_handler(Gate(settings.allowed_users).handler(), group=GROUP)
    for topic in (
        ConversationHandlers(services),
        PrefsHandlers(services),
        AnswerHandlers(services),
        FallbackHandlers(),
    ):
        application.add_handlers(topic.handlers())
    application.add_error_handler(ErrorHandler(store.conversations).handle)
    return application


@asynccontextmanager
async def polling(application: "Application[Any, Any, Any, Any, Any, Any]") -> AsyncIterator[None]:
    """Handle updates until the block ends; what is under way then is finished or kept for the next start.

    Waits for a Telegram that can't be reached. Raises `BadInputError` when Telegram refuses the token.
    """
    await _connect(application)
    try:
        updater, queue = application.updater, application.update_queue
        if updater is None or not isinstance(queue, DurableQueue):
            raise AssertionError("build_application made this application")
        await application.start()
        try:
            if waiting := await queue.restore(application.bot):
                _LOG.info("%d updates from before the restart", waiting)
            await updater.start_polling(
                timeout=_POLL_S, bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=_polling_failed
            )
            await _announce(application)
            yield
        finally:
            if updater.running:
                await updater.stop()
            await _stop(application)
    finally:
        await application.shutdown()


async def _stop(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Let what is under way finish for `STOP_S`; park the rest."""
    stopping = asyncio.create_task(application.stop(), name="stop")
    done, _ = await asyncio.wait([stopping], timeout=STOP_S)
    processor = application.update_processor
    if not done and isinstance(processor, DurableProcessor):
        _LOG.warning("what isn't finished after %.0f s is handled after the next start", STOP_S)
        await processor.park()
    await stopping


async def _connect(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    pause_s = 1.0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise BadInputError(
                f"{PREFIX}TELEGRAM_TOKEN was refused by Telegram; check it with @BotFather"
            ) from None
        except NetworkError as error:
            _LOG.warning("Telegram can't be reached (%s); again in %.0f s", type(error).__name__, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 30.0)
        else:
            return


async def _announce(application: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    """Tell Telegram our commands, for its menu. The bot works without it."""
    try:
        await application.bot.set_my_commands(
            [BotCommand(name, say(f"command_{name}")) for name in _COMMANDS]
        )
    except TelegramError as error:
        _LOG.warning("the command menu could not be set: %s", type(error).__name__)


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _LOG.error("another process polls with the same token; stop it, or give this one a token of its own")
    else:
        _LOG.warning("polling: %s", type(error).__name__)
