"""CSV tables of any size, row by row: a bad row is a fault, and reading goes on after it."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.archives import Lines
from retrieval.knowledge.loaders.loader import Fault


class TableRow(NamedTuple):
    """A row: its line, and the values of the wanted columns, '' for a column that the table lacks."""

    line: int
    values: tuple[str, ...]


def header(lines: Lines) -> tuple[str, ...]:
    """Return the column names of a table that is at its start; none for an empty file."""
    try:
        return tuple(name.strip() for name in next(csv.reader(lines, strict=True), []))
    except csv.Error as error:
        raise BadInputError(f"{lines.name}, line 1: not a CSV header ({error})") from None


def rows(lines: Lines, needed: Sequence[str], wanted: Sequence[str] = ()) -> Iterator[TableRow | Fault]:
    """Yield the columns `needed` and `wanted` of every row, in that order.

    Raises `BadInputError` when a needed column is missing, or the file can't be read.
    """
    reader = csv.reader(lines, strict=True)
    names = header(lines)
    if missing := [column for column in needed if column not in names]:
        raise BadInputError(
            f"{lines.name}, line 1: column '{missing[0]}' is missing; it has {', '.join(names[:12]) or 'none'}"
        )
    places = [names.index(column) if column in names else -1 for column in (*needed, *wanted)]
    count = len(names)
    while True:
        start = lines.number + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Fault(f"{lines.name}, line {start}", f"not a CSV row ({error})")
            continue
        if row is None:
            return
        if len(row) == count:
            row.append("")  # the place -1 of a column that it lacks
            yield TableRow(start, tuple([row[at] for at in places]))
        elif row:
            yield Fault(f"{lines.name}, line {start}", f"has {len(row)} columns instead of {count}")


def chunks(
    found: Iterable[TableRow | Fault], size: int
) -> Iterator[tuple[list[TableRow], tuple[Fault, ...]]]:
    """Yield `size` rows at a time, bad ones included, as (rows, faults)."""
    good: list[TableRow] = []
    bad: list[Fault] = []
    for row in found:
        if isinstance(row, Fault):
            bad.append(row)
        else:
            good.append(row)
        if len(good) + len(bad) == size:
            yield good, tuple(bad)
            good, bad = [], []
    if good or bad:
        yield good, tuple(bad)
