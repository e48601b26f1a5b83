"""One question → the passages that answer it, for one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.hybrid import SERVED, Ranked, rank
from retrieval.index import Index, restriction_filter
from retrieval.knowledge.documents import Kind, Passage
from retrieval.knowledge.loaders.bundled import ORIGIN as BUNDLED_ORIGIN
from retrieval.relevance import Evidence, evidence, is_relevant
from retrieval.rows import Hit

_CONSIDERED = 60
"""Documents of the ranking that figures and tastes may reorder, and whose words tell whether there is an answer."""

RANKING = replace(SERVED, candidates=30)
"""In a large table each kind of document has so many candidates from each leg: comparing one exactly takes 20 µs."""

_BY_FIGURE = 20
_FIGURE_BONUS = 0.1
"""The best twenty are lifted by at most so much for a nutrient that is asked for. A cosine is 0.1 apart within them."""

_LIKED_BONUS = 0.05


class Sought(StrEnum):
    """What sort of answer a question wants."""

    FIGURES = "figures"
    """Of a food."""
    DISHES = "dishes"
    """Something to cook or eat."""
    ANYTHING = "anything"


_FAVOURS: Mapping[Sought, Mapping[str, float]] = {
    Sought.FIGURES: {Kind.FOOD: 0.1},
    Sought.DISHES: {Kind.RECIPE: 0.3, Kind.NOTE: 0.1},
    Sought.ANYTHING: {Kind.RECIPE: 0.15, Kind.NOTE: 0.1},
}
"""Added to a document's fused score by its kind: the name of a food is short, and so closer to any question that holds
it than a recipe or note that answers. Chosen on the `dev` half of our own questions, rounded."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: the person's words, how many passages, and what sort of answer is `sought`.

    `nutrient` (a key of `NUTRIENTS`) lifts what has most of it for its energy, with `least` what has least; `kinds`
    limits the kinds of document, all when empty.
    """

    text: str
    limit: int = 5
    sought: Sought = Sought.ANYTHING
    nutrient: str | None = None
    least: bool = False
    kinds: tuple[Kind, ...] = ()


async def search(index: Index, query: Query, preferences: Preferences) -> tuple[Passage, ...]:
    """Return at most `query.limit` passages, best first, none of which violates a restriction.

    Vector and full-text search run together inside LanceDB, both under the same filter, and are fused
    (`retrieval.hybrid`). Tastes order what is permitted: a disliked food comes last, a liked one a little earlier.
    Empty when nothing is relevant. Raises `BadInputError` for a restriction that the lexicon doesn't know.
    """
    candidates = await find(index, query, preferences)
    if not candidates.hits or not is_relevant(candidates.evidence(query)):
        return ()
    return _best(query, candidates, preferences)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search considers, best first, each with its score, and how the whole ranking came out."""

    hits: tuple[tuple[float, Hit], ...]
    ranked: Ranked

    def evidence(self, query: Query) -> Evidence:
        """Return what speaks for an answer being among them."""
        return evidence(
            query.text,
            [hit.search for _score, hit in self.hits],
            similarity=self.ranked.best_similarity,
            bm25=self.ranked.best_bm25,
            dishes=query.sought is Sought.DISHES,
        )


async def find(index: Index, query: Query, preferences: Preferences) -> Candidates:
    """Return the best candidates that the restrictions permit, before it is judged whether they answer."""
    where = _condition(query, preferences)
    snapshot = await index.snapshot()
    ranked = await rank(
        snapshot.table,
        query.text,
        index.embedder.query(query.text),
        where=where,
        ranking=RANKING,
        exact=await snapshot.all_rows(where) or False,
        favours=_FAVOURS[query.sought],
        tune=snapshot.tune,
    )
    hits = await snapshot.hits(ranked.row_ids[:_CONSIDERED].tolist())
    return Candidates(tuple(zip(ranked.scores.tolist(), hits, strict=False)), ranked)


def _best(query: Query, candidates: Candidates, preferences: Preferences) -> tuple[Passage, ...]:
    """Return the best passages: disliked foods last, liked ones and those rich in the nutrient earlier."""
    liked, disliked = _taste_ids(preferences.likes), _taste_ids(preferences.dislikes)
    hits = _one_of_each(candidates.hits)
    bonus = _figure_bonus([hit for _score, hit in hits[:_BY_FIGURE]], query)
    ordered = sorted(
        (
            bool(hit.contains & disliked),
            -(score + bonus.get(hit.passage.id, 0.0) + _LIKED_BONUS * bool(hit.contains & liked)),
            at,
        )
        for at, (score, hit) in enumerate(hits)
    )
    return tuple(
        replace(hits[at][1].passage, score=round(-score, 6))
        for _disliked, score, at in ordered[: query.limit]
    )


def _figure_bonus(hits: Sequence[Hit], query: Query) -> dict[str, float]:
    """Return id → bonus by the amount of the nutrient per kcal, so that 100 g of a food and a serving compare."""
    if query.nutrient is None:
        return {}
    amounts: list[tuple[float, str]] = []
    for hit in hits:
        facts = hit.passage.facts
        amount, energy = facts.get(query.nutrient), facts.get("energy_kcal")
        if amount is not None and energy:
            amounts.append((amount if query.nutrient == "energy_kcal" else amount / energy, hit.passage.id))
    ranked = [key for _amount, key in sorted(amounts, reverse=not query.least)]
    return {key: _FIGURE_BONUS * (1.0 - at / len(ranked)) for at, key in enumerate(ranked)}


def _one_of_each(hits: Sequence[tuple[float, Hit]]) -> list[tuple[float, Hit]]:
    """Return one hit for each thing, in order: of the same food from two sources, ours is the one."""
    ours = {hit.key for _score, hit in hits if hit.origin == BUNDLED_ORIGIN}
    seen: set[str] = set()
    kept = []
    for score, hit in hits:
        if hit.key and (hit.key in seen or (hit.key in ours and hit.origin != BUNDLED_ORIGIN)):
            continue
        seen.add(hit.key)
        kept.append((score, hit))
    return kept


def _condition(query: Query, preferences: Preferences) -> str | None:
    conditions = []
    if query.kinds:
        conditions.append(f"kind IN ({', '.join(repr(str(kind)) for kind in query.kinds)})")
    if restrictions := restriction_filter(preferences.restrictions):
        conditions.append(restrictions)
    return " AND ".join(conditions) or None


def _taste_ids(tastes: Iterable[str]) -> frozenset[str]:
    known = (lexicon().resolve(taste) for taste in tastes)
    return frozenset(item for item in known if item)
