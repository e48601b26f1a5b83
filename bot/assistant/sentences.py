"""Sentences of an answer that is still being written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A sentence ends at a full stop with its citations, or at a line's end. What follows must already be there: a citation
# may still be coming, and "9." may go on as "9.02". No sentence ends after the number of a list's item ("1. Boil") or
# an abbreviation ("e.g. tofu").
_END = re.compile(r"[.!?…](?:[\"'”’)*_]*)(?:\s*\[\d+\])*(?=\s+[^\s\[])|\n+(?=\S)")
_ITEM_NUMBER = re.compile(r"\s*(?:[-*•][ \t]+)?(?:\*\*|__)?\d{1,2}\.")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|approx|incl|vs|cf|ca|dr|mr|mrs|ms)\.$", re.IGNORECASE)
_LOOK_BACK = 12


@dataclass(slots=True)
class SentenceBuffer:
    """Collects words and gives back whole sentences; joined, they are the text that went in."""

    _rest: str = ""

    def add(self, words: str) -> Iterator[str]:
        """Take more words; yield each sentence that they complete, with the white space before it."""
        self._rest += words
        start = 0
        for match in _END.finditer(self._rest):
            if not _goes_on(self._rest, start, match):
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


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether the stop is a part of the sentence, which began at `start`: "1. Boil", "e.g. tofu"."""
    if match[0] != ".":
        return False
    before = text[max(start, match.end() - _LOOK_BACK) : match.end()]
    if _ABBREVIATION.search(before) is not None:
        return True
    return len(text[start : match.end()].strip()) < _LOOK_BACK and _ITEM_NUMBER.fullmatch(before) is not None
