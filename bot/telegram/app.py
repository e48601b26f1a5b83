"""The Telegram application: what there is, in the order in which it is asked."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, Defaults, Updater

from bot.assistant.turns import Turns
from bot.settings import PREFIX, Settings
from bot.store.store import Store
from bot.telegram.access import GROUP, Gate
from bot.telegram.admin import COMMANDS as ADMIN_COMMANDS
from bot.telegram.admin import AdminHandlers
from bot.telegram.admin_export import ExportHandlers
from bot.telegram.admin_knowledge import KnowledgeHandlers
from bot.telegram.answers import AnswerHandlers
from bot.telegram.consent import ConsentHandlers
from bot.telegram.conversation import ConversationHandlers
from bot.telegram.counted import CountedRequest, Observe
from bot.telegram.delivery import persistently
from bot.telegram.drafts import Drafts
from bot.telegram.errors import ErrorHandler
from bot.telegram.fallback import FallbackHandlers
from bot.telegram.form import FormHandlers
from bot.telegram.groups import COMMANDS as GROUP_COMMANDS
from bot.telegram.groups import GroupHandlers
from bot.telegram.http import AiohttpRequest
from bot.telegram.inbox import DurableProcessor, DurableQueue, PollingBot
from bot.telegram.language import FIRST, LanguageHandlers, telegrams_language
from bot.telegram.limits import ChatLimiter, Rates
from bot.telegram.menu import Menu, announce
from bot.telegram.mydata import MyDataHandlers
from bot.telegram.prefs import PrefsHandlers
from bot.telegram.services import Services
from retrieval.errors import BadInputError

_LOG = logging.getLogger(__name__)

CHATS_AT_ONCE = 256
"""Chats whose updates are handled at the same time; most of them wait for the model."""

CONNECTIONS = 32
"""Calls to Telegram at the same time; more cost CPU time and gain nothing at 30 messages a second."""

STOP_S = 7.0
"""How long a stop waits for answers that are being written: service managers often kill after ten seconds."""

UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]
_COMMANDS = ("start", "help", "prefs", "new", "why", "chart", "language", "privacy", "mydata", "forget")
_POLL_S = 30
_ANNOUNCE_S = 15.0
_LAST_POLL_S = 1.0


def build_application(
    settings: Settings, store: Store, turns: Turns, *, observe: Observe = lambda _method, _status: None
) -> "Application[Any, Any, Any, Any, Any, Any]":
    """Put the bot together; `observe` is told of each call to Telegram, polls left out.

    Raises `BadInputError` when the token is missing or malformed.
    """
    # PTB's coming default for waits after a flood; the old one warns at each.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    queue = DurableQueue(store.inbox)
    bot = PollingBot(
        queue.store_together,
        token=settings.require_token(),
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=CountedRequest(observe, connections=CONNECTIONS),
        # Who deletes a question in a group is answered all the same.
        defaults=Defaults(allow_sending_without_reply=True),
        rate_limiter=ChatLimiter(Rates.of(settings.messages_per_second)),
        # Polls wait for `_POLL_S` on the server's side, which PTB adds to what this client waits.
        get_updates_request=AiohttpRequest(connections=2),
    )
    application = (
        ApplicationBuilder()
        .updater(Updater(bot, update_queue=queue))
        .concurrent_updates(DurableProcessor(store.inbox, max_concurrent=CHATS_AT_ONCE))
        .build()
    )
    services = Services(store, turns, settings, drafts=Drafts(on=settings.drafts))
    form = FormHandlers(services)
    application.add_handler(telegrams_language(), group=FIRST)
    application.add_handler(Gate(services).handler(), group=GROUP)
    for topic in (
        GroupHandlers(_COMMANDS),
        AdminHandlers(services),
        ExportHandlers(services),
        KnowledgeHandlers(services),
        ConversationHandlers(services, form),
        form,
        ConsentHandlers(services),
        PrefsHandlers(services),
        LanguageHandlers(services),
        MyDataHandlers(services),
        AnswerHandlers(services, form),
        FallbackHandlers(services),
    ):
        application.add_handlers(topic.handlers())
    application.add_error_handler(ErrorHandler(store.conversations).handle)
    return application


@asynccontextmanager
async def polling(
    application: "Application[Any, Any, Any, Any, Any, Any]", *, admins: AbstractSet[int] = frozenset()
) -> AsyncIterator[None]:
    """Fetch and handle updates until the block ends; what is under way then is finished or kept for the next start.

    Waits for a Telegram that can't be reached. Raises `BadInputError` when Telegram refuses the token.
    """
    updater = application.updater
    if updater is None:
        raise AssertionError("build_application made this application")
    async with _handling(application):
        try:
            await updater.start_polling(
                timeout=_POLL_S, bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=_polling_failed
            )
            await _announce(application, admins)
            yield
        finally:
            await _stop_polling(updater)


@asynccontextmanager
async def receiving(
    application: "Application[Any, Any, Any, Any, Any, Any]", settings: Settings, listen: Callable[[], None]
) -> AsyncIterator[None]:
    """Handle the updates that are put into the queue, and have Telegram post them to the webhook.

    `listen` is called when it may take them: those from before the restart come first.

    The webhook stays set afterwards: Telegram keeps what comes meanwhile, and posts it when we are back. Raises
    `BadInputError` when Telegram refuses the token or the webhook's address.
    """
    async with _handling(application):
        listen()
        await _set_webhook(application, settings)
        await _announce(application, settings.admins)
        yield


@asynccontextmanager
async def _handling(application: "Application[Any, Any, Any, Any, Any, Any]") -> AsyncIterator[None]:
    """Handle what is in the queue, beginning with what an earlier process left there."""
    try:
        await _connect(application)
    except BaseException:
        await application.bot.shutdown()  # the application does that only for a start that came to its end
        raise
    try:
        queue = application.update_queue
        if not isinstance(queue, DurableQueue):
            raise TypeError("build_application made this application")
        await application.start()
        try:
            if waiting := await queue.restore(application.bot):
                _LOG.info("%d updates from before the restart", waiting)
            yield
        finally:
            await _stop(application)
    finally:
        await application.shutdown()


async def _stop_polling(updater: Updater) -> None:
    """Fetch nothing more.

    PTB's last words to Telegram, which updates we have, may be lost: those that come again are known.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_POLL_S):
            if updater.running:
                await updater.stop()


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


async def _set_webhook(application: "Application[Any, Any, Any, Any, Any, Any]", settings: Settings) -> None:
    url = settings.require_webhook()
    try:
        await persistently(
            lambda: application.bot.set_webhook(
                url,
                secret_token=settings.webhook_token,
                allowed_updates=UPDATES,
                max_connections=CONNECTIONS,
            )
        )
    except BadRequest as error:
        raise BadInputError(f"{PREFIX}WEBHOOK_URL was refused by Telegram: {error.message}") from None


async def _announce(
    application: "Application[Any, Any, Any, Any, Any, Any]", admins: AbstractSet[int]
) -> None:
    """Set the menus: of private chats, of groups, and of the administrators' own chats. The bot works without."""
    menus = [
        Menu(_COMMANDS, BotCommandScopeAllPrivateChats()),
        Menu(tuple(name for name in _COMMANDS if name in GROUP_COMMANDS), BotCommandScopeAllGroupChats()),
        *(Menu((*_COMMANDS, *ADMIN_COMMANDS), BotCommandScopeChat(person)) for person in sorted(admins)),
    ]
    try:
        async with asyncio.timeout(_ANNOUNCE_S):
            await announce(application.bot, menus)
    except TimeoutError:
        _LOG.warning("the menus could not be set within %.0f s", _ANNOUNCE_S)


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _LOG.error("another process polls with the same token; stop it, or give this one a token of its own")
    else:
        _LOG.warning("polling: %s", type(error).__name__)
