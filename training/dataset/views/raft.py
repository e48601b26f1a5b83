"""RAFT: answering from passages of which some mislead, and refusing when the one that matters isn't there.

After Zhang et al., "RAFT: Adapting Language Model to Domain Specific RAG" (2024): the passages that an answer cites are
its oracle; passages that the search finds for the same question, but weren't cited, are the distractors.
"""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING

from training.dataset.schema import Passage, Row
from training.dataset.views.columns import chat, schema
from training.dataset.views.view import CITATION, Record, Sample, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa

WITHOUT_ORACLE = 0.2
"""Share of the questions from whose passages the oracle is taken away."""

PASSAGES = 6
"""Passages of a prompt; the oracle may be more."""

REFUSAL = "I don't have anything about that which fits you, so I would rather not guess."
"""What the bot says (English) when the search finds nothing."""

_NUMBER = re.compile(r"\[(\d+)\]")


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

        What is drawn depends on the row's id alone. Only English answers are refused in: the words are the bot's.
        """
        for sample in conversation if context else ():
            row = sample.row
            cited = _cited(row)
            if not cited:
                continue
            draw = Random(int.from_bytes(blake2b(row.row.encode(), digest_size=8).digest(), "big"))  # noqa: S311
            others = _others(sample, cited)
            with_oracle = draw.random() >= WITHOUT_ORACLE or not others or not row.language.startswith("en")
            oracle = [row.passages[number - 1] for number in cited] if with_oracle else []
            shown = [*oracle, *others[: max(0, PASSAGES - len(oracle))]]
            draw.shuffle(shown)
            answer = _renumbered(row, shown) if with_oracle else REFUSAL
            yield {
                "rows": [row.row],
                "prompt": prompt_of(row, context=True, passages=shown),
                "completion": [{"role": "assistant", "content": answer}],
                "oracle": with_oracle,
            }


def _cited(row: Row) -> list[int]:
    numbers = dict.fromkeys(int(number) for number in CITATION.findall(row.answer))
    return [number for number in numbers if 1 <= number <= len(row.passages)]


def _others(sample: Sample, cited: Sequence[int]) -> list[Passage]:
    """Return what misleads, hardest first: found and not cited, then found and not served."""
    oracle = {sample.row.passages[number - 1].id for number in cited}
    found = {passage.id: passage for passage in (*sample.row.passages, *sample.distractors)}
    return [passage for passage_id, passage in found.items() if passage_id not in oracle]


def _renumbered(row: Row, shown: Sequence[Passage]) -> str:
    place = {passage.id: number for number, passage in enumerate(shown, start=1)}

    def moved(match: re.Match[str]) -> str:
        number = int(match[1])
        if not 1 <= number <= len(row.passages):
            return match[0]
        return f"[{place[row.passages[number - 1].id]}]"

    return _NUMBER.sub(moved, row.answer)
