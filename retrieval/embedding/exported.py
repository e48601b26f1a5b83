"""The folder that a model was exported to: found, checked, or made."""

import fcntl
import hashlib
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as cached
from pathlib import Path

import pydantic

TOKENIZER, QUESTIONS, DOCUMENTS, ABOUT = "tokenizer.json", "questions.onnx", "documents.onnx", "about.json"

_EXPORTER = ("exporting.py", "quantising.py")

_LOG = logging.getLogger(__name__)
_MOST_S = 600.0  # an export takes some ten seconds; this one is stuck
_WEIGHTS_AND_WORDS = {".safetensors", ".bin", ".json", ".txt", ".model", ".py"}
_OTHER_RUNTIMES = {"onnx", "openvino"}


class NotExportedError(Exception):
    """A model can't be exported, or not here; the message is the reason, without a full stop."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported model on disk, and what its files don't say themselves: `pad` is the padding token's id."""

    folder: Path
    dimension: int
    most_tokens: int
    pad: int

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.folder / TOKENIZER

    @property
    def questions(self) -> Path:
        """The graph that questions go through."""
        return self.folder / QUESTIONS

    @property
    def documents(self) -> Path:
        """The graph that documents go through."""
        return self.folder / DOCUMENTS


class About(pydantic.BaseModel, frozen=True):
    """What `about.json` holds. `files` are SHA-256 digests by name: a file that was cut or altered is noticed."""

    exporter: str
    dimension: int
    most_tokens: int
    pad: int
    files: dict[str, str]


@cached
def exporter_version() -> str:
    """Return a digest of the code that exports: another exporter's files are left aside, without a number to raise."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _EXPORTER)).hexdigest()


def model_digest(model: Path) -> str:
    """Return what names the model in the folder `model` by content: weights, tokenizer, settings. 64 hex digits.

    Files for other runtimes, pictures and texts about the model don't count. Reads it all: 0.1 s for 90 MB.
    """
    digest = hashlib.sha256()
    for path in sorted(model.rglob("*")):
        inside = path.relative_to(model)
        if path.suffix in _WEIGHTS_AND_WORDS and path.is_file() and inside.parts[0] not in _OTHER_RUNTIMES:
            digest.update(f"{inside.as_posix()} {_digest(path)}\n".encode())
    return digest.hexdigest()


def find_or_export(
    model: Path, digest: str, cache: Path, make: Callable[[Path, Path], None] | None = None
) -> Exported:
    """Return the export of the sentence-transformers folder `model`, made now unless `cache` holds it.

    `digest` is `model_digest(model)`. What is made appears in `cache` complete or not at all; what is damaged there is
    made again; processes that start together take turns. `make(model, folder)` fills an empty folder; by default
    a process of its own does, so that PyTorch's memory is given back.
    Raises `NotExportedError` when this model, or this disk, doesn't allow it.
    """
    folder = cache / f"{digest[:16]}-{exporter_version()[:8]}"
    if found := read_exported(folder):
        return found
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache):
            found = read_exported(folder) or _made(model, folder, make or export_in_a_process)
    except OSError as error:
        raise NotExportedError(f"{error.filename or cache}: {error.strerror or error}") from error
    return found


def read_exported(folder: Path) -> Exported | None:
    """Return the export in `folder`; None when there is none, or a damaged one, which is logged."""
    try:
        about = About.model_validate_json((folder / ABOUT).read_bytes())
        damaged = [name for name, digest in about.files.items() if _digest(folder / name) != digest]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        _LOG.warning("embedder: the export in %s can't be read (%s)", folder, type(error).__name__)
        return None
    if (
        damaged
        or {TOKENIZER, QUESTIONS, DOCUMENTS} - about.files.keys()
        or about.exporter != exporter_version()
    ):
        _LOG.warning("embedder: the export in %s is damaged: %s", folder, ", ".join(damaged) or ABOUT)
        return None
    return Exported(folder, about.dimension, about.most_tokens, about.pad)


def write_about(folder: Path, *, dimension: int, most_tokens: int, pad: int) -> None:
    """Describe the files that were put into `folder`: the last step of an export."""
    files = {name: _digest(folder / name) for name in (TOKENIZER, QUESTIONS, DOCUMENTS)}
    about = About(
        exporter=exporter_version(), dimension=dimension, most_tokens=most_tokens, pad=pad, files=files
    )
    (folder / ABOUT).write_text(about.model_dump_json(indent=1), encoding="utf-8")


def export_in_a_process(model: Path, folder: Path) -> None:
    """Export `model` into `folder` in another process. Raises `NotExportedError` with what it said last."""
    _LOG.info("embedder: exporting %s for ONNX Runtime, once", model)
    command = [sys.executable, "-m", "retrieval.embedding.exporting", str(model), str(folder)]
    try:
        # Without standard input, which may be a conversation that is piped in. S603: the command is ours.
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_MOST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotExportedError(f"the exporter took longer than {_MOST_S:.0f} s") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"the exporter ended with {done.returncode}"]
        raise NotExportedError(lines[-1][:300])


def _made(model: Path, folder: Path, make: Callable[[Path, Path], None]) -> Exported:
    for left_over in folder.parent.glob(".making-*"):  # by a process that was killed: we are alone now
        shutil.rmtree(left_over, ignore_errors=True)
    making = folder.parent / f".making-{folder.name}"
    making.mkdir()
    try:
        make(model, making)
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    if (found := read_exported(folder)) is None:
        raise NotExportedError(f"{folder} can't be read back; is the disk full?")
    return found


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    with (cache / ".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
