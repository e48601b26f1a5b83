"""Everything that the running bot serves on the web: health, metrics, and the webhook where there is one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import Application, TypeHandler

from bot.settings import Settings
from bot.telegram.app import UPDATES
from bot.telegram.context import Context
from bot.telegram.inbox import polling_bot
from bot.telegram.language import FIRST
from bot.telegram.ordering import PerChatProcessor
from bot.web.health import Check, serve_health
from bot.web.metrics import Metrics
from bot.web.telegram_checks import polling_check, webhook_check
from bot.web.webhook import Webhook


class Site:
    """What `build_application` made, on the web."""

    def __init__(
        self,
        settings: Settings,
        application: "Application[Any, Any, Any, Any, Any, Any]",
        metrics: Metrics,
        *,
        webhook: bool,
    ) -> None:
        self._settings = settings
        self._application = application
        self._metrics = metrics
        self._webhook = self._open_webhook() if webhook else None
        queue, processor = application.update_queue, application.update_processor
        application.add_handler(TypeHandler(Update, self._count), group=FIRST - 1)
        application.add_error_handler(self._count_failure)
        metrics.watch("queued_updates", "Updates that were received and not begun", queue.qsize)
        if not webhook:
            bot = polling_bot(application.bot)
            metrics.watch(
                "telegram_silent_seconds", "Age of the last answer to a poll", lambda: bot.seconds_since_poll
            )
        if isinstance(processor, PerChatProcessor):
            metrics.watch(
                "pending_updates",
                "Updates that are handled or wait for their chat",
                lambda: processor.pending,
            )

    def listen(self) -> None:
        """Take updates from Telegram from now on."""
        if self._webhook is not None:
            self._webhook.listen()

    @asynccontextmanager
    async def served(self, ready: Mapping[str, Check]) -> AsyncIterator[int]:
        """Serve while the block runs, and give the port. Raises `UnavailableError` when it is taken."""
        settings, bot = self._settings, self._application.bot
        telegram = webhook_check(bot, settings.webhook_url) if self._webhook else polling_check(bot)
        routes = [*self._metrics.routes(), *(self._webhook.routes() if self._webhook else ())]
        try:
            async with serve_health(
                settings.web_host, settings.web_port, alive={"telegram": telegram}, ready=ready, routes=routes
            ) as port:
                yield port
        finally:
            if self._webhook is not None:
                await self._webhook.close()

    async def _count(self, update: Update, _context: Context) -> None:
        self._metrics.received(next((kind for kind in UPDATES if getattr(update, kind)), "other"))

    async def _count_failure(self, _update: object, context: Context) -> None:
        self._metrics.broke(context.error)

    def _open_webhook(self) -> Webhook:
        settings = self._settings
        return Webhook(
            self._application.bot,
            self._application.update_queue.put,
            url=settings.require_webhook(),
            secret=settings.webhook_token,
        )
