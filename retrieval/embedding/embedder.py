"""What every embedder promises."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Whatever turns text into unit vectors. The index remembers `name`, and refuses an embedder of another."""

    @property
    def name(self) -> str:
        """Which vectors these are: the same name means vectors that may be compared with each other.

        It follows from the model's weights, not from what runs them: the same weights in fp32 and int8, through
        PyTorch and ONNX Runtime, give vectors at a cosine of 0.99 to 1 to each other, and rankings that differ by
        less than the noise of 2,590 questions (`bench/embedding.py`), so an index stays valid when only that changes.
        """
        ...

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of documents, `(len(texts), dimension) float32`, each row of length 1.

        For many texts at once: hand over hundreds, not tens, so that all cores find work.
        Raises `UnavailableError` when a server that embeds doesn't answer.
        """
        ...

    async def query(self, text: str) -> Vectors:
        """Return the vector of one question, `(dimension,) float32`, read-only, of length 1.

        For many callers at once: what they ask while the model is busy runs together next, and a question that was
        asked lately costs nothing. Raises `UnavailableError` when the embedder is closed or its server doesn't answer.
        """
        ...

    def close(self) -> None:
        """Give threads, connections and memory back. May block for as long as a batch takes."""
        ...


def unit_rows(vectors: Vectors) -> Vectors:
    """Return `vectors` scaled so that each row has length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
