"""The LanceDB table of passages: what is in it, and how it is built."""

import asyncio
import fcntl
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import excluded_by, suitable_diets
from retrieval.diet.preferences import Restrictions
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError, UnavailableError
from retrieval.knowledge.documents import Kind, Passage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lancedb import AsyncTable

TABLE = "passages"
LAYOUT = "1"
"""Raise it when the columns change: an index of another layout is rebuilt."""

_ID = re.compile(r"[a-z0-9_]+")
_LOCK_WAIT_S = 120.0
_BATCH = 64


class Index:
    """An open table of passages with their vectors, ready to be searched by many tasks at once."""

    def __init__(self, table: "AsyncTable", embedder: Embedder, digest: str, rows: int) -> None:
        self.table = table
        self.embedder = embedder
        self.digest = digest
        self.rows = rows

    @classmethod
    async def build(
        cls,
        uri: str,
        embedder: Embedder,
        passages: Sequence[Passage],
        digest: str,
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> Self:
        """Make the table of `passages` at `uri`, unless the very same one is there already.

        `digest` names what the passages' tags follow from (the lexicon). With the passages, the embedder and the
        layout it decides whether there is anything to do. `progress(done, total)` is called as passages are
        embedded. A build that was killed leaves a table without its last index, and is done again by the next
        call. Two processes take turns. Raises `UnavailableError` when the disk or the store fails.
        """
        wanted = _fingerprint(digest, embedder, passages)
        async with _locked(uri), _explained(uri):
            table = await _open_table(uri)
            if table is None or await _fingerprint_of(table) != wanted or not await _has_indexes(table):
                table = await _create(uri, embedder, passages, wanted, progress)
            return cls(table, embedder, digest, await table.count_rows())

    def close(self) -> None:
        """Close the table's handle."""
        self.table.close()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Described:
    """What an index says of itself."""

    embedder: str
    rows: int


async def describe_index(uri: str) -> Described:
    """Look into the index at `uri` without an embedder. Raises `UnavailableError` when there is none."""
    table = await _open_table(uri)
    if table is None:
        raise UnavailableError(f"nothing at {uri} yet; run `platewise knowledge build`")
    return Described((await _fingerprint_of(table)).get("embedder", ""), await table.count_rows())


def restriction_filter(restrictions: Restrictions) -> str | None:
    """Return the SQL condition under which a passage may be given to a person with `restrictions`.

    It runs inside LanceDB, before ranking. Unknown ingredients never pass it.
    Raises `BadInputError` for an allergy that isn't a lexicon id: such a word must never become SQL.
    """
    conditions: list[str] = []
    if restrictions.allergies:
        excluded = [excluded_by(_checked(allergy)) for allergy in restrictions.allergies]
        contents = frozenset().union(*(item.contents for item in excluded))
        conditions.append(f"known AND NOT array_has_any(contains, {_sql_list(contents)})")
        if words := frozenset().union(*(item.words for item in excluded)):
            conditions.append(f"NOT array_has_any(ingredients, {_sql_list(words)})")
    if restrictions.diets:
        conditions.append(f"array_has_all(suits, {_sql_list(restrictions.diets)})")
    return " AND ".join(conditions) or None


def passage_from_row(row: Mapping[str, Any], score: float) -> Passage:
    """Turn a row of the table back into the passage that it was made from."""
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


def search_text(passage: Passage) -> str:
    """Return the words by which `passage` should be found.

    A food is found by what it is called: its figures name every nutrient, and would match every question.
    """
    called = ". ".join((passage.title, *passage.names))
    return called if passage.kind is Kind.FOOD else f"{called}. {passage.text}"


def _checked(allergy: str) -> str:
    if not _ID.fullmatch(allergy) or allergy not in lexicon():
        raise BadInputError(
            f"unknown allergy '{allergy}'; use an allergen's id or an ingredient of the lexicon"
        )
    return allergy


def _sql_list(names: Iterable[str]) -> str:
    return f"[{', '.join(repr(str(name)) for name in sorted(names))}]"


def _schema(dimension: int, metadata: dict[str, str]) -> pa.Schema:
    words = pa.list_(pa.string())
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("title", pa.string(), nullable=False),
            pa.field("names", words),
            pa.field("text", pa.string(), nullable=False),
            pa.field("search", pa.string(), nullable=False),
            pa.field("facts", pa.string()),
            pa.field("basis", pa.string()),
            pa.field("per_100g", pa.string()),
            pa.field("portion", pa.string()),
            pa.field("portion_g", pa.float64()),
            pa.field("source", pa.string()),
            pa.field("known", pa.bool_(), nullable=False),
            pa.field("ingredients", words),
            pa.field("contains", words),
            pa.field("suits", words),
            pa.field("vector", pa.list_(pa.float32(), dimension), nullable=False),
        ],
        metadata={f"platewise.{key}": value for key, value in metadata.items()},
    )


def _row(passage: Passage, vector: Any) -> dict[str, Any]:
    contents = lexicon().contents(passage.contains or ())
    # Advice has no figures, so only a diet's rules about ingredients can apply to it.
    facts = {"sodium_mg": 0.0, "carbohydrate_g": 0.0, "sugar_g": 0.0} if passage.kind is Kind.NOTE else None
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
        "known": passage.contains is not None,
        "ingredients": list(passage.contains or ()),
        "contains": sorted(contents.ingredients | contents.allergens),
        "suits": sorted(suitable_diets(passage.contains, passage.per_100g if facts is None else facts)),
        "vector": vector,
    }


async def _create(
    uri: str,
    embedder: Embedder,
    passages: Sequence[Passage],
    metadata: dict[str, str],
    progress: Callable[[int, int], None],
) -> "AsyncTable":
    from lancedb import connect_async
    from lancedb.index import FTS, Bitmap, LabelList

    rows: list[dict[str, Any]] = []
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        vectors = await embedder.embed([search_text(passage) for passage in batch])
        rows += [_row(passage, vector) for passage, vector in zip(batch, vectors, strict=True)]
        progress(len(rows), len(passages))
    schema = _schema(embedder.dimension, metadata)
    connection = await connect_async(uri)
    table = await connection.create_table(TABLE, pa.Table.from_pylist(rows, schema=schema), mode="overwrite")
    for column in ("contains", "suits"):
        await table.create_index(column, config=LabelList())
    await table.create_index("kind", config=Bitmap())
    # Last, because its presence is what tells a finished build from a killed one.
    await table.create_index("search", config=FTS(stem=True, remove_stop_words=True, ascii_folding=True))
    return table


async def _open_table(uri: str) -> "AsyncTable | None":
    from lancedb import connect_async

    connection = await connect_async(uri)
    if TABLE not in (await connection.list_tables()).tables:
        return None
    return await connection.open_table(TABLE)


async def _has_indexes(table: "AsyncTable") -> bool:
    return any(index.columns == ["search"] for index in await table.list_indices())


def _fingerprint(digest: str, embedder: Embedder, passages: Sequence[Passage]) -> dict[str, str]:
    rendered = json.dumps([passage.as_dict() for passage in passages]).encode()
    return {
        "digest": digest,
        "passages": hashlib.sha256(rendered).hexdigest(),
        "embedder": embedder.name,
        "layout": LAYOUT,
    }


async def _fingerprint_of(table: "AsyncTable") -> dict[str, str]:
    return _metadata(await table.schema())


def _metadata(schema: pa.Schema) -> dict[str, str]:
    items = (schema.metadata or {}).items()
    prefix = b"platewise."
    return {key[len(prefix) :].decode(): value.decode() for key, value in items if key.startswith(prefix)}


@asynccontextmanager
async def _explained(uri: str) -> "AsyncIterator[None]":
    """Turn what LanceDB raises for a full disk, a damaged file or a lost bucket into one clear line."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        # Its messages end with places in its own source.
        cause = re.sub(r"^lance error: |,? ?/\S+\.rs:[\d:]+", "", str(error)).splitlines()[0]
        raise UnavailableError(
            f"knowledge: {uri} can't be used: {cause}; free some space, or delete that folder and build it again"
        ) from error


@asynccontextmanager
async def _locked(uri: str) -> "AsyncIterator[None]":
    """Hold the build lock of a local folder; object storage has none, and overwrites are atomic there."""
    if "://" in uri:
        yield
        return
    folder = Path(uri)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(f"knowledge: can't make the folder {folder}: {error.strerror}") from error
    with _file(folder / ".build.lock") as handle:
        async with asyncio.timeout(_LOCK_WAIT_S):
            while not _try_lock(handle):  # noqa: ASYNC110 - another process holds it: nothing to await on
                await asyncio.sleep(0.1)
        yield


@contextmanager
def _file(path: Path) -> Iterator[int]:
    with path.open("a") as handle:
        yield handle.fileno()


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
