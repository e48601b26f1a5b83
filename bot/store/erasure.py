"""Erasing a person: every row about them goes, and a tombstone with nothing but their pseudonym stays."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.payloads import is_from, keys_of
from bot.store.people import Person
from bot.store.tables import UpdateStatus, chats, conversations, people, tombstones, updates
from bot.store.upsert import insert

ERASED = "erased"
"""The chat key of updates whose person was erased. Only their ids stay, so that a duplicate is recognised."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Takes people out of the database. What files hold of them is `bot.assistant.forgetting`'s work."""

    _database: Database

    async def erase(self, person: Person, *, asked_in: int | None = None) -> None:
        """Delete everything about `person`, all of it or nothing, and set their tombstone. Twice does no harm.

        `asked_in` is the update that asks for it: it keeps its content until `forget_updates`, so that a process that
        is killed does it again; later ones stay too, since they were written after the wish.
        """
        async with self._database.write() as connection:
            # Whoever writes about the person waits, and finds nobody then.
            locked = sa.select(people.c.id).where(people.c.id == person.id).with_for_update()
            if await connection.scalar(locked) is None:
                return
            in_chats = await _chats_of(connection, person)
            if person.telegram_id is not None:
                await _empty(connection, person.telegram_id, up_to=asked_in, but=asked_in)
            stone = {"pseudonym": person.pseudonym, "erased_at": utc_now()}
            await connection.execute(insert(connection, tombstones).values(stone).on_conflict_do_nothing())
            await connection.execute(sa.delete(people).where(people.c.id == person.id))
            await _delete_unused(connection, in_chats)

    async def forget_updates(self, telegram_id: int, up_to: int) -> None:
        """Keep nothing but the ids of somebody's updates up to the update `up_to`, which thereby count as handled."""
        async with self._database.write() as connection:
            await _empty(connection, telegram_id, up_to=up_to)

    async def erased(self) -> frozenset[str]:
        """Return the pseudonyms of everybody who was erased: no dataset may hold them any more."""
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(sa.select(tombstones.c.pseudonym)))

    async def unswept(self) -> frozenset[str]:
        """Return the pseudonyms of those of whom files may still hold something."""
        query = sa.select(tombstones.c.pseudonym).where(tombstones.c.swept_at.is_(None))
        async with self._database.read() as connection:
            return frozenset(await connection.scalars(query))

    async def swept(self, pseudonyms: frozenset[str]) -> None:
        """Note that files hold nothing of these any more."""
        async with self._database.write_one() as connection:
            await connection.execute(
                sa.update(tombstones).where(tombstones.c.pseudonym.in_(pseudonyms)).values(swept_at=utc_now())
            )


async def _chats_of(connection: AsyncConnection, person: Person) -> list[int]:
    query = (
        sa.select(conversations.c.chat_id)
        .where(conversations.c.person_id == person.id, conversations.c.chat_id.is_not(None))
        .distinct()
    )
    found = set(await connection.scalars(query))
    return sorted(found if person.telegram_id is None else found | {person.telegram_id})


async def _delete_unused(connection: AsyncConnection, chat_ids: list[int]) -> None:
    """Delete the chats in which nobody has a conversation any more."""
    locked = sa.select(chats.c.id).where(chats.c.id.in_(chat_ids)).order_by(chats.c.id).with_for_update()
    # Locked first: a conversation that somebody begins at this moment would be deleted along with its chat.
    if (found := list(await connection.scalars(locked))) == []:
        return
    used = sa.exists().where(conversations.c.chat_id == chats.c.id)
    await connection.execute(sa.delete(chats).where(chats.c.id.in_(found), sa.not_(used)))


async def _empty(
    connection: AsyncConnection, telegram_id: int, *, up_to: int | None, but: int | None = None
) -> None:
    """Take from updates what is somebody's: what was handled, and what came up to `up_to`.

    The update `but` keeps its content and has yet to be handled. Without `up_to`, every one counts.
    """
    theirs = updates.c.chat_key.in_(keys_of(telegram_id))
    in_groups = await connection.execute(
        sa.select(updates.c.update_id, updates.c.payload).where(
            updates.c.status == UpdateStatus.RECEIVED, sa.not_(theirs)
        )
    )
    sent = [row.update_id for row in in_groups if is_from(row.payload, telegram_id)]
    mine = sa.or_(theirs, updates.c.update_id.in_(sent))
    if up_to is not None:
        mine = sa.and_(mine, sa.or_(updates.c.status == UpdateStatus.DONE, updates.c.update_id <= up_to))
    emptied = sa.update(updates).where(mine, updates.c.status == UpdateStatus.RECEIVED)
    if but is not None:
        emptied = emptied.where(updates.c.update_id != but)
    await connection.execute(emptied.values(status=UpdateStatus.DONE, payload=sa.null(), done_at=utc_now()))
    await connection.execute(sa.update(updates).where(mine).values(chat_key=ERASED))
