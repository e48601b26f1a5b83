"""One question → the passages that answer it, for one person."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.index import Index, restriction_filter
from retrieval.knowledge.documents import Kind, Passage
from retrieval.rows import passage_from_row
from retrieval.words import significant_words

if TYPE_CHECKING:
    from lancedb import AsyncTable

CANDIDATES = 60
"""Hits asked of each leg before fusion: fusing only the few that are shown loses what one leg ranks low."""

RRF_K = 60.0
"""Constant of reciprocal rank fusion, from Cormack, Clarke and Büttcher, SIGIR 2009."""

MIN_SIMILARITY = 0.25
"""Cosine similarity under which a passage that shares no word with the question isn't an answer to it."""

RELEVANT_SIMILARITY = 0.42
RELEVANT_SIMILARITY_ASKED = 0.30
RELEVANT_BM25 = 5.5
"""A question has an answer here when its best passage reaches one of these. Set between 20 questions about food and 15
about other things, on the shipped knowledge base: the best cosine similarity of the latter was 0.40, and 0.26 for those
that ask for suggestions (whose form says that food is wanted, hence the second), the best BM25 score 4.9."""

_Row = Mapping[str, Any]
_WORD = re.compile(r"[^\W_]+")
_COLUMNS = "id kind title names text facts basis per_100g portion portion_g source known ingredients contains".split()


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: the person's words, how many passages, and what the question is about.

    `nutrient` (a key of `NUTRIENTS`) ranks by how much of it comes with the energy; `kinds` limits the kinds of
    document, all when empty; `named` puts foods that the question names first, as one about their figures wants.
    """

    text: str
    limit: int = 5
    nutrient: str | None = None
    kinds: tuple[Kind, ...] = ()
    named: bool = False


async def search(index: Index, query: Query, preferences: Preferences) -> tuple[Passage, ...]:
    """Return at most `query.limit` passages, best first, none of which violates a restriction.

    Vector and full-text search run together inside LanceDB, both under the same filter, and are fused by reciprocal
    rank. Tastes order what is permitted: a disliked food comes last, a liked one a little earlier.
    Empty when nothing is relevant. Raises `BadInputError` for a restriction that the lexicon doesn't know.
    """
    where = _condition(query, preferences)
    vector = (await index.embedder.embed([query.text]))[0]
    table = (await index.snapshot()).table
    by_vector, by_text = await asyncio.gather(
        _nearest(table, vector, where), _matching(table, query.text, where)
    )
    if not _relevant(query, by_vector, by_text):
        return ()
    similar = [row for row in by_vector if 1.0 - row["_distance"] >= MIN_SIMILARITY]
    rows = {row["id"]: row for row in (*by_text, *similar)}
    legs = [[row["id"] for row in similar], [row["id"] for row in by_text]]
    if query.named:
        legs.append(_by_name(rows.values(), significant_words(query.text)))
    if query.nutrient:
        legs.append(_by_density(rows.values(), query.nutrient))
    ranked = _ranked(rows.values(), legs, preferences)[: query.limit]
    return tuple(passage_from_row(row, score) for score, row in ranked)


def _condition(query: Query, preferences: Preferences) -> str | None:
    conditions = []
    if query.kinds:
        conditions.append(f"kind IN ({', '.join(repr(str(kind)) for kind in query.kinds)})")
    if restrictions := restriction_filter(preferences.restrictions):
        conditions.append(restrictions)
    return " AND ".join(conditions) or None


async def _nearest(table: "AsyncTable", vector: Any, where: str | None) -> list[dict[str, Any]]:
    query = table.query().nearest_to(vector).distance_type("cosine")
    query = query.select([*_COLUMNS, "_distance"]).limit(CANDIDATES)
    return list(await (query.where(where) if where else query).to_list())


async def _matching(table: "AsyncTable", text: str, where: str | None) -> list[dict[str, Any]]:
    from lancedb.query import MatchQuery

    if not _WORD.search(text):
        return []
    match = MatchQuery(text, "search")  # type: ignore[call-arg]  # its signature hides the defaults
    query = table.query().nearest_to_text(match).select([*_COLUMNS, "_score"])
    query = query.limit(CANDIDATES)
    return list(await (query.where(where) if where else query).to_list())


def _relevant(
    query: Query, by_vector: Sequence[Mapping[str, Any]], by_text: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether anything that was found answers the question at all."""
    similarity = max((1.0 - row["_distance"] for row in by_vector), default=0.0)
    bm25 = max((row["_score"] for row in by_text), default=0.0)
    enough = RELEVANT_SIMILARITY_ASKED if query.kinds or query.named else RELEVANT_SIMILARITY
    return bool(similarity >= enough or bm25 >= RELEVANT_BM25)


def _by_name(rows: Iterable[_Row], words: frozenset[str]) -> list[str]:
    """Order foods by how completely the question names them: "cooked lentils" is 'Lentils, cooked' before 'Lentils'."""
    scored: list[tuple[float, str]] = []
    for row in rows:
        if row["kind"] != Kind.FOOD:
            continue
        called = [significant_words(name) for name in (row["title"], *row["names"])]
        best = max((_overlap(name, words) for name in called if name), default=0.0)
        if best > 0.0:
            scored.append((-best, row["id"]))
    return [key for _score, key in sorted(scored)]


def _overlap(name: frozenset[str], words: frozenset[str]) -> float:
    """Return the share of a name's words that a question holds; a longer name wins among complete ones."""
    common = len(name & words)
    return 0.0 if not common else common / len(name) + 0.1 * common


def _by_density(rows: Iterable[_Row], nutrient: str) -> list[str]:
    """Order by amount of `nutrient` per kcal, so that 100 g of a food and a serving of a recipe compare."""
    scored: list[tuple[float, str]] = []
    for row in rows:
        facts = json.loads(row["facts"])
        amount, energy = facts.get(nutrient), facts.get("energy_kcal")
        if amount is not None and energy:
            scored.append((-(amount if nutrient == "energy_kcal" else amount / energy), row["id"]))
    return [key for _score, key in sorted(scored)]


def _ranked(
    rows: Iterable[_Row], legs: Sequence[Sequence[str]], preferences: Preferences
) -> list[tuple[float, _Row]]:
    """Return (fused score, row), best first: disliked foods last, liked ones a little earlier."""
    fused: defaultdict[str, float] = defaultdict(float)
    for leg in legs:
        for rank, key in enumerate(leg, start=1):
            fused[key] += 1.0 / (RRF_K + rank)
    liked, disliked = _taste_ids(preferences.likes), _taste_ids(preferences.dislikes)

    def order(row: _Row) -> tuple[bool, float, str]:
        has = set(row["contains"] or ())
        bonus = 1.1 if has & liked else 1.0
        return (bool(has & disliked), -fused[row["id"]] * bonus, row["id"])

    return [(round(fused[row["id"]], 6), row) for row in sorted(rows, key=order)]


def _taste_ids(tastes: Iterable[str]) -> frozenset[str]:
    known = (lexicon().resolve(taste) for taste in tastes)
    return frozenset(item for item in known if item)
