"""Taking back what was noted from a message."""

from dataclasses import dataclass

from bot.assistant.known import Known, change_of, described
from bot.assistant.turns import values
from bot.assistant.understand import Change
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Polarity


@dataclass(frozen=True, slots=True)
class Undone:
    """What was noted and is taken back, and what was dropped and holds again."""

    dropped: Change
    restored: Change

    def __bool__(self) -> bool:
        return bool(self.dropped or self.restored)

    def describe(self) -> str:
        """Return it in words."""
        parts = (described(self.dropped), described(self.restored))
        return "; ".join(part for part in parts if part)


async def undo_turn(store: Store, person: Person, turn_id: int, *, source_id: str) -> Undone:
    """Take back what the turn `turn_id` noted about `person`, as far as nothing newer was said since.

    Another person's turn has noted nothing about this one, so it changes nothing. The same `source_id` again changes
    nothing, and returns what it has taken back.
    """
    source = f"turn:{turn_id}"
    history = await store.preferences.history(person.id)
    if done := Known.read(history).stated_by(source_id):
        return Undone(
            dropped=change_of(event for event in done if event.polarity is Polarity.REMOVE),
            restored=change_of(event for event in done if event.polarity is Polarity.ADD),
        )
    standing = [event for event in history if event.source_id == source and event.superseded_by is None]
    dropped = [event for event in standing if event.polarity is Polarity.ADD]
    taken = {event.id for event in standing if event.polarity is Polarity.REMOVE}
    # What a removal superseded is what held before, a target with its amount.
    restored = [event for event in history if event.superseded_by in taken and event.polarity is Polarity.ADD]
    undone = Undone(dropped=change_of(dropped), restored=change_of(restored))
    if undone:
        await store.preferences.apply(
            person.id,
            add=values(undone.restored),
            remove=values(undone.dropped),
            source="button",
            source_id=source_id,
        )
    return undone
