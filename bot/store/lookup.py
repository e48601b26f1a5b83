"""Finding turns by what a person points at: their question, the message that holds an answer, the latest one."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.store.conversations import Turn, turn_of
from bot.store.database import Database
from bot.store.tables import TurnStatus, conversations, turns

_LOOKED_THROUGH = 200
"""Turns of one person in one chat among which a message's turn is looked for."""


class Lookup:
    """One person's turns in one chat (Telegram's `chat_id`; None is a terminal)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_question(self, person_id: int, chat_id: int | None, message_id: int) -> Turn | None:
        """Return the latest turn that the person's message `message_id` made, or None.

        Another answer to the same question doesn't count.
        """
        asked = (turns.c.question_message_id == message_id, turns.c.again_of.is_(None))
        return await self._latest(person_id, chat_id, *asked)

    async def by_answer(self, person_id: int, chat_id: int | None, message_id: int) -> Turn | None:
        """Return the latest turn whose answer the bot's message `message_id` holds a part of, or None.

        Only the person's last 200 turns in the chat are looked through.
        """
        # Lists of ids can't be searched in the same way in SQLite and PostgreSQL; 200 small ones are read in no time.
        query = self._mine(person_id, chat_id, turns.c.id, turns.c.message_ids).limit(_LOOKED_THROUGH)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            found = next((row.id for row in rows if message_id in row.message_ids), None)
        return None if found is None else await self._latest(person_id, chat_id, turns.c.id == found)

    async def latest(self, person_id: int, chat_id: int | None) -> Turn | None:
        """Return the person's latest answered turn in the chat, or None."""
        return await self._latest(person_id, chat_id, turns.c.status == TurnStatus.ANSWERED)

    async def answers_like(self, turn_id: int) -> Sequence[Turn]:
        """Return the turn `turn_id` and all other answers to its question that there are by now, oldest first."""
        same = sa.or_(turns.c.id == turn_id, turns.c.again_of == turn_id)
        query = sa.select(turns).where(same, turns.c.status == TurnStatus.ANSWERED).order_by(turns.c.id)
        async with self._database.read() as connection:
            return [turn_of(row) for row in await connection.execute(query)]

    async def _latest(
        self, person_id: int, chat_id: int | None, *conditions: sa.ColumnElement[bool]
    ) -> Turn | None:
        query = self._mine(person_id, chat_id, *turns.c).where(*conditions).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else turn_of(row)

    @staticmethod
    def _mine(person_id: int, chat_id: int | None, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        table = conversations.c
        in_chat = table.chat_id.is_(None) if chat_id is None else table.chat_id == chat_id
        return (
            sa.select(*columns)
            .join(conversations)
            .where(table.person_id == person_id, in_chat)
            .order_by(turns.c.id.desc())
        )
