"""What an export adds up while it runs, and the manifest that accounts for it."""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.dataset.decontamination import bundled
from training.dataset.manifest import File, Leak, Manifest, Tokens, TooLong
from training.dataset.options import Contexts, ExportOptions
from training.dataset.splitting import SPLITS, Split
from training.dataset.stage import PARTS, Rendered
from training.dataset.tokens import TOKENIZER
from training.dataset.views.view import folder_of

LISTED = 1_000
"""Leaks and too long rows that a manifest lists."""

_PERCENTILES = (1, 5, 25, 50, 75, 95, 99)
UNHASHED = "0" * 64


@dataclass(slots=True)
class First:
    """What is known after the first pass: of each staged row its cluster, person and side; what was dropped."""

    clusters: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    people: "array[int]" = field(default_factory=lambda: array("Q"))
    sides: bytearray = field(default_factory=bytearray)
    turns: int = 0
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """The first row of each cluster: all else says the same again."""
        first: NDArray[np.bool_] = self.clusters == np.arange(len(self.clusters), dtype=np.int32)
        return first


@dataclass(slots=True)
class Written:
    """What the second pass adds up."""

    rows: Counter[Split] = field(default_factory=Counter)
    records: Counter[tuple[str, Split]] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)
    lengths: dict[Split, dict[str, Counter[int]]] = field(
        default_factory=lambda: {split: {part: Counter() for part in PARTS} for split in SPLITS}
    )
    balance: dict[Split, dict[str, Counter[str]]] = field(
        default_factory=lambda: {split: {} for split in SPLITS}
    )
    origins: set[str] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)
    too_long: list[TooLong] = field(default_factory=list)
    long_rows: int = 0
    fitting: bytearray = field(default_factory=bytearray)
    """Of each staged row, whether it was written."""

    def add(self, made: Rendered) -> None:
        """Add what a batch has come to."""
        self.rows.update(made.rows)
        self.records.update(made.records)
        self.redacted.update(made.redacted)
        self.origins |= made.origins
        self.consents |= made.consents
        self.long_rows += len(made.too_long)
        self.too_long.extend(made.too_long[: LISTED - len(self.too_long)])
        self.fitting.extend(made.written)
        for split, parts in made.lengths.items():
            for part, counted in parts.items():
                self.lengths[split][part].update(counted)
        for split, classes in made.balance.items():
            for name, values in classes.items():
                self.balance[split].setdefault(name, Counter()).update(values)


def manifest_of(first: First, written: Written, options: ExportOptions) -> Manifest:
    """Return the manifest, its files not hashed yet."""
    dropped: dict[str, dict[str, int]] = {}
    for (step, reason), count in sorted(first.dropped.items()):
        dropped.setdefault(step, {})[reason] = count
    copies = len(first.clusters) - int(first.kept.sum())
    if copies:
        dropped["copies"] = {"says what an earlier row says": copies}
    if written.long_rows:
        dropped["length"] = {f"more than {options.max_tokens} tokens": written.long_rows}
    good = first.turns - sum(dropped.get("quality", {}).values())
    clean = good - sum(dropped.get("evaluation sets", {}).values())
    counts = {
        "turns": first.turns,
        "good": good,
        "clean": clean,
        "unique": clean - copies,
        "fitting": sum(written.rows.values()),
    }
    return Manifest(
        code_version=_code_version(),
        libraries={name: version(name) for name in ("numpy", "pyarrow", "pydantic", "tokenizers")},
        origins=tuple(sorted(written.origins)),
        consent_versions=tuple(sorted(written.consents)),
        options=_options(options),
        tokenizer=None if options.tokenizer is None else sha256_of(options.tokenizer / TOKENIZER),
        evaluation_sets={}
        if options.evaluations is None
        else {item.name: sha256_of(item.path) for item in bundled(options.evaluations)},
        counts=counts,
        dropped=dropped,
        leaks=tuple(first.leaks),
        too_long=tuple(written.too_long),
        redacted=dict(sorted(written.redacted.items())),
        rows={split: written.rows[split] for split in SPLITS},
        people=_people(first, written),
        balance={
            split: {
                name: dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
                for name, values in classes.items()
            }
            for split, classes in written.balance.items()
        },
        unit="characters" if options.tokenizer is None else "tokens",
        tokens={
            split: {part: _tokens(counted) for part, counted in parts.items()}
            for split, parts in written.lengths.items()
        },
        files=_files(written, options),
    )


def _files(written: Written, options: ExportOptions) -> tuple[File, ...]:
    return tuple(
        File(
            path=f"{view_folder}/{split}.{how}",
            view=view_folder,
            split=split,
            records=written.records[view_folder, split],
            size=0,
            sha256=UNHASHED,
        )
        for _, view_folder in folders(options)
        for split in SPLITS
        for how in options.formats
    )


def _options(options: ExportOptions) -> Mapping[str, Any]:
    """Return what was asked for, without paths and secrets."""
    quality = asdict(options.quality)
    return {
        "views": list(options.views),
        "formats": [str(how) for how in options.formats],
        "contexts": str(options.contexts),
        "max_tokens": options.max_tokens,
        "shares": dict(options.shares),
        "quality": {**quality, "languages": sorted(options.quality.languages)},
        "redact": options.redact,
        "selection": dict(options.selection),
    }


def _people(first: First, written: Written) -> dict[str, int]:
    # Rows that were dropped before have no bytes in `fitting`; it and `people` are of the staged ones.
    people = np.frombuffer(first.people, np.uint64)
    sides = np.frombuffer(bytes(first.sides), np.uint8)
    fitting = np.frombuffer(bytes(written.fitting), np.bool_)
    return {split: len(np.unique(people[fitting & (sides == number)])) for number, split in enumerate(SPLITS)}


def _tokens(counted: Counter[int]) -> Tokens:
    rows, lengths = sum(counted.values()), sorted(counted)
    reached = np.cumsum([counted[length] for length in lengths])
    percentiles = {}
    if rows:
        for percent in _PERCENTILES:
            # The smallest length that at least so many rows don't exceed.
            percentiles[f"p{percent}"] = lengths[int(np.searchsorted(reached, -(-percent * rows // 100)))]
        percentiles["max"] = lengths[-1]
    return Tokens(
        rows=rows, total=sum(length * count for length, count in counted.items()), percentiles=percentiles
    )


@cache
def _code_version() -> str:
    """Return the release, and a hash of the code and words that decide what rows become."""
    root = Path(__file__).parents[2]
    paths: Sequence[Path] = sorted(
        path
        for folder in ("training/dataset", "retrieval")
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".md", ".yaml", ".csv") and "knowledge" not in path.parts
    )
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('platewise')}+{digest.hexdigest()[:12]}"


def folders(options: ExportOptions) -> Iterator[tuple[str, str]]:
    """Yield (view, folder) of all that is asked for."""
    contexts = {Contexts.WITH: (True,), Contexts.WITHOUT: (False,), Contexts.BOTH: (True, False)}
    for name in options.views:
        for context in contexts[options.contexts]:
            yield name, folder_of(name, context=context)


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
