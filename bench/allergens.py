"""Allergens read from ingredient texts, against the tags of Open Food Facts and a hand check of where the two differ.

.venv/bin/python bench/allergens.py --products FILE [FILE ...]

FILE is an export of Open Food Facts, JSON lines or Parquet. Each product's contents are read from its ingredients
text alone, as the loader reads them, but without the tags and without the name. A product that several files hold
with the same text and tags counts once.

`bench/data/allergens/checked.csv` has our verdict on every disagreement, found by reading the text: `ours` where our
reading is right, `tag` where the tag, or its absence, is. A text of unnamed 'spices' doesn't show that there is
mustard in it, so our caution there counts as wrong. What a text says it may contain counts as contained. What a
product is tagged with as a trace and not as an allergen is set apart: it counts neither for nor against us.

Ends with 1 when a disagreement has no verdict.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Allergen, Restrictions
from retrieval.errors import BadInputError, PlatewiseError
from retrieval.knowledge.contents import contents_of
from retrieval.knowledge.documents import Origin
from retrieval.knowledge.loaders.off_records import product_record
from retrieval.knowledge.loaders.off_tags import off_tags
from retrieval.knowledge.loaders.open_food_facts import recognised

CHECKED = Path(__file__).parent / "data" / "allergens" / "checked.csv"
_COLUMNS = ["product", "allergen", "verdict", "reason"]
_OURS, _TAG = "ours", "tag"
_ORIGIN = Origin(id="open-food-facts", name="Open Food Facts", release="", licence="ODbL 1.0, DbCL 1.0")

Key = tuple[str, str]
"""A product's code and an allergen."""


@dataclass(frozen=True, slots=True)
class Product:
    """The allergens of one product: `found` in its text, what the text `may` mean, and as it is tagged."""

    code: str
    found: frozenset[str]
    may: frozenset[str]
    tagged: frozenset[str]
    traces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read: `rows` of all files, the different products among them, and those with an ingredients text."""

    rows: int
    products: int
    with_text: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts for one allergen or for all; `missed` and `extra` are disagreements, `_right` where the tag is right."""

    tags: int
    agreed: int
    missed: int
    missed_right: int
    extra: int
    extra_right: int
    traces: int
    may: int

    @property
    def recall(self) -> float:
        """Share of the tags that the text gave."""
        return _share(self.agreed, self.tags)

    @property
    def checked_recall(self) -> float:
        """The same after the hand check: without wrong tags, and with what should have been tagged."""
        held = self.agreed + self.extra - self.extra_right
        return _share(held, held + self.missed_right)

    @property
    def checked_precision(self) -> float:
        """Share of what was found that is in the product, after the hand check."""
        return _share(self.agreed + self.extra - self.extra_right, self.agreed + self.extra)


def main(files: Iterable[Path]) -> int:
    """Measure and print the table; return 1 when a disagreement has no verdict."""
    sample = read_sample(files)
    verdicts = read_verdicts(CHECKED)
    keys = {key for product in sample.with_text for key in _disagreements(product)}
    console = Console(width=120)
    console.print(_table(sample, verdicts))
    console.print(
        "traces: found in the text, tagged as traces only; neither for nor against us. "
        "may: the words leave it open, so that nobody with the allergy is offered the product."
    )
    for code, allergen in sorted(keys - verdicts.keys()):
        console.print(f"no verdict: {code}, {allergen}")
    if stale := verdicts.keys() - keys:
        console.print(f"{len(stale)} verdicts are on products without a disagreement in these files")
    return 1 if keys - verdicts.keys() else 0


def read_sample(files: Iterable[Path]) -> Sample:
    """Read exports of Open Food Facts. Raises `BadInputError` for a file that is none."""
    rows, codes = 0, set()
    read: dict[Product, None] = {}
    for path in files:
        for row in _rows(path):
            rows += 1
            codes.add(str(row.get("code")))
            if (product := _product(row)) is not None:
                read[product] = None
    return Sample(rows, len(codes), tuple(read))


def read_verdicts(path: Path) -> dict[Key, str]:
    """Return the verdicts by product and allergen. Raises `BadInputError` with file and line for a wrong row."""
    verdicts: dict[Key, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, None) != _COLUMNS:
            raise BadInputError(f"{path.name}, line 1: the columns must be {','.join(_COLUMNS)}")
        for row in reader:
            where = f"{path.name}, line {reader.line_num}"
            if len(row) != len(_COLUMNS) or not all(row):
                raise BadInputError(f"{where}: every row has {', '.join(_COLUMNS)}")
            code, allergen, verdict, _reason = row
            if allergen not in set(Allergen) or verdict not in (_OURS, _TAG) or (code, allergen) in verdicts:
                raise BadInputError(f"{where}: not an allergen, not '{_OURS}' or '{_TAG}', or there twice")
            verdicts[code, allergen] = verdict
    return verdicts


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    loader = recognised(path)
    if loader is None:
        raise BadInputError(f"{path}: this is no export of Open Food Facts")
    for batch in loader.batches():
        for _where, row in batch.rows:
            yield json.loads(row) if isinstance(row, str) else row


def _product(row: Mapping[str, Any]) -> Product | None:
    """Return what a row's text and tags say, `None` without a text."""
    text = {key: value for key, value in row.items() if key.startswith("ingredients_text")}
    # Figures are left out as well: an impossible one is no reason not to read the text.
    record = product_record({**text, "code": row["code"], "product_name": "-"}, _ORIGIN)
    if isinstance(record, str) or not record.label:
        return None
    ids = contents_of(record.says, record.label, record.stated).ids
    found = lexicon().contents(ids).allergens
    may = {
        allergen
        for allergen in set(Allergen) - found
        if permits(ids, {}, Restrictions(allergies=frozenset({allergen}))).answer is Answer.UNKNOWN
    }
    return Product(
        code=str(row["code"]),
        found=found,
        may=frozenset(map(str, may)),
        tagged=_tagged(row.get("allergens_tags")),
        traces=_tagged(row.get("traces_tags")),
    )


def _tagged(tags: Iterable[str] | None) -> frozenset[str]:
    return lexicon().contents(off_tags().read(tags or ()).ids).allergens


def _disagreements(product: Product) -> Iterator[Key]:
    for allergen in (product.tagged - product.found) | (product.found - product.tagged - product.traces):
        yield product.code, allergen


def _tally(products: Iterable[Product], verdicts: Mapping[Key, str], allergens: Iterable[str]) -> Tally:
    pairs = [(product, allergen) for product in products for allergen in allergens]
    tagged = [(product, allergen) for product, allergen in pairs if allergen in product.tagged]
    missed = [(product.code, allergen) for product, allergen in tagged if allergen not in product.found]
    beyond = [
        (product, allergen)
        for product, allergen in pairs
        if allergen in product.found and allergen not in product.tagged
    ]
    extra = [(product.code, allergen) for product, allergen in beyond if allergen not in product.traces]
    return Tally(
        tags=len(tagged),
        agreed=len(tagged) - len(missed),
        missed=len(missed),
        missed_right=sum(verdicts.get(key) != _OURS for key in missed),
        extra=len(extra),
        extra_right=sum(verdicts.get(key) != _OURS for key in extra),
        traces=len(beyond) - len(extra),
        may=sum(allergen in product.may for product, allergen in pairs),
    )


def _table(sample: Sample, verdicts: Mapping[Key, str]) -> Table:
    table = Table(
        *("allergen", "tags", "agreed", "missed", "wrongly", "extra", "wrongly", "traces", "may"),
        *("recall, tags", "recall, checked", "precision, checked"),
        title=(
            f"{sample.rows:,} rows, {sample.products:,} different products, {len(sample.with_text):,} with an "
            "ingredients text; 'wrongly' by the hand check of every disagreement"
        ),
    )
    for name, allergens in [
        *((str(item), [str(item)]) for item in Allergen),
        ("all", list(map(str, Allergen))),
    ]:
        tally = _tally(sample.with_text, verdicts, allergens)
        counts = (tally.tags, tally.agreed, tally.missed, tally.missed_right, tally.extra, tally.extra_right)
        shares = (tally.recall, tally.checked_recall, tally.checked_precision)
        table.add_row(
            name, *map(str, counts), str(tally.traces), str(tally.may), *(f"{share:.3f}" for share in shares)
        )
    return table


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=Path, nargs="+", default=[], metavar="FILE")
    arguments = parser.parse_args()
    if not arguments.products:
        Console(stderr=True).print("no --products given: nothing to measure")
        sys.exit(0)
    try:
        sys.exit(main(arguments.products))
    except PlatewiseError as error:
        sys.exit(str(error))
