"""Consented turns as a file: what an export holds, and what has to go from it when a person goes.

`<folder>/platewise-<moment>.zip` holds `turns.jsonl`, one turn a line, and `manifest.json`: counts and checksums.
"""

import asyncio
import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from bot.store.columns import to_json, utc_now
from bot.store.consents import Consents
from bot.store.database import Database
from bot.store.tables import Purpose, TurnStatus, conversations, feedback, people, tombstones, turns

SCHEMA = "platewise-turns/1"
_TURNS = "turns.jsonl"
_MANIFEST = "manifest.json"
_AT_ONCE = 200
_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export. `sha256` is the zip's, `size` its bytes; the counts are of what is in it."""

    path: Path
    sha256: str
    size: int
    turns: int
    people: int
    rated: int


@dataclass(slots=True)
class _Counts:
    turns: int = 0
    rated: int = 0
    people: set[str] = field(default_factory=set)
    digest: Any = field(default_factory=hashlib.sha256)


class Exports:
    """Writes exports to `folder`, and takes back those that hold an erased person."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def make(self) -> Export:
        """Write every turn that may be used: consented to when it was asked, and still; of nobody who was erased.

        The file appears whole or not at all. Raises `OSError` when the disk is full.
        """
        moment = utc_now()
        path = self._folder / f"platewise-{moment:%Y%m%d-%H%M%S-%f}.zip"
        partial = path.with_suffix(".partial")
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        try:
            counts = await self._write(partial, moment)
            sha256, size = await asyncio.to_thread(_fingerprint, partial)
            await asyncio.to_thread(partial.replace, path)
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)
        return Export(path, sha256, size, counts.turns, len(counts.people), counts.rated)

    async def holding(self, pseudonym: str) -> list[str]:
        """Return the names of the exports that hold turns of the person with this pseudonym."""
        return await asyncio.to_thread(
            lambda: [path.name for path in sorted(self._folder.glob("*.zip")) if _holds(path, pseudonym)]
        )

    async def drop_with(self, pseudonym: str) -> int:
        """Delete the exports that hold turns of the person with this pseudonym; return how many."""
        return await asyncio.to_thread(_drop_with, self._folder, pseudonym)

    async def _write(self, path: Path, moment: datetime) -> _Counts:
        counts = _Counts()
        # Nobody but the account that runs the bot may read what people wrote.
        handle = await asyncio.to_thread(os.open, path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open(_TURNS, "w", force_zip64=True) as lines:
                async for batch in self._batches():
                    await asyncio.to_thread(_write_lines, lines, batch, counts)
            manifest = {
                "schema": SCHEMA,
                "made_at": moment.astimezone(UTC).isoformat(),
                "turns": counts.turns,
                "people": len(counts.people),
                "rated": counts.rated,
                "files": {_TURNS: {"sha256": counts.digest.hexdigest(), "lines": counts.turns}},
            }
            await asyncio.to_thread(archive.writestr, _MANIFEST, json.dumps(manifest, indent=2) + "\n")
        return counts

    async def _batches(self) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the turns in the order of their ids, some at a time, so that memory doesn't grow with them."""
        agreed: dict[int, bool] = {}
        consents, after = Consents(self._database), 0
        while True:
            async with self._database.read() as connection:
                rows = (await connection.execute(_query(after))).all()
                ratings = await connection.execute(_ratings([row.id for row in rows]))
                opinions = {row.turn_id: {"value": str(row.value), "reason": row.reason} for row in ratings}
            if not rows:
                return
            after = rows[-1].id
            for person_id in {row.person_id for row in rows} - agreed.keys():
                current = await consents.current(person_id)
                agreed[person_id] = current[Purpose.IMPROVEMENT]
            yield [_line(row, opinions.get(row.id)) for row in rows if agreed[row.person_id]]


def _query(after: int) -> sa.Select[Any]:
    erased = sa.select(tombstones.c.pseudonym)
    return (
        sa.select(turns, conversations.c.person_id, people.c.pseudonym, people.c.language)
        .select_from(turns.join(conversations).join(people))
        .where(
            turns.c.id > after,
            turns.c.status == TurnStatus.ANSWERED,
            turns.c.consent_improve,
            # Only a restored backup can still hold somebody who was erased.
            people.c.pseudonym.not_in(erased),
        )
        .order_by(turns.c.id)
        .limit(_AT_ONCE)
    )


def _ratings(turn_ids: list[int]) -> sa.Select[Any]:
    return sa.select(feedback.c.turn_id, feedback.c.value, feedback.c.reason).where(
        feedback.c.turn_id.in_(turn_ids)
    )


def _line(row: sa.Row[Any], opinion: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "turn": row.id,
        "person": row.pseudonym,
        "conversation": row.conversation_id,
        "asked_at": row.received_at.isoformat(),
        "language": row.language,
        "question": row.question,
        "meant": row.meant,
        "intent": row.intent,
        "preferences": row.preferences,
        "passages": row.passages or [],
        "answer": row.answer,
        "model": row.model,
        "adapter": row.adapter,
        "guard": {"status": row.guard_status, "reasons": row.guard_reasons or []},
        "again_of": row.again_of,
        "replaces": row.replaces,
        "stopped": row.stopped,
        "feedback": opinion,
    }


def _write_lines(file: IO[bytes], batch: list[dict[str, Any]], counts: _Counts) -> None:
    for turn in batch:
        line = f"{to_json(turn)}\n".encode()
        file.write(line)
        counts.digest.update(line)
        counts.turns += 1
        counts.people.add(turn["person"])
        counts.rated += turn["feedback"] is not None


def _fingerprint(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest(), path.stat().st_size


def _drop_with(folder: Path, pseudonym: str) -> int:
    gone = 0
    # What a killed process left half-written can't be read, so it can't be known to be without anybody.
    for path in folder.glob("*.partial"):
        path.unlink(missing_ok=True)
    for path in folder.glob("*.zip"):
        if _holds(path, pseudonym):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _holds(path: Path, pseudonym: str) -> bool:
    wanted = f'"person": {json.dumps(pseudonym)}'.encode()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_TURNS) as lines:
            return any(wanted in line for line in lines)
    except (zipfile.BadZipFile, KeyError):
        return True
