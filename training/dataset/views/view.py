"""What a view is: one way to write rows down for a trainer."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from retrieval import prompt
from retrieval.diet.preferences import Preferences
from retrieval.knowledge import documents
from retrieval.prompt import build_prompt
from training.dataset.schema import Passage, Row
from training.dataset.views.citations import without_citations

if TYPE_CHECKING:
    import pyarrow as pa

Record = Mapping[str, Any]
Chat = dict[str, str]
"""A message: `role` and `content`."""


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


def prompt_of(row: Row, *, context: bool, passages: Sequence[Passage] | None = None) -> list[Chat]:
    """Return the chat messages that the model got for a row; with other `passages` than those served, if given.

    They are `retrieval.prompt.build_prompt`'s, with a budget that drops nothing: too long rows are counted, never cut.
    Without `context`, they are what a model gets that answers from what it was trained on: no word of passages.
    """
    shown = row.passages if passages is None else passages
    built = build_prompt(
        row.asked,
        Preferences.from_dict(row.preferences),
        [_found(passage) for passage in shown] if context else None,
        [prompt.Exchange(item.question, item.answer) for item in row.history],
        budget=sys.maxsize,
        count_tokens=len,
    )
    messages = built.messages if context else tuple(map(_uncited, built.messages))
    return [{"role": message["role"], "content": message["content"]} for message in messages]


def answer_of(row: Row, *, context: bool) -> list[Chat]:
    """Return the answer as a chat message; without `context`, there is nothing that it could cite."""
    return [{"role": "assistant", "content": row.answer if context else without_citations(row.answer)}]


def _uncited(message: prompt.Message) -> prompt.Message:
    if message["role"] != "assistant":
        return message
    return {"role": "assistant", "content": without_citations(message["content"])}


def _found(passage: Passage) -> documents.Passage:
    kind = documents.Kind(passage.kind)
    return documents.Passage(
        id=passage.id, kind=kind, title=passage.title, text=passage.text, source=passage.source
    )
