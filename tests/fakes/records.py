"""A source of records for tests: what it holds is said in the test, and it can break at any batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.knowledge.loaders.loader import Batch, Fault, Parsed

ORIGIN = Origin("test", "A test's own records", "1", "MIT")


def record(name: str, text: str = "", *, label: str | None = None, modified: int | None = None) -> Record:
    """A food called `name`; `label` is its ingredient list, unknown without one."""
    passage = Passage(f"food:{name}", Kind.FOOD, name.replace("-", " ").title(), text or f"{name}. Good.")
    says = Says.NOTHING if label is None else Says.LIST
    return Record(passage, ORIGIN, says, label=label or "", modified=modified)


@dataclass(frozen=True)
class RecordList:
    """Gives `records`, `batch` at a time. `breaks_at` is the number of the batch that can't be read."""

    records: tuple[Record | str, ...]
    complete: bool = False
    batch: int = 2
    breaks_at: int | None = None
    kind: str = "test"
    origins: tuple[Origin, ...] = (ORIGIN,)

    def batches(self) -> Iterator[Batch]:
        for number, start in enumerate(range(0, len(self.records), self.batch)):
            if number == self.breaks_at:
                raise BadInputError("test.csv: truncated at byte 77")
            some = self.records[start : start + self.batch]
            rows = tuple((f"test.csv, line {start + at}", item) for at, item in enumerate(some, start=1))
            yield Batch(rows, share=min(1.0, (start + len(some)) / len(self.records)))

    def parse(self, batch: Batch) -> Parsed:
        """A record as text is one that can't be read."""
        return Parsed(
            tuple(item for _where, item in batch.rows if isinstance(item, Record)),
            tuple(Fault(where, item) for where, item in batch.rows if isinstance(item, str)),
        )


def foods(labels: Mapping[str, str]) -> tuple[Record, ...]:
    """A food for each name, with its ingredient list."""
    return tuple(record(name, label=label) for name, label in labels.items())
