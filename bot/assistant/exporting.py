"""What administrators say of an export they want, on the command line or to the bot, as options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.assistant.assistant import query_for
from bot.assistant.datasets import Order
from bot.assistant.understand import understand
from bot.store.dataset_rows import MinFeedback, Selection, passage_of
from bot.store.people import Person
from bot.store.pseudonyms import Pseudonyms
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError, UnavailableError
from retrieval.index import Index
from retrieval.search import search
from training.dataset.export import Progress, export
from training.dataset.options import ExportOptions
from training.dataset.schema import Passage
from training.dataset.source import Turn
from training.dataset.views import VIEWS

ALL = "all"
LAST = "last"
_DISTRACTORS = 10
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which turns, in which views; `since` is a moment, "last" for after the last export, or None."""

    views: tuple[str, ...] = ("prompt-completion",)
    since: datetime | str | None = None
    min_feedback: MinFeedback = MinFeedback.ANY
    include_refused: bool = False


def wanted(words: Sequence[str]) -> Wanted:
    """Return what `/export` was told: views, a day or "last", and the least feedback, in any order.

    Raises `BadInputError` for a word that is none of these.
    """
    views: list[str] = []
    made = Wanted()
    for word in map(str.casefold, words):
        if word == ALL or word in VIEWS:
            views.append(word)
        elif word in set(MinFeedback):
            made = replace(made, min_feedback=MinFeedback(word))
        elif word == LAST or word[:1].isdigit():
            made = replace(made, since=since_of(word))
        else:
            known = [ALL, *VIEWS, LAST, *MinFeedback]
            near = get_close_matches(word, known, n=1)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"I know {', '.join(known)}, and days such as 2026-05-03"
            )
            raise BadInputError(f"{word}: {hint}")
    return replace(made, views=views_of(views)) if views else made


def views_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the views that are named, each once; all for "all". Unknown names are left for the export to refuse."""
    return tuple(VIEWS) if ALL in names else tuple(dict.fromkeys(names))


def since_of(text: str) -> datetime | str:
    """Return a moment from an ISO 8601 date or time (UTC unless it says otherwise), or "last".

    Raises `BadInputError` for anything else.
    """
    if text.casefold() == LAST:
        return LAST
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(f"{text}: this is no date; write it as 2026-05-03, or say {LAST}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def evaluation_sets() -> Path | None:
    """Return the folder with the evaluation sets; None where only the program was installed, without its repository."""
    bench = _ROOT / "bench"
    return bench if (bench / "data" / "questions").is_dir() else None


def order(
    wish: Wanted,
    options: ExportOptions,
    data: Path,
    *,
    index: Index | None = None,
    by: Person | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Order:
    """Return the order for a wish. `index` is where RAFT's distractors are searched for; None finds none."""
    last = wish.since == LAST
    since = wish.since if isinstance(wish.since, datetime) else None
    told: dict[str, Any] = {
        "since": LAST if last else None if since is None else since.isoformat(),
        "min_feedback": str(wish.min_feedback),
        "include_refused": wish.include_refused,
    }
    options = replace(
        options,
        views=wish.views,
        quality=replace(options.quality, refused=wish.include_refused),
        salt=Pseudonyms.of(data).split_salt(),
        evaluations=evaluation_sets(),
        selection=told,
    )

    def write(turns: Any, target: Path) -> object:
        return export(turns, target, options, progress=report)

    def report(state: Progress) -> None:
        if made.stopped.is_set():
            raise UnavailableError("the export was stopped")
        if progress is not None:
            progress(state)

    made = Order(
        write,
        Selection(since=since, min_feedback=wish.min_feedback, include_refused=wish.include_refused),
        since_last=last,
        by=by,
        options={"views": list(wish.views), **told},
        distract=_Distractor(index).find if index is not None and "raft" in wish.views else None,
    )
    return made


@dataclass(frozen=True, slots=True)
class _Distractor:
    """Searches as the bot does, under the restrictions of who asked, for what misleads a reader."""

    index: Index

    async def find(self, turn: Turn) -> tuple[Passage, ...]:
        row = turn.row
        preferences = Preferences.from_dict(row.preferences)
        query = query_for(row.asked, understand(row.asked, preferences), limit=_DISTRACTORS)
        served = {passage.id for passage in row.passages}
        found = await search(self.index, query, preferences)
        return tuple(passage_of(passage.as_dict()) for passage in found if passage.id not in served)
