"""Tables for a narrow screen: columns of equal width while they fit, else one line for each cell."""

import unicodedata
from collections.abc import Sequence
from typing import Final

_WIDEST: Final = 40
"""Characters of fixed width that a phone shows in one line; more would wrap and break the columns."""
_BETWEEN: Final = "  "
_EMPTY_HEAD: Final = "·"


def aligned(rows: Sequence[Sequence[str]], *, right: frozenset[int]) -> str | None:
    """Return the rows (the first is the head) as lines of equal columns, or `None` when they are too wide.

    `right` are the numbers of the columns that are aligned to the right, as figures are. The first column
    never is: Telegram drops spaces at the start of a message.
    """
    table = [list(row) for row in rows]
    table[0][0] = table[0][0] or _EMPTY_HEAD
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    total = sum(widths) + len(_BETWEEN) * (len(widths) - 1)
    if total > _WIDEST:
        return None
    lines = [_line(row, widths, right) for row in table]
    return "\n".join([lines[0], "─" * total, *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> str:
    cells = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _width(cell))
        cells.append(space + cell if index in right and index else cell + space)
    return _BETWEEN.join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns `text` takes in a font of fixed width."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
