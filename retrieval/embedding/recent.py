"""The vectors of questions that were asked lately."""

from collections import OrderedDict
from threading import Lock
from weakref import WeakSet

from retrieval.embedding.embedder import Vectors

_ALL: "WeakSet[RecentVectors]" = WeakSet()


def forget_questions() -> None:
    """Forget what was asked of every embedder of this process: somebody's questions are to be erased."""
    for recent in tuple(_ALL):
        recent.clear()


class RecentVectors:
    """Remembers the vectors of the last `most` different texts, in memory only. Any thread may use it."""

    def __init__(self, most: int = 1024) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        _ALL.add(self)

    def get(self, text: str) -> Vectors | None:
        """Return the vector of `text`, which counts as used now, or None."""
        with self._lock:
            if (vector := self._vectors.get(text)) is not None:
                self._vectors.move_to_end(text)
            return vector

    def clear(self) -> None:
        """Forget every text."""
        with self._lock:
            self._vectors.clear()

    def put(self, text: str, vector: Vectors) -> Vectors:
        """Remember `vector` for `text`; return the copy that is kept, which is read-only as many will hold it."""
        kept = vector.copy()  # a row of a batch would keep the whole batch in memory
        kept.flags.writeable = False
        with self._lock:
            self._vectors[text] = kept
            self._vectors.move_to_end(text)
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return kept
