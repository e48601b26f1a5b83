"""Updates that wait for the bot, as getUpdates gives them out."""

import asyncio
from dataclasses import dataclass, field

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import ApiError

MOST_AT_ONCE = 100
LONGEST_POLL = 50.0  # seconds
_OTHER_BOT = "terminated by other getUpdates request; make sure that only one bot instance is running"
# Sent only to a bot that asks for them: https://core.telegram.org/bots/api#getupdates
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def conflict(detail: str) -> ApiError:
    """Status 409: somebody else is receiving the updates."""
    return ApiError(409, f"Conflict: {detail}")


@dataclass(slots=True)
class UpdateQueue:
    """Keeps every update until it is confirmed, in the order of their ids.

    `changed` is notified by whoever adds; `made` remembers every update, so that one can be sent again.
    """

    changed: asyncio.Condition
    pending: dict[int, JSON] = field(default_factory=dict)
    made: dict[int, JSON] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    closed: bool = False
    _again: list[JSON] = field(default_factory=list)
    _poll: int = 0
    _poll_ended_by: str = ""

    def add(self, kind: str, content: JSON) -> int:
        """Queue an update, unless the bot didn't ask for its kind; returns its id."""
        update_id = 500_000_000 + len(self.made) + 1
        self.made[update_id] = {"update_id": update_id, kind: content}
        if kind in self.allowed or (not self.allowed and kind not in _ON_REQUEST):
            self.pending[update_id] = self.made[update_id]
        return update_id

    def add_again(self, update_id: int) -> None:
        """Send an update once more, confirmed or not."""
        if update_id in self.pending:
            return
        self._again.append(self.made[update_id])

    def allow(self, kinds: list[str]) -> None:
        """Keep only these kinds from now on; with none, the usual ones."""
        self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget updates before `offset`; a negative one keeps only that many of the last."""
        ids = list(self.pending)
        gone = ids[:offset] if offset < 0 else [update_id for update_id in ids if update_id < offset]
        for update_id in gone:
            del self.pending[update_id]

    def take_repeated(self) -> list[JSON]:
        """The updates that are to be sent again, once."""
        repeated, self._again = self._again, []
        return repeated

    async def poll(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Wait for updates like getUpdates. Raises `ApiError` 409 when another request takes over."""
        self.confirm(offset)
        await self.end_poll(_OTHER_BOT)
        mine = self._poll
        async with self.changed:
            try:
                async with asyncio.timeout(min(seconds, LONGEST_POLL)):
                    await self.changed.wait_for(
                        lambda: self.pending or self._again or self.closed or self._poll != mine
                    )
            except TimeoutError:
                return []
        if self._poll != mine:
            raise conflict(self._poll_ended_by)
        limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        return [*self.take_repeated(), *self.pending.values()][:limit]

    async def end_poll(self, reason: str) -> None:
        """Answer the request that waits now, if any, with a conflict."""
        self._poll += 1
        self._poll_ended_by = reason
        async with self.changed:
            self.changed.notify_all()
