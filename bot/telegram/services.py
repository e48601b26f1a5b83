"""What the handlers work with."""

from dataclasses import dataclass

from telegram import Update, User

from bot.assistant.turns import Turns
from bot.store.people import Person
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """The assistant and the store, handed to each topic's handlers."""

    store: Store
    turns: Turns

    async def person(self, update: Update) -> Person:
        """Return the person behind an update, made known to the store when new."""
        user = sender(update)
        return await self.store.people.person(
            f"telegram:{user.id}", telegram_id=user.id, language=user.language_code
        )


def sender(update: Update) -> User:
    """Return who sent an update. The handlers that ask are registered only for updates that have a sender."""
    if update.effective_user is None:
        raise AssertionError(f"update {update.update_id} has no sender")
    return update.effective_user
