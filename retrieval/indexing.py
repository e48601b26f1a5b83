"""Which indexes the table of passages has, by its size."""

from typing import TYPE_CHECKING, Any

from retrieval.hybrid import full_text_index

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.query import AsyncVectorQuery

TEXT = "search"


async def index_rows(table: "AsyncTable") -> None:
    """Make the indexes that `table` lacks."""
    from lancedb.index import Bitmap, BTree, LabelList

    if not await table.count_rows():
        return
    wanted: dict[str, Any] = {
        "id": BTree(),
        "origin": Bitmap(),
        "kind": Bitmap(),
        "contains": LabelList(),
        "ingredients": LabelList(),
        "suits": LabelList(),
        "known": Bitmap(),
        TEXT: full_text_index(),
    }
    there = {column for index in await table.list_indices() for column in index.columns}
    for column, config in wanted.items():
        if column not in there:
            await table.create_index(column, config=config)


def tune(query: "AsyncVectorQuery") -> "AsyncVectorQuery":
    """Set what a search of the vector index may spend."""
    return query
