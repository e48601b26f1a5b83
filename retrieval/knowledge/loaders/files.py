"""Files and folders as people give them: found, read within limits, and turned into clean text."""

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.loader import Fault

_MOST_FILES = 100_000
_SLUG = 60  # characters
_DIGEST = 8  # characters

_COMPANIONS = frozenset(
    ".avif .bmp .css .gif .heic .ico .jpeg .jpg .js .map .mp4 .otf .png .svg .tif .tiff .ttf .webp .woff .woff2".split()
)
"""What pages come with: no text of their own, so leaving them out is no fault."""

UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""How text in UTF-16 begins."""

_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})  # control, format, private use, lone surrogates
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in a folder: its files, and what was left out of it."""

    files: tuple[Path, ...]
    faults: tuple[Fault, ...]


def walk(root: Path) -> Folder:
    """Return the files under `root`, or `root` itself when it is a file, sorted.

    Hidden files, and pictures and styles that come with pages, are passed over. Links aren't followed, since they may
    lead outside: each is a fault, and so are pipes, sockets and devices. Raises `BadInputError` for a folder that can't
    be read or holds more than 100,000 files.
    """
    if not root.is_dir():
        return Folder(files=(root,), faults=())
    files: list[Path] = []
    faults: list[Fault] = []
    for path in _entries(root):
        why = _refused(path)
        if why:
            faults.append(Fault(where=shown(path, root), why=why))
        elif path.suffix.lower() not in _COMPANIONS:
            files.append(path)
        if len(files) + len(faults) > _MOST_FILES:
            raise BadInputError(
                f"{root} holds more than {_MOST_FILES:,} files: add its sub-folders one by one"
            )
    return Folder(files=tuple(files), faults=tuple(faults))


def shown(path: Path, root: Path) -> str:
    """Return how messages call `path`: relative to the folder `root`, without characters that don't print."""
    name = path.relative_to(root) if path != root and path.is_relative_to(root) else Path(path.name)
    return one_line(os.fsencode(name.as_posix()).decode("utf-8", "replace"))


def read_bytes(path: Path, name: str, limit: int) -> bytes:
    """Return what the file `path`, called `name` in messages, holds; `limit` is in bytes.

    Raises `BadInputError` when it is larger, no plain file, or can't be read.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not make us wait
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise BadInputError(f"{name} isn't a plain file")
            data = b"" if state.st_size > limit else file.read(limit + 1)
            if state.st_size > limit or len(data) > limit:
                raise BadInputError(f"{name} is larger than {limit // 1_000_000} MB: split it")
            return data
    except OSError as error:
        raise BadInputError(f"{name} can't be read: {error.strerror}") from error


def read_head(path: Path, size: int) -> bytes:
    """Return the first `size` bytes of a file, fewer when it is shorter; empty when it can't be read."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            return file.read(size) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except OSError:
        return b""


def decoded(data: bytes, name: str) -> str:
    """Return `data` as clean text. Raises `BadInputError` for any other encoding than UTF-8, and for no text at all."""
    if data.startswith(UTF16):
        raise BadInputError(f"{name} is UTF-16: save it as UTF-8")
    if b"\0" in data:
        raise BadInputError(f"{name} isn't text: it holds zero bytes")
    try:
        return clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise BadInputError(f"{name}, line {line}: byte 0x{byte:02x} isn't UTF-8: save it as UTF-8") from None


def clean(text: str) -> str:
    """Return `text` in composed form (NFC), with one sort of line end, without what can't be seen.

    Control characters, zero-width and direction marks, variation selectors, tags and private-use characters go:
    they could hide words from a reader, or from the lexicon. Soft hyphens go too.
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    if text.isascii() and text.replace("\n", " ").isprintable():
        return text
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in _DROPPED_CATEGORIES)
    return _INVISIBLE.sub("", "".join(kept))


def one_line(text: str) -> str:
    """Return `text`, cleaned, with every run of spaces and line ends as one space."""
    return " ".join(clean(text).split())


def slug(text: str) -> str:
    """Return `text` in lower-case letters a to z, digits and single hyphens, at most 60 characters.

    What can't be written so, or is too long, ends with a digest, so that different texts stay different.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    lost = any(char.isalpha() and not unicodedata.normalize("NFKD", char)[0].isascii() for char in text)
    if words and not lost and len(words) <= _SLUG:
        return words
    return f"{words[: _SLUG - _DIGEST - 1].strip('-')}-{digest(text)}".strip("-")


def digest(text: str) -> str:
    """Return eight characters that stand for `text`."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST]


def fault_of(error: BadInputError, name: str, where: str = "") -> Fault:
    """Return a fault for what was wrong with the file `name`, which the message begins with, at `where` in it."""
    text = str(error).removeprefix(name)
    if text.startswith(", line "):
        line, _, text = text.partition(": ")
        return Fault(where=(where or name) + line, why=text)
    return Fault(where=where or name, why=text.lstrip(": "))


def _entries(root: Path) -> Iterator[Path]:
    """Yield every file, and every link or special file, in an order that doesn't depend on the disk."""

    def refuse(error: OSError) -> None:
        raise BadInputError(f"{error.filename} can't be read: {error.strerror}") from error

    for folder, folders, files in os.walk(root, onerror=refuse):
        linked = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in linked)
        yield from (Path(folder) / name for name in sorted([*files, *linked]) if not name.startswith("."))


def _refused(path: Path) -> str:
    if path.is_symlink():
        return "a link: links aren't followed, since they may lead out of the folder"
    return "" if path.is_file() else "no plain file"
