"""What happens to a knowledge base when it is added to, corrected, interrupted and rolled back."""

import asyncio
from pathlib import Path

import pytest

from retrieval import index as index_module
from retrieval import rows, upkeep
from retrieval.adding import Added, add
from retrieval.diet.preferences import Preferences
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError, UnavailableError
from retrieval.index import Index, describe_index, restriction_filter
from retrieval.knowledge.loaders.loader import Loader
from retrieval.publishing import drafting, maintain, rollback, versions
from retrieval.rows import hit_from
from retrieval.tags import Tags
from retrieval.upkeep import reembed
from tests.fakes.embedder import WordEmbedder
from tests.fakes.records import RecordList, foods, record

OATS, MUESLI = record("oats", label="oats"), record("muesli", label="oats, almonds")


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return str(tmp_path / "knowledge")


@pytest.fixture
def words() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers look for changes at every search."""
    monkeypatch.setattr(index_module, "FRESH_S", 0.0)


async def put(uri: str, embedder: Embedder, loader: Loader, source: str = "source") -> Added:
    return await add(uri, embedder, loader, reason="a test", source=source)


async def ids(index: Index) -> list[str]:
    table = (await index.snapshot()).table
    return sorted(row["id"] for row in await table.query().select(["id"]).to_list())


async def text_of(index: Index, key: str) -> str:
    table = (await index.snapshot()).table
    [row] = await table.query().where(f"id = '{key}'").select(["passage"]).to_list()
    return hit_from(row["passage"]).passage.text


async def test_what_is_added_is_seen_by_who_has_it_open(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS,)))
    index = await Index.open(uri, words)
    before = await index.snapshot()
    await put(uri, words, RecordList((MUESLI,)), "another")
    assert await ids(index) == ["food:muesli", "food:oats"]
    assert await before.table.count_rows() == 1, "a search under way keeps what it began with"


async def test_a_new_row_is_found_by_its_words_and_by_its_meaning(uri: str, words: WordEmbedder) -> None:
    from lancedb.query import MatchQuery

    await put(uri, words, RecordList((OATS,)))
    await put(uri, words, RecordList((MUESLI,)), "another")
    table = (await (await Index.open(uri, words)).snapshot()).table
    by_text = await table.query().nearest_to_text(MatchQuery("muesli", "search")).to_list()
    by_vector = await table.query().nearest_to(await words.query("muesli")).limit(1).to_list()
    assert [row["id"] for row in (*by_text, *by_vector)] == ["food:muesli"] * 2


async def test_the_same_source_twice_changes_nothing(uri: str, words: WordEmbedder) -> None:
    first = await put(uri, words, RecordList((OATS, MUESLI)))
    again = await put(uri, words, RecordList((OATS, MUESLI)))
    assert (first.added, again.added, again.unchanged, again.change) == (2, 0, 2, None)
    assert len(await versions(uri)) == 1
    assert len(words.embedded) == 2


async def test_a_newer_source_replaces_what_changed_and_nothing_else(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS, MUESLI)))
    newer = await put(
        uri, words, RecordList((OATS, record("muesli", "Now with honey.", label="oats, honey"))), "b"
    )
    assert (newer.added, newer.changed, newer.unchanged, newer.removed) == (0, 1, 1, 0)
    assert await text_of(await Index.open(uri, words), "food:muesli") == "Now with honey."
    assert len(words.embedded) == 2, "its name is what it was, and so is its vector"


async def test_an_older_record_never_replaces_a_newer_one(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((record("oats", "New.", modified=2_000),)))
    older = await put(uri, words, RecordList((record("oats", "Old.", modified=1_000),)), "older")
    assert older.change is None
    assert await text_of(await Index.open(uri, words), "food:oats") == "New."


@pytest.mark.parametrize(("complete", "left"), [(True, ["food:oats"]), (False, ["food:muesli", "food:oats"])])
async def test_only_a_complete_source_removes_what_it_lacks(
    uri: str, words: WordEmbedder, complete: bool, left: list[str]
) -> None:
    await put(uri, words, RecordList((OATS, MUESLI)))
    await put(uri, words, RecordList((OATS,), complete=complete), "shorter")
    assert await ids(await Index.open(uri, words)) == left


async def test_rows_that_cant_be_read_are_listed_and_the_rest_is_added(uri: str, words: WordEmbedder) -> None:
    added = await put(uri, words, RecordList((OATS, "energy is 'lots', not a number", MUESLI, OATS)))
    assert (added.added, added.left_out) == (2, 2)
    assert [fault.where for fault in added.faults] == ["test.csv, line 2", "food:oats"]


async def test_a_source_with_nothing_to_read_is_refused_and_changes_nothing(
    uri: str, words: WordEmbedder
) -> None:
    await put(uri, words, RecordList((OATS,)))
    with pytest.raises(
        BadInputError, match=r"none of 2 rows can be read; the first one, test\.csv, line 1: no name"
    ):
        await put(uri, words, RecordList(("no name", "no name either")), "bad")
    assert len(await versions(uri)) == 1


async def test_a_source_that_breaks_off_changes_nothing_and_is_gone_on_with(
    uri: str, words: WordEmbedder
) -> None:
    await put(uri, words, RecordList((OATS,)))
    many = foods({f"food-{number}": "oats" for number in range(20)})
    with pytest.raises(BadInputError, match="truncated"):
        await put(uri, words, RecordList(many, breaks_at=9), "many")
    assert await ids(await Index.open(uri, words)) == ["food:oats"]
    words.embedded.clear()
    added = await put(uri, words, RecordList(many), "many")
    assert added.added == 20
    assert len(await ids(await Index.open(uri, words))) == 21
    assert len(words.embedded) == 4, "batches 0 to 7 were committed before it broke"


async def test_nothing_of_a_change_is_seen_before_all_of_it(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS,)))
    index = await Index.open(uri, words)
    async with drafting(uri) as draft:
        # As a writer does that is killed before it publishes.
        await draft.table.delete("id = 'food:oats'")
        assert await ids(index) == ["food:oats"]
    assert await ids(await Index.open(uri, words)) == ["food:oats"]
    await put(uri, words, RecordList((MUESLI,)), "next")
    assert await ids(index) == ["food:muesli", "food:oats"], "the next writer undoes what was left"


async def test_a_rollback_brings_back_what_was(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS,)))
    await put(uri, words, RecordList((MUESLI,)), "mistake")
    index = await Index.open(uri, words)
    change = await rollback(uri, 1)
    assert (change.number, change.reason) == (3, "back to version 1")
    assert await ids(index) == ["food:oats"]
    with pytest.raises(BadInputError, match="there is no version 9; there are 1 to 3"):
        await rollback(uri, 9)


async def test_upkeep_keeps_every_row_and_whoever_reads(uri: str, words: WordEmbedder) -> None:
    for name in ("oats", "rye", "spelt"):
        await put(uri, words, RecordList((record(name),)), name)
    index = await Index.open(uri, words)
    await maintain(uri)
    assert await ids(index) == ["food:oats", "food:rye", "food:spelt"]
    assert [change.number for change in await versions(uri)] == [1, 2, 3]


async def test_another_embedder_is_refused_with_the_mend(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS,)))
    other = WordEmbedder("others", 16)
    for attempt in (Index.open(uri, other), put(uri, other, RecordList((MUESLI,)), "b")):
        with pytest.raises(
            BadInputError, match=r"made with the embedder 'words', not 'others'; .*build --reembed"
        ):
            await attempt
    await reembed(uri, other)
    assert await ids(await Index.open(uri, other)) == ["food:oats"]


async def test_a_changed_lexicon_tags_again_what_was_added_before(
    uri: str, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An allergen that is learnt later must be found in what was loaded earlier."""
    with pytest.MonkeyPatch.context() as yesterday:
        yesterday.setattr(
            rows, "tags", lambda *_, **_named: Tags(known=True, ingredients=(), contains=(), suits=())
        )
        await put(uri, words, RecordList((MUESLI,)))
    careful = restriction_filter(Preferences(allergies=frozenset({"tree_nuts"})).restrictions)
    index = await Index.open(uri, words)
    assert await (await index.snapshot()).table.count_rows(careful) == 1
    monkeypatch.setattr(upkeep, "tags_digest", lambda: "another")
    await upkeep.keep_tags(uri)
    assert await (await index.snapshot()).table.count_rows(careful) == 0
    assert (await versions(uri))[-1].reason == "the lexicon changed"


async def test_origins_and_licences_are_told(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS, MUESLI)))
    [origin] = (await describe_index(uri)).origins
    assert (origin.origin, origin.licence, origin.kind, origin.count) == ("test", "MIT", "food", 2)


async def test_what_is_open_is_searched_on_while_changes_cant_be_looked_for(
    uri: str, words: WordEmbedder
) -> None:
    await put(uri, words, RecordList((OATS,)))
    index = await Index.open(uri, words)
    await put(uri, words, RecordList((MUESLI,)), "b")
    for manifest in (Path(uri) / "changes.lance" / "_versions").iterdir():
        manifest.write_bytes(b"nonsense")
    assert await ids(index) == ["food:oats"]


async def test_many_searches_at_once_read_more_than_is_kept(
    uri: str, words: WordEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "_ROWS_KEPT", 2)
    await put(uri, words, RecordList(foods({f"food-{number}": "oats" for number in range(12)})))
    snapshot = await (await Index.open(uri, words)).snapshot()
    rows = await snapshot.table.query().with_row_id().select(["id"]).to_list()
    wanted = [[row["_rowid"] for row in rows[start : start + 6]] for start in range(6)]
    found = await asyncio.gather(*(snapshot.hits(some) for some in wanted * 3))
    assert [[hit.passage.id for hit in hits] for hits in found[:6]] == [
        [row["id"] for row in rows[start : start + 6]] for start in range(6)
    ]


async def test_a_missing_knowledge_base_says_how_to_make_it(uri: str, words: WordEmbedder) -> None:
    for attempt in (describe_index(uri), Index.open(uri, words), rollback(uri, 1)):
        with pytest.raises(UnavailableError, match="platewise knowledge build"):
            await attempt


async def test_a_damaged_knowledge_base_is_one_clear_line(uri: str, words: WordEmbedder) -> None:
    await put(uri, words, RecordList((OATS,)))
    for manifest in (Path(uri) / "passages.lance" / "_versions").iterdir():
        manifest.write_bytes(b"nonsense")
    with pytest.raises(UnavailableError, match=r"can't be used: [^\n]*; free some space"):
        await Index.open(uri, words)
