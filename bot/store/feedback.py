"""Thumbs up and down."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.tables import Rating, feedback
from bot.store.upsert import insert

REASONS = ("facts", "question", "diet", "long", "other")
"""Why an answer was no good, as it is stored; the words are the messages `chip_…`."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person thought of one answer."""

    turn_id: int
    person_id: int
    value: Rating
    reason: str | None
    given_at: datetime


class FeedbackStore:
    """At most one opinion for each person and turn: the latest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, turn_id: int, person_id: int, value: Rating, reason: str | None = None) -> None:
        """Record an opinion, in place of an earlier one. Raises `BadInputError` for an unknown turn or person."""
        said = {"value": Rating(value), "reason": reason, "given_at": utc_now()}
        async with self._database.write_one() as connection:
            await connection.execute(
                insert(connection, feedback)
                .values(turn_id=turn_id, person_id=person_id, **said)
                .on_conflict_do_update(index_elements=["turn_id", "person_id"], set_=said)
            )

    async def of_turn(self, turn_id: int) -> tuple[Feedback, ...]:
        """Return all opinions about the answer of one turn, oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(feedback).where(feedback.c.turn_id == turn_id).order_by(feedback.c.id)
            )
            return tuple(
                Feedback(
                    turn_id=row.turn_id,
                    person_id=row.person_id,
                    value=row.value,
                    reason=row.reason,
                    given_at=row.given_at,
                )
                for row in rows
            )
