"""The people who talk with the assistant."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import storable_text, utc_now
from bot.store.database import Database
from bot.store.faults import ErasedError
from bot.store.tables import people
from bot.store.upsert import insert
from retrieval.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class Person:
    """One person. `handle` is `telegram:<id>` or `terminal:<name>`; `pseudonym` stands for them in datasets.

    `language` is what they chose, else what Telegram reports.
    """

    id: int
    handle: str
    telegram_id: int | None
    language: str | None
    created_at: datetime
    pseudonym: str


class People:
    """Who is who."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(
        self, handle: str, *, telegram_id: int | None = None, language: str | None = None
    ) -> Person:
        """Return the person called `handle`, made now when new; many calls at once make one person.

        A given `language` replaces the stored one, unless the person chose that. A `telegram_id` that is known
        belongs to one person, whatever the handle.
        """
        handle = storable_text(handle)
        async with self._database.read() as connection:
            row = await _find(connection, handle, telegram_id)
        if row is None or _news(row, telegram_id, language):
            row = await self._save(handle, telegram_id, language)
        return _person(row)

    async def find(self, handle: str, *, telegram_id: int | None = None) -> Person | None:
        """Return the person whom `person` would return, or None where it would make one."""
        async with self._database.read() as connection:
            row = await _find(connection, storable_text(handle), telegram_id)
        return None if row is None else _person(row)

    async def choose_language(self, person_id: int, language: str) -> None:
        """Speak `language` with the person from now on, whatever Telegram reports."""
        async with self._database.write_one() as connection:
            await connection.execute(
                sa.update(people)
                .where(people.c.id == person_id)
                .values(language=language, language_chosen=True)
            )

    async def _save(self, handle: str, telegram_id: int | None, language: str | None) -> sa.Row[Any]:
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, people)
                .values(
                    handle=handle,
                    pseudonym=secrets.token_hex(16),
                    telegram_id=telegram_id,
                    language=language,
                    created_at=utc_now(),
                )
                .on_conflict_do_nothing()
            )
            row = await _find(connection, handle, telegram_id)
            if row is not None and _news(row, telegram_id, language):
                spoken = row.language if row.language_chosen else language or row.language
                new = {"telegram_id": row.telegram_id or telegram_id, "language": spoken}
                await connection.execute(sa.update(people).where(people.c.id == row.id).values(new))
                row = await _find(connection, handle, telegram_id)
            if row is None:
                raise UnavailableError(f"{handle} is being erased at this moment; try again")
            return row


def _person(row: sa.Row[Any]) -> Person:
    return Person(
        id=row.id,
        handle=row.handle,
        telegram_id=row.telegram_id,
        language=row.language,
        created_at=row.created_at,
        pseudonym=row.pseudonym,
    )


async def lock_person(connection: AsyncConnection, person_id: int) -> None:
    """Make others who write about this person wait until the transaction ends (SQLite's writers wait anyway).

    Raises `ErasedError` for an unknown person.
    """
    # "No key update" lets rows that merely refer to the person be inserted meanwhile.
    if await connection.scalar(_LOCK, {"person": person_id}) is None:
        raise ErasedError(f"there is no person {person_id}; they may have been erased")


_LOCK = sa.select(people.c.id).where(people.c.id == sa.bindparam("person")).with_for_update(key_share=True)
_HANDLE = people.c.handle == sa.bindparam("the_handle")
_SAME = people.c.telegram_id == sa.bindparam("the_telegram_id")
# Made once: building a statement takes as long as executing it.
_BY_HANDLE = sa.select(people).where(_HANDLE).limit(1)
# By Telegram's id first: it can't be chosen by a person, a handle on the command line can.
_BY_EITHER = sa.select(people).where(sa.or_(_SAME, _HANDLE)).order_by(sa.case((_SAME, 0), else_=1)).limit(1)


async def _find(connection: AsyncConnection, handle: str, telegram_id: int | None) -> sa.Row[Any] | None:
    if telegram_id is None:
        found = await connection.execute(_BY_HANDLE, {"the_handle": handle})
    else:
        found = await connection.execute(_BY_EITHER, {"the_handle": handle, "the_telegram_id": telegram_id})
    return found.one_or_none()


def _news(row: sa.Row[Any], telegram_id: int | None, language: str | None) -> bool:
    if telegram_id is not None and row.telegram_id is None:
        return True
    return bool(language) and not row.language_chosen and row.language != language
