"""Which of two answers to one question a person liked better, as far as they have said so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.dataset.schema import Passage, Row
from training.dataset.views.citations import cited, recited, without_citations
from training.dataset.views.view import Chat, Sample, prompt_of


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one prompt."""

    rows: tuple[str, str]
    prompt: list[Chat]
    chosen: list[Chat]
    rejected: list[Chat]


def pairs_of(conversation: Sequence[Sample], *, context: bool) -> Iterator[Pair]:
    """Yield the pairs of one conversation.

    Answers belong together when one was asked for again (🔁), or when a question was edited and still asks the same but
    for case and space, and both were written knowing the same: preferences and history. Chosen is what has 👍. Rejected
    is what has 👎, and what has no thumb and was passed over: another answer, which has 👍, came after it. Two answers
    that both please, or that nobody rated, say nothing, and no more do two that say the same.

    The prompt is the chosen answer's. Another answer is written from other passages, as far as there are any: those
    that only the rejected one cites take the places of what neither does, and numbers follow. Else nothing but wrong
    citations would tell the two apart.
    """
    for rows in _groups(conversation):
        for chosen in rows:
            for rejected in rows:
                if not _is_better(chosen, rejected) or not _knew_the_same(chosen, rejected):
                    continue
                shown = _shown(chosen, rejected)
                texts = [_text(row, shown, context=context) for row in (chosen, rejected)]
                if texts[0] != texts[1]:
                    yield Pair(
                        rows=(chosen.row, rejected.row),
                        prompt=prompt_of(chosen, context=context, passages=shown),
                        chosen=[{"role": "assistant", "content": texts[0]}],
                        rejected=[{"role": "assistant", "content": texts[1]}],
                    )


def _groups(conversation: Sequence[Sample]) -> Iterator[list[Row]]:
    """Yield answers to the same question; the first of them may have been dropped."""
    groups: dict[str, list[Row]] = {}
    root_of: dict[str, str] = {}
    for sample in conversation:
        row = sample.row
        before = row.again_of or row.replaces
        root = row.row if before is None else root_of.get(before, before)
        if not all(_asks_the_same(row, other) for other in groups.get(root, ())):
            root = row.row
        root_of[row.row] = root
        groups.setdefault(root, []).append(row)
    yield from groups.values()


def _asks_the_same(row: Row, other: Row) -> bool:
    return row.asked.casefold().split() == other.asked.casefold().split()


def _knew_the_same(row: Row, other: Row) -> bool:
    return (
        _asks_the_same(row, other) and row.preferences == other.preferences and row.history == other.history
    )


def _is_better(chosen: Row, rejected: Row) -> bool:
    if _rating(chosen) != "up":
        return False
    passed_over = _rating(rejected) is None and rejected.position < chosen.position
    return _rating(rejected) == "down" or passed_over


def _rating(row: Row) -> str | None:
    return row.feedback.value if row.feedback is not None else None


def _shown(chosen: Row, rejected: Row) -> list[Passage]:
    """Return the chosen answer's passages with all that either cites, no more of them if that can be."""
    needed = {*cited(chosen), *cited(rejected)}
    missing = [passage for passage in cited(rejected) if passage not in chosen.passages]
    shown = list(chosen.passages)
    spare = [passage for passage in shown if passage not in needed]
    for passage in spare[max(0, len(spare) - len(missing)) :]:
        shown.remove(passage)
    return [*shown, *missing]


def _text(row: Row, shown: Sequence[Passage], *, context: bool) -> str:
    return recited(row, shown) if context else without_citations(row.answer)
