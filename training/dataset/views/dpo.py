"""DPO, as TRL and as OpenAI read it: a chosen and a rejected answer to the same prompt (see `pairs`)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from training.dataset.views.columns import chat, schema
from training.dataset.views.pairs import pairs_of
from training.dataset.views.view import Record, Sample

if TYPE_CHECKING:
    import pyarrow as pa


class Dpo:
    """`prompt`, `chosen`, `rejected`."""

    name = "dpo"

    @property
    def columns(self) -> "pa.Schema":
        """Lists of role and content."""
        return schema(prompt=chat(), chosen=chat(), rejected=chat())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each pair."""
        for pair in pairs_of(conversation, context=context):
            yield {
                "rows": [*pair.rows],
                "prompt": pair.prompt,
                "chosen": pair.chosen,
                "rejected": pair.rejected,
            }


class DpoOpenAi:
    """`input.messages`, `preferred_output`, `non_preferred_output`."""

    name = "dpo-openai"

    @property
    def columns(self) -> "pa.Schema":
        """Lists of role and content; those of the prompt inside `input`."""
        import pyarrow as pa

        asked = pa.struct([pa.field("messages", chat())])
        return schema(input=asked, preferred_output=chat(), non_preferred_output=chat())

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield a record for each pair."""
        for pair in pairs_of(conversation, context=context):
            yield {
                "rows": [*pair.rows],
                "input": {"messages": pair.prompt},
                "preferred_output": pair.chosen,
                "non_preferred_output": pair.rejected,
            }
