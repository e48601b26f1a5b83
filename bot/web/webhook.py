"""Where Telegram posts updates: stored before they are acknowledged, so that none is lost."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update

_LOG = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

BODY_S = 10.0
"""How long a body may take to arrive; then whoever sends it is gone, and would hold a place here for ever."""

STORE_S = 10.0
"""How long Telegram waits for us to store an update; then it is told to come again."""


class Webhook:
    """Takes updates from Telegram alone, which shows `secret`, and hands them to `put`, which returns once stored."""

    def __init__(self, bot: Bot, put: Callable[[Update], Awaitable[None]], *, url: str, secret: str) -> None:
        self._bot = bot
        self._put = put
        self._path = urlsplit(url).path
        self._secret = secret.encode()
        self._storing: dict[int, asyncio.Task[None]] = {}
        self._listens = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Return what to serve: the path of the webhook's address."""
        return [web.post(self._path, self.receive)]

    def listen(self) -> None:
        """Take updates from now on. Before, an update could overtake those that an earlier process has left."""
        self._listens.set()

    async def receive(self, request: web.Request) -> web.Response:
        """Store an update, and say 200.

        403 to strangers, 408 to a body that doesn't come, 400 for what is no update, 503 when it can't be stored.
        """
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(BODY_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        update = self._read(body)
        if update is None:
            _LOG.warning("webhook: %d bytes that are no update", len(body))
            return web.Response(status=400)
        try:
            await self._store(update)
        except Exception as error:  # noqa: BLE001 - whatever kept it from being stored, Telegram still has it
            _LOG.error("webhook: update %d could not be stored: %s", update.update_id, type(error).__name__)
            return web.Response(status=503)
        return web.Response()

    async def close(self) -> None:
        """End what is still being stored; Telegram was told that it isn't, and posts it again."""
        for task in self._storing.values():
            task.cancel()
        if self._storing:
            await asyncio.wait(self._storing.values())

    def _read(self, body: bytes) -> Update | None:
        try:
            content = json.loads(body)
            if not isinstance(content, dict) or not isinstance(content.get("update_id"), int):
                return None
            return Update.de_json(content, self._bot)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    async def _store(self, update: Update) -> None:
        """Wait until an update is stored, `STORE_S` at most.

        What has begun goes on: ended half-way, the update might be stored and yet never be handled before a restart.
        Telegram's next try waits for the same work.
        """
        async with asyncio.timeout(STORE_S):
            await self._listens.wait()
            task = self._storing.get(update.update_id)
            if task is None:
                task = self._storing[update.update_id] = asyncio.ensure_future(self._put(update))
                task.add_done_callback(lambda _task: self._storing.pop(update.update_id, None))
            await asyncio.shield(task)
