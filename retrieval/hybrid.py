"""The ranking core: text and vectors searched under one filter, fused, and asked again with what the best say.

It knows nothing of people and passages: any LanceDB table will do that has the columns `id`, `title`, `search` (the
text, with a full-text index made by `full_text_index`) and `vector` (unit vectors). The bot's search and
`retrieval.evaluate` both rank through here, so what is measured is what is served.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.index import FTS
    from lancedb.query import AsyncVectorQuery

EXACT_ROWS = 4_000
"""Up to so many rows, reading all permitted vectors while the question is embedded beats asking for the nearest after.

Measured on two cores, p50: 1.3 ms for 1,100 rows and 3.4 ms for 3,600, at the same time as the text leg; asking
for the nearest takes 1.9 ms, and can't begin before the embedding is there."""

RRF_K = 60.0
"""Constant of reciprocal rank fusion, from Cormack, Clarke and Büttcher, SIGIR 2009."""

FEEDBACK_SHARPNESS = 4.0
"""A document's share of the feedback is its fused score over the best one's, to this power: without it, feedback from
three documents gains a third less on NFCorpus's training questions (nDCG@10 0.370 against 0.377, from 0.358)."""

Vector = NDArray[np.float32]
Scores = NDArray[np.float64]


class Method(StrEnum):
    """How the two legs become one order."""

    TEXT = "text"
    VECTOR = "vector"
    RRF = "rrf"
    Z_SCORE = "z_score"
    CONVEX = "convex"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How to rank. The defaults did best on NFCorpus's training questions, and rounder values were preferred.

    `weight` is the share of the vector leg, 0 to 1, for the methods that weigh. `candidates` are asked of each leg.
    `feedback` documents, the best of the first round, are added to the question for a second one: their vectors
    with `feedback_weight` (Rocchio 1971; the question's own weight is 1), the words of their titles with
    `expansion_weight`, which costs a second text query. With no `feedback`, or no weight, there is no second round.
    """

    method: Method = Method.CONVEX
    weight: float = 0.7
    candidates: int = 100
    feedback: int = 3
    feedback_weight: float = 1.0
    expansion_weight: float = 0.5

    def __post_init__(self) -> None:
        """Raise `ValueError` for a number that makes no sense."""
        if not 0.0 <= self.weight <= 1.0:
            raise ValueError(f"weight {self.weight} of the vector leg must lie between 0 and 1")
        if self.candidates < 1 or min(self.feedback, self.feedback_weight, self.expansion_weight) < 0:
            raise ValueError("a ranking needs candidates, and no negative feedback")

    @property
    def asks_again(self) -> bool:
        """Tell whether there is a second round."""
        return self.feedback > 0 and max(self.feedback_weight, self.expansion_weight) > 0.0

    def once(self) -> Self:
        """Return the same ranking without feedback."""
        return replace(self, feedback=0)


SERVED = Ranking()
"""How the bot ranks."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """What was found, best first, with one entry per document in every field.

    `scores` order, and mean nothing else. `similarities` (cosine with the question) and `bm25` (0 where the question's
    own words don't occur, or too many documents match them better) are of the question as it was asked, before
    feedback, so that they can tell whether it has an answer at all.
    """

    ids: tuple[str, ...]
    scores: Scores
    similarities: Vector
    bm25: Vector

    @property
    def best_similarity(self) -> float:
        """The highest cosine similarity with the question; 0 when nothing was found."""
        return float(self.similarities.max(initial=0.0))

    @property
    def best_bm25(self) -> float:
        """The highest BM25 score for the question's own words; 0 when none of them occurs."""
        return float(self.bm25.max(initial=0.0))


def full_text_index() -> "FTS":
    """Return how the column `search` is to be indexed; words are stemmed alike when a question is asked."""
    from lancedb.index import FTS

    return FTS(stem=True, remove_stop_words=True, ascii_folding=True)


async def rank(
    table: "AsyncTable",
    question: str,
    vector: Awaitable[Vector],
    *,
    where: str | None = None,
    ranking: Ranking = SERVED,
    exact: bool = False,
    tune: "Callable[[AsyncVectorQuery], AsyncVectorQuery]" = lambda query: query,
) -> Ranked:
    """Rank the rows of `table` that satisfy the SQL condition `where`; every query that runs here carries it.

    `vector`, the question's `(dimension,) float32` of length 1, may still be on its way: the text leg doesn't wait
    for it. `exact` compares it with all permitted rows, for tables of up to `EXACT_ROWS`, instead of asking for the
    nearest. `tune` sets what the vector index may spend. The table shouldn't change meanwhile: fix its version.
    """
    legs = _Legs(table, where, ranking, exact, tune)
    coming = asyncio.ensure_future(vector)
    near, matches = await asyncio.gather(legs.near(coming), legs.matching(_match(question)))
    asked = await coming
    pool = _Pool.of(near).with_matches(matches)
    bm25, scores = pool.bm25, fuse(pool.vectors @ asked, pool.bm25, ranking)
    if ranking.asks_again and pool.ids:
        best, shares = feedback(scores, ranking.feedback)
        aim = rocchio(asked, pool.vectors[best], shares, ranking.feedback_weight)
        if ranking.expansion_weight:
            titles = [pool.titles[row] for row in best]
            matches = await legs.matching(_match(question, titles, shares * ranking.expansion_weight))
            pool = pool.with_matches(matches)
        bm25 = np.pad(bm25, (0, len(pool.ids) - len(bm25)))
        scores = fuse(pool.vectors @ aim, pool.bm25, ranking)
    order = np.lexsort((pool.ids, -scores))[: 2 * ranking.candidates]
    order = order[np.isfinite(scores[order])]
    ids = tuple(pool.ids[row] for row in order)
    return Ranked(ids, scores[order], (pool.vectors @ asked)[order], bm25[order])


def fuse(similarities: NDArray[Any], bm25: NDArray[Any], ranking: Ranking) -> Scores:
    """Return one score for each document from its cosine similarity and its BM25 score (0: no word matches).

    Higher is better; -inf says that a document wasn't found, which only `Method.TEXT` can say.
    `CONVEX` adds the similarity as it is and BM25 as a share of the best one (Bruch, Gai and Ingber, "An analysis of
    fusion functions for hybrid retrieval", ACM TOIS 2023); `Z_SCORE` adds standard scores over the documents given.
    """
    close, words = np.asarray(similarities, np.float64), np.asarray(bm25, np.float64)
    match ranking.method:
        case Method.TEXT:
            return np.where(words > 0.0, words, -np.inf)
        case Method.VECTOR:
            return close
        case Method.RRF:
            return _reciprocal_ranks(close) + np.where(words > 0.0, _reciprocal_ranks(words), 0.0)
        case Method.Z_SCORE:
            return ranking.weight * _standard(close) + (1.0 - ranking.weight) * _standard(words)
        case Method.CONVEX:
            share = words / (float(words.max(initial=0.0)) or 1.0)
            return ranking.weight * close + (1.0 - ranking.weight) * share


def feedback(scores: Scores, count: int) -> tuple[NDArray[np.intp], Scores]:
    """Return the positions of the `count` best scores, and the share (they add up to 1) that each has in feedback."""
    best = np.argsort(-scores, kind="stable")[:count]
    best = best[np.isfinite(scores[best])]
    top = np.clip(scores[best], 0.0, None)
    if not top.any():
        return best, np.full(len(best), 1.0 / max(len(best), 1))
    shares = (top / top[0]) ** FEEDBACK_SHARPNESS
    return best, shares / shares.sum()


def rocchio(asked: Vector, vectors: Vector, shares: Scores, weight: float) -> Vector:
    """Return the unit vector between `asked` and the weighted mean of `(n, dimension)` `vectors`."""
    aim = asked + weight * (shares @ vectors)
    return np.asarray(aim / (float(np.linalg.norm(aim)) or 1.0), np.float32)


def _reciprocal_ranks(scores: Scores) -> Scores:
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    return np.asarray(1.0 / (RRF_K + ranks))


def _standard(scores: Scores) -> Scores:
    spread = float(scores.std()) if scores.size else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def _match(question: str, titles: Sequence[str] = (), boosts: Sequence[float] | Scores = ()) -> Any | None:
    """Return the full-text query for `question`, and for some titles whose words count for less."""
    from lancedb.query import BooleanQuery, MatchQuery, Occur

    texts = [(question, 1.0), *zip(titles, map(float, boosts), strict=True)]
    # A text without a letter or digit has no words; LanceDB would find nothing, after looking.
    queries = [
        MatchQuery(text, "search", boost=boost) for text, boost in texts if any(map(str.isalnum, text))
    ]
    if len(queries) < 2:
        return queries[0] if queries else None
    return BooleanQuery([(Occur.SHOULD, query) for query in queries])


@dataclass(frozen=True, slots=True)
class _Legs:
    """The queries that LanceDB runs, each under the same condition."""

    table: "AsyncTable"
    where: str | None
    ranking: Ranking
    exact: bool
    tune: "Callable[[AsyncVectorQuery], AsyncVectorQuery]"

    async def near(self, vector: Awaitable[Vector]) -> pa.Table:
        """Return the nearest rows, or all that are permitted."""
        columns = ["id", "title", "vector"]
        if self.exact:
            query = self.table.query().select(columns)
            return await (query.where(self.where) if self.where else query).to_arrow()
        nearest = self.table.query().nearest_to(await vector).distance_type("cosine")
        # Without `_distance` in the list LanceDB adds it, and warns that it won't for ever.
        found = self.tune(nearest).select([*columns, "_distance"]).limit(self.ranking.candidates)
        return await (found.where(self.where) if self.where else found).to_arrow()

    async def matching(self, match: Any | None) -> pa.Table | None:
        """Return the best rows for a full-text query."""
        if match is None:
            return None
        # In an exact search everything else is known already.
        columns = ["id", "_score"] if self.exact else ["id", "title", "vector", "_score"]
        query = self.table.query().nearest_to_text(match).select(columns).limit(self.ranking.candidates)
        return await (query.where(self.where) if self.where else query).to_arrow()


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """All documents that a leg has named: ids, titles, vectors `(n, dimension)` and BM25 scores `(n,)`."""

    ids: list[str]
    titles: list[str]
    vectors: Vector
    bm25: Vector

    @classmethod
    def of(cls, rows: pa.Table) -> Self:
        ids = rows["id"].to_pylist()
        return cls(ids, rows["title"].to_pylist(), _matrix(rows["vector"]), np.zeros(len(ids), np.float32))

    def with_matches(self, rows: pa.Table | None) -> Self:
        """Return the pool with the BM25 scores of `rows`, and with those documents of it that weren't here."""
        if rows is None:
            return self
        where = {key: at for at, key in enumerate(self.ids)}
        ids = rows["id"].to_pylist()
        new = [at for at, key in enumerate(ids) if key not in where]
        pool = self._with(rows.take(new)) if new and "vector" in rows.column_names else self
        where |= {key: at for at, key in enumerate(pool.ids[len(self.ids) :], start=len(self.ids))}
        bm25 = np.zeros(len(pool.ids), np.float32)
        known = [at for at, key in enumerate(ids) if key in where]
        bm25[[where[ids[at]] for at in known]] = rows["_score"].to_numpy()[known]
        return replace(pool, bm25=bm25)

    def _with(self, rows: pa.Table) -> Self:
        more = type(self).of(rows)
        vectors = np.concatenate([self.vectors, more.vectors]) if self.ids else more.vectors
        return replace(self, ids=self.ids + more.ids, titles=self.titles + more.titles, vectors=vectors)


def _matrix(column: pa.ChunkedArray) -> Vector:
    """Return a column of vectors as `(rows, dimension) float32`."""
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, np.float32).reshape(len(column), column.type.list_size)
