"""Edited questions: what the earlier wording said of the person, and the new one doesn't, is taken back.

Restrictions are not lost by accident: an allergy or a diet that the new wording merely leaves out stays. It goes where
the new wording states another one in its place ("allergic to peanuts", edited to "allergic to walnuts").
"""

from dataclasses import dataclass

from bot.assistant.known import change_of, described
from bot.assistant.turns import values
from bot.assistant.understand import About, Change, understand
from bot.messages import say
from bot.store.people import Person
from bot.store.preferences import PreferenceEvent
from bot.store.store import Store
from bot.store.tables import Polarity, PreferenceKind

_RESTRICTIONS = (PreferenceKind.ALLERGY, PreferenceKind.DIET, PreferenceKind.EXCEPTION)
_NOTHING = Change()


@dataclass(frozen=True, slots=True)
class Reworded:
    """What of an earlier wording was taken back, what holds again, and which restrictions stay though unsaid now."""

    dropped: Change = _NOTHING
    restored: Change = _NOTHING
    kept: Change = _NOTHING

    def notes(self) -> tuple[str, ...]:
        """Return it in words, one sentence each."""
        changes = "; ".join(part for part in (described(self.dropped), described(self.restored)) if part)
        said = [say("reworded_dropped", changes=changes)] if changes else []
        return (*said, say("reworded_kept", changes=described(self.kept))) if self.kept else tuple(said)


async def rewording(store: Store, person: Person, turn_id: int, question: str, *, source_id: str) -> Reworded:
    """Take back what the turn `turn_id` noted about `person` and `question`, its new wording, doesn't say.

    What was stated again since, by another message, stays. The same `source_id` again changes nothing, and returns the
    same.
    """
    understood = understand(question)
    said = understood.add if understood.about is About.SELF else _NOTHING
    history = await store.preferences.history(person.id)
    gone = {(event.kind, event.value) for event in history if event.source_id == source_id}
    noted = [
        event
        for event in history
        if event.source_id == f"turn:{turn_id}"
        and (event.superseded_by is None or (event.kind, event.value) in gone)
        and not _holds(said, event)
    ]
    kept = [event for event in noted if _is_restriction(event) and not _is_replaced(said, event)]
    dropped = [event for event in noted if event not in kept and event.polarity is Polarity.ADD]
    restored = [event for event in noted if event.polarity is Polarity.REMOVE]
    reworded = Reworded(change_of(dropped), change_of(restored), change_of(kept))
    if reworded.dropped or reworded.restored:
        await store.preferences.apply(
            person.id,
            add=values(reworded.restored),
            remove=values(reworded.dropped),
            source="message",
            source_id=source_id,
        )
    return reworded


def _is_restriction(event: PreferenceEvent) -> bool:
    return event.kind in _RESTRICTIONS and event.polarity is Polarity.ADD


def _is_replaced(said: Change, event: PreferenceEvent) -> bool:
    """Tell whether the new wording states another restriction of the same kind."""
    stated = {
        PreferenceKind.ALLERGY: said.allergies,
        PreferenceKind.DIET: said.diets,
        PreferenceKind.EXCEPTION: said.exceptions,
    }
    return bool(stated[event.kind])


def _holds(said: Change, event: PreferenceEvent) -> bool:
    """Tell whether the new wording says the same."""
    if event.polarity is Polarity.REMOVE:
        return False
    one = change_of([event])
    return all(
        (
            one.diets <= said.diets,
            one.allergies <= said.allergies,
            one.exceptions <= said.exceptions,
            set(one.likes) <= set(said.likes),
            set(one.dislikes) <= set(said.dislikes),
            one.targets.items() <= said.targets.items(),
        )
    )
