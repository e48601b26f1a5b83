"""What a view is: one way to write rows down for a trainer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from training.dataset.schema import Passage, Row

if TYPE_CHECKING:
    import pyarrow as pa

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row that is good, unique and redacted, with what only some views need."""

    row: Row
    distractors: tuple[Passage, ...] = ()


class View(Protocol):
    """Writes conversations as records.

    `records` gets all samples of one conversation in order of position (rows that were dropped are missing) and yields
    records with exactly the fields of `columns`; each has `rows`, the ids of the rows that it holds, so that after an
    erasure it can be named. It is called in worker processes: no state, no chance but what the rows' ids decide.
    """

    name: str

    @property
    def columns(self) -> "pa.Schema":
        """The types of the fields, the same for every file."""

    def records(self, conversation: Sequence[Sample], *, context: bool) -> Iterator[Record]:
        """Yield records; `context`: whether prompts hold the passages."""


def folder_of(view: str, *, context: bool) -> str:
    """Return the folder of a view's files in a dataset: `dpo`, or `dpo-without-context`."""
    return view if context else f"{view}-without-context"


def prompt_of(row: Row, *, context: bool) -> Iterable[Mapping[str, str]]:
    """Return the chat messages that the model got for a row, or would have got without passages.

    They are `retrieval.prompt.build_prompt`'s, with a budget that drops nothing: too long rows are counted, never cut.
    """
    raise NotImplementedError
