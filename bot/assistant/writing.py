"""Getting an answer written: the model's words, sentence by sentence through the guard."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.assistant.answer import Draft, Stopwatch
from bot.assistant.guard import Guard
from bot.assistant.model import Finished, ModelClient, Usage, Words
from bot.assistant.sentences import SentenceBuffer, split_sentences
from retrieval.errors import UnavailableError
from retrieval.prompt import Message

REPAIR_BEFORE_S = 12.0
"""A repair starts only this early in a turn: a person waits at most about twice as long."""


@dataclass(slots=True)
class Written:
    """What the model made of a prompt. `faults` are empty when `text` may be given; `repaired` on the second try.

    `away`: the server failed, and isn't asked a second time.
    """

    text: str = ""
    faults: tuple[str, ...] = ()
    first_faults: tuple[str, ...] = ()
    repaired: bool = False
    away: bool = False
    usage: Usage = field(default_factory=Usage)


async def write(
    model: ModelClient,
    messages: Sequence[Message],
    guard: Guard,
    watch: Stopwatch,
    written: Written,
    *,
    temperature: float = 0.0,
) -> AsyncIterator[Draft]:
    """Yield drafts while the model writes; fill `written`. One repair, with the guard's reasons given to the model."""
    started = time.monotonic()
    async with aclosing(model.stream(messages, temperature=temperature)) as words:
        async for draft in _attempt(words, guard, watch, written):
            yield draft
    if not written.faults or written.away or time.monotonic() - started > REPAIR_BEFORE_S:
        return
    written.first_faults, written.repaired = written.faults, True
    again: list[Message] = [
        *messages,
        {"role": "assistant", "content": written.text or "…"},
        {"role": "user", "content": _repair_request(written.faults)},
    ]
    async with aclosing(model.stream(again, temperature=temperature)) as words:
        async for draft in _attempt(words, guard, watch, written):
            yield draft


async def _attempt(
    words: AsyncIterator[Words | Finished], guard: Guard, watch: Stopwatch, written: Written
) -> AsyncIterator[Draft]:
    """One answer, stopped at the first sentence that may not be shown: the rest would be waited for in vain."""
    buffer, usage, truncated, before = SentenceBuffer(), Usage(), False, written.usage
    written.text, written.faults = "", ()
    try:
        async for item in _timed(words, watch):
            usage = item.usage
            written.usage = before + usage
            if isinstance(item, Finished):
                truncated = item.truncated
                continue
            for sentence in buffer.add(item.text):
                if not _passes(sentence, guard, watch, written):
                    return
                yield Draft(written.text.strip())
    except UnavailableError as error:
        written.faults, written.away = (str(error),), True
        return
    rest = buffer.rest()
    # What the token limit cut off in the middle of a sentence is left out.
    if rest.strip() and (not truncated or not written.text) and not _passes(rest, guard, watch, written):
        return
    written.text = written.text.strip()
    with watch.phase("guard"):
        written.faults = guard.check_answer(written.text)
    if truncated and len(split_sentences(written.text)) < 2 and not written.faults:
        written.faults = ("ran into the length limit",)


def _passes(sentence: str, guard: Guard, watch: Stopwatch, written: Written) -> bool:
    with watch.phase("guard"):
        written.faults = guard.check_sentence(sentence)
    written.text += sentence
    return not written.faults


async def _timed(words: AsyncIterator[Words | Finished], watch: Stopwatch) -> AsyncIterator[Words | Finished]:
    while True:
        with watch.phase("model"):
            item = await anext(words, None)
        if item is None:
            return
        yield item


def _repair_request(faults: Sequence[str]) -> str:
    return (
        f"That answer can't be given: {'; '.join(faults)}. Answer the question again, using only the passages, "
        "their exact figures and their numbers as citations, and nothing that this person may not eat."
    )
