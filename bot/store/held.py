"""Everything that is held about one person, and nothing about anybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.conversations import Turn, turn_of
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.payloads import is_from, keys_of, own_part
from bot.store.people import Person
from bot.store.tables import (
    Purpose,
    UpdateStatus,
    chats,
    consents,
    conversations,
    feedback,
    forms,
    people,
    turns,
    updates,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a purpose, on the text called `version`."""

    purpose: Purpose
    granted: bool
    version: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class HeldForm:
    """How far a person has come in a form."""

    name: str
    state: Mapping[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class HeldUpdate:
    """An update of a person; `payload` is there until it is handled, without what it says of others."""

    update_id: int
    status: UpdateStatus
    received_at: datetime
    done_at: datetime | None
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class HeldConversation:
    """A conversation; `chat_id` and `chat_type` are Telegram's, None at a terminal."""

    id: int
    chat_id: int | None
    chat_type: str | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """All but preferences (see `PreferenceStore`) and turns (see `Holdings.turns`)."""

    language_chosen: bool
    consents: tuple[Decision, ...]
    forms: tuple[HeldForm, ...]
    updates: tuple[HeldUpdate, ...]
    conversations: tuple[HeldConversation, ...]


class Holdings:
    """Reads what is held about a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def about(self, person: Person) -> Held:
        """Return it, oldest first; empty for somebody who was erased."""
        async with self._database.read() as connection:
            chosen = await connection.scalar(
                sa.select(people.c.language_chosen).where(people.c.id == person.id)
            )
            decisions = await connection.execute(
                _of(consents, person, "purpose", "granted", "version", "given_at")
            )
            filled = await connection.execute(_of(forms, person, "name", "state", "changed_at"))
            talked = await connection.execute(_conversations(person.id))
            return Held(
                bool(chosen),
                tuple(Decision(*row) for row in decisions),
                tuple(HeldForm(*row) for row in filled),
                await _updates(connection, person.telegram_id),
                tuple(HeldConversation(*row) for row in talked),
            )

    async def turns(
        self, person_id: int, *, after: int = 0, limit: int
    ) -> tuple[tuple[Turn, tuple[Feedback, ...]], ...]:
        """Return a person's next `limit` turns after the turn `after`, each with what was thought of its answer."""
        query = (
            sa.select(turns)
            .join(conversations)
            .where(conversations.c.person_id == person_id, turns.c.id > after)
            .order_by(turns.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            found = [turn_of(row) for row in await connection.execute(query)]
            opinions = await _opinions(connection, person_id, [turn.id for turn in found])
        return tuple(
            (turn, tuple(opinion for opinion in opinions if opinion.turn_id == turn.id)) for turn in found
        )


def _of(table: sa.Table, person: Person, *columns: str) -> sa.Select[Any]:
    return sa.select(*table.c[columns]).where(table.c.person_id == person.id).order_by(table.c.id)


def _conversations(person_id: int) -> sa.Select[Any]:
    columns = conversations.c
    return (
        sa.select(columns.id, columns.chat_id, chats.c.type, columns.started_at, columns.ended_at)
        .outerjoin(chats)
        .where(columns.person_id == person_id)
        .order_by(columns.id)
    )


async def _opinions(connection: AsyncConnection, person_id: int, turn_ids: Sequence[int]) -> list[Feedback]:
    query = (
        sa.select(*feedback.c["turn_id", "person_id", "value", "reason", "given_at"])
        .where(feedback.c.turn_id.in_(turn_ids), feedback.c.person_id == person_id)
        .order_by(feedback.c.id)
    )
    return [Feedback(*row) for row in await connection.execute(query)]


async def _updates(connection: AsyncConnection, telegram_id: int | None) -> tuple[HeldUpdate, ...]:
    if telegram_id is None:
        return ()
    mine = sa.or_(
        updates.c.chat_key.in_(keys_of(telegram_id)),
        # Of groups, only what is still to be handled says who sent it.
        updates.c.status == UpdateStatus.RECEIVED,
    )
    columns = ("update_id", "status", "received_at", "done_at", "payload", "chat_key")
    rows = await connection.execute(sa.select(*updates.c[columns]).where(mine).order_by(updates.c.update_id))
    return tuple(
        HeldUpdate(
            row.update_id,
            row.status,
            row.received_at,
            row.done_at,
            None if row.payload is None else own_part(row.payload, telegram_id),
        )
        for row in rows
        if row.chat_key in keys_of(telegram_id) or is_from(row.payload, telegram_id)
    )
