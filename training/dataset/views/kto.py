"""KTO, as TRL reads it: answers with a label, from 👍 and 👎. Answers that nobody rated aren't in it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import chat, schema
from training.dataset.views.view import Record, Sample, answer_of, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa


class Kto:
    """`prompt`, `completion`; `label`: whether it was liked."""

    name = "kto"

    @property
    def columns(self) -> "pa.Schema":
        """`prompt`, `completion`: lists of role and content; `label`: a truth value."""
        import pyarrow as pa

        return schema(prompt=chat(), completion=chat(), label=pa.bool_())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row that has feedback."""
        for sample in conversation:
            if sample.row.feedback is not None:
                yield {
                    "rows": [sample.row.row],
                    "prompt": prompt_of(sample.row, context=context),
                    "completion": answer_of(sample.row, context=context),
                    "label": sample.row.feedback.value == "up",
                }
