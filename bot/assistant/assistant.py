"""One turn, from a person's words to an answer: understand, search, prompt, model, guard."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from bot.assistant.answer import Answer, Draft, Stopwatch
from bot.assistant.compose import Need, compose
from bot.assistant.finding import find_passages
from bot.assistant.fixed import Fixed, fixed_answer, left_out_notice, notices
from bot.assistant.given import Given
from bot.assistant.guard import Guard, GuardStatus, Verdict
from bot.assistant.in_english import in_english
from bot.assistant.intents import wants_less
from bot.assistant.model import ModelClient, ServedModel
from bot.assistant.stopping import Stopping
from bot.assistant.tokens import Tokens
from bot.assistant.understand import About, Change, Intent, Understanding, apply, understand
from bot.assistant.wording import plain
from bot.assistant.writing import Written, write
from bot.messages import DEFAULT, say
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import violations
from retrieval.errors import UnavailableError
from retrieval.index import Index
from retrieval.knowledge.documents import Passage
from retrieval.prompt import Exchange
from retrieval.search import Query, Sought

LONGEST_QUESTION = 12_000
"""Characters. Telegram cuts what is longer than 4,096 into several messages, which are joined again."""

_SOUGHT = {
    Intent.LOOKUP: Sought.FIGURES,
    Intent.COMPARE: Sought.FIGURES,
    Intent.RECIPE: Sought.DISHES,
    Intent.SUGGEST: Sought.DISHES,
    Intent.PLAN: Sought.DISHES,
}
_RANKED_BY_NUTRIENT = (Intent.SUGGEST, Intent.PLAN, Intent.RECIPE)
_ANSWER_TOKENS = 300
_VARIED = 0.8
"""The temperature of another answer to the same question."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A question, what it says about the person, and the preferences to answer it under.

    `kept` are the person's own preferences afterwards; `preferences` also hold, for this question alone, what was said
    of somebody else ("my daughter can't have eggs"). `meant` is a follow-up's question written out.
    """

    question: str
    understanding: Understanding
    kept: Preferences
    preferences: Preferences
    took_ms: float
    meant: str | None = None

    @property
    def asked(self) -> str:
        """The question to be answered, which needs no other to be understood."""
        return self.meant or self.question


def hear(question: str, before: Preferences, meant: str | None = None, *, states: bool = True) -> Heard:
    """Understand `question` from somebody whose preferences were `before`. Stores nothing.

    What it wants is read from `meant` where that is given; what it says of the person from their own words alone, and
    not at all without `states`: those were heard before.
    """
    started = time.perf_counter()
    understood = understand(question, before)
    if not states and understood.about is About.SELF:
        understood = Understanding(
            Change(), Change(), About.SELF, understood.intent, understood.nutrient, others=understood.others
        )
    if meant is not None:
        wanted = understand(meant)
        understood = replace(understood, intent=wanted.intent, nutrient=wanted.nutrient)
    understood = _intent_in_english(understood, meant or question)
    if understood.about is About.OTHER:
        # Another's freedom never lifts the person's own restrictions: only what restricts counts.
        kept, answered_under = before, apply(_restricting(understood.add), Change(), before)
    else:
        kept = apply(understood.noted, understood.remove, before)
        answered_under = apply(_restricting(understood.others), Change(), kept)
    took_ms = (time.perf_counter() - started) * 1000
    return Heard(question, understood, kept, answered_under, took_ms, meant)


def _intent_in_english(understood: Understanding, asked: str) -> Understanding:
    """Return what is wanted as the question's English words say it, where its own say no more than that it asks."""
    if understood.intent not in (Intent.QUESTION, Intent.OTHER) or (english := in_english(asked)) == asked:
        return understood
    wanted = understand(english)
    if wanted.intent not in _SOUGHT:
        return understood
    return replace(understood, intent=wanted.intent, nutrient=understood.nutrient or wanted.nutrient)


def _restricting(change: Change) -> Change:
    return replace(change, exceptions=frozenset())


def query_for(question: str, understood: Understanding, *, limit: int) -> Query:
    """Return what to search for: a question's intent says which kinds of document it wants first."""
    return Query(
        question,
        limit=limit,
        sought=_SOUGHT.get(understood.intent, Sought.ANYTHING),
        nutrient=understood.nutrient if understood.intent in _RANKED_BY_NUTRIENT else None,
        least=wants_less(plain(question)),
    )


class Assistant:
    """Answers questions from one knowledge base with one model server; shared by everybody who asks."""

    def __init__(self, index: Index, model: ModelClient, *, limit: int = 5) -> None:
        self.index = index
        self.model = model
        self._limit = limit
        self._tokens = Tokens(model)

    async def answer(
        self,
        heard: Heard,
        history: Sequence[Exchange] = (),
        *,
        given: Given = Given(),  # noqa: B008 (immutable)
        stopping: Stopping | None = None,
    ) -> AsyncGenerator[Draft | Answer, None]:
        """Yield drafts, then the `Answer`, always: without a model it is composed from the passages.

        Nothing that was `given` before is given again. Raises only what no answer can be made without
        (`BadInputError`, `UnavailableError` of the knowledge base).
        """
        turn = _Turn(heard, given)
        if (fixed := _fixed(heard)) is not None:
            yield turn.finish(fixed.text, (), fixed.verdict)
            return
        try:
            async for draft in self._write(turn, history):
                turn.shown = draft.text
                yield draft
                if stopping is not None and stopping.pressed:
                    break
        except asyncio.CancelledError:
            if stopping is None or not stopping.taken():
                raise
        if stopping is not None and stopping.pressed:
            yield turn.stop()
        else:
            yield turn.conclude()

    async def _write(self, turn: "_Turn", history: Sequence[Exchange]) -> AsyncIterator[Draft]:
        """Search, and have the model write; what comes of it is in `turn`."""
        heard, watch = turn.heard, turn.watch
        with watch.phase("search"):
            query = query_for(in_english(heard.asked), heard.understanding, limit=self._limit)
            turn.passages = turn.seen = await self._find(query, heard.preferences, turn.given)
        if not turn.passages:
            turn.written.faults = ("nothing relevant was found",)
            return
        if heard.preferences.restrictions and heard.preferences.settings.language != DEFAULT:
            # In English a word that nobody has looked at may be a dish, and isn't let through. In another language
            # every word is such a word, but for those that mean something harmless in English: 'pan' is bread.
            turn.written.faults = ("the words of that language can't be checked",)
            return
        try:
            turn.served = await self.model.served()
        except UnavailableError as error:
            turn.written.faults = (str(error),)
            return
        prompt = await self._tokens.fitted_prompt(
            heard.asked, heard.preferences, turn.passages, history, budget=prompt_budget(turn.served)
        )
        turn.seen = prompt.passages
        if not turn.seen:
            # The model would have nothing to answer from.
            turn.written.faults = ("the question leaves no room for passages",)
            return
        drafts = write(
            self.model,
            prompt.messages,
            turn.guard(turn.seen),
            watch,
            turn.written,
            temperature=_VARIED if turn.given else 0.0,
        )
        async for draft in drafts:
            yield draft

    async def _find(self, query: Query, preferences: Preferences, given: Given) -> tuple[Passage, ...]:
        if not given or query.sought is Sought.FIGURES:  # another food's figures are no other answer
            return await find_passages(self.index, query, preferences)
        more = await find_passages(self.index, replace(query, limit=2 * query.limit), preferences)
        return tuple(given.last(more)[: query.limit])


def _fixed(heard: Heard) -> Fixed | None:
    """Return the answer that needs neither search nor model, by the person's own words or by what they mean."""
    fixed = fixed_answer(heard.question, heard.understanding, heard.preferences)
    if fixed is None and heard.meant is not None:
        fixed = fixed_answer(heard.meant, heard.understanding, heard.preferences)
    return fixed


@dataclass(slots=True)
class _Turn:
    """What one turn has come to so far."""

    heard: Heard
    given: Given = field(default_factory=Given)
    watch: Stopwatch = field(default_factory=Stopwatch)
    written: Written = field(default_factory=Written)
    served: ServedModel | None = None
    passages: tuple[Passage, ...] = ()
    seen: tuple[Passage, ...] = ()
    """Those of `passages` that are in the prompt."""
    shown: str = ""
    """The newest draft."""

    def __post_init__(self) -> None:
        self.watch.before_ms = self.watch.spent["understand"] = self.heard.took_ms

    def guard(self, passages: Sequence[Passage]) -> Guard:
        """Return the guard of an answer from `passages`."""
        heard = self.heard
        asked = heard.understanding.nutrient if heard.understanding.intent is Intent.LOOKUP else None
        return Guard(heard.asked, passages, heard.preferences.restrictions, asked, heard.preferences.targets)

    def conclude(self) -> Answer:
        """Give what the model wrote if it may be given, else an answer composed from the passages."""
        written, heard = self.written, self.heard
        if not written.faults and self.given.says(written.text):
            written.faults = ("says what was said before",)
        if not written.faults:
            status = GuardStatus.REPAIRED if written.repaired else GuardStatus.PASSED
            return self.finish(written.text, self.seen, Verdict(status, written.first_faults))
        with self.watch.phase("guard"):
            understood = heard.understanding
            need = Need(in_english(heard.asked), understood.intent, understood.nutrient, heard.preferences)
            composed = compose(need, self.passages, said=self.given.says)
        reasons = tuple(dict.fromkeys((*written.first_faults, *written.faults)))
        if composed.passages:
            text = f"{composed.text}\n\n{say('composed_mark')}"
        else:
            text = say("nothing_else") if self.given and self.passages else composed.text
        return self.finish(text, composed.passages, Verdict(GuardStatus.COMPOSED, reasons))

    def stop(self) -> Answer:
        """Give what was written until now, all of which has passed the guard's checks of single sentences."""
        verdict = Verdict(GuardStatus.PASSED, ("stopped by the person",))
        answer = self.finish(self.shown or say("stopped_at_once"), self.seen if self.shown else (), verdict)
        return replace(answer, stopped=True)

    def finish(self, text: str, sources: Sequence[Passage], verdict: Verdict) -> Answer:
        """Return the answer, with the notices that belong before it."""
        heard = self.heard
        said = list(notices(heard.understanding))
        asked_for = violations(heard.asked, heard.preferences.restrictions)
        if asked_for and heard.understanding.intent is not Intent.STATE:
            said.append(left_out_notice(asked_for))
            reasons = (f"asked for {found.mention.name}: {found.reason}" for found in asked_for)
            verdict = Verdict(verdict.status, tuple(dict.fromkeys((*reasons, *verdict.reasons))))
        return Answer(
            question=heard.question,
            text=text,
            notices=tuple(said),
            sources=tuple(sources),
            understanding=heard.understanding,
            preferences=heard.preferences,
            guard=verdict,
            model=self.served.base if self.served else None,
            adapter=self.served.adapter if self.served else None,
            usage=self.written.usage,
            timing_ms=self.watch.read(),
        )


def prompt_budget(served: ServedModel) -> int:
    """Return the tokens that a prompt may have: the model's context, less the answer and a repair's extra words."""
    return min(3000, (served.context or 4096) - 2 * _ANSWER_TOKENS)
