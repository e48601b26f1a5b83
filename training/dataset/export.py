"""Turns → a dataset: a folder with files for trainers, a manifest that accounts for every row, and a card.

Two passes. First each conversation is redacted, what isn't good or is in an evaluation set is left out, and the rest is
staged on the disk. Then copies are left out, and what stays is written in every view. The folder is made beside the
target and renamed at the end: it is there whole, or not at all.
"""

import fcntl
import os
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BadInputError, UnavailableError
from training.dataset.accounting import LISTED, UNHASHED, First, Written, folders, manifest_of, sha256_of
from training.dataset.card import Lengths, write_card
from training.dataset.duplicates import Signatures
from training.dataset.manifest import MANIFEST, File, Manifest
from training.dataset.options import ExportOptions, Format
from training.dataset.source import Turn
from training.dataset.splitting import SPLITS, Split, split_of
from training.dataset.stage import Cleaned, Passes, Rendered, StageFile, rows_in
from training.dataset.tokens import TOKENIZER
from training.dataset.views import VIEWS
from training.dataset.workers import Workers, workers
from training.dataset.writing import Writer, open_writer

_BATCH = 128
"""Turns from which a batch is full; a conversation is never parted."""

_WORTH_PROCESSES = 2_000
"""Turns below which starting processes takes longer than what they save."""

_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: rows `done` of a `step` ("reading", "comparing", "writing"); `total` where it is known."""

    step: str
    done: int
    total: int | None = None


Report = Callable[[Progress], None]


def export(
    turns: Iterable[Turn],
    target: Path,
    options: ExportOptions,
    *,
    progress: Report | None = None,
) -> Manifest:
    """Write the dataset `target`, a folder that isn't there yet; turns come by conversation, in order of position.

    The same turns and options give the same bytes. Raises `BadInputError` for options that can't be met, a target that
    is there, and when there are no turns or none is left; `UnavailableError` when the disk is full. Nothing is left
    behind then.
    """
    _refuse_bad(options, target)
    tell = progress or _nobody
    with _unwritable_explained(target), _folder_beside(target) as folder:
        stream = iter(turns)
        ahead = list(islice(stream, _WORTH_PROCESSES))
        if not ahead:
            raise BadInputError(
                "there is nothing to export: no turn is consented to, or none that was asked for"
            )
        few = len(ahead) < _WORTH_PROCESSES
        count = 0 if few else options.workers if options.workers is not None else os.cpu_count() or 1
        with workers(options, count) as crew, ExitStack() as stack:
            stage = StageFile(folder / ".stage")
            stack.callback(stage.close)
            first = _first_pass(chain(ahead, stream), crew, stage, folder, tell)
            written = _second_pass(first, crew, stage, _Files(folder, options), tell)
        (folder / ".stage").unlink()
        manifest = _finished(folder, manifest_of(first, written, options), written.lengths)
        _publish(folder, target)
    return manifest


def _first_pass(turns: Iterable[Turn], crew: Workers, stage: StageFile, folder: Path, tell: Report) -> First:
    compared = array("i")
    made = First()
    signatures = folder / ".signatures"
    with Signatures(signatures) as known:
        for cleaned in crew.map(Passes.clean, _batches(turns)):
            _take(cleaned, made, compared, known)
            stage.append(cleaned.frame)
            tell(Progress("reading", made.turns))
        tell(Progress("comparing", 0, made.turns))
        found = known.clusters()
    shutil.rmtree(signatures)
    numbers = np.array(compared, np.int32)
    made.clusters = np.arange(len(made.people), dtype=np.int32)
    made.clusters[numbers] = numbers[found]
    return made


def _take(cleaned: Cleaned, made: First, compared: "array[int]", known: Signatures) -> None:
    for texts in cleaned.compared:
        if texts is not None:
            compared.append(len(made.sides))
            known.add(texts[0], texts[1], apart=texts[2])
        made.sides.append(SPLITS.index(cleaned.splits[len(made.sides) - len(made.people)]))
    made.people.extend(cleaned.people)
    made.turns += cleaned.turns
    made.dropped.update(cleaned.dropped)
    made.leaks.extend(cleaned.leaks[: LISTED - len(made.leaks)])


def _second_pass(first: First, crew: Workers, stage: StageFile, files: "_Files", tell: Report) -> Written:
    kept = first.kept
    written = Written()
    with files:
        for made in crew.map(_render, _frames(stage, kept)):
            written.add(made)
            files.write(made)
            tell(Progress("writing", len(written.fitting), len(kept)))
    if not written.rows:
        reasons = ", ".join(f"{reason} {count}" for (_, reason), count in first.dropped.most_common(3))
        raise BadInputError(
            f"nothing is left to export of {first.turns} turns ({reasons or 'all are too long'})"
        )
    return written


def _render(passes: Passes, item: tuple[bytes, bytes]) -> Rendered:
    frame, kept = item
    return passes.render(frame, [bool(keep) for keep in kept])


def _frames(stage: StageFile, kept: NDArray[np.bool_]) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for frame in stage.frames():
        count = rows_in(frame)
        yield frame, kept[at : at + count].tobytes()
        at += count


def _batches(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    batch: list[Turn] = []
    for turn in turns:
        if len(batch) >= _BATCH and turn.row.conversation != batch[-1].row.conversation:
            yield batch
            batch = []
        batch.append(turn)
    if batch:
        yield batch


class _Files:
    """The files of all views, splits and formats; each is there, also without records."""

    def __init__(self, folder: Path, options: ExportOptions) -> None:
        self._stack = ExitStack()
        self._open: dict[tuple[str, Split, Format], Writer] = {}
        self._folder, self._options = folder, options

    def __enter__(self) -> Self:
        for name, view_folder in folders(self._options):
            (self._folder / view_folder).mkdir()
            for split in SPLITS:
                for how in self._options.formats:
                    path = self._folder / view_folder / f"{split}.{how}"
                    self._open[view_folder, split, how] = open_writer(path, how, VIEWS[name].columns)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for writer in self._open.values():
            # After a failure the files go, so what they still hold needn't be written.
            with suppress(*(() if error is None else (OSError, ValueError))):
                writer.close()

    def write(self, made: Rendered) -> None:
        for key, encoded in made.files.items():
            self._open[key].write(encoded)


def _finished(folder: Path, manifest: Manifest, lengths: Lengths) -> Manifest:
    """Write card and manifest; return the latter with every file's bytes."""
    write_card(folder, manifest, lengths)
    data = {file.path: file for file in manifest.files}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _LOCK)
    files = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        known = data.get(name, File(path=name, size=0, sha256=UNHASHED))
        files.append(known.model_copy(update={"size": path.stat().st_size, "sha256": sha256_of(path)}))
    manifest = manifest.model_copy(update={"files": tuple(files)})
    (folder / MANIFEST).write_text(manifest.dump(), encoding="utf-8")
    return manifest


def _refuse_bad(options: ExportOptions, target: Path) -> None:
    for name in options.views:
        if name not in VIEWS:
            near = get_close_matches(name, VIEWS, n=1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(VIEWS)}"
            raise BadInputError(f"{name}: there is no such view; {meant}")
    if not options.views or not options.formats:
        raise BadInputError("an export needs at least one view and one format")
    if options.max_tokens is not None and options.tokenizer is None:
        raise BadInputError("a limit of tokens needs the tokenizer that counts them; name its folder")
    if options.tokenizer is not None and not (options.tokenizer / TOKENIZER).is_file():
        raise BadInputError(
            f"{options.tokenizer}: there is no {TOKENIZER}; name the folder of the model to be trained"
        )
    split_of("", "", options.shares)
    if target.exists():
        raise BadInputError(f"{target}: is there already; name a folder that isn't")
    if not target.absolute().parent.is_dir():
        raise BadInputError(f"{target}: the folder that it is to be in isn't there; make it first")


@contextmanager
def _unwritable_explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"{target}: {error.strerror or error}; nothing was written there, mend this and export again"
        ) from error


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Give a folder that is gone afterwards, and remove what killed exports to the same target have left."""
    parent, prefix = target.absolute().parent, f".{target.name}."
    for left in parent.glob(f"{prefix}*.partial"):
        with ExitStack() as stack:
            try:
                held = stack.enter_context((left / _LOCK).open("rb"))
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # somebody is writing there
            except OSError:
                pass
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=".partial", dir=parent))
    try:
        with (folder / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(folder: Path, target: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _flush(path)
    (folder / _LOCK).unlink()
    _flush(folder)
    if target.exists():
        raise BadInputError(f"{target}: is there already; name a folder that isn't")
    # Made by mkdtemp for its owner alone, as what people wrote should stay.
    folder.rename(target)
    _flush(target.absolute().parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _nobody(_progress: Progress) -> None:
    """Whom progress is told when nobody asked."""
