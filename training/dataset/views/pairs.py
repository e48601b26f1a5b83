"""Which of two answers to one question a person liked better, as far as they have said so."""

from collections.abc import Iterator, Sequence

from training.dataset.schema import Row
from training.dataset.views.view import Sample


def pairs_of(conversation: Sequence[Sample]) -> Iterator[tuple[Row, Row]]:
    """Yield (chosen, rejected) rows of one conversation.

    Answers belong together when one was asked for again (🔁), or when a question was edited and still asks the same but
    for case and space. Chosen is what has 👍. Rejected is what has 👎, and what has no 👍 and was passed over: another
    answer was asked for after it. Two answers that both please, or that nobody rated, say nothing.
    """
    groups: dict[str, list[Row]] = {}
    root_of: dict[str, str] = {}
    for sample in conversation:
        row = sample.row
        before = row.again_of or row.replaces
        root = root_of.get(before, before) if before is not None else row.row
        if before is not None and not _same_question(row, groups.get(root, [])):
            root = row.row
        root_of[row.row] = root
        groups.setdefault(root, []).append(row)
    for rows in groups.values():
        for chosen in rows:
            if _rating(chosen) != "up":
                continue
            for rejected in rows:
                passed_over = _rating(rejected) is None and rejected.position < chosen.position
                if (_rating(rejected) == "down" or passed_over) and rejected.answer != chosen.answer:
                    yield chosen, rejected


def _same_question(row: Row, others: Sequence[Row]) -> bool:
    asked = _plain(row.asked)
    return bool(others) and all(_plain(other.asked) == asked for other in others)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _rating(row: Row) -> str | None:
    return row.feedback.value if row.feedback is not None else None
