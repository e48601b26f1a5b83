"""Rows that say the same again, exactly or nearly: MinHash signatures on disk, clusters from one sorted band at a time.

What is compared is what a model would learn twice: the question, letter by letter (it is short, and a typo must not
hide it), and the answer, word by word, among rows with the same figures of people with the same restrictions. The same
question of somebody with another allergy has another right answer, and another wording of a question is worth
learning: neither is a copy.
docs/decisions/0021-near-duplicates.md says why, and which libraries were looked at.
"""

import json
import os
import re
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from training.dataset.schema import Row

BANDS, ROWS = 25, 5
"""A pair of Jaccard similarity s meets in a band with probability 1 - (1 - s**ROWS)**BANDS: 0.99 at 0.7."""

THRESHOLD = 0.75
"""Jaccard similarity from which rows are near duplicates, as estimated from BANDS × ROWS minima (± 0.04)."""

_BATCH = 512
"""Rows that are hashed together, so that numpy does the work and memory stays flat."""

_LETTERS = 4
"""Letters of a shingle of the question. Those of the answer are two words."""

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z_]*?)(?:_\d+)?>")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_MIX, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HIGH, _SHIFT = np.uint64(32), np.uint64(29)


class Signatures:
    """Signatures of rows in a folder, about 270 bytes a row; clusters once all are added.

    `folder` is made if missing; earlier signatures in it are overwritten. Memory doesn't grow while adding; `clusters`
    takes about 40 bytes a row. A context manager: the files stay until their folder is removed. The same texts in the
    same order give the same clusters on any machine.
    """

    def __init__(
        self, folder: Path, *, bands: int = BANDS, rows: int = ROWS, threshold: float = THRESHOLD
    ) -> None:
        self.bands, self.rows, self.threshold = bands, rows, threshold
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._exact = (folder / "exact.u64").open("wb")
        self._minima = (folder / "minima.u8").open("wb")
        self._bands = [(folder / f"band-{band:02d}.u64").open("wb") for band in range(bands)]
        seeds = np.frombuffer(
            b"".join(blake2b(b"minhash %d" % n, digest_size=16).digest() for n in range(bands * rows)), "<u8"
        ).reshape(-1, 2)
        self._factors, self._terms = seeds[:, 0] | np.uint64(1), seeds[:, 1]
        self._batch: list[NDArray[np.uint64]] = []
        self._whole: list[bytes] = []
        self._added = 0

    def __len__(self) -> int:
        return self._added

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, question: str, answer: str = "", *, apart: str = "") -> None:
        """Add the next row. Rows with different `apart` are never duplicates of each other."""
        shingles, whole = _shingles(question, answer, apart)
        self._batch.append(shingles)
        self._whole.append(whole)
        self._added += 1
        if len(self._batch) >= _BATCH:
            self._flush()

    def add_row(self, row: Row) -> None:
        """Add the next row of a dataset: its question and answer, apart from people with other restrictions."""
        self.add(row.asked, row.answer, apart=restrictions_of(row))

    def clusters(self) -> NDArray[np.int32]:
        """Return each row's cluster, `(rows added,) int32`: the lowest row number of the rows that are the same.

        A row that is like no other is a cluster of its own. Links are transitive: a row may be less alike to the
        first of its cluster than `threshold`.
        """
        self._flush()
        for file in self._files():
            file.flush()
        parents = np.arange(self._added, dtype=np.int32)
        for left, right in _neighbours(self._folder / "exact.u64", parents):
            _unite(parents, left, right)
        with (self._folder / "minima.u8").open("rb") as minima:
            for band in range(self.bands):
                for left, right in _neighbours(self._folder / f"band-{band:02d}.u64", _settled(parents)):
                    alike = self._alike(minima, left, right)
                    _unite(parents, left[alike], right[alike])
                parents = _settled(parents)
        return _settled(parents)

    def close(self) -> None:
        """Close the files."""
        for file in self._files():
            file.close()

    def _files(self) -> Iterator[BinaryIO]:
        yield from (self._exact, self._minima, *self._bands)

    def _flush(self) -> None:
        if not self._batch:
            return
        starts = np.cumsum([0, *(len(shingles) for shingles in self._batch[:-1])])
        hashes = np.concatenate(self._batch)
        minima = np.empty((len(self._batch), self.bands * self.rows), np.uint32)
        for number, (factor, term) in enumerate(zip(self._factors, self._terms, strict=True)):
            permuted = ((hashes * factor + term) >> _HIGH).astype(np.uint32)
            minima[:, number] = np.minimum.reduceat(permuted, starts)
        for band, file in enumerate(self._bands):
            digest = np.zeros(len(self._batch), np.uint64)
            for column in range(band * self.rows, (band + 1) * self.rows):
                digest = _mixed(digest * _MIX + minima[:, column])
            file.write(digest.astype("<u8").tobytes())
        self._minima.write((minima & 0xFF).astype(np.uint8).tobytes())
        self._exact.write(b"".join(self._whole))
        self._batch.clear()
        self._whole.clear()

    def _alike(
        self, minima: BinaryIO, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        width, file = self.bands * self.rows, minima.fileno()

        def read(rows: NDArray[np.int64]) -> NDArray[np.uint8]:
            # Read, not mapped: mapped pages would count as memory of the process.
            held = b"".join(os.pread(file, width, row * width) for row in rows.tolist())
            return np.frombuffer(held, np.uint8).reshape(-1, width)

        equal = (read(left) == read(right)).mean(axis=1)
        # Of 8 bits, one in 256 is equal by chance.
        similar: NDArray[np.bool_] = (equal - 1 / 256) / (1 - 1 / 256) >= self.threshold
        return similar


def restrictions_of(row: Row) -> str:
    """Return what the person of a row must not be given, the same string for the same restrictions in any order."""
    held = {name: sorted(map(str, row.preferences.get(name) or ())) for name in ("allergies", "diets")}
    return json.dumps(held, sort_keys=True, ensure_ascii=False)


def words_of(text: str) -> list[str]:
    """Return the words and figures of a text, in lower case, without punctuation, placeholders without their number."""
    return _WORD.findall(_PLACEHOLDER.sub(r" \1 ", text).casefold())


def jaccard(one: tuple[str, str], other: tuple[str, str]) -> float:
    """Return the similarity of two (question, answer) that signatures estimate, 0 to 1."""
    left, right = (set(_shingles(*pair, "")[0].tolist()) for pair in (one, other))
    return len(left & right) / len(left | right)


def _shingles(question: str, answer: str, apart: str) -> tuple[NDArray[np.uint64], bytes]:
    """Return the hashes of a row's shingles, and a hash of all its words. Never empty."""
    asked, said = words_of(question) or [question.strip()], words_of(answer)
    # 9 g of protein and 19 g are different answers, however alike the rest is.
    apart = "\0".join((apart, *sorted(word for word in said if word[0].isdigit())))
    if answer.strip() and not said:
        said = [answer.strip()]
    whole = blake2b("\0".join((apart, " ".join(asked), " ".join(said))).encode(), digest_size=8).digest()
    letters = np.frombuffer(f" {' '.join(asked)} ".encode("utf-32-le", "surrogatepass"), "<u4")
    parts = [_runs(letters.astype(np.uint64), _LETTERS)]
    if said:
        words = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in said], np.uint64)
        parts.append(_runs(words, 2) ^ _MIX)
    salt = np.frombuffer(blake2b(apart.encode(), digest_size=8).digest(), "<u8")[0]
    return _mixed(np.concatenate(parts) ^ salt), whole


def _runs(units: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return a hash of every `length` units that follow each other; of all of them when there are fewer."""
    length = min(length, len(units))
    count = len(units) - length + 1
    hashed = np.zeros(count, np.uint64)
    for offset in range(length):
        hashed = _mixed((hashed + units[offset : offset + count]) * _MIX)
    return hashed


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> _SHIFT)) * _MIX2
    mixed: NDArray[np.uint64] = values ^ (values >> _HIGH)
    return mixed


def _neighbours(
    path: Path, parents: NDArray[np.int32], together: int = 65_536
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs of rows with the same hash that aren't one cluster yet: each with the one before, and the first."""
    hashes = np.fromfile(path, "<u8")
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    same = np.flatnonzero(hashes[1:] == hashes[:-1]) + 1
    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1]))) if len(hashes) else same
    del hashes
    for at in range(0, len(same), together):
        places = same[at : at + together]
        firsts = starts[np.searchsorted(starts, places, side="right") - 1]
        for before in (places - 1, firsts):
            left, right = order[before], order[places]
            new = parents[left] != parents[right]
            yield left[new], right[new]


def _unite(parents: NDArray[np.int32], left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        first, second = _root(parents, one), _root(parents, other)
        if first != second:
            parents[max(first, second)] = min(first, second)


def _root(parents: NDArray[np.int32], row: int) -> int:
    above = int(parents[row])
    while above != row:
        parents[row] = parents[above]
        row, above = above, int(parents[above])
    return row


def _settled(parents: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the roots of all rows."""
    while True:
        above = parents[parents]
        if np.array_equal(above, parents):
            return above
        parents = above
