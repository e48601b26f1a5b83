"""Delivery of updates by POST: in order within a chat, chats in parallel, again until the bot says 2xx."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from tests.fakes.serving import JSON
from tests.fakes.telegram.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_CONNECTIONS = 40
ANSWER_TIMEOUT = 60.0  # seconds


@dataclass(slots=True)
class Webhook:
    """One set webhook. `retry_after` is the first wait in seconds after a failure; it doubles up to `slowest`."""

    updates: UpdateQueue
    url: str
    secret: str
    max_connections: int
    retry_after: float
    slowest: float = 2.0
    last_error: str = ""
    last_error_at: int = 0
    _task: asyncio.Task[None] | None = None
    _busy: set[int] = field(default_factory=set)

    def start(self) -> None:
        """Begin to deliver."""
        self._busy.clear()
        self._task = asyncio.create_task(self._run(), name=f"webhook to {self.url}")

    async def stop(self) -> None:
        """Deliver nothing more; updates that weren't accepted stay in the queue."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def as_json(self) -> JSON:
        """Its part of getWebhookInfo."""
        body: JSON = {"url": self.url, "max_connections": self.max_connections}
        if self.last_error:
            body |= {"last_error_message": self.last_error, "last_error_date": self.last_error_at}
        return body

    async def _run(self) -> None:
        connections = asyncio.Semaphore(self.max_connections)
        timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as deliveries:
            while True:
                update, repeated = await self._next()
                deliveries.create_task(self._deliver(session, connections, update, repeated=repeated))

    async def _next(self) -> tuple[JSON, bool]:
        """The next update of a chat that has none on its way, and whether it is sent out of turn."""
        async with self.updates.changed:
            while True:
                for update in self.updates.take_repeated():
                    return update, True
                for update in self.updates.pending.values():
                    if _chat_of(update) not in self._busy:
                        self._busy.add(_chat_of(update))
                        return update, False
                await self.updates.changed.wait()

    async def _deliver(
        self, session: aiohttp.ClientSession, connections: asyncio.Semaphore, update: JSON, *, repeated: bool
    ) -> None:
        wait = self.retry_after
        while True:
            async with connections:
                accepted = await self._post(session, update)
            if accepted:
                break
            await asyncio.sleep(wait)
            wait = min(2 * wait, self.slowest)
        if repeated:
            return
        self.updates.pending.pop(update["update_id"], None)
        self._busy.discard(_chat_of(update))
        async with self.updates.changed:
            self.updates.changed.notify_all()

    async def _post(self, session: aiohttp.ClientSession, update: JSON) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as answer:
                await answer.read()
                if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"Connection failed: {error}"
        self.last_error, self.last_error_at = problem, int(time.time())
        return False


def _chat_of(update: JSON) -> int:
    """The chat that an update belongs to; updates of one chat are delivered in order."""
    content: JSON = next(value for key, value in update.items() if key != "update_id")
    message: JSON = content.get("message", content)
    return int(message["chat"]["id"])
