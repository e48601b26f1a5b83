"""How good is the search? Any question set in the BEIR layout, ranked in every way that we know, and scored."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retrieval.beir import Document, QuestionSet, read_question_set
from retrieval.embedding import Embedder
from retrieval.hybrid import EXACT_ROWS, Method, Ranking, full_text_index, rank

if TYPE_CHECKING:
    from lancedb import AsyncTable

CONFIGURATIONS: Mapping[str, Ranking] = {
    "full text": Ranking(Method.TEXT, feedback=0),
    "vector": Ranking(Method.VECTOR, feedback=0),
    "hybrid, RRF": Ranking(Method.RRF, feedback=0),
    "hybrid": Ranking().once(),
    "rerank": Ranking(),
}
"""From the simplest to the best: `hybrid` is the fusion that the bot ranks with, `rerank` asks once more with what the
best three documents say."""

RESAMPLES = 2_000
"""Bootstrap samples behind a confidence interval."""

_TABLE = "corpus"
_BATCH = 512
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over questions, with its 95 % confidence interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one configuration did."""

    configuration: str
    ranking: Ranking
    ndcg_at_10: Measure
    recall_at_100: Measure
    mrr_at_10: Measure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of `evaluate`: what was asked of what, and one entry per configuration."""

    name: str
    split: str
    embedder: str
    documents: int
    questions: int
    results: tuple[Quality, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


async def evaluate(
    folder: Path,
    split: str,
    embedder: Embedder,
    work: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    configurations: Mapping[str, Ranking] = CONFIGURATIONS,
) -> Evaluation:
    """Rank and score the questions of `folder`'s `split` in every one of the `configurations`.

    The corpus becomes a LanceDB table of its own in `work`, which a later call finds again: it's named by its content
    and the embedder. Nothing else is kept. `progress(done, total)` counts documents embedded and questions ranked.
    Raises `BadInputError` when the folder isn't in the BEIR layout or a file is damaged.
    """
    asked = await asyncio.to_thread(read_question_set, folder, split)
    total = len(asked.documents) + len(asked.questions) * len(configurations)
    table = await _corpus_table(work, asked.documents, embedder, lambda done: progress(done, total))
    vectors = await asyncio.gather(*(embedder.query(question.text) for question in asked.questions))
    results, done = [], len(asked.documents)
    for name, ranking in configurations.items():
        results.append(await _score(table, asked, vectors, name, ranking))
        done += len(asked.questions)
        progress(done, total)
    return Evaluation(
        name=asked.name,
        split=split,
        embedder=embedder.name,
        documents=len(asked.documents),
        questions=len(asked.questions),
        results=tuple(results),
    )


def ndcg(found: Sequence[str], judgements: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first `depth` documents found, as `trec_eval` has it.

    A document gains its judgement, divided by log2(rank + 1) (Järvelin and Kekäläinen, ACM TOIS 2002).
    """
    gains = [max(judgements.get(key, 0), 0) for key in found[:depth]]
    ideal = sorted((grade for grade in judgements.values() if grade > 0), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal) if ideal else 0.0


def recall(found: Sequence[str], judgements: Mapping[str, int], depth: int = 100) -> float:
    """Return the share of the relevant documents that are among the first `depth` found."""
    relevant = {key for key, grade in judgements.items() if grade > 0}
    return len(relevant & set(found[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[str], judgements: Mapping[str, int], depth: int = 10) -> float:
    """Return 1 / rank of the first relevant document among the first `depth` found, else 0."""
    ranks = (at for at, key in enumerate(found[:depth], start=1) if judgements.get(key, 0) > 0)
    return 1.0 / next(ranks, float("inf"))


def measure(values: Sequence[float], *, seed: int = 0) -> Measure:
    """Return the mean and its 95 % percentile bootstrap interval over questions (Efron 1979); `seed` fixes it."""
    sample = np.asarray(values, np.float64)
    chosen = np.random.default_rng(seed).integers(0, len(sample), (RESAMPLES, len(sample)), dtype=np.int32)
    low, high = np.percentile(sample[chosen].mean(axis=1), (2.5, 97.5))
    return Measure(*(round(float(value), 4) for value in (sample.mean(), low, high)))


def _discounted(gains: Sequence[int]) -> float:
    return float(np.dot(gains, 1.0 / np.log2(np.arange(2, len(gains) + 2))))


async def _score(
    table: "AsyncTable",
    asked: QuestionSet,
    vectors: Sequence[NDArray[np.float32]],
    name: str,
    ranking: Ranking,
) -> Quality:
    turns = asyncio.Semaphore(_AT_ONCE)
    rows = await table.query().with_row_id().select(["id"]).to_arrow()
    ids = dict(zip(rows["_rowid"].to_pylist(), rows["id"].to_pylist(), strict=True))
    exact = len(asked.documents) <= EXACT_ROWS

    async def one(at: int) -> tuple[str, ...]:
        async with turns:
            question, vector = asked.questions[at], _ready(vectors[at])
            ranked = await rank(table, question.text, vector, ranking=ranking, exact=exact)
            return tuple(ids[key] for key in ranked.row_ids.tolist())

    answers = await asyncio.gather(*map(one, range(len(asked.questions))))
    judged = [(found, question.judgements) for found, question in zip(answers, asked.questions, strict=True)]
    return Quality(
        configuration=name,
        ranking=ranking,
        ndcg_at_10=measure([ndcg(*pair) for pair in judged]),
        recall_at_100=measure([recall(*pair) for pair in judged]),
        mrr_at_10=measure([reciprocal_rank(*pair) for pair in judged]),
    )


async def _ready(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector


async def _corpus_table(
    work: Path, documents: Sequence[Document], embedder: Embedder, progress: Callable[[int], None]
) -> "AsyncTable":
    from lancedb import connect_async

    connection = await connect_async(str((work / _digest(documents, embedder)).resolve()))
    if _TABLE in (await connection.list_tables()).tables:
        table = await connection.open_table(_TABLE)
        # The index comes last: without it, somebody was interrupted.
        if await table.list_indices():
            progress(len(documents))
            return table
    vectors = await _embed(embedder, [document.searched for document in documents], progress)
    rows = pa.table(
        {
            "id": [document.id for document in documents],
            "title": [document.title for document in documents],
            "search": [document.searched for document in documents],
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), embedder.dimension),
        }
    )
    table = await connection.create_table(_TABLE, rows, mode="overwrite")
    await table.create_index("search", config=full_text_index())
    return table


def _digest(documents: Sequence[Document], embedder: Embedder) -> str:
    digest = hashlib.blake2b(f"{embedder.name}\0{embedder.dimension}".encode(), digest_size=12)
    for document in documents:
        for part in (document.id, document.title, document.searched):
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


async def _embed(
    embedder: Embedder, texts: Sequence[str], progress: Callable[[int], None] = lambda _done: None
) -> NDArray[np.float32]:
    """Return one vector for each text."""
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        vectors[start : start + len(batch)] = await embedder.embed(batch)
        progress(start + len(batch))
    return vectors
