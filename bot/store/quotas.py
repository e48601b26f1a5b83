"""What a person has used, as the stored turns count it."""

from datetime import datetime

import sqlalchemy as sa

from bot.store.database import Database
from bot.store.tables import conversations, turns


class Quotas:
    """Sums over one person's turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tokens_since(self, person_id: int, since: datetime) -> int:
        """Return the tokens of the prompts and answers of a person's turns that were received from `since` on."""
        used = sa.func.coalesce(turns.c.prompt_tokens, 0) + sa.func.coalesce(turns.c.completion_tokens, 0)
        query = (
            sa.select(sa.func.coalesce(sa.func.sum(used), 0))
            .select_from(turns.join(conversations))
            # Conversations that ended before hold nothing of it, and most of a long history.
            .where(conversations.c.person_id == person_id, turns.c.received_at >= since)
            .where(sa.or_(conversations.c.ended_at.is_(None), conversations.c.ended_at >= since))
        )
        async with self._database.read() as connection:
            return int(await connection.scalar(query) or 0)
