"""What people allow their conversations to be used for. Decisions are added, never changed."""

import sqlalchemy as sa

from bot.store.columns import BigId, utc_now
from bot.store.database import Database
from bot.store.held import Decision
from bot.store.people import lock_person
from bot.store.tables import Purpose, consents, conversations, turns

# Made once: building a statement takes as long as executing it.
_ALL = sa.select(*consents.c["purpose", "granted", "version", "given_at"]).order_by(consents.c.id)
_DECISIONS = _ALL.where(consents.c.person_id == sa.bindparam("person"))
_OF_ASKER = (
    _ALL.join(conversations, conversations.c.person_id == consents.c.person_id)
    .join(turns, turns.c.conversation_id == conversations.c.id)
    .where(turns.c.id == sa.bindparam("turn", type_=BigId))
)


class Consents:
    """The decisions of each person, newest last."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, person_id: int, purpose: Purpose, granted: bool, version: str) -> None:  # noqa: FBT001 - the decision itself
        """Record a decision about `purpose`, made on the text called `version`.

        The same decision on the same text twice in a row is recorded once. Raises `BadInputError` for an
        unknown person.
        """
        async with self._database.write() as connection:
            await lock_person(connection, person_id)
            latest = await connection.execute(
                sa.select(consents.c.granted, consents.c.version)
                .where(consents.c.person_id == person_id, consents.c.purpose == purpose)
                .order_by(consents.c.id.desc())
                .limit(1)
            )
            if latest.one_or_none() == (granted, version):
                return
            await connection.execute(
                sa.insert(consents).values(
                    person_id=person_id, purpose=purpose, granted=granted, version=version, given_at=utc_now()
                )
            )

    async def current(self, person_id: int) -> dict[Purpose, bool]:
        """Return what is allowed now, for every purpose. What was never asked isn't allowed."""
        async with self._database.read() as connection:
            rows = await connection.execute(_DECISIONS, {"person": person_id})
            decisions = {row.purpose: row.granted for row in rows}
        return {purpose: decisions.get(purpose, False) for purpose in Purpose}

    async def decisions(self, person_id: int) -> dict[Purpose, Decision]:
        """Return the latest decision about each purpose; what was never decided is left out."""
        async with self._database.read() as connection:
            rows = await connection.execute(_DECISIONS, {"person": person_id})
            return {row.purpose: Decision(*row) for row in rows}

    async def decisions_of_asker(self, turn_id: int) -> dict[Purpose, Decision]:
        """Return the same of the person whose turn it is; nothing when there is no such turn (any more)."""
        async with self._database.read() as connection:
            rows = await connection.execute(_OF_ASKER, {"turn": turn_id})
            return {row.purpose: Decision(*row) for row in rows}
