"""FoodData Central's tables joined: what each of them says of one food, food by food."""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from retrieval.errors import BadInputError, UnavailableError
from retrieval.knowledge.loaders.archives import Lines, Member, open_member
from retrieval.knowledge.loaders.loader import BATCH, Batch
from retrieval.knowledge.loaders.tables import TableRow, chunks, rows
from retrieval.knowledge.loaders.usda_rules import usda_rules
from retrieval.knowledge.loaders.usda_store import FOODS, NUTRIENTS, PORTIONS, SOURCES, Store

_BRANDED_COLUMNS = (
    *("brand_owner", "brand_name", "subbrand_name", "ingredients", "serving_size", "serving_size_unit"),
    *("household_serving_fulltext", "branded_food_category", "modified_date", "short_description"),
)

_UNITS = {"kcal": "KCAL", "g": "G", "mg": "MG", "ug": "UG"}


class Layout(Enum):
    """The table that lists the foods of a collection."""

    FOUNDATION = "foundation_food.csv"
    SR_LEGACY = "sr_legacy_food.csv"
    BRANDED = "branded_food.csv"


@dataclass(frozen=True, slots=True)
class Brand:
    """What branded_food.csv says of a food, as written there, in the order of its columns."""

    owner: str
    name: str
    sub_name: str
    ingredients: str
    serving_size: str
    serving_unit: str
    household_serving: str
    category: str
    modified: str
    short_description: str


@dataclass(frozen=True, slots=True)
class Portion:
    """A household portion: `amount` and `grams` as written."""

    amount: str
    unit: str
    description: str
    modifier: str
    grams: str


@dataclass(frozen=True, slots=True)
class UsdaRow:
    """All that the tables say of a food, as written there; `amounts` are (nutrient id, amount)."""

    layout: Layout
    fdc_id: str
    description: str
    category: str
    date: str
    amounts: tuple[tuple[str, str], ...]
    portions: tuple[Portion, ...] = ()
    brand: Brand | None = None


class Tables:
    """The tables of the zip at `path`, joined while `batches` runs."""

    def __init__(self, path: Path, members: Sequence[Member], layouts: Sequence[Layout]) -> None:
        self._path = path
        self._members = {PurePosixPath(member.name).name: member for member in members}
        self._layouts = layouts
        read = (*(f"{source.name}.csv" for source in SOURCES), *(layout.value for layout in layouts))
        self._total = max(1, sum(self._members[name].size for name in read if name in self._members))
        self._done = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the foods of all layouts, joined; first some batches without rows, as signs of life.

        Raises `BadInputError` for a table that can't be read, `UnavailableError` when the disk is full.
        """
        self._check_units()
        try:
            with (
                tempfile.TemporaryDirectory(prefix="platewise-usda-") as folder,
                Store(Path(folder)) as store,
            ):
                yield from self._put_aside(store)
                for layout in self._layouts:
                    yield from self._foods(store, layout)
        except sqlite3.Error as error:
            raise UnavailableError(f"{tempfile.gettempdir()}: {error}; the tables need room there") from error

    def _lines(self, name: str) -> Lines:
        return open_member(self._path, self._members[name])

    def _share(self, lines: Lines, name: str) -> float:
        return min(1.0, (self._done + lines.share * self._members[name].size) / self._total)

    def _check_units(self) -> None:
        """Raise `BadInputError` when nutrient.csv gives a figure in another unit than it always has."""
        expected = {
            number: _UNITS[figure.rpartition("_")[2]]
            for figure, numbers in usda_rules().nutrients.items()
            for number in numbers
        }
        for number, unit in self._names("nutrient.csv", "unit_name").items():
            if unit != expected.get(number, unit):
                raise BadInputError(
                    f"{self._path.name}: nutrient.csv: nutrient {number} is in {unit}, not {expected[number]}"
                )

    def _put_aside(self, store: Store) -> Iterator[Batch]:
        wanted = self._wanted()
        for source in SOURCES:
            name = f"{source.name}.csv"
            if name in self._members:
                with self._lines(name) as lines:
                    for faults in store.put(source, lines, wanted):
                        yield Batch((), self._share(lines, name), faults)
                self._done += self._members[name].size

    def _wanted(self) -> frozenset[str] | None:
        """Return the foods that are looked up later; `None` for all, where there are too many to remember."""
        if Layout.BRANDED in self._layouts:
            return None
        ids: set[str] = set()
        for layout in self._layouts:
            with self._lines(layout.value) as lines:
                ids.update(row.values[0] for row in rows(lines, ("fdc_id",)) if isinstance(row, TableRow))
        return frozenset(ids)

    def _foods(self, store: Store, layout: Layout) -> Iterator[Batch]:
        brand_columns = _BRANDED_COLUMNS if layout is Layout.BRANDED else ()
        join = _Join(
            layout,
            store,
            units=self._names("measure_unit.csv", "name"),
            categories=self._names("food_category.csv", "description"),
        )
        with self._lines(layout.value) as lines:
            for found, faults in chunks(rows(lines, ("fdc_id",), brand_columns), BATCH):
                places = (f"{lines.name}, line {row.line}" for row in found)
                joined = tuple(zip(places, join.rows(found), strict=True))
                yield Batch(joined, self._share(lines, layout.value), faults)
        self._done += self._members[layout.value].size

    def _names(self, name: str, column: str) -> dict[str, str]:
        """Return a small table of ids and names; none where the zip lacks it."""
        if name not in self._members:
            return {}
        with self._lines(name) as lines:
            found = (row for row in rows(lines, ("id", column)) if isinstance(row, TableRow))
            return {row.values[0]: row.values[1] for row in found}


@dataclass(frozen=True, slots=True)
class _Join:
    """Rows of the table that lists the foods, joined with what was put aside."""

    layout: Layout
    store: Store
    units: Mapping[str, str]
    categories: Mapping[str, str]

    def rows(self, found: Sequence[TableRow]) -> Iterator[UsdaRow]:
        ids = [row.values[0] for row in found]
        amounts, portions, foods = (
            self.store.look_up(source, ids) for source in (NUTRIENTS, PORTIONS, FOODS)
        )
        for row in found:
            fdc_id = row.values[0]
            description, category, date = (foods.get(fdc_id) or [["", "", ""]])[0]
            brand = Brand(*row.values[1:]) if self.layout is Layout.BRANDED else None
            yield UsdaRow(
                layout=self.layout,
                fdc_id=fdc_id,
                description=description,
                category=brand.category if brand else self.categories.get(category, ""),
                date=date,
                amounts=tuple((number, said) for number, said in amounts.get(fdc_id, ())),
                portions=self._portions(portions.get(fdc_id, ())),
                brand=brand,
            )

    def _portions(self, said: Sequence[Sequence[str]]) -> tuple[Portion, ...]:
        return tuple(
            Portion(amount, self.units.get(unit, ""), description, modifier, grams)
            for _place, amount, unit, description, modifier, grams in sorted(said, key=_place)
        )


def _place(portion: Sequence[str]) -> int:
    return int(portion[0]) if portion[0].isascii() and portion[0].isdecimal() else 0
