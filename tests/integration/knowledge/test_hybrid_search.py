"""Both legs, fusion and feedback on a real LanceDB table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest
from lancedb import AsyncTable, connect_async

from retrieval.hybrid import Method, Ranked, Ranking, Vector, full_text_index, rank

# Two directions stand for two topics: 0 is soup, 1 is bread.
ROWS = (
    ("soup", "Harira", "Harira. Moroccan soup with lentils and tomatoes.", (1.0, 0.0, 0.0)),
    ("stew", "Lentil stew", "Lentil stew. Slow cooked, thick.", (0.9, 0.1, 0.0)),
    ("bread", "Rye bread", "Rye bread. Dense and dark.", (0.0, 1.0, 0.0)),
    ("feast", "A feast", "A feast. Harira comes first, before dates and milk.", (0.0, 0.0, 1.0)),
    ("peanut", "Peanut soup", "Peanut soup. Moroccan soup with peanuts.", (1.0, 0.0, 0.0)),
)
BEST = Ranking()
WITHOUT_PEANUT = "id != 'peanut'"


@dataclass(frozen=True)
class Found:
    """A ranking, and which documents it names."""

    ids: tuple[str, ...]
    ranked: Ranked


@pytest.fixture
async def table(tmp_path: Path) -> AsyncTable:
    """Five documents, indexed."""
    ids, titles, texts, vectors = zip(*ROWS, strict=True)
    column = pa.FixedSizeListArray.from_arrays(pa.array(np.array(vectors).ravel(), pa.float32()), 3)
    kinds = ["bread" if name == "bread" else "dish" for name in ids]
    rows = pa.table({"id": ids, "kind": kinds, "title": titles, "search": texts, "vector": column})
    made = await (await connect_async(tmp_path)).create_table("rows", rows)
    await made.create_index("search", config=full_text_index())
    return made


async def ask(
    table: AsyncTable,
    question: str,
    vector: Sequence[float] = (1.0, 0.0, 0.0),
    ranking: Ranking = BEST,
    where: str | None = None,
    *,
    exact: bool,
    favours: Mapping[str, float] = MappingProxyType({}),
) -> Found:
    """Rank with a vector that is ready."""

    async def ready() -> Vector:
        return np.asarray(vector, np.float32)

    ranked = await rank(table, question, ready(), where=where, ranking=ranking, exact=exact, favours=favours)
    rows = await table.query().with_row_id().select(["id"]).to_list()
    ids = {row["_rowid"]: row["id"] for row in rows}
    return Found(tuple(ids[key] for key in ranked.row_ids.tolist()), ranked)


@pytest.mark.parametrize("exact", [True, False])
async def test_the_filter_holds_in_every_leg_and_round(table: AsyncTable, exact: bool) -> None:
    for method in Method:
        ranking = Ranking(method=method)
        found = await ask(
            table, "Moroccan soup with peanuts", ranking=ranking, where=WITHOUT_PEANUT, exact=exact
        )
        assert found.ids
        assert found.ids[0] == "soup"
        assert "peanut" not in found.ids


@pytest.mark.parametrize("exact", [True, False])
async def test_feedback_finds_what_shares_words_only_with_the_best_title(
    table: AsyncTable, exact: bool
) -> None:
    ranking = Ranking(feedback=1)
    once = await ask(table, "lentils tomatoes", ranking=ranking.once(), where=WITHOUT_PEANUT, exact=exact)
    again = await ask(table, "lentils tomatoes", ranking=ranking, where=WITHOUT_PEANUT, exact=exact)
    assert once.ids[0] == again.ids[0] == "soup"
    assert once.ranked.scores[once.ids.index("feast")] == pytest.approx(0.0)
    assert again.ids.index("feast") < again.ids.index("bread")
    at = again.ids.index("feast")
    assert again.ranked.bm25[at] == 0.0, "its own words aren't the question's"


async def test_reading_all_vectors_or_asking_for_the_nearest_ranks_alike(table: AsyncTable) -> None:
    every, nearest = [
        await ask(table, "dark bread", (0.1, 0.99, 0.0), exact=exact) for exact in (True, False)
    ]
    assert every.ids == nearest.ids
    assert every.ranked.scores == pytest.approx(nearest.ranked.scores, abs=1e-6)
    assert (every.ranked.best_similarity, every.ranked.best_bm25) == pytest.approx(
        (nearest.ranked.best_similarity, nearest.ranked.best_bm25), abs=1e-6
    )
    assert every.ranked.best_similarity == pytest.approx(0.99)
    assert every.ranked.best_bm25 > 0.0


@pytest.mark.parametrize("exact", [True, False])
async def test_a_question_without_words_or_a_filter_without_rows_is_no_error(
    table: AsyncTable, exact: bool
) -> None:
    wordless = await ask(table, "?!", (0.0, 1.0, 0.0), exact=exact)
    assert wordless.ids[0] == "bread"
    assert wordless.ranked.best_bm25 == 0.0
    nothing = await ask(table, "soup", where="id = 'nothing'", exact=exact)
    assert nothing.ids == ()
    assert (nothing.ranked.best_similarity, nothing.ranked.best_bm25) == (0.0, 0.0)


@pytest.mark.parametrize("exact", [True, False])
async def test_a_favoured_kind_comes_earlier_and_never_past_the_filter(
    table: AsyncTable, exact: bool
) -> None:
    one = Ranking(candidates=1).once()
    plain = await ask(table, "soup", ranking=one, exact=exact)
    favoured = await ask(table, "soup", ranking=one, exact=exact, favours={"bread": 2.0})
    assert "bread" not in plain.ids[:1]
    assert favoured.ids[0] == "bread", "it has candidates of its own, however near all others are"
    without = await ask(
        table, "soup", ranking=one, where="id != 'bread'", exact=exact, favours={"bread": 2.0}
    )
    assert "bread" not in without.ids
