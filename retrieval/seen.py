"""Which ids came already, for sources of millions of rows."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_RECENT = 20_000  # ids that wait in a set before they are sorted in


class SeenIds:
    """The ids of a source, as 64-bit hashes: 8 bytes each, so that millions fit."""

    def __init__(self) -> None:
        self._sorted = np.empty(0, dtype=np.uint64)
        self._recent: set[int] = set()

    def add(self, key: str) -> bool:
        """Remember `key`; `False` when it was there already."""
        hashed = _hashed(key)
        if hashed in self._recent or _in_sorted(self._sorted, np.array([hashed], dtype=np.uint64))[0]:
            return False
        self._recent.add(hashed)
        if len(self._recent) >= _RECENT:
            self._merge()
        return True

    def lacks(self, keys: Sequence[str]) -> list[str]:
        """Return those of `keys` that were never added."""
        self._merge()
        there = _in_sorted(self._sorted, np.array([_hashed(key) for key in keys], dtype=np.uint64))
        return [key for key, found in zip(keys, there, strict=True) if not found]

    def _merge(self) -> None:
        recent = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
        self._sorted = np.sort(np.concatenate([self._sorted, recent]))
        self._recent.clear()


def _hashed(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def _in_sorted(values: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.bool_]:
    if not len(values):
        return np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(values, wanted), len(values) - 1)
    found: NDArray[np.bool_] = values[places] == wanted
    return found
