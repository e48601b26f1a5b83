"""Reads zips, gzip files and plain text from anywhere, line by line, trusting none of them.

Whatever the headers claim, the bytes that come out are counted: an archive that unfolds without end, a line
without end, a broken check sum or another encoding is a `BadInputError` that names the file, and the memory used
stays the same for a file of any size.
"""

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Protocol, Self

from retrieval.errors import BadInputError

MAX_LINE = 16 * 2**20
"""Bytes of the longest line that is read. The longest in real exports are some hundred kilobytes."""

MAX_UNFOLDED = 64 * 2**30
"""Bytes that one compressed file may unfold to. The largest real one is about 45 GB."""

MAX_RATIO = 200
"""How many times its compressed size a file may unfold to; tables of numbers reach about 20."""

UNFOLDED_FREELY = 32 * 2**20
"""Bytes below which the ratio isn't judged: a small file of one repeated line is no bomb."""

MAX_MEMBERS = 10_000
"""Files in one archive."""

_BLOCK = 2**20
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP_MAGIC = b"\x1f\x8b"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,
    OSError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip: its path there, and the sizes that the archive claims, in bytes."""

    name: str
    size: int
    compressed: int


def is_zip(path: Path) -> bool:
    """Whether `path` is a file that begins like a zip."""
    return _start(path).startswith(_ZIP_MAGIC)


def is_gzip(path: Path) -> bool:
    """Whether `path` is a file that begins like a gzip file."""
    return _start(path).startswith(_GZIP_MAGIC)


def members(path: Path) -> tuple[Member, ...]:
    """Return the files in the zip `path`, folders left out.

    Raises `BadInputError` when it is truncated or damaged, when it is encrypted, or when a member's path leads
    outside the archive or is a link.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (*_BROKEN, ValueError) as error:
        raise BadInputError(f"{path.name}: not a complete zip ({_why(error)}); download it again") from None
    if len(infos) > MAX_MEMBERS:
        raise BadInputError(f"{path.name}: has {len(infos)} files; at most {MAX_MEMBERS} are read")
    for info in infos:
        _check_member(path, info)
    return tuple(
        Member(name=info.filename, size=info.file_size, compressed=info.compress_size)
        for info in infos
        if not info.is_dir()
    )


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    where = f"{path.name}: {info.filename!r}"
    # ZipInfo cuts names at a null byte and turns backslashes round on some systems: judge what was written.
    written = info.orig_filename.replace("\\", "/")
    parts = PurePosixPath(written).parts
    if written.startswith("/") or ".." in parts or ":" in written or "\0" in written:
        raise BadInputError(f"{where} leads outside the archive; don't use it")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BadInputError(f"{where} is a link; archives with links aren't read")
    if info.flag_bits & 0x1:
        raise BadInputError(f"{where} is encrypted; unpack it first")


class Readable(Protocol):
    """A stream of bytes, as far as it is used here."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Lines(Iterator[str]):
    """The lines of a text file, plain, gzipped or in a zip, with their line ends; a mark at the start is dropped.

    Iterating raises `BadInputError` for text that isn't UTF-8, a line over `MAX_LINE`, and a damaged or bottomless
    archive. `number` is the line just read, from 1; `share` how much of the file was read, 0 to 1.
    """

    def __init__(self, stream: Readable, name: str, *, size: int, raw: IO[bytes] | None = None) -> None:
        """Read `stream`, called `name` in messages. `size` is its compressed size in bytes.

        Where `raw` is given, it is the file under the decompression, and `share` is the place in it.
        """
        self.name = name
        self.number = 0
        self._stream = stream
        self._raw = raw
        self._size = max(size, 1)
        self._unfolded = 0
        self._compressed = raw is not None
        self._rest = b""
        self._lines: Iterator[str] = iter(())

    def __next__(self) -> str:
        line = next(self._lines, None)
        while line is None:
            self._lines = iter(self._block())
            line = next(self._lines, None)
        self.number += 1
        return line

    @property
    def share(self) -> float:
        """Return how much of the file was read, from 0 to 1."""
        read = self._raw.tell() if self._raw is not None else self._unfolded
        return min(1.0, read / self._size)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        if self._raw is not None:
            self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _block(self) -> list[str]:
        """Return the whole lines of the next block; ends the iteration after the last one."""
        data = self._read()
        if not data and not self._rest:
            raise StopIteration
        block = self._rest + data
        cut = block.rfind(b"\n") + 1 if data else len(block)
        self._rest = block[cut:]
        self._check_lengths(block[:cut])
        return self._decoded(block[:cut])

    def _check_lengths(self, block: bytes) -> None:
        """Raise `BadInputError` for a line in `block`, or the one begun after it, that is too long."""
        long: int | None = None
        if len(block) > MAX_LINE:
            lengths = enumerate(map(len, block.split(b"\n")))
            long = next((number for number, length in lengths if length > MAX_LINE), None)
        if long is None and len(self._rest) > MAX_LINE:
            long = block.count(b"\n")
        if long is not None:
            raise BadInputError(
                f"{self.name}, line {self.number + 1 + long}: longer than {MAX_LINE // 2**20} MB; "
                "this isn't a table or a list of records"
            )

    def _read(self) -> bytes:
        try:
            data = self._stream.read(_BLOCK)
        except _BROKEN as error:
            raise BadInputError(
                f"{self.name}, after line {self.number}: damaged or cut off ({_why(error)}); download it again"
            ) from None
        self._unfolded += len(data)
        allowed = max(UNFOLDED_FREELY, min(MAX_UNFOLDED, MAX_RATIO * self._size))
        if self._compressed and self._unfolded > allowed:
            raise BadInputError(
                f"{self.name}: unfolds to more than {allowed // 2**20} MB from {self._size} bytes; "
                "such archives aren't read"
            )
        return data

    def _decoded(self, block: bytes) -> list[str]:
        if self.number == 0:
            block = block.removeprefix(b"\xef\xbb\xbf")
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.number + 1 + block[: error.start].count(b"\n")
            column = error.start - block.rfind(b"\n", 0, error.start)
            raise BadInputError(
                f"{self.name}, line {line}: not UTF-8 at byte {column} of the line; save the file as UTF-8"
            ) from None
        lines = text.split("\n")
        last = lines.pop()
        return [line + "\n" for line in lines] + ([last] if last else [])


def open_lines(path: Path) -> Lines:
    """Open a text file, plain or gzipped, to be read line by line. Raises `BadInputError` if it can't be."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}") from None
    size = path.stat().st_size
    if not is_gzip(path):
        return Lines(raw, path.name, size=size)
    return Lines(gzip.GzipFile(fileobj=raw), path.name, size=size, raw=raw)


def open_member(path: Path, member: Member) -> Lines:
    """Open a member of the zip `path` to be read line by line. Raises `BadInputError` if it can't be."""
    name = f"{path.name}: {PurePosixPath(member.name).name}"
    raw = path.open("rb")
    try:
        # The archive may be closed: its members keep the file open until they are closed themselves.
        with closing(zipfile.ZipFile(raw)) as archive:
            stream = archive.open(member.name)
    except (*_BROKEN, KeyError, ValueError) as error:
        raw.close()
        raise BadInputError(f"{name}: can't be read ({_why(error)}); download it again") from None
    return _MemberLines(
        stream, name, size=min(member.compressed, path.stat().st_size), raw=raw, claimed=member.size
    )


class _MemberLines(Lines):
    """Lines of a zip's member: how much was read is told by the size that the archive claims."""

    def __init__(self, stream: Readable, name: str, *, size: int, raw: IO[bytes], claimed: int) -> None:
        super().__init__(stream, name, size=size, raw=raw)
        self._claimed = max(claimed, 1)

    @property
    def share(self) -> float:
        return min(1.0, self._unfolded / self._claimed)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError:
        return b""


def _why(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
