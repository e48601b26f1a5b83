"""Which indexes the table of passages has, by its size."""

import math
from typing import TYPE_CHECKING, Any

from retrieval.hybrid import full_text_index

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.query import AsyncVectorQuery

TEXT = "search"
VECTOR = "vector"

VECTOR_INDEX_FROM = 10_000
"""Rows from which comparing with all vectors takes longer than 4 ms here, so that an index pays."""

_ONE_PARTITION = 150_000
_ROWS_A_PARTITION = 1_000
_BITS = 6
_SAMPLE_RATE = 64
"""Vectors are quantised (RaBitQ) to six bits a dimension. Up to 150,000 rows all codes are read, which tell a cosine to
0.001; above, those of the nearest partitions of about a thousand rows each, and the best are compared exactly."""

_ALL = 1_000
"""More partitions than a table that starts with one ever has: `optimize` splits them as rows are added."""

_FLAT_SMALL, _FLAT_LARGE = 250, 2_500
"""Of so few permitted rows, in a table of one partition and of many, all vectors are compared: it takes 3 ms and 10 µs
for each, and no index knows which partitions they are in."""


async def index_rows(table: "AsyncTable") -> None:
    """Make the indexes that `table` lacks, and those anew that have less than half of its rows."""
    from lancedb.index import Bitmap, BTree, IvfRq, LabelList

    if not (rows := await table.count_rows()):
        return
    wanted: dict[str, Any] = {
        "id": BTree(),
        "origin": Bitmap(),
        "kind": Bitmap(),
        "known": Bitmap(),
        "contains": LabelList(),
        "ingredients": LabelList(),
        "suits": LabelList(),
        TEXT: full_text_index(),
    }
    if rows >= VECTOR_INDEX_FROM:
        partitions = 1 if rows < _ONE_PARTITION else rows // _ROWS_A_PARTITION
        wanted[VECTOR] = IvfRq(
            distance_type="dot", num_partitions=partitions, num_bits=_BITS, sample_rate=_SAMPLE_RATE
        )
    there = {index.columns[0]: index for index in await table.list_indices()}
    for column, config in wanted.items():
        # Rows added to a vector index go to the partitions that it was trained with; many want others.
        if column not in there or (column == VECTOR and 2 * (there[column].num_indexed_rows or 0) < rows):
            await table.create_index(column, config=config)


def tuned(query: "AsyncVectorQuery", rows: int, permitted: int) -> "AsyncVectorQuery":
    """Set what a nearest query on a table of `rows` may spend when a filter permits so many of them."""
    if rows < VECTOR_INDEX_FROM:
        return query
    if permitted <= (_FLAT_SMALL if rows < _ONE_PARTITION else _FLAT_LARGE):
        return query.bypass_vector_index()
    query = query.nprobes(_probes(rows, permitted))
    return query if rows < _ONE_PARTITION else query.refine_factor(1)


def _probes(rows: int, permitted: int) -> int:
    """Return how many partitions to read: the more, the fewer rows of each are permitted.

    The formula fits what `bench/filtered_search.py` needed for a recall of 0.95.
    """
    if rows < _ONE_PARTITION:
        return _ALL
    needed = 0.09 * math.sqrt(rows) * math.pow(permitted / rows, -0.4)
    return min(rows // _ROWS_A_PARTITION, math.ceil(needed))
