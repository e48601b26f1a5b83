"""One turn, from a person's words to an answer: understand, search, prompt, model, guard."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from bot.assistant.answer import Answer, Draft, Stopwatch
from bot.assistant.compose import Need, compose
from bot.assistant.finding import find_passages
from bot.assistant.fixed import fixed_answer, left_out_notice, notices
from bot.assistant.guard import Guard, GuardStatus, Verdict
from bot.assistant.intents import wants_less
from bot.assistant.model import ModelClient, ServedModel
from bot.assistant.understand import About, Change, Intent, Understanding, apply, understand
from bot.assistant.wording import plain
from bot.assistant.writing import Written, write
from bot.messages import say
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import violations
from retrieval.errors import UnavailableError
from retrieval.index import Index
from retrieval.knowledge.documents import Passage
from retrieval.prompt import Exchange, build_prompt
from retrieval.search import Query, Sought

LONGEST_QUESTION = 4000
"""Characters. Telegram's own limit for a message is 4,096."""

_SOUGHT = {
    Intent.LOOKUP: Sought.FIGURES,
    Intent.COMPARE: Sought.FIGURES,
    Intent.RECIPE: Sought.DISHES,
    Intent.SUGGEST: Sought.DISHES,
    Intent.PLAN: Sought.DISHES,
}
_RANKED_BY_NUTRIENT = (Intent.SUGGEST, Intent.PLAN, Intent.RECIPE)
_ANSWER_TOKENS = 300


@dataclass(frozen=True, slots=True)
class Heard:
    """A question, what it says about the person, and the preferences to answer it under.

    `kept` are the person's own preferences afterwards; `preferences` also hold, for this question alone, what was said
    of somebody else ("my daughter can't have eggs").
    """

    question: str
    understanding: Understanding
    kept: Preferences
    preferences: Preferences
    took_ms: float


def hear(question: str, before: Preferences) -> Heard:
    """Understand `question` from somebody whose preferences were `before`. Stores nothing."""
    started = time.perf_counter()
    understood = understand(question, before)
    if understood.about is About.OTHER:
        # Another's freedom never lifts the person's own restrictions: only what restricts counts.
        kept, answered_under = before, apply(_restricting(understood.add), Change(), before)
    else:
        kept = apply(understood.noted, understood.remove, before)
        answered_under = apply(_restricting(understood.others), Change(), kept)
    took_ms = (time.perf_counter() - started) * 1000
    return Heard(question, understood, kept, answered_under, took_ms)


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

    async def answer(self, heard: Heard, history: Sequence[Exchange] = ()) -> AsyncIterator[Draft | Answer]:
        """Yield drafts, then the `Answer`, always: without a model it is composed from the passages.

        Raises only what no answer can be made without (`BadInputError`, `UnavailableError` of the knowledge base).
        """
        turn = _Turn(heard)
        if (fixed := fixed_answer(heard.question, heard.understanding, heard.preferences)) is not None:
            yield turn.finish(fixed.text, (), fixed.verdict)
            return
        with turn.watch.phase("search"):
            query = query_for(heard.question, heard.understanding, limit=self._limit)
            passages = await find_passages(self.index, query, heard.preferences)
        seen = passages
        if passages:
            try:
                turn.served = await self.model.served()
            except UnavailableError as error:
                turn.written.faults = (str(error),)
            else:
                budget = prompt_budget(turn.served)
                prompt = build_prompt(heard.question, heard.preferences, passages, history, budget=budget)
                seen = prompt.passages
                async for draft in write(
                    self.model, prompt.messages, turn.guard(seen), turn.watch, turn.written
                ):
                    yield draft
        else:
            turn.written.faults = ("nothing relevant was found",)
        yield turn.conclude(passages, seen)


@dataclass(slots=True)
class _Turn:
    """What one turn has come to so far."""

    heard: Heard
    watch: Stopwatch = field(default_factory=Stopwatch)
    written: Written = field(default_factory=Written)
    served: ServedModel | None = None

    def __post_init__(self) -> None:
        self.watch.before_ms = self.watch.spent["understand"] = self.heard.took_ms

    def guard(self, passages: Sequence[Passage]) -> Guard:
        """Return the guard of an answer from `passages`."""
        heard = self.heard
        asked = heard.understanding.nutrient if heard.understanding.intent is Intent.LOOKUP else None
        return Guard(
            heard.question, passages, heard.preferences.restrictions, asked, heard.preferences.targets
        )

    def conclude(self, passages: Sequence[Passage], seen: Sequence[Passage]) -> Answer:
        """Give what the model wrote from `seen` if it may be given, else the answer composed from `passages`."""
        written, heard = self.written, self.heard
        if not written.faults:
            status = GuardStatus.REPAIRED if written.repaired else GuardStatus.PASSED
            return self.finish(written.text, seen, Verdict(status, written.first_faults))
        with self.watch.phase("guard"):
            understood = heard.understanding
            need = Need(heard.question, understood.intent, understood.nutrient, heard.preferences)
            composed = compose(need, passages)
        reasons = tuple(dict.fromkeys((*written.first_faults, *written.faults)))
        text = f"{composed.text}\n\n{say('composed_mark')}" if composed.passages else composed.text
        return self.finish(text, composed.passages, Verdict(GuardStatus.COMPOSED, reasons))

    def finish(self, text: str, sources: Sequence[Passage], verdict: Verdict) -> Answer:
        """Return the answer, with the notices that belong before it."""
        heard = self.heard
        said = list(notices(heard.understanding))
        asked_for = violations(heard.question, heard.preferences.restrictions)
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
