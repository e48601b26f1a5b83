"""A passage as a row of the LanceDB table, and back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retrieval.knowledge.documents import Kind, Passage, Record, Says
from retrieval.tags import Tags, tags

TABLE = "passages"

LAYOUT = "2"
"""Raise it when the columns change."""

TAG_COLUMNS = ("known", "ingredients", "contains", "suits")
"""What follows from the lexicon."""

_TEXT_COLUMNS = (
    *("id", "kind", "title", "search", "passage", "key"),
    *("origin", "origin_name", "release", "licence", "says", "label", "digest"),
)
_META = "platewise."


def schema(dimension: int, embedder: str) -> pa.Schema:
    """Return the table's columns; the name of the embedder and the layout are written into its metadata."""
    words = pa.list_(pa.string())
    return pa.schema(
        [
            *(pa.field(name, pa.string(), nullable=False) for name in _TEXT_COLUMNS),
            pa.field("modified", pa.int64()),
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
    read = rows.select(["kind", "title", "says", "label", "stated", "passage", "key", "origin"]).to_pylist()
    said = [json.loads(row["passage"])["passage"] for row in read]
    new = [
        tags(
            Kind(row["kind"]),
            row["title"],
            says=Says(row["says"]),
            label=row["label"],
            stated=tuple(row["stated"]),
            per_100g=each["per_100g"],
        )
        for row, each in zip(read, said, strict=True)
    ]
    packed = [
        _packed(each, found, row["key"], row["origin"])
        for row, each, found in zip(read, said, new, strict=True)
    ]
    rows = rows.set_column(
        rows.schema.get_field_index("passage"), rows.schema.field("passage"), pa.array(packed)
    )
    for name in TAG_COLUMNS:
        values = pa.array([getattr(item, name) for item in new], type=rows.schema.field(name).type)
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), values)
    return rows


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search reads of a row: the passage, all that it `contains`, where it comes from, what it is found by."""

    passage: Passage
    contains: frozenset[str]
    key: str
    origin: str
    search: str


def hit_from(packed: str) -> Hit:
    """Return what the column `passage` packs."""
    row = json.loads(packed)
    said = row["passage"]
    passage = Passage(
        **{**said, "kind": Kind(said["kind"]), "names": tuple(said["names"])},
        contains=None if row["ingredients"] is None else tuple(row["ingredients"]),
    )
    return Hit(passage, frozenset(row["contains"]), row["key"], row["origin"], search_text(passage))


def _row(record: Record) -> dict[str, Any]:
    passage, origin = record.passage, record.origin
    said = {name: value for name, value in passage.as_dict().items() if name not in ("contains", "score")}
    found = tags(
        passage.kind,
        passage.title,
        says=record.says,
        label=record.label,
        stated=record.stated,
        per_100g=passage.per_100g,
    )
    return {
        "id": passage.id,
        "kind": str(passage.kind),
        "title": passage.title,
        "search": search_text(passage),
        "passage": _packed(said, found, record.key, origin.id),
        "key": record.key,
        "origin": origin.id,
        "origin_name": origin.name,
        "release": origin.release,
        "licence": origin.licence,
        "says": str(record.says),
        "label": record.label,
        "stated": list(record.stated),
        "digest": digest_of(record),
        "modified": record.modified,
        **{name: getattr(found, name) for name in TAG_COLUMNS},
    }


def _packed(said: Mapping[str, Any], found: Tags, key: str, origin: str) -> str:
    """Return all that a search shows in one text: reading one column takes a sixth of the time of reading twelve."""
    return json.dumps(
        {
            "passage": said,
            "ingredients": found.ingredients if found.known else None,
            "contains": found.contains,
            "key": key,
            "origin": origin,
        },
        ensure_ascii=False,
    )
