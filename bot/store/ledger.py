"""The ledger of datasets: who is in which rows of which dataset, who made it, and which adapters were trained from it.

`<data>/datasets.db`, a SQLite file of its own: it names people only as datasets do (`Pseudonyms`), holds no text, and
outlives everybody's rows, so that after an erasure everything can be named that still holds the person.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from retrieval.errors import UnavailableError

LEDGER_FILE = "datasets.db"
ADAPTERS = "adapters"
LINEAGE_FILE = "adapter.json"
_WAIT_S = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS datasets (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL, path TEXT NOT NULL, made_at TEXT NOT NULL,
    until TEXT NOT NULL, made_by TEXT NOT NULL, made_by_person TEXT NOT NULL, options TEXT NOT NULL,
    counts TEXT NOT NULL, dropped_at TEXT
);
CREATE TABLE IF NOT EXISTS held (
    person BLOB NOT NULL, dataset INTEGER NOT NULL REFERENCES datasets(id), row BLOB NOT NULL,
    PRIMARY KEY (person, dataset, row)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Export:
    """A dataset that was exported, as an auditor wants to know it. No text of anybody is in here.

    `sha256` is of its `dataset.json`, which holds those of all its files. `until`: turns answered before are in it, the
    next export may begin there. `made_by` is a handle, or the command line; `made_by_person` their name in datasets.
    `dropped`: its files were deleted because somebody in it was erased.
    """

    sha256: str
    path: Path
    made_at: datetime
    until: datetime
    made_by: str
    made_by_person: str
    options: Mapping[str, Any]
    counts: Mapping[str, int]
    dropped: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """That a dataset holds rows of a person."""

    person: str
    export: Export
    rows: int


class Ledger:
    """The ledger in the folder `data`; made when something is noted first. Blocks: call it in a thread."""

    def __init__(self, data: Path) -> None:
        self._path = data / LEDGER_FILE
        self._adapters = data / ADAPTERS

    def note(self, export: Export, rows: Iterable[tuple[str, str]]) -> int:
        """Note an export with the (person, row) of each of its rows, all of it or nothing; return its id.

        Raises `UnavailableError` when the file can't be written.
        """
        with self._writing() as connection:
            noted = connection.execute(
                "INSERT INTO datasets (sha256, path, made_at, until, made_by, made_by_person, options, counts)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    export.sha256,
                    str(export.path),
                    export.made_at.isoformat(),
                    export.until.isoformat(),
                    export.made_by,
                    export.made_by_person,
                    json.dumps(dict(export.options), sort_keys=True),
                    json.dumps(dict(export.counts), sort_keys=True),
                ),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO held VALUES (?, ?, ?)",
                ((bytes.fromhex(person), noted.lastrowid, bytes.fromhex(row)) for person, row in rows),
            )
        return noted.lastrowid or 0

    def last(self) -> Export | None:
        """Return the export that was noted last."""
        return next(self._exports("SELECT * FROM datasets ORDER BY id DESC LIMIT 1"), None)

    def exports(self) -> list[Export]:
        """Return all that were noted, oldest first."""
        return list(self._exports("SELECT * FROM datasets ORDER BY id"))

    def holdings(self, people: Iterable[str]) -> list[Holding]:
        """Return which datasets hold rows of these people, also those whose files are gone."""
        found = []
        with self._reading() as connection:
            if connection is None:
                return []
            for person in sorted(set(people)):
                counted = connection.execute(
                    "SELECT dataset, count(*) FROM held WHERE person = ? GROUP BY dataset ORDER BY dataset",
                    (bytes.fromhex(person),),
                ).fetchall()
                found += [(person, dataset, rows) for dataset, rows in counted]
        known = {export.id: export for export in self.exports()} if found else {}
        return [Holding(person, known[dataset], rows) for person, dataset, rows in found]

    def rows(self, export_id: int) -> list[bytes]:
        """Return the rows of an export, by the bytes of their names."""
        with self._reading() as connection:
            if connection is None:
                return []
            found = connection.execute("SELECT row FROM held WHERE dataset = ? ORDER BY row", (export_id,))
            return [row for (row,) in found]

    def dropped(self, export_ids: Iterable[int], moment: datetime) -> None:
        """Note that the files of these exports were deleted."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE datasets SET dropped_at = ? WHERE id = ?",
                [(moment.isoformat(), export_id) for export_id in export_ids],
            )

    def forget_maker(self, person: str) -> None:
        """Take the handle of somebody who was erased from the exports that they made."""
        if self._path.exists():
            with self._writing() as connection:
                connection.execute(
                    "UPDATE datasets SET made_by = 'erased' WHERE made_by_person = ?", (person,)
                )

    def adapters(self) -> dict[str, tuple[str, ...]]:
        """Return the adapters in the data folder that say what they were trained from: name → datasets' sha256.

        An adapter whose lineage can't be read is left out.
        """
        found = {}
        for path in sorted(self._adapters.glob(f"*/{LINEAGE_FILE}")):
            try:
                lineage = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if hashes := tuple(_hashes(lineage)):
                found[path.parent.name] = hashes
        return found

    def _exports(self, query: str) -> Iterator[Export]:
        with self._reading() as connection:
            rows = [] if connection is None else connection.execute(query).fetchall()
        for row in rows:
            yield Export(
                id=row["id"],
                sha256=row["sha256"],
                path=Path(row["path"]),
                made_at=datetime.fromisoformat(row["made_at"]),
                until=datetime.fromisoformat(row["until"]),
                made_by=row["made_by"],
                made_by_person=row["made_by_person"],
                options=json.loads(row["options"]),
                counts=json.loads(row["counts"]),
                dropped=row["dropped_at"] is not None,
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """Give a connection; None when nothing was ever noted."""
        if not self._path.exists():
            yield None
            return
        with self._explained(), closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._explained():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Nobody but the account that runs the bot may read who was in what.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as connection:
                connection.execute("PRAGMA secure_delete=ON")
                connection.executescript(_TABLES)
                with connection:
                    yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UnavailableError(
                f"{self._path}: {error}; free its disk, or put the file back from a backup"
            ) from error


def _hashes(lineage: object) -> Iterator[str]:
    """Yield the datasets that a lineage names: `dataset` is a hash, an object with `sha256`, or a list of these."""
    named = lineage.get("dataset") if isinstance(lineage, dict) else None
    for item in named if isinstance(named, list) else [named]:
        value = item.get("sha256") if isinstance(item, dict) else item
        if isinstance(value, str):
            yield value
