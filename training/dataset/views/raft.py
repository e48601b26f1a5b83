"""RAFT: answering from passages of which some mislead, and refusing when the one that matters isn't there.

After Zhang et al., "RAFT: Adapting Language Model to Domain Specific RAG" (2024): the passages that an answer cites are
its oracle; passages that the search finds for the same question, but weren't cited, are the distractors.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING

from training.dataset.schema import Passage
from training.dataset.views.citations import cited, recited
from training.dataset.views.columns import chat, schema
from training.dataset.views.view import Record, Sample, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa

WITHOUT_ORACLE = 0.2
"""Share of the questions from whose passages the oracle is taken away, of those that can be refused honestly."""

PASSAGES = 6
"""Passages of a prompt; the oracle may be more."""

REFUSALS: Mapping[str, str] = {
    "en": "I have nothing about that which fits your preferences, so I would rather not guess. "
    "Try naming a food, a recipe or a nutrient.",
    "es": "No tengo nada sobre eso que encaje con tus preferencias, así que prefiero no adivinar. "
    "Prueba a nombrar un alimento, una receta o un nutriente.",
}
"""What the bot says when the search finds nothing (`nothing_found` of bot/locales), by language."""

_PARTICULAR = frozenset({"lookup", "compare", "recipe"})
"""Intents that want something particular. To 'What can I have for dinner?' nearly every passage is an answer."""

_WORD = re.compile(r"\w{4,}")


class Raft:
    """`prompt`, `completion`; `oracle`: whether the passages hold the answer."""

    name = "raft"

    @property
    def columns(self) -> "pa.Schema":
        """`prompt`, `completion`: lists of role and content; `oracle`: a truth value."""
        import pyarrow as pa

        return schema(prompt=chat(), completion=chat(), oracle=pa.bool_())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row that cites what it was served; without context, there is nothing to tell apart.

        What is drawn depends on the row's id alone. A question is refused in the bot's own words where it wants
        something particular, and among other passages that aren't about that.
        """
        for sample in conversation if context else ():
            row, oracle = sample.row, cited(sample.row)
            if not oracle:
                continue
            draw = Random(int.from_bytes(blake2b(row.row.encode(), digest_size=8).digest(), "big"))  # noqa: S311
            refusal = _refusal(sample, oracle) if draw.random() < WITHOUT_ORACLE else None
            if refusal is None:
                others = _others(sample, oracle)
                shown = [*oracle, *others[: max(0, PASSAGES - len(oracle))]]
            else:
                shown = refusal[1][:PASSAGES]
            draw.shuffle(shown)
            answer = recited(row, shown) if refusal is None else refusal[0]
            yield {
                "rows": [row.row],
                "prompt": prompt_of(row, context=True, passages=shown),
                "completion": [{"role": "assistant", "content": answer}],
                "oracle": refusal is None,
            }


def _others(sample: Sample, oracle: Sequence[Passage]) -> list[Passage]:
    """Return what misleads, hardest first: found and not cited, then found and not served."""
    ids = {passage.id for passage in oracle}
    found = {passage.id: passage for passage in (*sample.distractors, *sample.row.passages)}
    order = dict.fromkeys(passage.id for passage in (*sample.row.passages, *sample.distractors))
    return [found[passage_id] for passage_id in order if passage_id not in ids]


def _refusal(sample: Sample, oracle: Sequence[Passage]) -> tuple[str, list[Passage]] | None:
    """Return the words of a refusal and passages that don't hold the answer, if there are both."""
    row = sample.row
    words = REFUSALS.get(row.language.partition("-")[0])
    if words is None or row.intent not in _PARTICULAR:
        return None
    about = _words(row.asked, *(passage.title for passage in oracle))
    others = [passage for passage in _others(sample, oracle) if not about & _words(passage.title)]
    return (words, others) if others else None


def _words(*texts: str) -> set[str]:
    """Return the longer words of texts, without the s of a plural."""
    return {word.removesuffix("s") for text in texts for word in _WORD.findall(text.casefold())}
