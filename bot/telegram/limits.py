"""How much the bot may send: one budget for all its chats, and one for each chat.

Telegram's figures (core.telegram.org/bots/faq, "How can I message all of my bot's subscribers at once"): about 30
messages a second in all, one a second in a chat, 20 a minute in a group; edits count. What is over a budget waits here,
in order, and never at Telegram: a refused call costs its chat seconds. What a person wouldn't miss (a draft, "typing")
is dropped instead, and leaves enough for the answers.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter, ExtBot
from typing_extensions import override


class Urgency(StrEnum):
    """What becomes of a call that is over the budget."""

    LASTING = "lasting"
    """It waits."""
    PASSING = "passing"
    """It is dropped: `ShedError` is raised."""


class ShedError(TelegramError):
    """A passing call was dropped, since there was no room for it."""

    def __init__(self) -> None:
        super().__init__("no room for a passing call")


COUNTED = frozenset(
    {
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "editMessageText",
        "editMessageReplyMarkup",
        "editMessageCaption",
    }
)
"""Methods that count; the others go through at once."""

PASSING = frozenset({"sendChatAction", "sendMessageDraft"})
"""Methods that don't count, and are dropped while there are more answers to send than Telegram takes."""

_IDLE_S = 120.0
_UNLIMITED = 1e6
_SWEEP = 1024


@dataclass(slots=True)
class Budget:
    """A budget of `rate` calls a second of which up to `burst` may come at once; `now` are seconds of any clock.

    The generic cell rate algorithm: `_due` is when the next call would come if all came evenly.
    """

    rate: float
    burst: float
    _due: float = 0.0

    def wait_s(self, now: float) -> float:
        """Return how long a call that comes now has to wait."""
        return max(0.0, self._due - (self.burst - 1) / self.rate - now)

    def left(self, now: float) -> float:
        """Return how many calls may come at once."""
        return min(self.burst, self.burst - (self._due - now) * self.rate)

    def take(self, now: float) -> None:
        """Count a call, whenever it is made."""
        self._due = max(self._due, now) + 1 / self.rate

    def idle(self, now: float) -> bool:
        """Whether nothing was counted for so long that the budget is whole."""
        return now - self._due > _IDLE_S


@dataclass(slots=True)
class _Chat:
    budgets: list[Budget]
    paused_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What Telegram allows, with a little left over for clocks that differ."""

    bot_per_second: float = 29.0
    bot_burst: float = 26.0
    chat_per_second: float = 1.0
    chat_burst: float = 2.0
    group_per_second: float = 19 / 60
    group_burst: float = 18.0

    @classmethod
    def of(cls, messages_per_second: int) -> Self:
        """Return the rates for a bot that may send so many messages a second in all; 0 is no limit at all."""
        if not messages_per_second:
            return cls(*6 * (_UNLIMITED,))
        share = 29 / 30
        return cls(bot_per_second=messages_per_second * share, bot_burst=max(2.0, messages_per_second * 0.87))


@contextmanager
def expecting(bot: ExtBot[Any]) -> Iterator[None]:
    """Keep room for an answer until the block ends: with many of them on the way, nobody's drafts delay another's."""
    limiter = bot.rate_limiter
    if not isinstance(limiter, ChatLimiter):
        yield
        return
    limiter.expected += 1
    try:
        yield
    finally:
        limiter.expected -= 1


class ChatLimiter(BaseRateLimiter[Urgency]):
    """Makes calls wait for their chat's budget and then for the bot's; a 429 pauses the chat that it came from alone.

    Give `rate_limit_args=Urgency.PASSING` with a call that may be dropped. The limiter keeps something only of chats
    that were written to in the last two minutes.
    """

    def __init__(
        self,
        rates: Rates | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._rates = rates or Rates()
        self._clock = clock
        self._sleep = sleep
        self._bot = Budget(self._rates.bot_per_second, self._rates.bot_burst)
        self._chats: dict[Any, _Chat] = {}
        self.refused = 0
        """Calls that Telegram answered with 429."""
        self.shed = 0
        """Passing calls that were dropped."""
        self.expected = 0
        """Answers that are being written, each of which will be a call that lasts."""

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: what waits is cancelled by whoever stops the bot."""

    @property
    def busy(self) -> bool:
        """Whether more is to be sent than Telegram takes at the moment, so that every call counts."""
        return self._bot.left(self._clock()) < self._rates.bot_burst / 2

    @override
    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        """Make the call `callback(*args, **kwargs)` when it is due. Raises `ShedError`, and what Telegram refuses."""
        if endpoint not in COUNTED:
            if endpoint in PASSING and self.busy:
                self._drop()
            return await callback(*args, **kwargs)
        chat = self._chat(data.get("chat_id"))
        while True:
            await self._wait(chat, rate_limit_args or Urgency.LASTING)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self.refused += 1
                self._pause(chat, error)
                if rate_limit_args is Urgency.PASSING:
                    raise

    async def _wait(self, chat: _Chat, urgency: Urgency) -> None:
        now = self._clock()
        if urgency is Urgency.PASSING:
            # A draft leaves its chat the room for the answer, and the bot half of its own for others' answers.
            crowded = self.busy or self.expected > self._rates.bot_burst
            if crowded or chat.paused_until > now or any(budget.left(now) < 2 for budget in chat.budgets):
                self._drop()
            self._count(chat, now)
            return
        pause_s = max(chat.paused_until - now, *(budget.wait_s(now) for budget in chat.budgets))
        for budget in chat.budgets:
            budget.take(now)
        if pause_s > 0:
            await self._sleep(pause_s)
        # The bot's budget is asked for only now: a chat that waits takes no room from others.
        now = self._clock()
        pause_s = self._bot.wait_s(now)
        self._bot.take(now)
        if pause_s > 0:
            await self._sleep(pause_s)
        if chat.paused_until > self._clock():
            await self._sleep(chat.paused_until - self._clock())

    def _count(self, chat: _Chat, now: float) -> None:
        for budget in (*chat.budgets, self._bot):
            budget.take(now)

    def _drop(self) -> None:
        self.shed += 1
        raise ShedError

    def _pause(self, chat: _Chat, error: RetryAfter) -> None:
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        chat.paused_until = max(chat.paused_until, self._clock() + seconds)
        # Telegram tolerates short bursts at times only: here it doesn't.
        chat.budgets[0].burst = 1.0

    def _chat(self, chat_id: Any) -> _Chat:
        known = self._chats.get(chat_id)
        if known is not None:
            return known
        if len(self._chats) % _SWEEP == _SWEEP - 1:
            self._forget_idle()
        rates = self._rates
        budgets = [Budget(rates.chat_per_second, rates.chat_burst)]
        if isinstance(chat_id, int) and chat_id < 0:
            budgets.append(Budget(rates.group_per_second, rates.group_burst))
        return self._chats.setdefault(chat_id, _Chat(budgets))

    def _forget_idle(self) -> None:
        now = self._clock()
        self._chats = {
            key: chat
            for key, chat in self._chats.items()
            if chat.paused_until > now or not all(budget.idle(now) for budget in chat.budgets)
        }
