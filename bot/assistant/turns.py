"""Turns that are kept: a person's words go in, are stored, change preferences, and are answered from history."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.assistant.answer import Answer, Draft
from bot.assistant.assistant import Assistant, Heard, hear
from bot.assistant.candidates import Proposer
from bot.assistant.understand import About, Change
from bot.store.conversations import Asked, Turn, TurnRecord
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose
from retrieval.diet.preferences import Preferences
from retrieval.prompt import Exchange

LONGEST_HISTORY = 40
"""Exchanges read from the store; the prompt's token budget keeps fewer."""


CANDIDATES_S = 5.0
"""Seconds after an answer for which candidates are waited for: asked later, nobody knows what the question is about."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person writes: a Telegram chat, or a terminal when `chat_id` is None."""

    chat_id: int | None = None
    chat_type: str = "terminal"


@dataclass(frozen=True, slots=True)
class Begun:
    """A stored turn that waits for its answer, or has it already when an update came twice."""

    turn: Turn
    heard: Heard
    history: tuple[Exchange, ...]


class Turns:
    """The assistant with a memory, shared by everybody who talks with it."""

    def __init__(self, assistant: Assistant, store: Store, proposer: Proposer | None = None) -> None:
        self._assistant = assistant
        self._store = store
        self._proposer = proposer

    async def begin(
        self, person: Person, place: Place, question: str, *, asked: Asked | None = None
    ) -> Begun:
        """Store `question`, and apply what it says about the person before anything is answered.

        The same `asked.update_id` again returns the same turn, and changes nothing twice. Raises `UnavailableError`
        when the store doesn't answer.
        """
        store = self._store
        conversation = await store.conversations.current(person.id, place.chat_id, place.chat_type)
        before = await store.preferences.load(person.id)
        history = await store.conversations.exchanges(conversation.id, LONGEST_HISTORY)
        heard = hear(question, before)
        consents = await store.consents.current(person.id)
        turn = await store.conversations.receive(
            conversation.id,
            question,
            asked=asked or Asked(),
            preferences=heard.preferences.as_dict(),
            consent_improve=consents.get(Purpose.IMPROVEMENT, False),
        )
        understood = heard.understanding
        if understood.about is About.SELF and (understood.add or understood.remove):
            await store.preferences.apply(
                person.id,
                add=values(understood.noted),
                remove=values(understood.remove, allergies=False),
                source="message",
                source_id=f"turn:{turn.id}",
            )
        return Begun(turn, heard, tuple(Exchange(*exchange) for exchange in history))

    async def answer(self, begun: Begun) -> AsyncIterator[Draft | Answer]:
        """Yield drafts, then the answer, which is stored by then."""
        async for event in self._assistant.answer(begun.heard, begun.history):
            if isinstance(event, Answer):
                await self._store.conversations.answer(begun.turn.id, _record(event))
            yield event

    @asynccontextmanager
    async def candidates(self, begun: Begun) -> AsyncIterator[Callable[[], Awaitable[Change]]]:
        """Have the model read the message while the block answers it; yields what returns its candidates.

        That waits at most `CANDIDATES_S`. They are only asked about: nothing of them counts before the person says yes.
        """
        heard = begun.heard
        if self._proposer is None:
            yield _no_candidates
            return
        reading = self._proposer.propose(heard.question, heard.understanding, heard.kept)
        task = asyncio.create_task(reading, name="candidates")

        async def found() -> Change:
            await asyncio.wait((task,), timeout=CANDIDATES_S)
            return task.result() if task.done() else Change()

        try:
            yield found
        finally:
            task.cancel()
            await asyncio.wait((task,))


async def _no_candidates() -> Change:
    return Change()


def _record(answer: Answer) -> TurnRecord:
    return TurnRecord(
        answer=answer.text,
        notices=answer.notices,
        intent=str(answer.understanding.intent),
        preferences=answer.preferences.as_dict(),
        passages=[passage.as_dict() for passage in answer.sources],
        model=answer.model,
        adapter=answer.adapter,
        prompt_tokens=answer.usage.prompt,
        completion_tokens=answer.usage.completion,
        cached_tokens=answer.usage.cached,
        timings=answer.timing_ms,
        guard_status=str(answer.guard.status),
        guard_reasons=answer.guard.reasons,
    )


def values(change: Change, *, allergies: bool = True) -> Preferences:
    """Return the values of a change. Dropping an allergy takes a tap, so a message leaves them in place."""
    return Preferences(
        diets=change.diets,
        allergies=change.allergies if allergies else frozenset(),
        likes=change.likes,
        dislikes=change.dislikes,
        targets=change.targets,
        exceptions=change.exceptions,
    )
