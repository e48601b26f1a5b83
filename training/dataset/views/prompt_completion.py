"""TRL's conversational prompt–completion, one record an answer: what the assistant is trained on by default.

Loss is on the completion alone, so whatever stands in the prompt is read, and never learned to be said.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import chat, schema
from training.dataset.views.view import Record, Sample, answer_of, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa


class PromptCompletion:
    """`prompt`: all messages before the answer; `completion`: the answer, as a list of one message."""

    name = "prompt-completion"

    @property
    def columns(self) -> "pa.Schema":
        """`prompt`, `completion`: lists of role and content."""
        return schema(prompt=chat(), completion=chat())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row."""
        for sample in conversation:
            yield {
                "rows": [sample.row.row],
                "prompt": prompt_of(sample.row, context=context),
                "completion": answer_of(sample.row, context=context),
            }
