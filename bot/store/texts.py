"""What was said in turns, taken out of them again for people who don't want their conversations kept."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import TurnStatus, UpdateStatus, conversations, turns, updates

_WITHOUT_TEXT: Mapping[str, Any] = {
    "question": "",
    "meant": None,
    "answer": None,
    "notices": None,
    "passages": None,
    "preferences": {},
    "guard_reasons": None,
    # No dataset may hold a turn that says nothing.
    "consent_improve": False,
}
"""What remains is that there was a turn, when, how long it took, and what the guard decided."""


class Texts:
    """Erases questions and answers. The turns stay, so that an update that comes again isn't answered again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, turn_id: int) -> None:
        """Erase what was said in one turn, whose answer has been delivered. Without such a turn, nothing is done."""
        async with self._database.write_one() as connection:
            await connection.execute(sa.update(turns).where(turns.c.id == turn_id).values(_WITHOUT_TEXT))

    async def forget_all(self, person_id: int) -> None:
        """Erase what was said in all of a person's turns but those whose answers are still on their way."""
        theirs = sa.select(conversations.c.id).where(conversations.c.person_id == person_id)
        pending = sa.exists().where(
            updates.c.update_id == turns.c.update_id, updates.c.status == UpdateStatus.RECEIVED
        )
        ended = (
            turns.c.conversation_id.in_(theirs),
            turns.c.status.in_((TurnStatus.ANSWERED, TurnStatus.FAILED)),
            turns.c.question != "",
            sa.not_(pending),
        )
        async with self._database.write_one() as connection:
            await connection.execute(sa.update(turns).where(*ended).values(_WITHOUT_TEXT))
