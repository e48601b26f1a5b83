"""Texts → token ids, and which of them go through the model together."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

BATCH_TOKENS = 512
"""Tokens in one call of the model, padding included. Measured: the rows of one batch then still fit the processor's
caches; 256 and 1,024 are 3 to 6 % slower, 4,096 a fifth, as longer batches hold more padding too."""


class Tokens:
    """A tokenizer file, set to cut after `most` tokens; padding comes later, per batch."""

    def __init__(self, path: Path, most: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()  # the file may ask to pad everything to one length
        self._tokenizer.enable_truncation(most)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]


def batches(lengths: Sequence[int], parts: int = 1, most: int = BATCH_TOKENS) -> list[list[int]]:
    """Group positions in `lengths` so that like goes with like, and a batch holds at most `most` tokens.

    The longest come first: what is left for the end is small, and no thread waits long for another.
    With few texts a batch holds less, so that there is one for each of `parts` threads. A text longer than that
    makes a batch alone.
    """
    most = min(most, -(-sum(lengths) // parts))
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    grouped: list[list[int]] = []
    start = 0
    while start < len(order):
        rows = max(1, most // max(1, lengths[order[start]]))
        grouped.append(order[start : start + rows])
        start += rows
    return grouped
