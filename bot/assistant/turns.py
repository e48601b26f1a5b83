"""Turns that are kept: a person's words go in, are stored, change preferences, and are answered from history."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.assistant.answer import Answer, Draft
from bot.assistant.assistant import Assistant, Heard, hear
from bot.assistant.candidates import Proposer
from bot.assistant.consented import improves, keeps
from bot.assistant.followups import EARLIER_TURNS, Cited, Earlier, may_follow_up, resolve
from bot.assistant.given import Given
from bot.assistant.guard import cited_numbers
from bot.assistant.stopping import Stopping
from bot.assistant.understand import About, Change, Intent
from bot.messages import speaks
from bot.store.conversations import Asked, Turn, TurnRecord
from bot.store.people import Person
from bot.store.store import Store
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import Kind
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

    @property
    def is_shared(self) -> bool:
        """Whether others read along there."""
        return self.chat_type not in {"private", "terminal"}


@dataclass(frozen=True, slots=True)
class Begun:
    """A stored turn that waits for its answer, or has it already when an update came twice.

    `given` is what another answer must differ from; `notes` are sentences that stand before the answer.
    """

    turn: Turn
    heard: Heard
    history: tuple[Exchange, ...]
    given: Given = field(default_factory=Given)
    notes: tuple[str, ...] = ()


class Turns:
    """The assistant with a memory, shared by everybody who talks with it."""

    def __init__(self, assistant: Assistant, store: Store, proposer: Proposer | None = None) -> None:
        self._assistant = assistant
        self._store = store
        self._proposer = proposer
        self._running: dict[int, Stopping] = {}

    @property
    def assistant(self) -> Assistant:
        """The assistant that answers: its knowledge base and its model."""
        return self._assistant

    async def begin(
        self,
        person: Person,
        place: Place,
        question: str,
        *,
        asked: Asked | None = None,
        notes: tuple[str, ...] = (),
    ) -> Begun:
        """Store `question`, and apply what it says about the person before anything is answered.

        With `asked.again_of` or `asked.replaces` it goes on in that turn's conversation, as it was then; another answer
        to the same question applies nothing. The same `asked.update_id` again returns the same turn, and changes
        nothing twice. Raises `UnavailableError` when the store doesn't answer.
        """
        store, asked = self._store, asked or Asked()
        earlier = asked.again_of or asked.replaces
        conversation_id = await self._conversation(person, place, earlier)
        before = _spoken_here(await store.preferences.load(person.id), shared=place.is_shared)
        decisions = await store.consents.decisions(person.id)
        history, meant, given = await self._history(conversation_id, question, asked, kept=keeps(decisions))
        states = asked.again_of is None
        heard = hear(question, before, meant, states=states)
        turn = await store.conversations.receive(
            conversation_id,
            question,
            asked=replace(asked, meant=meant),
            preferences=heard.preferences.as_dict(),
            consent_improve=improves(decisions),
        )
        if (turn.question, turn.meant) != (question, meant):
            # Begun by an earlier process, which knew more: further parts of a long message, say.
            heard = hear(turn.question, before, turn.meant, states=states)
        understood = heard.understanding
        if understood.about is About.SELF and (understood.add or understood.remove):
            await store.preferences.apply(
                person.id,
                add=values(understood.noted),
                remove=values(understood.remove, allergies=False),
                source="message",
                source_id=f"turn:{turn.id}",
            )
        return Begun(turn, heard, history, given, notes)

    async def answer(self, begun: Begun) -> AsyncIterator[Draft | Answer]:
        """Yield drafts, then the answer, which is stored by then. `stop` ends it early."""
        stopping = self._running[begun.turn.id] = Stopping()
        answering = self._assistant.answer(begun.heard, begun.history, given=begun.given, stopping=stopping)
        try:
            async with aclosing(stopping.steps(answering)) as events:
                async for event in events:
                    if not isinstance(event, Answer):
                        yield event
                        continue
                    self._running.pop(begun.turn.id, None)  # too late to stop it
                    answer = replace(event, notices=(*begun.notes, *event.notices))
                    turn = await self._store.conversations.answer(begun.turn.id, _record(answer))
                    yield replace(answer, turn=turn)
        finally:
            self._running.pop(begun.turn.id, None)

    async def in_place_of(self, begun: Begun, earlier: Turn) -> Begun:
        """Have an answer written into the messages that hold the answer to `earlier`, whose question was edited."""
        if begun.turn.message_ids or not earlier.message_ids:
            return begun
        await self._store.conversations.set_messages(begun.turn.id, earlier.message_ids)
        return replace(begun, turn=replace(begun.turn, message_ids=earlier.message_ids))

    def stop(self, turn_id: int) -> bool:
        """End the answer that is being written to a turn; return whether there is one.

        Whoever waits for it gets what was written until now. The model server is told at once to write no more.
        """
        stopping = self._running.get(turn_id)
        if stopping is not None:
            stopping.press()
        return stopping is not None

    async def _conversation(self, person: Person, place: Place, earlier: int | None) -> int:
        """Return the id of the conversation that a question belongs to."""
        if earlier is not None and (turn := await self._store.conversations.get(earlier)) is not None:
            return turn.conversation_id
        return (await self._store.conversations.current(person.id, place.chat_id, place.chat_type)).id

    async def _history(
        self, conversation_id: int, question: str, asked: Asked, *, kept: bool
    ) -> tuple[tuple[Exchange, ...], str | None, Given]:
        """Return what was said before, a follow-up written out, and what the answer must differ from.

        Nothing of it for somebody who doesn't want conversations `kept`.
        """
        if not kept:
            return (), asked.meant, Given()
        before = asked.again_of or asked.replaces
        said = await self._store.conversations.exchanges(conversation_id, LONGEST_HISTORY, before=before)
        meant, given = await self._follow(conversation_id, question, asked)
        return tuple(Exchange(*exchange) for exchange in said), meant, given

    async def _follow(self, conversation_id: int, question: str, asked: Asked) -> tuple[str | None, Given]:
        """Return a follow-up written out, and what its answer must differ from."""
        if asked.again_of is not None:
            return asked.meant, Given.by(await self._store.lookup.answers_like(asked.again_of))
        if not may_follow_up(question):
            return None, Given()
        turns = await self._store.conversations.history(conversation_id, EARLIER_TURNS, before=asked.replaces)
        meant = resolve(question, [_earlier(turn) for turn in turns])
        if meant is None:
            return None, Given()
        given = [turn for turn in turns if meant.others and (turn.meant or turn.question) == meant.question]
        return meant.question, Given.by(given)

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


def _spoken_here(preferences: Preferences, *, shared: bool) -> Preferences:
    """Return preferences whose language is the one spoken here: chosen, or Telegram's. The model gets it from them.

    So it does whether others read along.
    """
    settings = replace(preferences.settings, language=speaks(), shared=shared)
    return replace(preferences, settings=settings)


async def _no_candidates() -> Change:
    return Change()


def _earlier(turn: Turn) -> Earlier:
    record = turn.record
    if record is None or record.intent not in set(Intent):
        return Earlier(turn.meant or turn.question, Intent.OTHER)
    passages = [
        record.passages[number - 1]
        for number in cited_numbers(record.answer)
        if 1 <= number <= len(record.passages)
    ]
    cited = tuple(
        Cited(passage["title"], recipe=passage["kind"] == Kind.RECIPE)
        for passage in passages
        if passage["kind"] != Kind.NOTE
    )
    return Earlier(turn.meant or turn.question, Intent(record.intent), cited)


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
        stopped=answer.stopped,
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
