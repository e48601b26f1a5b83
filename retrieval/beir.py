"""Question sets in the layout of BEIR: `corpus.jsonl`, `queries.jsonl` and `qrels/<split>.tsv` in one folder.

The layout is that of Thakur et al., "BEIR", NeurIPS 2021: documents as {"_id", "title", "text"}, questions as
{"_id", "text"}, judgements as tab-separated query-id, corpus-id, score under a header.
"""

import json
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import BadInputError

MOST_BYTES = 4 * 1024 * 1024
"""Longest line that is read; a longer one is no document of a question set."""

_JUDGEMENT = 3


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a corpus; `title` may be empty."""

    id: str
    title: str
    text: str

    @property
    def searched(self) -> str:
        """What it is found by: title and text with a space between, as BEIR's own baselines have it."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and the grade of every document that was judged for it: above 0 is relevant."""

    id: str
    text: str
    judgements: dict[str, int]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A corpus, called as its folder, and the questions of one split that have at least one relevant document."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def read_question_set(folder: Path, split: str) -> QuestionSet:
    """Read a folder in the BEIR layout. Raises `BadInputError` that names the file and line which can't be used."""
    corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
    judged = folder / "qrels" / f"{split}.tsv"
    for path in (corpus, queries):
        if not path.is_file():
            raise BadInputError(
                f"{path}: no such file; a BEIR folder has corpus.jsonl, queries.jsonl and qrels/"
            )
    if not judged.is_file():
        there = ", ".join(sorted(path.stem for path in judged.parent.glob("*.tsv"))) or "none"
        raise BadInputError(f"{judged}: no such file; splits that are there: {there}")
    documents = {
        key: Document(key, _text(record, "title", where, required=False), _text(record, "text", where))
        for key, record, where in _records(corpus)
    }
    texts = {key: _text(record, "text", where) for key, record, where in _records(queries)}
    judgements = _judgements(judged, documents, texts)
    questions = tuple(
        Question(key, texts[key], grades) for key, grades in judgements.items() if max(grades.values()) > 0
    )
    if not questions:
        raise BadInputError(f"{judged}: no question has a relevant document; nothing can be measured")
    return QuestionSet(folder.resolve().name, tuple(documents.values()), questions)


@dataclass(frozen=True, slots=True)
class Wish:
    """A question to our own knowledge base, with what its metadata tells of the asker; no judgement: no answer."""

    id: str
    text: str
    metadata: dict[str, Any]
    judgements: dict[str, int]


def read_wishes(folder: Path, split: str, documents: Container[str]) -> tuple[Wish, ...]:
    """Read a folder without a corpus, whose judgements name `documents` of the knowledge base.

    A question's metadata tells its split, so that those without an answer have one, too. Raises `BadInputError` that
    names the file and line which can't be used.
    """
    records = list(_records(folder / "queries.jsonl"))
    texts = {key: _text(record, "text", where) for key, record, where in records}
    judgements = _judgements(folder / "qrels" / f"{split}.tsv", documents, texts)
    wishes = []
    for key, record, where in records:
        metadata = record.get("metadata")
        if not isinstance(metadata, dict):
            raise BadInputError(f"{where}: 'metadata' must be an object with a 'split'")
        if metadata.get("split") == split:
            wishes.append(Wish(key, texts[key], metadata, judgements.get(key, {})))
    if not wishes:
        raise BadInputError(f"{folder}: no question belongs to the split '{split}'")
    return tuple(wishes)


def _records(path: Path) -> Iterator[tuple[str, dict[str, object], str]]:
    """Yield (id, JSON object, file and line); an id that comes twice is an error."""
    seen: set[str] = set()
    for line, where in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise BadInputError(f"{where}: not JSON; every line must hold one object") from None
        if not isinstance(record, dict):
            raise BadInputError(f"{where}: not a JSON object")
        key = _text(record, "_id", where)
        if not key or key in seen:
            raise BadInputError(f"{where}: _id '{key}' is {'there twice' if key else 'empty'}")
        seen.add(key)
        yield key, record, where
    if not seen:
        raise BadInputError(f"{path}: empty")


def _judgements(path: Path, documents: Container[str], queries: Container[str]) -> dict[str, dict[str, int]]:
    judgements: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for at, (line, where) in enumerate(_lines(path)):
        fields = line.split("\t")
        if len(fields) != _JUDGEMENT:
            raise BadInputError(f"{where}: {len(fields)} columns; query-id, corpus-id, score are wanted")
        if at == 0 and fields[2] == "score":
            continue
        query, document, score = fields
        if query not in queries:
            raise BadInputError(f"{where}: query '{query}' isn't in queries.jsonl")
        if document not in documents:
            raise BadInputError(f"{where}: document '{document}' doesn't exist")
        try:
            judgements[query][document] = int(score)
        except ValueError:
            raise BadInputError(f"{where}: score '{score}' isn't a whole number") from None
    return dict(judgements)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that isn't blank, with its place."""
    try:
        with path.open("rb") as handle:
            for number, raw in enumerate(iter(lambda: handle.readline(MOST_BYTES + 1), b""), start=1):
                where = f"{path}:{number}"
                if len(raw) > MOST_BYTES:
                    raise BadInputError(f"{where}: longer than {MOST_BYTES // 2**20} MB")
                if line := _decoded(raw, where).rstrip("\r\n"):
                    yield line, where
    except OSError as error:
        raise BadInputError(f"{path}: can't be read: {error.strerror}") from error


def _decoded(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8-sig" if where.endswith(":1") else "utf-8")
    except UnicodeDecodeError:
        raise BadInputError(f"{where}: not UTF-8") from None


def _text(record: dict[str, object], field: str, where: str, *, required: bool = True) -> str:
    value = record.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise BadInputError(f"{where}: '{field}' must be a string")
    return value
