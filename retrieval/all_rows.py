"""Every row of a small table, held in memory: comparing with all is quicker than asking for the nearest."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lancedb import AsyncTable

Vector = NDArray[np.float32]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AllRows:
    """The rows that a condition permits, held in memory.

    Of the whole table: row ids `(n,)`, vectors `(n, dimension)`, kinds `(n,)`; `at` are the places of the permitted.
    """

    keys: NDArray[np.uint64]
    vectors: Vector
    kinds: NDArray[np.str_]
    at: NDArray[np.intp]

    @classmethod
    async def read(cls, table: "AsyncTable") -> Self:
        """Read every row of a table of up to some thousand."""
        rows = await table.query().with_row_id().select(["vector", "kind"]).to_arrow()
        keys, kinds = rows["_rowid"].to_numpy(), np.array(rows["kind"].to_pylist(), dtype=np.str_)
        return cls(keys, matrix(rows["vector"]), kinds, np.arange(len(keys)))

    async def permitted(self, table: "AsyncTable", where: str) -> Self:
        """Return those that `table` says satisfy `where`."""
        found = await table.query().with_row_id().select(["id"]).where(where).to_arrow()
        return replace(self, at=np.flatnonzero(np.isin(self.keys, found["_rowid"].to_numpy())))


def matrix(column: pa.ChunkedArray) -> Vector:
    """Return a column of vectors as `(rows, dimension) float32`."""
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, np.float32).reshape(len(column), column.type.list_size)
