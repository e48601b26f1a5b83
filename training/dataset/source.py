"""What an export is fed with: turns in order of conversation and position, with the names to be taken out of them."""

from dataclasses import dataclass

from training.dataset.schema import Passage, Row
from training.dataset.splitting import Split


@dataclass(frozen=True, slots=True)
class Turn:
    """A row whose texts are as they were said. `names` are what its person is called: they go exactly.

    `split` is the side of rows that were made for one; None lets the person's pseudonym decide. `distractors` are
    passages that the search finds for the question besides those that were served, best first; only RAFT needs them.
    """

    row: Row
    names: tuple[str, ...] = ()
    split: Split | None = None
    distractors: tuple[Passage, ...] = ()
