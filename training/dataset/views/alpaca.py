"""Alpaca: instruction, input, output; with the system message and the history that its newer readers know."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.citations import without_citations
from training.dataset.views.columns import schema
from training.dataset.views.view import Record, Sample, answer_of, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa


class Alpaca:
    """`instruction`: the question; `input`: the passages; `output`: the answer; `system`; `history`: pairs."""

    name = "alpaca"

    @property
    def columns(self) -> "pa.Schema":
        """Texts, but `history`: a list of (question, answer) lists."""
        import pyarrow as pa

        text = pa.string()
        return schema(
            instruction=text, input=text, output=text, system=text, history=pa.list_(pa.list_(text))
        )

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row."""
        for sample in conversation:
            row = sample.row
            messages = prompt_of(row, context=context)
            asked = messages[-1]["content"]
            passages = asked.removesuffix(row.asked).removesuffix("\n\nQuestion: ") if context else ""
            yield {
                "rows": [row.row],
                "instruction": row.asked,
                "input": passages,
                "output": answer_of(row, context=context)[0]["content"],
                "system": messages[0]["content"],
                "history": [
                    [item.question, item.answer if context else without_citations(item.answer)]
                    for item in row.history
                ],
            }
