"""How well the assistant finds what answers a question: our own question set, through the whole way of a turn."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.assistant.assistant import hear, query_for
from retrieval.beir import Wish, read_wishes
from retrieval.diet.preferences import Diet, Preferences
from retrieval.evaluate import Measure, measure
from retrieval.index import Index
from retrieval.search import Query, search

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one question: `found` are ids, best first."""

    wish: Wish
    found: tuple[str, ...]

    @property
    def answered(self) -> float:
        """1 when an answer is among the first five."""
        return float(any(self.wish.judgements.get(key, 0) > 0 for key in self.found))

    @property
    def share(self) -> float:
        """The share of the answers, or of five where there are more, that are among the first five."""
        hits = sum(self.wish.judgements.get(key, 0) > 0 for key in self.found)
        return hits / min(_SHOWN, len(self.wish.judgements))


@dataclass(frozen=True, slots=True)
class KindQuality:
    """How well questions of one kind did."""

    kind: str
    questions: int
    answer_in_first_5: Measure
    recall_at_5_capped: Measure


@dataclass(frozen=True, slots=True)
class OwnEvaluation:
    """The result: one entry for each kind of question and for all, and how often silence was right."""

    name: str
    split: str
    passages: int
    results: tuple[KindQuality, ...]
    unanswerable: int
    unanswerable_recognised: Measure
    answerable_refused: Measure

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


def preferences_of(wish: Wish) -> Preferences:
    """Return the asker's preferences, as the question's metadata tells them."""
    told = wish.metadata
    return Preferences(
        diets=frozenset(Diet(diet) for diet in told.get("diets", ())),
        allergies=frozenset(told.get("allergies", ())),
        dislikes=tuple(told.get("dislikes", ())),
    )


def asked(wish: Wish) -> tuple[Query, Preferences]:
    """Return what the assistant would search for, and under which preferences."""
    heard = hear(wish.text, preferences_of(wish))
    return query_for(heard.question, heard.understanding, limit=_SHOWN), heard.preferences


async def evaluate_own(folder: Path, split: str, index: Index) -> OwnEvaluation:
    """Ask all questions of `split`. Raises `BadInputError` when the folder's files can't be used."""
    snapshot = await index.snapshot()
    ids = {row["id"] for row in await snapshot.table.query().select(["id"]).to_list()}
    wishes = read_wishes(folder, split, ids)
    outcomes = []
    for wish in wishes:
        query, preferences = asked(wish)
        passages = await search(index, query, preferences)
        outcomes.append(Found(wish, tuple(passage.id for passage in passages)))
    answerable = [outcome for outcome in outcomes if outcome.wish.judgements]
    others = [outcome for outcome in outcomes if not outcome.wish.judgements]
    kinds = sorted({str(outcome.wish.metadata.get("kind", "")) for outcome in answerable})
    return OwnEvaluation(
        name=folder.name,
        split=split,
        passages=snapshot.change.passages,
        results=(
            *(
                _quality(kind, (item for item in answerable if item.wish.metadata.get("kind") == kind))
                for kind in kinds
            ),
            _quality("all", answerable),
        ),
        unanswerable=len(others),
        unanswerable_recognised=_measure([float(not outcome.found) for outcome in others]),
        answerable_refused=_measure([float(not outcome.found) for outcome in answerable]),
    )


def _quality(kind: str, outcomes: Iterable[Found]) -> KindQuality:
    found = list(outcomes)
    return KindQuality(
        kind,
        len(found),
        _measure([item.answered for item in found]),
        _measure([item.share for item in found]),
    )


def _measure(values: Sequence[float]) -> Measure:
    return measure(values) if values else Measure(0.0, 0.0, 0.0)
