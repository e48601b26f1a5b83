"""What earlier answers to a question gave, so that another answer gives something else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from bot.assistant.guard import cited_numbers
from bot.store.conversations import Turn
from retrieval.knowledge.documents import Passage


@dataclass(frozen=True, slots=True)
class Given:
    """The texts of earlier answers, and the ids of the passages that they cite."""

    texts: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()

    @classmethod
    def by(cls, turns: Iterable[Turn]) -> Self:
        """Return what the answers of `turns` gave."""
        records = [turn.record for turn in turns if turn.record is not None]
        cited = (
            str(record.passages[number - 1]["id"])
            for record in records
            for number in cited_numbers(record.answer)
            if 1 <= number <= len(record.passages)
        )
        return cls(tuple(record.answer for record in records), frozenset(cited))

    def __bool__(self) -> bool:
        return bool(self.texts)

    def says(self, text: str) -> bool:
        """Tell whether an earlier answer says exactly this, or this and more."""
        return any(_plain(text) in _plain(earlier) for earlier in self.texts)

    def last(self, passages: Sequence[Passage]) -> list[Passage]:
        """Return `passages` with those that were cited behind the others."""
        return sorted(passages, key=lambda passage: passage.id in self.sources)


def _plain(text: str) -> str:
    return " ".join(text.split())
