"""Everything that is kept, behind one object."""

from dataclasses import dataclass
from typing import Self

from bot.store.consents import Consents
from bot.store.conversations import Conversations
from bot.store.database import Database
from bot.store.erasure import Erasure
from bot.store.feedback import FeedbackStore
from bot.store.forms import Forms
from bot.store.held import Holdings
from bot.store.inbox import Inbox
from bot.store.lookup import Lookup
from bot.store.people import People
from bot.store.preferences import PreferenceStore
from bot.store.quotas import Quotas
from bot.store.retention import Retention
from bot.store.statistics import Statistics
from bot.store.texts import Texts


@dataclass(frozen=True, slots=True)
class Store:
    """The parts share one database. `await store.database.migrate()` before the first use."""

    database: Database
    people: People
    preferences: PreferenceStore
    conversations: Conversations
    inbox: Inbox
    consents: Consents
    feedback: FeedbackStore
    forms: Forms
    lookup: Lookup
    quotas: Quotas
    erasure: Erasure
    held: Holdings
    retention: Retention
    statistics: Statistics
    texts: Texts

    @classmethod
    def open(cls, url: str) -> Self:
        """Prepare the store of the database at `url`; see `Database.open`."""
        database = Database.open(url)
        return cls(
            database=database,
            people=People(database),
            preferences=PreferenceStore(database),
            conversations=Conversations(database),
            inbox=Inbox(database),
            consents=Consents(database),
            feedback=FeedbackStore(database),
            forms=Forms(database),
            lookup=Lookup(database),
            quotas=Quotas(database),
            erasure=Erasure(database),
            held=Holdings(database),
            retention=Retention(database),
            statistics=Statistics(database),
            texts=Texts(database),
        )

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
