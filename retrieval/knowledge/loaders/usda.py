"""USDA FoodData Central: its CSV zips (Foundation Foods, SR Legacy, Branded Foods), and SR Legacy in one table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Origin, Record
from retrieval.knowledge.loaders.archives import Member, is_gzip, is_zip, members, open_lines, open_member
from retrieval.knowledge.loaders.loader import BATCH, Batch, Fault, Parsed
from retrieval.knowledge.loaders.tables import chunks, header, rows
from retrieval.knowledge.loaders.usda_records import FACT_COLUMNS, facts_record, joined_record
from retrieval.knowledge.loaders.usda_tables import Layout, Tables, UsdaRow

KIND = "usda"

_LICENCE = "public domain (CC0)"
_SR_RELEASE = "2018-04"
_RELEASE = re.compile(r"_csv_([A-Za-z0-9-]+)$")
_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
_NAMES = {
    Layout.FOUNDATION: ("usda-foundation", "USDA Foundation Foods"),
    Layout.SR_LEGACY: ("usda-sr-legacy", "USDA SR Legacy"),
    Layout.BRANDED: ("usda-branded", "USDA Branded Foods"),
}
_PLAIN_TABLES = ("food.csv", "food_category.csv")
_HEADER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class UsdaZip:
    """A zip of FoodData Central's tables, as downloaded.

    SR Legacy without its food_nutrient.csv is read too: its foods have no figures then, and count as older than any
    that have, so they never replace them.
    """

    path: Path
    members: tuple[Member, ...]
    layouts: tuple[Layout, ...]
    origins: tuple[Origin, ...]
    has_figures: bool
    complete: bool
    kind: str = KIND

    def batches(self) -> Iterator[Batch]:
        """Yield (where, `UsdaRow`) of every food, after batches without rows while the tables are sorted."""
        return Tables(self.path, self.members, self.layouts).batches()

    def parse(self, batch: Batch) -> Parsed:
        """Return the foods of `batch`."""
        origins = dict(zip(self.layouts, self.origins, strict=True))
        records: list[Record] = []
        faults: list[Fault] = []
        for where, row in batch.rows:
            read = self._record(row, origins[row.layout])
            if isinstance(read, str):
                faults.append(Fault(where, read))
            else:
                records.append(read)
        return Parsed(tuple(records), tuple(faults))

    def _record(self, row: UsdaRow, origin: Origin) -> Record | str:
        return joined_record(row, origin, has_figures=self.has_figures or row.layout is Layout.BRANDED)


@dataclass(frozen=True, slots=True)
class SrLegacyFacts:
    """SR Legacy as one table: a food a line, with its figures and one portion."""

    path: Path
    kind: str = KIND
    complete: bool = True

    @property
    def origins(self) -> tuple[Origin, ...]:
        """SR Legacy, whose only release is of April 2018."""
        return (_origin(Layout.SR_LEGACY, _SR_RELEASE),)

    def batches(self) -> Iterator[Batch]:
        """Yield (where, values of `FACT_COLUMNS`) of every food."""
        with open_lines(self.path) as lines:
            for found, faults in chunks(rows(lines, FACT_COLUMNS), BATCH):
                placed = tuple((f"{lines.name}, line {row.line}", row.values) for row in found)
                yield Batch(placed, lines.share, faults)

    def parse(self, batch: Batch) -> Parsed:
        """Return the foods of `batch`."""
        (origin,) = self.origins
        read = [(where, facts_record(values, origin)) for where, values in batch.rows]
        return Parsed(
            records=tuple(record for _where, record in read if isinstance(record, Record)),
            faults=tuple(Fault(where, why) for where, why in read if isinstance(why, str)),
        )


def recognised(path: Path) -> UsdaZip | SrLegacyFacts | None:
    """Return a loader for a file of FoodData Central's, `None` for another.

    Raises `BadInputError` for one that is damaged, or lacks what it needs.
    """
    if not path.is_file():
        return None
    if is_zip(path):
        return _recognised_zip(path)
    return None if is_gzip(path) else _recognised_table(path)


def _recognised_table(path: Path) -> SrLegacyFacts | None:
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES).removeprefix(b"\xef\xbb\xbf")
    if not start.lstrip(b'"').startswith(b"fdc_id"):
        return None
    with open_lines(path) as lines:
        names = header(lines)
    if missing := [column for column in FACT_COLUMNS if column not in names]:
        raise BadInputError(
            f"{path.name}, line 1: column '{missing[0]}' is missing; of FoodData Central's tables, add the whole zip"
        )
    return SrLegacyFacts(path)


def _recognised_zip(path: Path) -> UsdaZip | None:
    found = members(path)
    tables = [member for member in found if PurePosixPath(member.name).suffix == ".csv"]
    names = [PurePosixPath(member.name).name for member in tables]
    layouts = tuple(layout for layout in Layout if layout.value in names)
    if not layouts:
        if any(name in names for name in _PLAIN_TABLES):
            raise BadInputError(
                f"{path.name}: has none of {', '.join(layout.value for layout in Layout)}; "
                "download Foundation Foods, SR Legacy or Branded Foods as CSV"
            )
        return None
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInputError(f"{path.name}: holds {twice[0]} twice; add one download at a time")
    listed = any(layout is not Layout.BRANDED for layout in layouts)
    if listed and "food.csv" not in names:
        raise BadInputError(
            f"{path.name}: food.csv is missing, so its foods have no names; download it again"
        )
    for member in tables:
        _check_header(path, member)
    has_figures = "food_nutrient.csv" in names
    return UsdaZip(
        path=path,
        members=tuple(tables),
        layouts=layouts,
        origins=tuple(_origin(layout, _release(path, tables, layout)) for layout in layouts),
        has_figures=has_figures,
        complete=has_figures and "food.csv" in names,
    )


_NEEDED = {
    **{layout.value: ("fdc_id",) for layout in Layout},
    "branded_food.csv": ("fdc_id", "brand_owner", "ingredients", "branded_food_category"),
    "food.csv": ("fdc_id", "description", "food_category_id", "publication_date"),
    "food_nutrient.csv": ("fdc_id", "nutrient_id", "amount"),
    "food_portion.csv": (
        "fdc_id",
        "seq_num",
        "amount",
        "measure_unit_id",
        "portion_description",
        "modifier",
        "gram_weight",
    ),
}


def _check_header(path: Path, member: Member) -> None:
    needed = _NEEDED.get(PurePosixPath(member.name).name)
    if needed is None:
        return
    with open_member(path, member) as lines:
        names = header(lines)
    if missing := [column for column in needed if column not in names]:
        raise BadInputError(
            f"{lines.name}, line 1: column '{missing[0]}' is missing; it has {', '.join(names[:12]) or 'none'}"
        )


def _release(path: Path, tables: list[Member], layout: Layout) -> str:
    """Return the release from the folder in the zip, else from the zip's own name."""
    (member,) = (member for member in tables if PurePosixPath(member.name).name == layout.value)
    for name in (PurePosixPath(member.name).parent.name, path.stem):
        if found := _RELEASE.search(name) or _DATE.search(name):
            return found.group(1) if found.re is _RELEASE else found.group()
    return "undated"


def _origin(layout: Layout, release: str) -> Origin:
    key, name = _NAMES[layout]
    return Origin(id=key, name=name, release=release, licence=_LICENCE)
