"""What FoodData Central's other tables say of each food, put aside in a database file and looked up by food.

A full download is several gigabytes, and its tables aren't always in the same order. One row is kept for each run of
lines about the same food, so that memory stays the same for any size and the file small.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from retrieval.knowledge.loaders.archives import Lines
from retrieval.knowledge.loaders.loader import Fault
from retrieval.knowledge.loaders.tables import TableRow, rows
from retrieval.knowledge.loaders.usda_rules import usda_rules

_TICK = 200_000  # lines between two signs of life
_LISTED = 100  # faults of one table: a food that lacks what they held is only less well known


@dataclass(frozen=True, slots=True)
class Source:
    """A table to put aside: its name, and the columns kept beside fdc_id. `counts` tells which rows are."""

    name: str
    columns: tuple[str, ...]
    counts: Callable[[tuple[str, ...]], bool]


def _is_figure(values: tuple[str, ...]) -> bool:
    return values[1] in usda_rules().nutrient_ids


def _always(_values: tuple[str, ...]) -> bool:
    return True


NUTRIENTS = Source("food_nutrient", ("nutrient_id", "amount"), _is_figure)
PORTIONS = Source(
    "food_portion",
    ("seq_num", "amount", "measure_unit_id", "portion_description", "modifier", "gram_weight"),
    _always,
)
FOODS = Source("food", ("description", "food_category_id", "publication_date"), _always)
SOURCES = (NUTRIENTS, PORTIONS, FOODS)

Said = list[list[str]]
"""The kept columns of every row about one food, in order."""


class Store:
    """The database file in `folder`. It may be used from several threads, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(
            folder / "join.sqlite", check_same_thread=False, isolation_level=None
        )
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        for source in SOURCES:
            self._database.execute(f"CREATE TABLE {source.name} (fdc_id TEXT NOT NULL, said TEXT NOT NULL)")
            self._database.execute(f"CREATE INDEX {source.name}_of ON {source.name} (fdc_id)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def put(self, source: Source, lines: Lines, wanted: frozenset[str] | None) -> Iterator[tuple[Fault, ...]]:
        """Put a table aside, all foods of it or those `wanted`. Yields its faults every now and then, also none."""
        listed = 0
        faults: list[Fault] = []
        runs: list[tuple[str, list[tuple[str, ...]]]] = []
        for number, row in enumerate(rows(lines, ("fdc_id", *source.columns)), 1):
            if isinstance(row, TableRow):
                fdc_id = row.values[0]
                if (wanted is None or fdc_id in wanted) and source.counts(row.values):
                    if not runs or runs[-1][0] != fdc_id:
                        runs.append((fdc_id, []))
                    runs[-1][1].append(row.values[1:])
            elif listed < _LISTED:
                faults.append(row)
                listed += 1
            if number % _TICK == 0:
                self._write(source, runs)
                yield tuple(faults)
                runs, faults = [], []
        self._write(source, runs)
        yield tuple(faults)

    def look_up(self, source: Source, ids: Sequence[str]) -> Mapping[str, Said]:
        """Return what a table says of the foods `ids`, in its order."""
        marks = ",".join("?" * len(ids))
        query = f"SELECT fdc_id, said FROM {source.name} WHERE fdc_id IN ({marks}) ORDER BY rowid"  # noqa: S608 - our own names
        found: dict[str, Said] = {}
        for fdc_id, said in self._database.execute(query, ids):
            found.setdefault(fdc_id, []).extend(json.loads(said))
        return found

    def _write(self, source: Source, runs: Sequence[tuple[str, list[tuple[str, ...]]]]) -> None:
        insert = f"INSERT INTO {source.name} VALUES (?, ?)"  # noqa: S608 - our own names
        self._database.execute("BEGIN")
        self._database.executemany(insert, ((fdc_id, json.dumps(run)) for fdc_id, run in runs))
        self._database.execute("COMMIT")
