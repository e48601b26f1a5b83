"""OpenAI's chat format: one record an answer, the answer is the last message."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import chat, schema
from training.dataset.views.view import Record, Sample, answer_of, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa


class Messages:
    """`messages`: system, history, question with passages, answer."""

    name = "messages"

    @property
    def columns(self) -> "pa.Schema":
        """`messages`: a list of role and content."""
        return schema(messages=chat())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row."""
        for sample in conversation:
            messages = [*prompt_of(sample.row, context=context), *answer_of(sample.row, context=context)]
            yield {"rows": [sample.row.row], "messages": messages}
