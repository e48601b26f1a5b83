"""The rows themselves, for auditors and for views that aren't here yet."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import schema
from training.dataset.views.view import Record, Sample

if TYPE_CHECKING:
    import pyarrow as pa

AS_JSON = ("preferences", "timings")
"""Fields whose keys differ from row to row: texts of JSON, or every reader would fill each row up with all of them."""


class Raw:
    """Every field of the row (docs/dataset-row.schema.json); `preferences` and `timings` are texts of JSON."""

    name = "raw"

    @property
    def columns(self) -> "pa.Schema":
        """The row's fields; moments are texts in ISO 8601."""
        import pyarrow as pa

        text, number, texts = pa.string(), pa.int64(), pa.list_(pa.string())

        def struct(**fields: pa.DataType) -> pa.DataType:
            return pa.struct([pa.field(*item) for item in fields.items()])

        names = ("id", "version", "kind", "title", "text", "source")
        passage = pa.struct([pa.field(name, text) for name in names])
        return schema(
            schema_version=number, row=text, person=text, conversation=text, position=number, origin=text,
            kind=text, asked_at=text, language=text, intent=text, question=text, meant=text,
            history=pa.list_(struct(question=text, answer=text)), preferences=text,
            passages=pa.list_(passage), answer=text, stopped=pa.bool_(),
            feedback=struct(value=text, reason=text), again_of=text, replaces=text, model=text, adapter=text,
            guard=struct(status=text, reasons=texts), usage=struct(prompt=number, completion=number, cached=number),
            timings=text, consent=struct(version=text, given_at=text),
        )  # fmt: skip

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each row; without context, its passages are left out."""
        for sample in conversation:
            row = sample.row if context else sample.row.model_copy(update={"passages": ()})
            dumped = row.model_dump(mode="json")
            for name in AS_JSON:
                dumped[name] = json.dumps(dumped[name], sort_keys=True, ensure_ascii=False)
            yield {"rows": [row.row], **dumped}
