"""The catalogue that ships with Platewise, as a loader like any other."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from retrieval.knowledge.catalogue import Catalogue, passages
from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.knowledge.loaders.loader import BATCH, Batch, Parsed

ORIGIN = "platewise"


@dataclass(frozen=True, slots=True)
class BundledCatalogue:
    """A loaded catalogue of ours, all of whose contents we chose ourselves."""

    catalogue: Catalogue
    kind: str = "catalogue"
    complete: bool = True

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The one collection that it fills."""
        licence = "MIT; figures from USDA, public domain"
        return (Origin(ORIGIN, "Platewise catalogue", version("platewise"), licence),)

    def batches(self) -> Iterator[Batch]:
        """Yield (key, passage) of every document."""
        keys = {f"{Kind.FOOD}:{food.id}": f"fdc:{food.fdc_id}" for food in self.catalogue.foods}
        found = passages(self.catalogue)
        for start in range(0, len(found), BATCH):
            some = found[start : start + BATCH]
            rows = tuple((passage.id, (keys.get(passage.id, ""), passage)) for passage in some)
            yield Batch(rows, share=(start + len(some)) / len(found))

    def parse(self, batch: Batch) -> Parsed:
        """Return the records; the catalogue was checked when it was loaded, so none is at fault."""
        return Parsed(tuple(self._record(key, passage) for _where, (key, passage) in batch.rows), ())

    def _record(self, key: str, passage: Passage) -> Record:
        says = Says.NOTHING if passage.contains is None else Says.IDS
        return Record(passage, self.origins[0], says, stated=passage.contains or (), key=key)
