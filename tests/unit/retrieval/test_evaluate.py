"""Measuring search: the metrics against values worked out by hand, a whole run on a tiny set, and damaged folders."""

import json
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from retrieval.beir import MOST_BYTES, read_question_set
from retrieval.errors import BadInputError
from retrieval.evaluate import CONFIGURATIONS, evaluate, measure, ndcg, recall, reciprocal_rank
from tests.fakes.embedder import WordEmbedder

JUDGED = {"b": 2, "d": 1, "z": 0}
CORPUS = {
    "soup": ("Lentil soup", "red lentils with cumin"),
    "rye": ("Rye bread", "dark sour dough"),
    "dal": ("", "lentils"),
}
QUESTIONS = {"q1": "lentil soup", "q2": "sour dough bread", "q3": "nobody judged this"}
QRELS = "query-id\tcorpus-id\tscore\nq1\tsoup\t2\nq1\tdal\t1\nq2\trye\t1\nq2\tsoup\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents and two judged questions in the BEIR layout."""
    made = tmp_path / "tiny"
    (made / "qrels").mkdir(parents=True)
    documents = [{"_id": key, "title": title, "text": text} for key, (title, text) in CORPUS.items()]
    write(made / "corpus.jsonl", *documents)
    write(made / "queries.jsonl", *({"_id": key, "text": text} for key, text in QUESTIONS.items()))
    (made / "qrels" / "dev.tsv").write_text(QRELS)
    return made


def write(path: Path, *records: Mapping[str, object]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def test_ndcg_is_that_of_trec_eval() -> None:
    gained, ideal = 2 / math.log2(3) + 1 / math.log2(5), 2 + 1 / math.log2(3)
    assert ndcg(["a", "b", "c", "d"], JUDGED) == pytest.approx(gained / ideal)
    assert ndcg(["a", "b", "c", "d"], JUDGED, depth=2) == pytest.approx(2 / math.log2(3) / ideal)
    assert ndcg(["b", "d"], JUDGED) == pytest.approx(1.0)
    assert ndcg([], JUDGED) == 0.0


def test_recall_and_reciprocal_rank_count_only_what_is_relevant() -> None:
    assert recall(["z", "b"], JUDGED) == 0.5
    assert recall(["z", "x", "b"], JUDGED, depth=2) == 0.0
    assert reciprocal_rank(["z", "x", "d", "b"], JUDGED) == pytest.approx(1 / 3)
    assert reciprocal_rank(["z", "x", "d"], JUDGED, depth=2) == 0.0


def test_an_interval_holds_its_mean_narrows_with_questions_and_comes_out_the_same_again() -> None:
    few, many = measure([0.0, 1.0] * 10), measure([0.0, 1.0] * 1000)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < few.high - few.low
    assert few == measure([0.0, 1.0] * 10)


async def test_every_configuration_is_scored_and_the_corpus_is_embedded_once(
    folder: Path, tmp_path: Path
) -> None:
    embedder = WordEmbedder()
    steps: list[tuple[int, int]] = []
    result = await evaluate(folder, "dev", embedder, tmp_path / "work", lambda *step: steps.append(step))
    assert (result.name, result.documents, result.questions) == ("tiny", 3, 2)
    assert [quality.configuration for quality in result.results] == list(CONFIGURATIONS)
    assert [quality.mrr_at_10.mean for quality in result.results] == [1.0] * len(CONFIGURATIONS)
    assert steps[-1] == (13, 13)
    assert json.loads(json.dumps(result.as_dict()))["results"][0]["ndcg_at_10"]["mean"] > 0.7

    seen = len(embedder.embedded)
    assert await evaluate(folder, "dev", embedder, tmp_path / "work") == result
    assert len(embedder.embedded) == seen
    (folder / "corpus.jsonl").write_text((folder / "corpus.jsonl").read_text().replace("dark", "pale"))
    await evaluate(folder, "dev", embedder, tmp_path / "work")
    assert len(embedder.embedded) > seen, "another corpus is another table"


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("corpus.jsonl", b'{"_id": "a", "text": "x"}\n{"_id": "b"', r"corpus\.jsonl:2: not JSON"),
        ("corpus.jsonl", b'["a"]', r"corpus\.jsonl:1: not a JSON object"),
        ("corpus.jsonl", b'{"_id": "a", "text": "x"}\n' * 2, r"corpus\.jsonl:2: _id 'a' is there twice"),
        ("corpus.jsonl", b'{"_id": 7, "text": "x"}', r"corpus\.jsonl:1: '_id' must be a string"),
        ("corpus.jsonl", b"", r"corpus\.jsonl: empty"),
        ("corpus.jsonl", b"[" * 100_000, r"corpus\.jsonl:1: not JSON"),
        ("corpus.jsonl", b" " * (MOST_BYTES + 1), r"corpus\.jsonl:1: longer than 4 MB"),
        ("queries.jsonl", '{"_id": "q1", "text": "crème"}'.encode("latin-1"), r"queries\.jsonl:1: not UTF-8"),
        ("queries.jsonl", b'{"_id": "q1", "title": "x"}', r"queries\.jsonl:1: 'text' must be a string"),
        ("qrels/dev.tsv", b"q1\tsoup", r"dev\.tsv:1: 2 columns; query-id, corpus-id, score are wanted"),
        ("qrels/dev.tsv", b"q1\tsoup\t1\nq9\tsoup\t1", r"dev\.tsv:2: query 'q9' isn't in queries\.jsonl"),
        ("qrels/dev.tsv", b"q1\tpho\t1", r"dev\.tsv:1: document 'pho' doesn't exist"),
        ("qrels/dev.tsv", b"q1\tsoup\tyes", r"dev\.tsv:1: score 'yes' isn't a whole number"),
        ("qrels/dev.tsv", b"query-id\tcorpus-id\tscore\n", r"dev\.tsv: no question has a relevant document"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(
    folder: Path, file: str, content: bytes, complaint: str
) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(BadInputError, match=complaint):
        read_question_set(folder, "dev")


def test_a_missing_file_or_split_is_named_with_what_is_there(folder: Path) -> None:
    with pytest.raises(BadInputError, match=r"test\.tsv: no such file; splits that are there: dev"):
        read_question_set(folder, "test")
    (folder / "queries.jsonl").unlink()
    with pytest.raises(BadInputError, match=r"queries\.jsonl: no such file; a BEIR folder has"):
        read_question_set(folder, "dev")
