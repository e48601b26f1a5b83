"""Taking back what was noted from a message."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.assistant.fixed import describe_change
from bot.assistant.turns import values
from bot.assistant.understand import Change
from bot.store.people import Person
from bot.store.preferences import PreferenceEvent
from bot.store.store import Store
from bot.store.tables import Polarity, PreferenceKind
from retrieval.diet.preferences import parse_diet


@dataclass(frozen=True, slots=True)
class Undone:
    """What was noted and is taken back, and what was dropped and holds again."""

    dropped: Change
    restored: Change

    def __bool__(self) -> bool:
        return bool(self.dropped or self.restored)

    def describe(self) -> str:
        """Return it in words."""
        parts = (describe_change(self.dropped), describe_change(self.restored))
        return "; ".join(part for part in parts if part)


async def undo_turn(store: Store, person: Person, turn_id: int, *, source_id: str) -> Undone:
    """Take back what the turn `turn_id` noted about `person`, as far as nothing newer was said since.

    Another person's turn has noted nothing about this one, so it changes nothing.
    """
    source = f"turn:{turn_id}"
    standing = [
        event
        for event in await store.preferences.history(person.id)
        if event.source_id == source and event.superseded_by is None
    ]
    undone = Undone(
        dropped=_change(event for event in standing if event.polarity is Polarity.ADD),
        restored=_change(event for event in standing if event.polarity is Polarity.REMOVE),
    )
    if undone:
        await store.preferences.apply(
            person.id,
            add=values(undone.restored),
            remove=values(undone.dropped),
            source="button",
            source_id=source_id,
        )
    return undone


def _change(events: Iterable[PreferenceEvent]) -> Change:
    by_kind: dict[PreferenceKind, list[PreferenceEvent]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)

    def words(kind: PreferenceKind) -> tuple[str, ...]:
        return tuple(event.value for event in by_kind.get(kind, ()))

    return Change(
        diets=frozenset(parse_diet(diet) for diet in words(PreferenceKind.DIET)),
        allergies=frozenset(words(PreferenceKind.ALLERGY)),
        exceptions=frozenset(words(PreferenceKind.EXCEPTION)),
        likes=words(PreferenceKind.LIKE),
        dislikes=words(PreferenceKind.DISLIKE),
        targets={event.value: event.number or 1.0 for event in by_kind.get(PreferenceKind.TARGET, ())},
    )
