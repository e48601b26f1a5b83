"""Whether a dataset is what its manifest says, loads where it is meant to, and holds nobody who mustn't be in it."""

import tempfile
from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInputError
from training.dataset.accounting import sha256_of
from training.dataset.decontamination import Contamination, bundled
from training.dataset.manifest import MANIFEST, File, Manifest, read_manifest
from training.dataset.redaction import Kind, Redactor
from training.dataset.splitting import SPLITS

_RAW = "raw"
_AGAIN = 1_000
"""Raw rows of each split that are looked through for personal data once more."""

_SURE = frozenset({Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.IBAN})
"""What is recognised by its form alone, so that finding it again is a fault, not an opinion."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: `where` is a file of the dataset, or the dataset; `what` says it, and what to do."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(
    folder: Path,
    *,
    erased: Collection[str] = (),
    erased_rows: Collection[str] = (),
    evaluations: Path | None = None,
) -> list[Fault]:
    """Return what is wrong with the dataset in `folder`; nothing when all is well. Memory doesn't grow with its rows.

    `erased` are people, `erased_rows` rows, by their names in datasets, who must not be in it; people can only be
    found where the raw view was written. With the folder of evaluation sets, raw rows are compared with them once
    more. Raises `BadInputError` when there is no manifest that can be read, or the library `datasets` is missing.
    """
    manifest = read_manifest(folder)
    _need_datasets()
    faults = [*_files_faults(folder, manifest)]
    broken = {fault.where for fault in faults}
    reader = _Reader(
        frozenset(erased),
        frozenset(erased_rows),
        Contamination.of(bundled(evaluations)) if evaluations is not None else None,
        redacted=bool(manifest.options.get("redact", True)),
    )
    views: dict[str, list[File]] = {}
    for file in manifest.files:
        if file.view and file.path not in broken:
            views.setdefault(file.view, []).append(file)
    for view, files in views.items():
        faults += reader.view(folder, view, files)
    return faults


def _files_faults(folder: Path, manifest: Manifest) -> Iterator[Fault]:
    known = {file.path for file in manifest.files}
    for file in manifest.files:
        path = folder / file.path
        if not path.is_file():
            yield Fault(file.path, "isn't there; copy the dataset again, or export again")
        elif path.stat().st_size != file.size or sha256_of(path) != file.sha256:
            yield Fault(file.path, f"isn't what was exported: its bytes changed since {MANIFEST} was written")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and name != MANIFEST:
            yield Fault(name, "is no file of this dataset; take it away")


@dataclass(slots=True)
class _Seen:
    """What was read of one split of a view."""

    rows: "array[int]" = field(default_factory=lambda: array("Q"))
    people: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Reader:
    erased: frozenset[str]
    erased_rows: frozenset[str]
    contamination: Contamination | None
    redacted: bool

    def view(self, folder: Path, view: str, files: list[File]) -> Iterator[Fault]:
        """Read every file of a view, and compare its splits."""
        seen: dict[str, _Seen] = {}
        for file in files:
            # The formats of a split hold the same; their records are read all, and remembered once.
            mine = _Seen()
            try:
                yield from self._file(folder, file, mine)
            except Exception as error:  # noqa: BLE001 - whatever the library raises: a trainer would see it
                reason = " ".join(str(error).split())[:200] or type(error).__name__
                yield Fault(file.path, f"can't be loaded with `datasets`: {reason}; export again")
            seen.setdefault(file.split, mine)
        for one, other in combinations([split for split in SPLITS if split in seen], 2):
            shared = np.intersect1d(_unique(seen[one].rows), _unique(seen[other].rows))
            if len(shared):
                yield Fault(view, f"{len(shared)} rows are in {one} and in {other}; export again")
            if people := seen[one].people & seen[other].people:
                yield Fault(view, f"{len(people)} people are in {one} and in {other}; export again")

    def _file(self, folder: Path, file: File, seen: _Seen) -> Iterator[Fault]:
        records, held, without_consent, leaks, private = 0, 0, 0, 0, 0
        raw = file.view.startswith(_RAW)
        redactor = Redactor() if raw and self.redacted else None
        for record in _records(folder / file.path, file):
            records += 1
            rows = record["rows"]
            seen.rows.extend(int(row[:16], 16) for row in rows)
            held += not self.erased_rows.isdisjoint(rows) or (raw and record["person"] in self.erased)
            if not raw:
                continue
            seen.people.add(int(record["person"][:16], 16))
            without_consent += record["origin"] == "turn" and not record["consent"]
            leaks += self._leaks(record)
            if redactor is not None and records <= _AGAIN:
                private += _private(redactor, record)
        if records != file.records:
            yield Fault(
                file.path, f"has {records} records, where {MANIFEST} says {file.records}; export again"
            )
        for count, what in (
            (
                held,
                "hold somebody who was erased, or took consent back; export again, and train again what was trained",
            ),
            (without_consent, "have no consent; don't use this dataset"),
            (leaks, "hold a question of an evaluation set; export again with these sets at hand"),
            (private, "hold an address or a number that is somebody's; export again"),
        ):
            if count:
                yield Fault(file.path, f"{count} records {what}")

    def _leaks(self, record: Mapping[str, Any]) -> bool:
        if self.contamination is None:
            return False
        return self.contamination.match(record["meant"] or record["question"], near=False) is not None


def _private(redactor: Redactor, record: Mapping[str, Any]) -> bool:
    conversation = redactor.conversation(())
    for name in ("question", "answer"):
        conversation.redact(record[name])
    return any(conversation.counts[kind.value] > _typed(record, kind) for kind in _SURE)


def _typed(record: Mapping[str, Any], kind: Kind) -> int:
    """Return how many placeholders of a kind there are already, should they be counted again."""
    return sum(record[name].count(f"<{kind.value}_") for name in ("question", "answer"))


def _records(path: Path, file: File) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a file as `datasets` reads them, one after the other."""
    from datasets import load_dataset

    if not file.records and path.suffix != ".parquet":
        return  # JSON lines without a line: there is nothing whose types could be guessed
    how = "parquet" if path.suffix == ".parquet" else "json"
    with tempfile.TemporaryDirectory() as cache:
        yield from load_dataset(how, data_files=str(path), split="train", streaming=True, cache_dir=cache)


def _unique(rows: "array[int]") -> NDArray[np.uint64]:
    return np.unique(np.frombuffer(rows, np.uint64)) if rows else np.empty(0, np.uint64)


def _need_datasets() -> None:
    try:
        import datasets  # noqa: F401
    except ImportError as error:
        raise BadInputError(
            "checking a dataset needs the library `datasets`; install platewise with its extra `train`"
        ) from error
