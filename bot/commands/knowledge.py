"""`platewise knowledge`: what is known about food."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.assistant.assistant import query_for
from bot.assistant.understand import understand
from bot.commands.output import print_json
from bot.commands.restrictions import preferences_from
from bot.commands.terminal import checked_question
from bot.settings import Settings
from bot.wiring import open_assistant
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import search


def build(*, as_json: bool) -> int:
    """Make the knowledge base from the bundled catalogue, if it isn't up to date."""
    settings = Settings.read()
    rows = asyncio.run(_build(settings))
    if as_json:
        print_json({"knowledge": settings.knowledge_uri, "passages": rows})
    else:
        Console(highlight=False).print(f"{rows} passages in {settings.knowledge_uri}", markup=False)
    return 0


def list_documents(*, as_json: bool) -> int:
    """Print how many documents of each kind there are, and where their facts come from."""
    from retrieval.knowledge.catalogue import load_catalogue, passages

    found = passages(load_catalogue())
    kinds = Counter(str(passage.kind) for passage in found)
    if as_json:
        print_json({"documents": [{"kind": str(kind), "count": kinds[kind]} for kind in Kind]})
    else:
        table = Table("kind", "count")
        for kind in Kind:
            table.add_row(str(kind), str(kinds[kind]))
        Console().print(table)
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
        async with open_assistant(settings) as assistant:
            started = time.perf_counter()
            found = await search(assistant.index, query, preferences)
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


async def _build(settings: Settings) -> int:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("embedding passages", total=None)

        def advance(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        async with open_assistant(settings, progress=advance) as assistant:
            return assistant.index.rows
