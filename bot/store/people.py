"""The people who talk with the assistant."""

import secrets
from dataclasses import asdict, dataclass
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
class Names:
    """What Telegram calls a person: the fields of its `User`. Kept to take them out of texts, and for nothing else."""

    first_name: str | None = None
    last_name: str | None = None
    user_name: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One person. `handle` is `telegram:<id>` or `terminal:<name>`; datasets know them by a hash of `pseudonym`.

    `language` is what they chose, else what Telegram reports. The names are those of `Names`.
    """

    id: int
    handle: str
    telegram_id: int | None
    language: str | None
    created_at: datetime
    pseudonym: str
    first_name: str | None = None
    last_name: str | None = None
    user_name: str | None = None


class People:
    """Who is who."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(
        self,
        handle: str,
        *,
        telegram_id: int | None = None,
        language: str | None = None,
        names: Names | None = None,
    ) -> Person:
        """Return the person called `handle`, made now when new; many calls at once make one person.

        A given `language` replaces the stored one, unless the person chose that; given `names` replace the stored
        ones. A `telegram_id` that is known belongs to one person, whatever the handle.
        """
        handle = storable_text(handle)
        async with self._database.read() as connection:
            row = await _find(connection, handle, telegram_id)
        said = _Said(telegram_id, language, names)
        if row is None or said.is_news(row):
            row = await self._save(handle, said)
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

    async def _save(self, handle: str, said: "_Said") -> sa.Row[Any]:
        async with self._database.write() as connection:
            await connection.execute(
                insert(connection, people)
                .values(
                    handle=handle,
                    pseudonym=secrets.token_hex(16),
                    telegram_id=said.telegram_id,
                    language=said.language,
                    created_at=utc_now(),
                    **asdict(said.names or Names()),
                )
                .on_conflict_do_nothing()
            )
            row = await _find(connection, handle, said.telegram_id)
            if row is not None and said.is_news(row):
                await connection.execute(
                    sa.update(people).where(people.c.id == row.id).values(said.applied(row))
                )
                row = await _find(connection, handle, said.telegram_id)
            if row is None:
                raise UnavailableError(f"{handle} is being erased at this moment; try again")
            return row


@dataclass(frozen=True, slots=True)
class _Said:
    """What an update says about the person behind it."""

    telegram_id: int | None
    language: str | None
    names: Names | None

    def applied(self, row: sa.Row[Any]) -> dict[str, Any]:
        """Return what is to be stored of the person in `row`."""
        spoken = row.language if row.language_chosen else self.language or row.language
        new = {"telegram_id": row.telegram_id or self.telegram_id, "language": spoken}
        if self.names is not None:
            new |= {
                name: None if value is None else storable_text(value)
                for name, value in asdict(self.names).items()
            }
        return new

    def is_news(self, row: sa.Row[Any]) -> bool:
        """Tell whether that differs from what is stored: nothing is written else."""
        return any(getattr(row, name) != value for name, value in self.applied(row).items())


def _person(row: sa.Row[Any]) -> Person:
    return Person(
        id=row.id,
        handle=row.handle,
        telegram_id=row.telegram_id,
        language=row.language,
        created_at=row.created_at,
        pseudonym=row.pseudonym,
        first_name=row.first_name,
        last_name=row.last_name,
        user_name=row.user_name,
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
