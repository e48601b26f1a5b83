"""`platewise knowledge add|remove|versions|rollback|compact`: changing the knowledge base, and undoing it."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from bot.commands.output import print_json
from bot.commands.progress import progress_bar
from bot.settings import Settings
from bot.wiring import open_knowledge
from retrieval.errors import BadInputError

if TYPE_CHECKING:
    from retrieval.adding import Added
    from retrieval.changes import Change

_LISTED = 20
"""Faults printed for a person; `--json` has them all."""


def add_path(path: Path, kind: str | None, reason: str, *, as_json: bool) -> int:
    """Add what is at `path`, as one change. Rows that can't be read are listed, and left out."""
    added = asyncio.run(_add(Settings.read(), path, kind, reason))
    if as_json:
        print_json(_as_dict(added))
    else:
        _print_added(added)
    return 0


def list_versions(*, as_json: bool) -> int:
    """Print every change that was made, with its reason; the last one is what is served."""
    from retrieval.publishing import versions

    changes = asyncio.run(versions(Settings.read().knowledge_uri))
    if as_json:
        print_json({"versions": [_change(change) for change in changes]})
        return 0
    table = Table("version", "when", "passages", "change", "reason", box=None, padding=(0, 2, 0, 0))
    for change in changes:
        moved = f"+{change.added} ~{change.changed} -{change.removed}"
        when = f"{change.at:%Y-%m-%d %H:%M:%S}Z"
        table.add_row(str(change.number), when, str(change.passages), moved, change.reason)
    Console(highlight=False).print(table)
    return 0


def roll_back(number: int, *, as_json: bool) -> int:
    """Make the knowledge base what it was after change `number`."""
    change = asyncio.run(_roll_back(Settings.read(), number))
    if as_json:
        print_json(_change(change))
    else:
        text = f"version {change.number} holds what version {number} held: {change.passages} passages"
        Console(highlight=False).print(text, markup=False)
    return 0


def remove_origin(origin: str, reason: str, *, as_json: bool) -> int:
    """Remove everything that came from `origin`."""
    from retrieval.knowledge.loaders.bundled import ORIGIN
    from retrieval.publishing import remove

    if origin == ORIGIN:
        raise BadInputError(f"'{ORIGIN}' is the bundled catalogue, which every start brings back")
    change = asyncio.run(remove(Settings.read().knowledge_uri, origin, reason or f"removed {origin}"))
    if as_json:
        print_json(_change(change))
    else:
        text = f"{change.removed} removed: version {change.number}, {change.passages} passages"
        Console(highlight=False).print(text, markup=False)
    return 0


def compact(days: int, *, as_json: bool) -> int:
    """Merge small files and delete versions older than `days`."""
    from retrieval.publishing import maintain

    settings = Settings.read()
    asyncio.run(maintain(settings.knowledge_uri, timedelta(days=days)))
    if as_json:
        print_json({"knowledge": settings.knowledge_uri, "kept_days": days})
    else:
        Console(highlight=False).print(f"{settings.knowledge_uri} is tidy", markup=False)
    return 0


async def _add(settings: Settings, path: Path, kind: str | None, reason: str) -> "Added":
    from retrieval.adding import add, source_fingerprint
    from retrieval.knowledge.loaders.recognise import recognise

    loader = await asyncio.to_thread(recognise, path, kind)
    async with open_knowledge(settings) as index:
        with progress_bar(f"adding {path.name}") as progress:
            return await add(
                settings.knowledge_uri,
                index.embedder,
                loader,
                reason=reason or f"added {path.name}",
                source=await asyncio.to_thread(source_fingerprint, path),
                progress=progress,
            )


async def _roll_back(settings: Settings, number: int) -> "Change":
    from retrieval.publishing import rollback

    return await rollback(settings.knowledge_uri, number)


def _as_dict(added: "Added") -> dict[str, Any]:
    return {**asdict(added), "change": _change(added.change) if added.change else None}


def _change(change: "Change") -> dict[str, Any]:
    return {**asdict(change), "at": change.at.isoformat()}


def _print_added(added: "Added") -> None:
    console = Console(highlight=False, soft_wrap=True)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for fault in added.faults[:_LISTED]:
        errors.print(f"{fault.where}: {fault.why}", markup=False)
    if added.left_out > _LISTED:
        errors.print(f"… and {added.left_out - _LISTED} more; --json lists them", markup=False)
    counts = (
        f"{added.added} added, {added.changed} changed, {added.removed} removed, {added.unchanged} unchanged"
    )
    counts += f", {added.left_out} left out" if added.left_out else ""
    console.print(f"{counts}: {_outcome(added)}", markup=False)


def _outcome(added: "Added") -> str:
    if added.change is None:
        return "nothing changed"
    return f"version {added.change.number}, {added.change.passages} passages"
