"""The ranking core: text and vectors searched under one filter, fused, and asked again with what the best say.

It knows nothing of people and passages: any LanceDB table will do that has the columns `title`, `search` (the text,
with a full-text index made by `full_text_index`) and `vector` (unit vectors). The bot's search and
`retrieval.evaluate` both rank through here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retrieval.all_rows import AllRows, Scores, Vector, matrix

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.index import FTS
    from lancedb.query import AsyncVectorQuery

EXACT_ROWS = 2_000
"""Up to so many rows, reading all permitted vectors while the question is embedded beats asking for the nearest after.

Measured on two cores with 1,100 rows, p50: 1.0 ms, at the same time as the text leg; asking for the nearest takes
1.9 ms, and can't begin before the embedding is there. With 3,600 rows it's no faster, and its p95 is worse."""

RRF_K = 60.0
"""Constant of reciprocal rank fusion, from Cormack, Clarke and Büttcher, SIGIR 2009."""

FEEDBACK_SHARPNESS = 4.0
"""A document's share of the feedback is its fused score over the best one's, to this power: without it, feedback from
three documents gains a third less on NFCorpus's training questions (nDCG@10 0.370 against 0.377, from 0.358)."""


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


FEEDBACK = Ranking()
"""The best on NFCorpus."""

SERVED = FEEDBACK.once()
"""How the bot ranks: on our own questions feedback loses, since it drifts from a wish to the foods that it names."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """What was found, best first, with one entry per document in every field.

    `row_ids` are LanceDB's, of the version that was asked. `scores` order, and mean nothing else. `similarities`
    (cosine with the question) and `bm25` (0 where the question's own words don't occur, or too many documents match
    them better) are of the question as it was asked, before feedback, so that they can tell whether it has an answer.
    """

    row_ids: NDArray[np.uint64]
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


Tune = Callable[["AsyncVectorQuery", str | None], Awaitable["AsyncVectorQuery"]]
"""Sets what a nearest query under a condition may spend."""


async def _as_it_is(query: "AsyncVectorQuery", _where: str | None) -> "AsyncVectorQuery":
    return query


async def rank(
    table: "AsyncTable",
    question: str,
    vector: Awaitable[Vector],
    *,
    where: str | None = None,
    ranking: Ranking = SERVED,
    exact: bool | AllRows = False,
    favours: Mapping[str, float] = MappingProxyType({}),
    tune: Tune = _as_it_is,
) -> Ranked:
    """Rank the rows of `table` that satisfy the SQL condition `where`; every query that runs here carries it.

    `vector`, the question's `(dimension,) float32` of length 1, may still be on its way: the text leg doesn't wait
    for it. `exact` compares it with all permitted rows, for tables of up to `EXACT_ROWS`, instead of asking for the
    nearest: with those given, which `where` must have permitted (and without feedback), or with those read now.
    `favours` is added to the scores of rows by their `kind`, a column that the table must have then; each of these
    kinds gets candidates of its own, since the best hundred of a large table may all be of one. `tune` sets what the
    vector index may spend. The table shouldn't change meanwhile: fix its version.
    """
    held = exact if isinstance(exact, AllRows) else None
    legs = _Legs(table, where, ranking, bool(exact), favours, tune)
    coming = asyncio.ensure_future(vector)
    near = coming if held else legs.near(coming)
    first, matches = await asyncio.gather(near, legs.matching(_match(question)))
    asked = await coming
    pool = _Pool.of_all(held, asked, favours) if held else _Pool.of(first, asked)
    pool = pool.with_matches(matches, asked)
    similarities, bm25 = pool.similarities, pool.bm25
    scores = fuse(similarities, bm25, ranking) + pool.favours
    if ranking.asks_again and len(scores):
        best, shares = feedback(scores, ranking.feedback)
        aim = rocchio(asked, pool.vectors[best], shares, ranking.feedback_weight)
        if ranking.expansion_weight:
            titles = pool.titles.take(best).to_pylist()
            match = _match(question, titles, shares * ranking.expansion_weight)
            pool = pool.with_matches(await legs.matching(match), asked)
        similarities, bm25 = pool.similarities, np.pad(bm25, (0, len(pool.bm25) - len(bm25)))
        scores = fuse(pool.vectors @ aim, pool.bm25, ranking) + pool.favours
    order = np.argsort(-scores, kind="stable")[: 2 * ranking.candidates]
    order = order[np.isfinite(scores[order])]
    return Ranked(pool.keys[order], scores[order], similarities[order], bm25[order])


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

    # A text without a letter or digit has no words; LanceDB would find nothing, after looking.
    texts = [(question, 1.0), *zip(titles, map(float, boosts), strict=True)]
    queries = [
        MatchQuery(text, "search", boost=boost)  # type: ignore[call-arg]  # its signature hides the defaults
        for text, boost in texts
        if any(map(str.isalnum, text))
    ]
    if len(queries) < 2:
        return queries[0] if queries else None
    return BooleanQuery([(Occur.SHOULD, query) for query in queries])


@dataclass(frozen=True, slots=True)
class _Legs:
    """The queries that LanceDB runs, each under the same condition.

    They read as little as they can: with 100,000 rows, twelve columns of the best sixty cost twice as much as finding
    them. What a document says is read later, of the few that are shown.
    """

    table: "AsyncTable"
    where: str | None
    ranking: Ranking
    exact: bool
    favours: Mapping[str, float]
    tune: Tune

    async def near(self, vector: Awaitable[Vector]) -> pa.Table:
        """Return the nearest rows, or all that are permitted."""
        if not self.exact:
            asked = await vector
            return await self._together(lambda where: self._nearest(asked, where))
        columns = ["vector", *self._read_again(), *(["kind"] if self.favours else [])]
        query = self.table.query().with_row_id().select(list(dict.fromkeys(columns)))
        rows = await (query.where(self.where) if self.where else query).to_arrow()
        kinds = rows["kind"].to_pylist() if self.favours else [""] * len(rows)
        favours = pa.array([self.favours.get(kind, 0.0) for kind in kinds], pa.float64())
        return rows.append_column("favour", favours)

    async def matching(self, match: Any | None) -> pa.Table | None:
        """Return the best rows for a full-text query."""
        return None if match is None else await self._together(lambda where: self._matches(match, where))

    async def _together(self, ask: "Callable[[str | None], Awaitable[pa.Table]]") -> pa.Table:
        """Ask for each favoured kind and for the rest, each with candidates of its own."""
        favours = {} if self.exact else self.favours
        kinds = {f"kind = '{kind}'": favour for kind, favour in favours.items()}
        parts = {**kinds, f"NOT ({' OR '.join(kinds)})": 0.0} if kinds else {"": 0.0}
        found = await asyncio.gather(*(ask(self._also(part)) for part in parts))
        return pa.concat_tables(
            rows.append_column("favour", pa.array(np.full(len(rows), favour)))
            for rows, favour in zip(found, parts.values(), strict=True)
        )

    def _also(self, condition: str) -> str | None:
        if not condition or not self.where:
            return condition or self.where
        return f"({condition}) AND ({self.where})"

    async def _nearest(self, vector: Vector, where: str | None) -> pa.Table:
        # Of unit vectors the dot product is the cosine; an index by cosine would need its codes refined to tell it.
        nearest = self.table.query().nearest_to(vector).distance_type("dot").with_row_id()
        nearest = await self.tune(nearest, where)
        # LanceDB adds `_distance` to a list without it, and warns that it won't for ever.
        columns = [*self._read_again(), "_distance"]
        found = nearest.select(columns).limit(self.ranking.candidates)
        return await (found.where(where) if where else found).to_arrow()

    async def _matches(self, match: Any, where: str | None) -> pa.Table:
        columns = [] if self.exact else self._read_again()
        query = self.table.query().nearest_to_text(match).with_row_id().select([*columns, "_score"])
        query = query.limit(EXACT_ROWS if self.exact else self.ranking.candidates)
        return await (query.where(where) if where else query).to_arrow()

    def _read_again(self) -> list[str]:
        return ["title", "vector"] if self.ranking.asks_again else []


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """All rows that a leg has named, with one entry per row in every field.

    `keys` are row ids, `favours` what is added for a row's kind; `read` holds titles and vectors where feedback needs
    them. Row ids come from queries with the filter only.
    """

    keys: NDArray[np.uint64]
    similarities: Vector
    bm25: Vector
    favours: Scores
    read: pa.Table

    @classmethod
    def of(cls, rows: pa.Table, asked: Vector) -> Self:
        """Return the pool of rows with their vectors, or with their distances from what was `asked`."""
        if "vector" in rows.column_names:
            similarities = matrix(rows["vector"]) @ asked
        else:
            similarities = 1.0 - rows["_distance"].to_numpy()
        return cls._with_similarities(rows, np.asarray(similarities, np.float32))

    @classmethod
    def of_all(cls, rows: AllRows, asked: Vector, favours: Mapping[str, float]) -> Self:
        """Return the pool of rows held in memory."""
        favoured = np.zeros(len(rows.at))
        for kind, favour in favours.items():
            favoured[rows.kinds[rows.at] == kind] = favour
        similarities = np.asarray(rows.vectors @ asked, np.float32)[rows.at]
        return cls(
            rows.keys[rows.at], similarities, np.zeros(len(rows.at), np.float32), favoured, pa.table({})
        )

    @property
    def vectors(self) -> Vector:
        """`(rows, dimension) float32`."""
        return matrix(self.read["vector"])

    @property
    def titles(self) -> pa.ChunkedArray:
        """The title of each row."""
        return self.read["title"]

    def with_matches(self, matches: pa.Table | None, asked: Vector) -> Self:
        """Return the pool with the BM25 scores of `matches`, and with those of them that weren't here."""
        if matches is None:
            return self
        keys = matches["_rowid"].to_numpy()
        pool = self._with(matches.take(np.flatnonzero(~np.isin(keys, self.keys))), asked)
        order = np.argsort(pool.keys, kind="stable")
        at = order[np.searchsorted(pool.keys, keys, sorter=order)]
        bm25 = np.zeros(len(pool.keys), np.float32)
        bm25[at] = matches["_score"].to_numpy()
        return replace(pool, bm25=bm25)

    def _with(self, rows: pa.Table, asked: Vector) -> Self:
        if not len(rows):
            return self
        if "vector" in rows.column_names:
            similarities = matrix(rows["vector"]) @ asked
        else:
            # Not among the nearest, so at most as near as the last of them.
            similarities = np.full(len(rows), self.similarities.min(initial=1.0) if len(self.keys) else 0.0)
        more = self._with_similarities(rows, np.asarray(similarities, np.float32))
        return type(self)(
            np.concatenate([self.keys, more.keys]),
            np.concatenate([self.similarities, more.similarities]),
            np.concatenate([self.bm25, more.bm25]),
            np.concatenate([self.favours, more.favours]),
            pa.concat_tables([self.read, more.read]),
        )

    @classmethod
    def _with_similarities(cls, rows: pa.Table, similarities: Vector) -> Self:
        read = rows.select([name for name in ("title", "vector") if name in rows.column_names])
        keys = rows["_rowid"].to_numpy()
        return cls(keys, similarities, np.zeros(len(keys), np.float32), rows["favour"].to_numpy(), read)
