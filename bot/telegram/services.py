"""What the handlers work with."""

from contextvars import ContextVar
from dataclasses import dataclass, field

from telegram import Update, User

from bot.assistant.turns import Turns
from bot.messages import speak
from bot.settings import Settings
from bot.store.faults import ErasedError
from bot.store.people import Names, Person
from bot.store.store import Store
from bot.telegram.drafts import Drafts
from bot.telegram.forgotten import Forgotten

_PERSON: ContextVar[tuple[int, Person] | None] = ContextVar("person", default=None)
"""The update that is handled in this task, and who sent it: the first handler asks the store, the others don't."""


@dataclass(frozen=True, slots=True)
class Services:
    """The assistant, the store and the settings, handed to each topic's handlers."""

    store: Store
    turns: Turns
    settings: Settings
    forgotten: Forgotten = field(default_factory=Forgotten)
    drafts: Drafts = field(default_factory=Drafts)

    async def person(self, update: Update) -> Person:
        """Return the person behind an update, made known to the store when new; from here on it's their language.

        Raises `ErasedError` for what they had written before they were erased.
        """
        known = _PERSON.get()
        if known is not None and known[0] == update.update_id:
            return known[1]
        user = sender(update)
        if self.forgotten.covers(user.id, update.update_id):
            raise ErasedError(f"update {update.update_id} was written before its person was erased")
        person = await self.store.people.person(
            f"telegram:{user.id}",
            telegram_id=user.id,
            language=user.language_code,
            names=Names(user.first_name, user.last_name, user.username),
        )
        _PERSON.set((update.update_id, person))
        speak(person.language)
        return person

    def is_admin(self, user: User) -> bool:
        """Tell whether somebody may do what only administrators may (`PLATEWISE_ADMINS`)."""
        return user.id in self.settings.admins


def sender(update: Update) -> User:
    """Return who sent an update. The handlers that ask are registered only for updates that have a sender."""
    if update.effective_user is None:
        raise AssertionError(f"update {update.update_id} has no sender")
    return update.effective_user
