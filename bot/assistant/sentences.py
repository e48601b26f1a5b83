"""Sentences of an answer that is still being written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A sentence ends at a full stop with its citations, or at a line's end. What follows must already be there: a citation
# may still be coming, and "9." may go on as "9.02".
_END = re.compile(r"[.!?…](?:[\"'”’)*_]*)(?:\s*\[\d+\])*(?=\s+[^\s\[])|\n+(?=\S)")


@dataclass(slots=True)
class SentenceBuffer:
    """Collects words and gives back whole sentences; joined, they are the text that went in."""

    _rest: str = ""

    def add(self, words: str) -> Iterator[str]:
        """Take more words; yield each sentence that they complete, with the white space before it."""
        self._rest += words
        start = 0
        for match in _END.finditer(self._rest):
            yield self._rest[start : match.end()]
            start = match.end()
        self._rest = self._rest[start:]

    def rest(self) -> str:
        """Return what is left when no more words come."""
        rest, self._rest = self._rest, ""
        return rest


def split_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a whole text; joined, they are the text."""
    buffer = SentenceBuffer()
    return tuple(item for item in (*buffer.add(text), buffer.rest()) if item)
