"""Flood control: how often a bot may send, per chat, per group and in all.

The figures are the ones that Telegram names for bots (https://core.telegram.org/bots/faq#broadcasting-to-users).
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.telegram.protocol import too_many_requests

ROUNDING = 1e-6  # seconds; levels are sums of floats
COUNTED = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageReplyMarkup"})


@dataclass(slots=True)
class _Bucket:
    """Fills at `rate` a second up to `capacity`; every message takes one out."""

    rate: float
    capacity: float
    now: Callable[[], float]
    level: float = field(init=False)
    filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.filled_at = self.capacity, self.now()

    def wait(self) -> float:
        """Seconds until one can be taken; zero when one can be taken now."""
        now = self.now()
        self.level = min(self.capacity, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return max(0.0, (1 - self.level) / self.rate)

    def take(self) -> None:
        """Count one message."""
        self.level -= 1


class FloodLimits:
    """Messages and edits that are let through; the others get status 429 with the whole seconds to wait.

    `chat_burst` messages may go to one chat at once before `chat_per_second` holds.
    """

    def __init__(
        self,
        *,
        chat_per_second: float = 1.0,
        chat_burst: int = 1,
        group_per_minute: int = 20,
        bot_per_second: int = 30,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = _Bucket(bot_per_second, bot_per_second, now)
        self._chats: defaultdict[int, _Bucket] = defaultdict(
            lambda: _Bucket(chat_per_second, chat_burst, now)
        )
        self._groups: defaultdict[int, _Bucket] = defaultdict(
            lambda: _Bucket(group_per_minute / 60, group_per_minute, now)
        )

    def check(self, method: str, chat_id: int, *, group: bool) -> None:
        """Raise `ApiError` with status 429 when a call comes too soon."""
        wait = max((bucket.wait() for bucket in self._buckets(method, chat_id, group=group)), default=0)
        if wait > ROUNDING:
            raise too_many_requests(max(1, math.ceil(wait - ROUNDING)))

    def count(self, method: str, chat_id: int, *, group: bool) -> None:
        """Count a call that worked."""
        for bucket in self._buckets(method, chat_id, group=group):
            bucket.take()

    def _buckets(self, method: str, chat_id: int, *, group: bool) -> list[_Bucket]:
        if method not in COUNTED:
            return []
        return [self._bot, self._chats[chat_id], *([self._groups[chat_id]] if group else [])]
