"""Rows for the benchmarks of large tables, grown from the bundled catalogue: the same ones out of every run."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retrieval.diet.permits import excluded_by
from retrieval.diet.preferences import Restrictions
from retrieval.embedding import load_embedder
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.rows import rows_of, schema, search_text

QUESTIONS = Path(__file__).parent / "data" / "questions" / "queries.jsonl"
SEED = 20
_POOL = 4_000  # texts that are embedded
_CHUNK = 50_000  # rows made at a time: 77 MB of vectors
_NEAR = 10  # a row lies between a text and one of so many that are closest to it
_UNKNOWN = 0.1

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some of the table's rows: `parents` (n,) says which of the pool's each has its text and tags from."""

    start: int
    parents: NDArray[np.int64]
    rows: pa.Table


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """The pool of embedded texts that rows are grown from, and the questions with their vectors (n, dimension)."""

    rows: int
    pool: pa.Table
    vectors: Vectors
    near: NDArray[np.int64]
    questions: tuple[str, ...]
    asked: Vectors

    def chunks(self) -> Iterator[Chunk]:
        """Yield the same rows each time, some at a time."""
        for start in range(0, self.rows, _CHUNK):
            count = min(_CHUNK, self.rows - start)
            parents, vectors = self._grow(np.random.default_rng((SEED, start)), count)
            rows = self.pool.take(pa.array(parents))
            ids = pa.array([str(number) for number in range(start, start + count)])
            flat = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])
            for name, column in (("id", ids), ("vector", flat)):
                at = rows.schema.get_field_index(name)
                rows = rows.set_column(at, rows.schema.field(name), column)
            yield Chunk(start, parents, rows)

    def _grow(self, random: np.random.Generator, count: int) -> tuple[NDArray[np.int64], Vectors]:
        size = len(self.vectors)
        parents = random.integers(0, size, count)
        others = self.near[parents, random.integers(0, self.near.shape[1], count)]
        share = random.uniform(0.5, 1.0, (count, 1)).astype(np.float32)
        # Moved as texts differ from each other: towards what one text has and another lacks.
        aside = self.vectors[random.integers(0, size, count)] - self.vectors[random.integers(0, size, count)]
        aside *= random.uniform(0.15, 0.5, (count, 1)) / np.maximum(
            np.linalg.norm(aside, axis=1, keepdims=True), 1e-6
        )
        vectors = share * self.vectors[parents] + (1 - share) * self.vectors[others] + aside
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return parents, vectors.astype(np.float32)

    def permitted(self, restrictions: Restrictions) -> NDArray[np.bool_]:
        """Return which of the pool `restrictions` permit, by the tags, without LanceDB."""
        excluded = [excluded_by(allergy) for allergy in restrictions.allergies]
        contents = frozenset[str]().union(*(item.contents for item in excluded))
        words = frozenset[str]().union(*(item.words for item in excluded))
        tags = self.pool.select(["known", "contains", "ingredients", "suits"]).to_pylist()
        return np.array(
            [
                (row["known"] or not excluded)
                and contents.isdisjoint(row["contains"])
                and words.isdisjoint(row["ingredients"])
                and restrictions.diets <= set(row["suits"])
                for row in tags
            ]
        )


async def make_world(rows: int, queries: int) -> World:
    """Return what a table of `rows` is grown from, and `queries` of our own questions."""
    records = _records(_POOL)
    questions = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = questions[:: max(1, len(questions) // queries)][:queries]
    embedder = await asyncio.to_thread(load_embedder)
    try:
        vectors = await embedder.embed([search_text(record.passage) for record in records])
        asked = await embedder.embed(questions)
        columns = schema(embedder.dimension, embedder.name)
    finally:
        embedder.close()
    pool = pa.Table.from_batches([rows_of(records, vectors, columns)])
    near = np.argsort(-(vectors @ vectors.T), axis=1)[:, 1 : _NEAR + 1]
    return World(rows, pool, vectors, near, tuple(questions), asked)


def _records(count: int) -> list[Record]:
    """Return the catalogue's documents, and pairs of its foods and recipes until there are `count`."""
    random = np.random.default_rng(SEED)
    ours = [passage for passage in passages(load_catalogue()) if passage.contains is not None]
    dishes = [passage for passage in ours if passage.kind is not Kind.NOTE]
    pairs = random.integers(0, len(dishes), (max(0, count - len(ours)), 2))
    found = [*ours, *(_pair(dishes[first], dishes[second]) for first, second in pairs)][:count]
    unknown = random.random(len(found)) < _UNKNOWN
    return [
        _record(passage, known=not hidden) for passage, hidden in zip(found, unknown.tolist(), strict=True)
    ]


def _pair(first: Passage, second: Passage) -> Passage:
    title = f"{first.title} with {second.title}"
    return Passage(
        id=f"{first.id}+{second.id}",
        kind=first.kind,
        title=title,
        text=f"{title}. {first.text}",
        facts=first.facts,
        basis=first.basis,
        per_100g=first.per_100g,
        contains=tuple(sorted({*(first.contains or ()), *(second.contains or ())})),
    )


def _record(passage: Passage, *, known: bool) -> Record:
    origin = Origin("bench", "Grown from the catalogue", "1", "MIT")
    says = Says.IDS if known else Says.NOTHING
    return Record(passage, origin, says, stated=(passage.contains or ()) if known else ())
