"""`platewise knowledge`: what is known about food."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.assistant.assistant import query_for
from bot.assistant.understand import understand
from bot.commands.output import print_json
from bot.commands.progress import progress_bar
from bot.commands.restrictions import preferences_from
from bot.commands.terminal import checked_question
from bot.settings import Settings
from bot.wiring import open_embedder, open_knowledge
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import search

if TYPE_CHECKING:
    from retrieval.staging import Progress


def build(*, reembed: bool, as_json: bool) -> int:
    """Make the knowledge base from the bundled catalogue, if it isn't up to date."""
    settings = Settings.read()
    rows = asyncio.run(_build(settings, reembed=reembed))
    if as_json:
        print_json({"knowledge": settings.knowledge_uri, "passages": rows})
    else:
        Console(highlight=False).print(f"{rows} passages in {settings.knowledge_uri}", markup=False)
    return 0


def list_documents(*, as_json: bool) -> int:
    """Print how many documents of each kind there are, where they come from, and under which licence."""
    from retrieval.index import describe_index

    settings = Settings.read()
    found = asyncio.run(describe_index(settings.knowledge_uri))
    kinds = {str(kind): sum(item.count for item in found.origins if item.kind == kind) for kind in Kind}
    if as_json:
        print_json(
            {
                "knowledge": settings.knowledge_uri,
                "version": found.change.number,
                "embedder": found.embedder,
                "documents": [{"kind": kind, "count": count} for kind, count in kinds.items()],
                "origins": [asdict(item) for item in found.origins],
            }
        )
        return 0
    table = Table("kind", "count", "origin", "release", "licence", box=None, padding=(0, 2, 0, 0))
    for item in found.origins:
        table.add_row(item.kind, str(item.count), item.name, item.release, item.licence)
    console = Console(highlight=False)
    console.print(table)
    total = ", ".join(f"{count} {kind}s" for kind, count in kinds.items())
    console.print(f"version {found.change.number}: {total}", markup=False)
    return 0


def search_passages(
    text: str,
    diets: Sequence[str],
    allergies: Sequence[str],
    dislikes: Sequence[str],
    *,
    limit: int,
    as_json: bool,
) -> int:
    """Print the passages that `text` would be answered from."""
    settings = Settings.read()
    question = checked_question(text)
    preferences = preferences_from(diets, allergies, dislikes)
    query = query_for(question, understand(question, preferences), limit=limit)

    async def find() -> tuple[tuple[Passage, ...], float]:
        async with open_knowledge(settings) as index:
            await search(index, query, preferences)  # what is loaded once isn't what a search takes
            started = time.perf_counter()
            found = await search(index, query, preferences)
            return found, (time.perf_counter() - started) * 1000

    found, took_ms = asyncio.run(find())
    if as_json:
        keys = ("id", "kind", "title", "text", "score", "facts")
        results = [{key: item.as_dict()[key] for key in keys} for item in found]
        print_json({"results": results, "timing_ms": {"total": round(took_ms, 3)}})
    else:
        console = Console(highlight=False, soft_wrap=True)
        for item in found:
            console.print(f"{item.title}  [{item.id}]\n  {item.text.splitlines()[0]}", markup=False)
        if not found:
            console.print("nothing relevant")
    return 0


async def _build(settings: Settings, *, reembed: bool) -> int:
    with progress_bar("embedding passages") as progress:
        if reembed:
            await _reembed(settings, progress)
        async with open_knowledge(settings, progress=progress) as index:
            return (await index.snapshot()).change.passages


async def _reembed(settings: Settings, progress: Callable[["Progress"], None]) -> None:
    from retrieval.upkeep import reembed

    async with open_embedder(settings) as embedder:
        await reembed(settings.knowledge_uri, embedder, progress)
