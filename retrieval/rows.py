"""A passage as a row of the LanceDB table, and back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retrieval.knowledge.documents import Kind, Passage, Record, Says
from retrieval.tags import tags

TABLE = "passages"

LAYOUT = "2"
"""Raise it when the columns change."""

PASSAGE_COLUMNS = tuple(
    "id kind title names text facts basis per_100g portion portion_g source known ingredients".split()
)
"""What `passage_from_row` needs."""

TAG_COLUMNS = ("known", "ingredients", "contains", "suits")
"""What follows from the lexicon."""

_META = "platewise."


def schema(dimension: int, embedder: str) -> pa.Schema:
    """Return the table's columns; the name of the embedder and the layout are written into its metadata."""
    words = pa.list_(pa.string())
    text = ("text", "search", "facts", "basis", "per_100g", "portion", "source", "origin", "origin_name")
    return pa.schema(
        [
            *(pa.field(name, pa.string(), nullable=False) for name in ("id", "kind", "title", *text)),
            *(
                pa.field(name, pa.string(), nullable=False)
                for name in ("release", "licence", "key", "says", "label")
            ),
            pa.field("digest", pa.string(), nullable=False),
            pa.field("portion_g", pa.float64()),
            pa.field("modified", pa.int64()),
            pa.field("names", words, nullable=False),
            pa.field("stated", words, nullable=False),
            pa.field("known", pa.bool_(), nullable=False),
            pa.field("ingredients", words, nullable=False),
            pa.field("contains", words, nullable=False),
            pa.field("suits", words, nullable=False),
            pa.field("vector", pa.list_(pa.float32(), dimension), nullable=False),
        ],
        metadata={f"{_META}embedder": embedder, f"{_META}layout": LAYOUT},
    )


def metadata(table_schema: pa.Schema) -> dict[str, str]:
    """Return what `schema` wrote into the metadata; empty for a table of somebody else's."""
    items = ((key.decode(), value.decode()) for key, value in (table_schema.metadata or {}).items())
    return {key.removeprefix(_META): value for key, value in items if key.startswith(_META)}


def search_text(passage: Passage) -> str:
    """Return the words by which `passage` should be found.

    A food is found by what it is called: its figures name every nutrient, and would match every question.
    """
    called = ". ".join((passage.title, *passage.names))
    return called if passage.kind is Kind.FOOD else f"{called}. {passage.text}"


def digest_of(record: Record) -> str:
    """Return a hash of everything that the source says, so that the same record is known again."""
    said = [
        {key: value for key, value in record.passage.as_dict().items() if key != "score"},
        [record.origin.id, record.origin.name, record.origin.release, record.origin.licence],
        [record.says, record.label, record.stated, record.key],
    ]
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()


def rows_of(
    records: Sequence[Record], vectors: NDArray[np.float32], table_schema: pa.Schema
) -> pa.RecordBatch:
    """Return `records` as rows, each with its vector, `(len(records), dimension) float32`."""
    rows = [{**_row(record), "vector": vector} for record, vector in zip(records, vectors, strict=True)]
    return pa.RecordBatch.from_pylist(rows, schema=table_schema)


def with_vectors(
    batch: pa.RecordBatch, vectors: NDArray[np.float32], table_schema: pa.Schema
) -> pa.RecordBatch:
    """Return the rows of `batch` with other vectors, `(rows, dimension) float32`, under `table_schema`."""
    flat = pa.array(vectors.reshape(-1), pa.float32())
    column = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    columns = [column if name == "vector" else batch.column(name) for name in table_schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=table_schema)


def retagged(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return `rows` with what follows from the lexicon worked out again, from what the source says."""
    said = rows.select(["kind", "says", "label", "stated", "per_100g"]).to_pylist()
    new = [
        tags(
            Kind(row["kind"]),
            Says(row["says"]),
            row["label"],
            tuple(row["stated"]),
            json.loads(row["per_100g"]),
        )
        for row in said
    ]
    for name in TAG_COLUMNS:
        values = pa.array([getattr(item, name) for item in new], type=rows.schema.field(name).type)
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    return rows


def passage_from_row(row: Mapping[str, Any], score: float) -> Passage:
    """Turn a row, at least its `PASSAGE_COLUMNS`, back into the passage that it was made from."""
    return Passage(
        id=row["id"],
        kind=Kind(row["kind"]),
        title=row["title"],
        text=row["text"],
        facts=json.loads(row["facts"]),
        basis=row["basis"],
        per_100g=json.loads(row["per_100g"]),
        portion=row["portion"],
        portion_g=row["portion_g"],
        source=row["source"],
        names=tuple(row["names"]),
        contains=tuple(row["ingredients"]) if row["known"] else None,
        score=score,
    )


def _row(record: Record) -> dict[str, Any]:
    passage, origin = record.passage, record.origin
    found = tags(passage.kind, record.says, record.label, record.stated, passage.per_100g)
    return {
        "id": passage.id,
        "kind": str(passage.kind),
        "title": passage.title,
        "names": list(passage.names),
        "text": passage.text,
        "search": search_text(passage),
        "facts": json.dumps(dict(passage.facts)),
        "basis": passage.basis,
        "per_100g": json.dumps(dict(passage.per_100g)),
        "portion": passage.portion,
        "portion_g": passage.portion_g,
        "source": passage.source,
        "origin": origin.id,
        "origin_name": origin.name,
        "release": origin.release,
        "licence": origin.licence,
        "key": record.key,
        "says": str(record.says),
        "label": record.label,
        "stated": list(record.stated),
        "digest": digest_of(record),
        "modified": record.modified,
        **{name: getattr(found, name) for name in TAG_COLUMNS},
    }
