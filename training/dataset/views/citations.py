"""An answer's [1], [2] …: which passages they name, and the same answer over passages in another order."""

import re
from collections.abc import Sequence

from training.dataset.schema import Passage, Row

_CITATION = re.compile(r" ?\[(\d+)\]")


def cited(row: Row) -> tuple[Passage, ...]:
    """Return the passages that an answer cites, each once, in the order in which it does."""
    named = (_named(row, match) for match in _CITATION.finditer(row.answer))
    return tuple(dict.fromkeys(passage for passage in named if passage is not None))


def recited(row: Row, shown: Sequence[Passage]) -> str:
    """Return the answer with the numbers that its passages have in `shown`; one that names none of them goes."""
    place = {passage: number for number, passage in enumerate(shown, start=1)}

    def moved(match: re.Match[str]) -> str:
        passage = _named(row, match)
        if passage not in place:
            return ""
        return f"{match[0].partition('[')[0]}[{place[passage]}]"

    return _CITATION.sub(moved, row.answer)


def without_citations(text: str) -> str:
    """Return a text without its [1]."""
    return _CITATION.sub("", text)


def _named(row: Row, match: re.Match[str]) -> Passage | None:
    number = int(match[1])
    return row.passages[number - 1] if 1 <= number <= len(row.passages) else None
