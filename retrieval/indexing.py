"""Which indexes the table of passages has, by its size."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lancedb import AsyncTable

TEXT = "search"


async def index_rows(table: "AsyncTable") -> None:
    """Make the indexes that `table` lacks."""
    from lancedb.index import FTS, Bitmap, BTree, LabelList

    if not await table.count_rows():
        return
    wanted: dict[str, Any] = {
        "id": BTree(),
        "origin": Bitmap(),
        "kind": Bitmap(),
        "contains": LabelList(),
        "suits": LabelList(),
        TEXT: FTS(stem=True, remove_stop_words=True, ascii_folding=True),
    }
    there = {column for index in await table.list_indices() for column in index.columns}
    for column, config in wanted.items():
        if column not in there:
            await table.create_index(column, config=config)
