"""Keeping a knowledge base up to date with the program: its catalogue, its lexicon, its embedder."""

from collections.abc import Callable

from retrieval import rows
from retrieval.adding import add
from retrieval.changes import Change
from retrieval.embedding import Embedder
from retrieval.knowledge.catalogue import Catalogue
from retrieval.knowledge.loaders.bundled import BundledCatalogue
from retrieval.publishing import drafting, retag, versions
from retrieval.staging import Progress
from retrieval.tags import tags_digest


async def bring_up_to_date(
    uri: str,
    embedder: Embedder,
    catalogue: Catalogue,
    progress: Callable[[Progress], None] = lambda _progress: None,
) -> None:
    """See that the knowledge base at `uri` holds `catalogue`, and that every row is tagged by today's lexicon.

    Does nothing the second time. What was added from elsewhere stays. Raises `BadInputError` when the knowledge
    base was made with another embedder, `UnavailableError` when the disk or the store fails.
    """
    await keep_tags(uri)
    newest = _last(await versions(uri))
    if newest is None or newest.catalogue != catalogue.digest:
        await add(
            uri,
            embedder,
            BundledCatalogue(catalogue),
            reason="the bundled catalogue",
            source=catalogue.digest,
            catalogue=catalogue.digest,
            progress=progress,
        )


async def keep_tags(uri: str) -> None:
    """Tag every row again if the lexicon changed: what it has learnt since must be found in older rows, too."""
    newest = _last(await versions(uri))
    if newest is None or newest.tags == tags_digest():
        return
    async with drafting(uri) as draft:
        changed = await retag(draft.table)
        await draft.publish(reason="the lexicon changed", tags=tags_digest(), changed=changed)


async def reembed(
    uri: str, embedder: Embedder, progress: Callable[[Progress], None] = lambda _progress: None
) -> Change | None:
    """Embed every row of the knowledge base at `uri` again, with another embedder; `None` where there is none."""
    newest = _last(await versions(uri))
    if newest is None:
        return None
    async with drafting(uri) as draft:
        old = await draft.connection.open_table(rows.TABLE, version=await draft.table.version())
        schema = rows.schema(embedder.dimension, embedder.name)
        total, done = max(1, await old.count_rows()), 0
        draft.table = await draft.connection.create_table(rows.TABLE, schema=schema, mode="overwrite")
        async for batch in await old.query().to_batches(max_batch_length=2_000):
            vectors = await embedder.embed(batch.column("search").to_pylist())
            await draft.table.add(rows.with_vectors(batch, vectors, schema))
            done += batch.num_rows
            progress(Progress(done / total, done, 0))
        return await draft.publish(reason=f"embedded again with {embedder.name}", changed=done)


def _last(changes: tuple[Change, ...]) -> Change | None:
    return changes[-1] if changes else None
