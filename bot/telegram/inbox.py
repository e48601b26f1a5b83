"""Updates are stored before Telegram is told that we have them, and done only after they were handled."""

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Self

from telegram import Bot, Update
from telegram.ext import ExtBot

from bot.store.inbox import Inbox, IncomingUpdate
from bot.telegram.limits import Urgency
from bot.telegram.ordering import PerChatProcessor
from retrieval.errors import UnavailableError

_LOG = logging.getLogger(__name__)
STOP = "stop"
"""What the data of the button that stops an answer begins with."""

_PAUSE_S = (0.2, 1.0, 5.0)
_REMEMBER = timedelta(days=7)


class DurableQueue(asyncio.Queue[object]):
    """An update queue that stores what is put into it, and lets each update in once.

    The updater asks Telegram for more only after `put` has returned, and that request is what confirms the updates
    before it. So a killed process finds everything it had been given, here or at Telegram.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox
        self._ahead: dict[int, bool] = {}

    async def store_together(self, updates: Sequence[Update]) -> None:
        """Store updates that are about to be put, in one go: a flood costs a fraction of what each alone would.

        While the store doesn't answer, nothing happens: `put` stores each, and waits.
        """
        if len(updates) < 2:
            return
        incoming = [
            IncomingUpdate(update.update_id, chat_key(update), update.to_dict()) for update in updates
        ]
        with suppress(UnavailableError):
            new = set(await self._inbox.receive_many(incoming))
            self._ahead = {update.update_id: update.update_id in new for update in updates}

    async def put(self, item: object) -> None:
        """Store and queue an update; one that came before is dropped. Waits while the store doesn't answer."""
        if not isinstance(item, Update):
            await super().put(item)
            return
        if (message := item.effective_message) is not None and isinstance(bot := item.get_bot(), PollingBot):
            bot.saw(message.chat_id, message.message_id)
        if await self._stored(item):
            await super().put(item)

    async def restore(self, bot: ExtBot[Any]) -> int:
        """Queue what an earlier process had received and not finished; return how many.

        Ids that are too old for Telegram to send again are forgotten on the way, and all that were another bot's.
        """
        if (dropped := await self._inbox.claim(bot.id)) is not None:
            _LOG.warning("this database was another bot's; %d of its updates were dropped", dropped)
        await self._inbox.prune(_REMEMBER)
        pending = await self._inbox.pending()
        for item in pending:
            await super().put(Update.de_json(dict(item.payload), bot))
        return len(pending)

    async def _stored(self, update: Update) -> bool:
        """Store an update; return whether it is new."""
        if (is_new := self._ahead.pop(update.update_id, None)) is not None:
            return is_new
        attempt = 0
        while True:
            try:
                return await self._inbox.receive(update.update_id, chat_key(update), update.to_dict())
            except UnavailableError as error:
                # Not stored means not confirmed: Telegram keeps it, and nothing is handled that could be forgotten.
                _LOG.error("update %d can't be stored yet: %s", update.update_id, error)
                await asyncio.sleep(_PAUSE_S[min(attempt, len(_PAUSE_S) - 1)])
                attempt += 1


class DurableProcessor(PerChatProcessor):
    """Handles updates in order per chat, and marks each as done once its handlers have returned."""

    def __init__(self, inbox: Inbox, *, max_concurrent: int) -> None:
        super().__init__(max_concurrent=max_concurrent)
        self._inbox = inbox
        self._tasks: set[asyncio.Task[Any]] = set()
        self._parked = False

    async def park(self) -> None:
        """End what is under way and take nothing more; all of it stays pending, for the next start."""
        self._parked = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update; cancelled, it stays pending and is handled by the next process."""
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("the application handles each update in a task")
        self._tasks.add(task)
        try:
            if self._parked:
                return
            if is_stop(update):
                # It is about the answer that its chat waits for.
                await self._then_done(update, coroutine)
            else:
                await super().do_process_update(update, self._then_done(update, coroutine))
        finally:
            self._tasks.discard(task)
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # cancelled before its turn, it was never awaited; else this does nothing

    async def _then_done(self, update: object, coroutine: Awaitable[Any]) -> None:
        await coroutine
        if isinstance(update, Update):
            await self._inbox.done(update.update_id)


class PollingBot(ExtBot[Urgency]):
    """Remembers when Telegram last answered a poll, for /healthz, and the highest message id in private chats.

    Private chats share one sequence of ids: a message that was sent later has a higher one. `store` is given what a
    poll has brought, before the updater takes it one by one.
    """

    __slots__ = ("_highest_id", "_polled_at", "_store")

    def __init__(self, store: Callable[[Sequence[Update]], Awaitable[None]], **named: Any) -> None:
        super().__init__(**named)
        self._store = store
        self._polled_at = time.monotonic()
        self._highest_id = 0

    @property
    def highest_id(self) -> int:
        """The highest message id seen in private chats."""
        return self._highest_id

    def saw(self, chat_id: int, message_id: int) -> None:
        """Note the id of a message; only those of private chats count."""
        if chat_id > 0:
            self._highest_id = max(self._highest_id, message_id)

    @property
    def seconds_since_poll(self) -> float:
        """Age of the last answer to getUpdates."""
        return time.monotonic() - self._polled_at

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Ask for updates, note that Telegram answered, and have them stored."""
        updates = await super().get_updates(*args, **kwargs)
        self._polled_at = time.monotonic()
        await self._store(updates)
        return updates

    async def initialize(self) -> None:
        """Start the clock when the bot starts."""
        await super().initialize()
        self._polled_at = time.monotonic()

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self


def polling_bot(bot: Bot) -> PollingBot:
    """Return the bot of a handler as what `build_application` made it."""
    if not isinstance(bot, PollingBot):
        raise TypeError("build_application makes a PollingBot")
    return bot


def is_stop(update: object) -> bool:
    """Tell whether an update is a press of the button that stops an answer."""
    query = update.callback_query if isinstance(update, Update) else None
    return query is not None and (query.data or "").startswith(f"{STOP}:")


def chat_key(update: Update) -> str:
    """Return what keeps an update in order: its chat, else its person, else nothing in particular."""
    if update.effective_chat is not None:
        return f"chat:{update.effective_chat.id}"
    return f"user:{update.effective_user.id}" if update.effective_user is not None else "none"
