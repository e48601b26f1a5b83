"""Updates from Telegram: stored before they are handled, so that none is lost and none is answered twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.tables import UpdateStatus, bots, turns
from bot.store.tables import updates as table
from bot.store.upsert import DIALECTS, insert
from retrieval.errors import BadInputError

# Telegram keeps what wasn't fetched for a day, and may send it until then (core.telegram.org/bots/api,
# "Getting updates"). Twice that leaves room for clocks.
_KEEP_AT_LEAST = timedelta(days=2)
# After a week of silence Telegram continues with a random id, which may be smaller (same page, "Update").
_IDS_RISE_FOR = timedelta(days=6)


_RECEIVE = {
    name: insert(name, table).on_conflict_do_nothing().returning(table.c.update_id) for name in DIALECTS
}
_DONE = (
    sa.update(table)
    .where(table.c.update_id == sa.bindparam("the_id"), table.c.status != UpdateStatus.DONE)
    .values(status=UpdateStatus.DONE, payload=sa.null(), done_at=sa.bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """An update as it came: its JSON, and the chat whose order it belongs to."""

    update_id: int
    chat_key: str
    payload: Mapping[str, Any]


class PendingUpdate(NamedTuple):
    """An update that still has to be handled."""

    update_id: int
    payload: dict[str, Any]


class Inbox:
    """The updates that have come in, each once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, bot_id: int) -> int | None:
        """Make this the inbox of one bot; return how many updates of another bot were dropped, None if there was none.

        Ids of updates and messages mean something for the bot alone that was given them: to another, its own first
        updates would look like duplicates. People, what they eat and what they said stay.
        """
        async with self._database.write() as connection:
            before = await connection.scalar(sa.select(bots.c.bot_id))
            if before == bot_id:
                return None
            await connection.execute(sa.delete(bots))
            await connection.execute(sa.insert(bots).values(bot_id=bot_id))
            if before is None:
                return None
            dropped = await connection.execute(sa.delete(table))
            nothing: dict[str, Any] = {
                "update_id": None,
                "question_message_id": None,
                "sending_after": None,
                "message_ids": [],
            }
            await connection.execute(sa.update(turns).values(nothing))
            return dropped.rowcount

    async def receive(self, update_id: int, chat_key: str, payload: Mapping[str, Any]) -> bool:
        """Store an update. Returns True when it is new, False when it came before, handled or not."""
        return bool(await self.receive_many([IncomingUpdate(update_id, chat_key, payload)]))

    async def receive_many(self, updates: Iterable[IncomingUpdate]) -> list[int]:
        """Store a batch, all or none of it, and return the ids that are new, ascending."""
        now = utc_now()
        rows = [
            {
                "update_id": update.update_id,
                "chat_key": update.chat_key,
                "payload": dict(update.payload),
                "status": UpdateStatus.RECEIVED,
                "received_at": now,
            }
            for update in sorted(updates, key=lambda update: update.update_id)
        ]
        if not rows:
            return []
        write = self._database.write_one if len(rows) == 1 else self._database.write
        async with write() as connection:
            new = await connection.scalars(_RECEIVE[connection.dialect.name], rows)
            return sorted(new)

    async def done(self, update_id: int) -> None:
        """Mark as handled, and forget what was in it. Unknown or handled before: nothing happens."""
        async with self._database.write_one() as connection:
            await connection.execute(_DONE, {"the_id": update_id, "now": utc_now()})

    async def pending(self) -> tuple[PendingUpdate, ...]:
        """Return what was received and not handled, in the order of the ids: the work after a restart."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(table.c.update_id, table.c.payload)
                .where(table.c.status == UpdateStatus.RECEIVED)
                .order_by(table.c.update_id)
            )
            return tuple(PendingUpdate(update_id, payload or {}) for update_id, payload in rows)

    async def pending_in(self, chat_key: str, after: int) -> tuple[PendingUpdate, ...]:
        """Return what came into one chat after the update `after` and isn't handled yet, in the order of the ids."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(table.c.update_id, table.c.payload)
                .where(table.c.status == UpdateStatus.RECEIVED)
                .where(table.c.chat_key == chat_key, table.c.update_id > after)
                .order_by(table.c.update_id)
            )
            return tuple(PendingUpdate(update_id, payload or {}) for update_id, payload in rows)

    async def last_update_id(self) -> int | None:
        """Return the id to continue after, or None when nothing came for so long that ids may start anew."""
        async with self._database.read() as connection:
            return await connection.scalar(
                sa.select(table.c.update_id)
                .where(table.c.received_at > utc_now() - _IDS_RISE_FOR)
                .order_by(table.c.received_at.desc(), table.c.update_id.desc())
                .limit(1)
            )

    async def prune(self, older_than: timedelta) -> int:
        """Delete what was handled and came longer ago than `older_than`; return how many.

        Raises `BadInputError` for less than two days: Telegram may still repeat those.
        """
        if older_than < _KEEP_AT_LEAST:
            raise BadInputError(f"updates must be kept for {_KEEP_AT_LEAST.days} days: Telegram repeats them")
        async with self._database.write_one() as connection:
            gone = await connection.execute(
                sa.delete(table).where(
                    table.c.status == UpdateStatus.DONE, table.c.received_at < utc_now() - older_than
                )
            )
            return gone.rowcount
