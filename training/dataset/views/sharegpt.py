"""ShareGPT: one record a conversation, with every exchange of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import schema
from training.dataset.views.view import Record, Sample, answer_of, prompt_of

if TYPE_CHECKING:
    import pyarrow as pa


class ShareGpt:
    """`conversations`: `from` (system, human, gpt) and `value`."""

    name = "sharegpt"

    @property
    def columns(self) -> "pa.Schema":
        """`conversations`: a list of from and value."""
        import pyarrow as pa

        said = pa.struct([pa.field("from", pa.string()), pa.field("value", pa.string())])
        return schema(conversations=pa.list_(said))

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield one record: of a question that was edited or asked again, only what came of it last.

        The system message is the last answer's, which knows most about the person.
        """
        superseded = {
            row_id for sample in conversation for row_id in (sample.row.again_of, sample.row.replaces)
        }
        kept = [sample.row for sample in conversation if sample.row.row not in superseded]
        siblings = {row.again_of: row for row in kept if row.again_of is not None}
        rows = [row for row in kept if row.again_of is None or siblings[row.again_of] is row]
        if not rows:
            return
        said = [{"from": "system", "value": prompt_of(rows[-1], context=context)[0]["content"]}]
        for row in rows:
            said.append({"from": "human", "value": prompt_of(row, context=context)[-1]["content"]})
            said.append({"from": "gpt", "value": answer_of(row, context=context)[0]["content"]})
        yield {"rows": [row.row for row in rows], "conversations": said}
