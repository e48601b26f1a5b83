"""What people allow their conversations to be used for, and what follows from it."""

from collections.abc import Mapping

from bot.messages import speaks
from bot.store.conversations import Turn
from bot.store.held import Decision
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose, TurnStatus

WORDING = "2026-11"
"""Names the texts on which people decide (`consent_ask_…`): give it another name whenever what they say changes."""


def keeps(decisions: Mapping[Purpose, Decision]) -> bool:
    """Whether conversations are kept: they are until a person refuses, since without them none can be held."""
    decided = decisions.get(Purpose.SERVICE)
    return decided is None or decided.granted


def improves(decisions: Mapping[Purpose, Decision]) -> bool:
    """Whether conversations may be used to improve the model: only where a person has said so, and they are kept."""
    decided = decisions.get(Purpose.IMPROVEMENT)
    return decided is not None and decided.granted and keeps(decisions)


def is_forgotten(turn: Turn) -> bool:
    """Whether a turn's texts were erased because its person doesn't want them kept: its answer was delivered."""
    return turn.status is TurnStatus.ANSWERED and turn.record is None


class Consented:
    """Decisions, and what is done about them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def decide(self, person: Person, purpose: Purpose, *, granted: bool) -> None:
        """Record a decision, made on the texts as they are now in the language spoken here.

        Who doesn't want conversations kept has those so far erased at once.
        """
        await self._store.consents.give(person.id, purpose, granted, f"{WORDING}-{speaks()}")
        if purpose is Purpose.SERVICE and not granted:
            await self._store.texts.forget_all(person.id)

    async def after_delivery(self, turn: Turn) -> None:
        """Erase what was said in a turn whose answer has just arrived, if its person doesn't want it kept.

        So is what an earlier process, or a failure, has left behind. Doing it twice does no harm.
        """
        if keeps(await self._store.consents.decisions_of_asker(turn.id)):
            return
        person_id = await self._store.conversations.asker(turn.id)
        if person_id is None:
            return
        await self._store.texts.forget(turn.id)
        await self._store.texts.forget_all(person_id)
