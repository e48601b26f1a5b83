"""One ONNX graph: token ids in, unit vectors out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.embedder import Vectors, unit_rows
from retrieval.embedding.tokens import batches

IDS, MASK, VECTORS = "input_ids", "attention_mask", "vectors"
"""Names of the graph's inputs, both `(rows, tokens) int64`, and of its output, `(rows, dimension) float32`."""


class Graph:
    """An ONNX graph that any number of threads may run at once, each call in the thread that makes it.

    One thread a call: a question is too small a work to share out (two threads made it 1.3 times slower, and 2.5
    times with ONNX Runtime's spinning, which also takes the cores from everybody else), and many texts fill the cores
    better as batches side by side than as one batch in slices.
    """

    def __init__(self, path: Path, pad: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors; its warnings are about fusions that it didn't find
        self._session: Any = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._pad = pad

    def batch(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Return one unit vector for each row of token ids, run together, the shorter ones padded."""
        longest = max(len(row) for row in rows)
        ids = np.full((len(rows), longest), self._pad, dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for position, row in enumerate(rows):
            ids[position, : len(row)] = row
            mask[position, : len(row)] = 1
        return unit_rows(self._session.run([VECTORS], {IDS: ids, MASK: mask})[0])

    def all(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Return one unit vector for each row of token ids, in batches of like length, one after another."""
        grouped = batches([len(row) for row in rows])
        done = [self.batch([rows[position] for position in group]) for group in grouped]
        return in_order(grouped, done)


def in_order(grouped: Sequence[Sequence[int]], done: Sequence[Vectors]) -> Vectors:
    """Put the vectors of batches back into the order of their texts."""
    together = np.concatenate(done)
    vectors = np.empty_like(together)
    vectors[np.concatenate([np.asarray(group) for group in grouped])] = together
    return vectors
