"""How far people have come in the forms that the bot asks them to fill in."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.people import lock_person
from bot.store.tables import forms
from bot.store.upsert import insert

# Made once: building a statement takes as long as executing it.
_STATE = sa.select(forms.c.state).where(
    forms.c.person_id == sa.bindparam("person"), forms.c.name == sa.bindparam("form")
)


class Forms:
    """One state for each person and name of a form."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, person_id: int, name: str) -> Mapping[str, Any] | None:
        """Return the state of a form, or None when the person has never begun it."""
        async with self._database.read() as connection:
            state: Mapping[str, Any] | None = await connection.scalar(
                _STATE, {"person": person_id, "form": name}
            )
        return state

    async def save(self, person_id: int, name: str, state: Mapping[str, Any]) -> None:
        """Keep the state of a form in place of an earlier one. Raises `ErasedError` for an unknown person."""
        new = {"state": dict(state), "changed_at": utc_now()}
        async with self._database.write() as connection:
            await lock_person(connection, person_id)
            await connection.execute(
                insert(connection, forms)
                .values(person_id=person_id, name=name, **new)
                .on_conflict_do_update(index_elements=["person_id", "name"], set_=new)
            )
