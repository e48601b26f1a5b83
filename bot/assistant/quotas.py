"""How much one person may ask: messages a minute, and the model's tokens a day."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.store.quotas import Quotas

PEOPLE = 10_000
"""How many are remembered at most: the latest ones. Whoever is forgotten begins anew."""

MOST_A_TURN = 8_000
"""Tokens that one turn can take: prompt and answer, a repair, and the reading of the message."""


class Allowance(StrEnum):
    """Whether something may be done; the first refusal in a window is the one to be told."""

    GRANTED = "granted"
    FIRST_REFUSAL = "first refusal"
    REFUSED = "refused"


@dataclass(slots=True)
class _Window:
    """When somebody wrote, in seconds, within the last window; and when they were last told that it was too much."""

    # No deque: an empty one takes 760 bytes, more than all else that is kept of an idle person.
    times: list[float] = field(default_factory=list)
    told_at: float | None = None


class MessageQuota:
    """At most `limit` messages of each person in any `window_s` seconds. Idle people are forgotten."""

    def __init__(self, limit: int, *, window_s: float = 60.0, people: int = PEOPLE) -> None:
        self._limit = limit
        self._window_s = window_s
        self._people = people
        self._windows: OrderedDict[int, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, person: int, at: float) -> Allowance:
        """Count a message that was written at `at` (seconds, on any clock that the callers share)."""
        window = self._windows.setdefault(person, _Window())
        self._windows.move_to_end(person)
        while window.times and window.times[0] <= at - self._window_s:
            del window.times[0]
        if len(window.times) < self._limit:
            window.times.append(at)
            self._forget_idle(at)
            return Allowance.GRANTED
        if window.told_at is not None and at - window.told_at < self._window_s:
            return Allowance.REFUSED
        window.told_at = at
        return Allowance.FIRST_REFUSAL

    def _forget_idle(self, at: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows.values()))
            idle = not oldest.times or oldest.times[-1] <= at - self._window_s
            if not idle and len(self._windows) <= self._people:
                return
            self._windows.popitem(last=False)


@dataclass(slots=True)
class _Day:
    """What is known of somebody's day: turns that surely fit into what is left, and whether they were told."""

    begins: datetime
    turns_left: int = 0
    told: bool = False


class TokenQuota:
    """At most about `limit` tokens of each person between two midnights (UTC), as the stored turns count them.

    The store is asked again only after as many turns as surely fitted into what was left.
    """

    def __init__(self, store: Quotas, limit: int, *, people: int = PEOPLE) -> None:
        self._store = store
        self._limit = limit
        self._people = people
        self._days: OrderedDict[int, _Day] = OrderedDict()

    async def take(self, person_id: int, at: datetime) -> Allowance:
        """Tell whether a person may ask another question at `at`. Raises `UnavailableError` of the store."""
        begins = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        day = self._days.get(person_id)
        if day is None or day.begins != begins:
            day = self._days[person_id] = _Day(begins)
        self._days.move_to_end(person_id)
        if len(self._days) > self._people:
            self._days.popitem(last=False)
        if day.turns_left > 0:
            day.turns_left -= 1
            return Allowance.GRANTED
        left = self._limit - await self._store.tokens_since(person_id, begins)
        if left > 0:
            day.turns_left = left // MOST_A_TURN
            return Allowance.GRANTED
        told, day.told = day.told, True
        return Allowance.REFUSED if told else Allowance.FIRST_REFUSAL
