"""Turns are kept for as long as the settings say, and no longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.tables import conversations, turns

_AT_ONCE = 200
"""Turns deleted in one write, so that nobody waits long for theirs."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes what has become too old."""

    _database: Database

    async def enforce(self, keep: timedelta, *, now: datetime | None = None) -> int:
        """Delete turns received longer ago than `keep`, with the feedback on them; return how many.

        Conversations that have ended and are empty thereby go, too. `now` is the present moment when not given.
        """
        before, gone = (now or utc_now()) - keep, 0
        # Looked for without the right to write: everybody else writes on meanwhile.
        old = sa.select(turns.c.id).where(turns.c.received_at < before).order_by(turns.c.id).limit(_AT_ONCE)
        while ids := await self._ids(old):
            async with self._database.write_one() as connection:
                deleted = await connection.execute(sa.delete(turns).where(turns.c.id.in_(ids)))
                gone += deleted.rowcount
        await self._delete_empty()
        return gone

    async def _delete_empty(self) -> None:
        holds = sa.exists().where(turns.c.conversation_id == conversations.c.id)
        ended = (conversations.c.ended_at.is_not(None), sa.not_(holds))
        while ids := await self._ids(sa.select(conversations.c.id).where(*ended).limit(_AT_ONCE)):
            async with self._database.write_one() as connection:
                # Asked again: another process may have put a turn into one meanwhile.
                await connection.execute(sa.delete(conversations).where(conversations.c.id.in_(ids), *ended))

    async def _ids(self, query: sa.Select[tuple[int]]) -> list[int]:
        async with self._database.read() as connection:
            return list(await connection.scalars(query))
