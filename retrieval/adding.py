"""Documents → the knowledge base: one source, one change."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval import rows
from retrieval.changes import Change, ChangeLog
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.loader import Fault, Loader
from retrieval.locking import ADDING, locked
from retrieval.publishing import Draft, check_made_with, drafting, explained
from retrieval.quoting import quoted_list
from retrieval.staging import Progress, Staged, drop, stage
from retrieval.tags import tags_digest

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

_STAGING = "staging_"
_DELETED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Added:
    """What an addition did: `change` is `None` when everything was there already.

    The counts are records; `left_out` rows weren't any, and `faults` tells of the first thousand where and why.
    """

    change: Change | None
    added: int
    changed: int
    removed: int
    unchanged: int
    left_out: int
    faults: tuple[Fault, ...]


async def add(
    uri: str,
    embedder: Embedder,
    loader: Loader,
    *,
    reason: str,
    source: str,
    catalogue: str | None = None,
    progress: Callable[[Progress], None] = lambda _progress: None,
) -> Added:
    """Bring the knowledge base at `uri` up to what `loader` reads.

    New records are added, changed ones replaced; where the loader is complete, what it lacks is removed. All of it
    is seen at once, and nothing of it when something fails. `source` is a fingerprint of what is read: a run that
    was killed is gone on with under the same one. `catalogue` is that fingerprint where the bundled catalogue is
    what is added. Raises `BadInputError` when the source can't be read or holds nothing, `UnavailableError` when the
    disk or the store fails.
    """
    from lancedb import connect_async

    async with locked(uri, ADDING), explained(uri):
        connection = await connect_async(uri)
        newest, live = await _live(connection)
        if live is not None:
            # Before the long part: a wrong embedder would only be found out at its end.
            check_made_with(await live.schema(), embedder.name, uri)
        name = _staging_name(source, embedder, newest)
        staged = await stage(connection, loader, name=name, live=live, embedder=embedder, progress=progress)
        if not staged.records:
            await drop(connection, name)
            raise BadInputError(_nothing(staged))
        schema = rows.schema(embedder.dimension, embedder.name)
        async with drafting(uri, schema) as draft:
            moved = (draft.newest.number if draft.newest else 0) != (newest.number if newest else 0)
            gone = await _gone(draft.table, loader, staged) if loader.complete else []
            await _write(draft, staged, gone, merge_all=moved)
            change = None
            if staged.added or staged.changed or gone:
                change = await draft.publish(
                    reason=reason,
                    origin=", ".join(origin.id for origin in loader.origins),
                    catalogue=catalogue,
                    added=staged.added,
                    changed=staged.changed,
                    removed=len(gone),
                )
        await _drop_all_staged(connection)
    return Added(
        change=change,
        added=staged.added,
        changed=staged.changed,
        removed=len(gone),
        unchanged=staged.unchanged,
        left_out=staged.left_out,
        faults=tuple(staged.faults),
    )


def source_fingerprint(path: Path) -> str:
    """Return what tells `path` (a file, or a folder with all that is in it) from another or a later one."""
    digest = hashlib.sha256()
    for file in _files(path.absolute()):
        status = file.stat()
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


async def _write(draft: Draft, staged: Staged, gone: Sequence[str], *, merge_all: bool) -> None:
    """Write the staged rows and delete `gone`. Where another change came between, a new row may be an old one."""
    async for new, replacing in staged.chunks(await draft.table.schema()):
        if new.num_rows and not merge_all:
            await draft.table.add(new)
        for table in (new if merge_all else None, replacing):
            if table is not None and table.num_rows:
                merge = draft.table.merge_insert("id")
                await merge.when_matched_update_all().when_not_matched_insert_all().execute(table)
    for start in range(0, len(gone), _DELETED_AT_ONCE):
        await draft.table.delete(f"id IN ({quoted_list(gone[start : start + _DELETED_AT_ONCE])})")


async def _gone(table: "AsyncTable", loader: Loader, staged: Staged) -> list[str]:
    """Return the ids that a complete source of the same origins has no more."""
    origins = quoted_list([origin.id for origin in loader.origins])
    gone: list[str] = []
    async for batch in await table.query().where(f"origin IN ({origins})").select(["id"]).to_batches():
        gone += staged.seen.lacks(batch.column("id").to_pylist())
    return gone


async def _live(connection: "AsyncConnection") -> "tuple[Change | None, AsyncTable | None]":
    log = await ChangeLog.open(connection)
    newest = await log.newest() if log else None
    if newest is None:
        return None, None
    return newest, await connection.open_table(rows.TABLE, version=newest.version)


def _staging_name(source: str, embedder: Embedder, newest: Change | None) -> str:
    parts = (source, embedder.name, tags_digest(), rows.LAYOUT, str(newest.number if newest else 0))
    return _STAGING + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


async def _drop_all_staged(connection: "AsyncConnection") -> None:
    for name in (await connection.list_tables()).tables:
        if name.startswith(_STAGING):
            await drop(connection, name)


def _nothing(staged: Staged) -> str:
    if not staged.left_out:
        return "nothing to add: the source holds no record"
    first = staged.faults[0]
    return f"nothing to add: none of {staged.left_out} rows can be read; the first one, {first.where}: {first.why}"


def _files(path: Path) -> Iterator[Path]:
    yield from sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else [path]
