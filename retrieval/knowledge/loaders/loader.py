"""What every loader is: a source cut into batches, and a pure function from a batch to records.

The cutting is cheap and streams; the function holds no state and can be pickled, so that a distributed engine can
map it over the batches of millions of rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from retrieval.knowledge.documents import Origin, Record

BATCH = 500
"""Rows in a batch: large enough to embed well, small enough to hold many in memory."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was left out: `where` it is ('branded_food.csv, line 12') and `why`."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as they come from the source, each as (where, row), and the `share` of the source read so far, 0 to 1.

    `faults` are rows that couldn't even be cut out.
    """

    rows: tuple[tuple[str, Any], ...]
    share: float
    faults: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a batch held."""

    records: tuple[Record, ...]
    faults: tuple[Fault, ...]


class Loader(Protocol):
    """A recognised source, ready to be read. Implementations are frozen dataclasses that can be pickled."""

    @property
    def kind(self) -> str:
        """What `--as` calls it: 'usda', 'open-food-facts', 'recipes', 'documents'."""
        ...

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The collections that it fills."""
        ...

    @property
    def complete(self) -> bool:
        """Whether the source is all of its collections: what it lacks is then removed from them."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order, always cut in the same way. Raises `BadInputError` for an unreadable source."""
        ...

    def parse(self, batch: Batch) -> Parsed:
        """Return what `batch` holds; bad rows as faults. Pure, and without I/O."""
        ...
