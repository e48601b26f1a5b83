"""Exports of what a store holds, without the cleaning: rows as they come, in one file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.assistant.datasets import MANIFEST, Datasets, Made, Order
from bot.store.people import Person
from bot.store.store import Store
from training.dataset.source import Turn


def write_plain(turns: Iterator[Turn], target: Path) -> None:
    """Write the folder of a dataset."""
    lines = [turn.row.model_dump_json() + "\n" for turn in turns]
    target.mkdir()
    (target / "rows.jsonl").write_text("".join(lines), encoding="utf-8")
    (target / MANIFEST).write_text(json.dumps({"rows": len(lines)}), encoding="utf-8")


async def zipped(store: Store, data: Path, *, by: Person | None = None, **options: Any) -> Made:
    """Make an export as `/export` does."""
    return await Datasets(store, data).export_zip(Order(write_plain, by=by, **options))


async def in_folder(store: Store, data: Path, target: Path, **options: Any) -> Made:
    """Make an export as `platewise dataset export` does."""
    return await Datasets(store, data).export(target, Order(write_plain, **options))
