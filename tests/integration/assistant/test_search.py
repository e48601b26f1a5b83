"""Search over the shipped knowledge base, in LanceDB, with the embedder that ships."""

from pathlib import Path

import pytest

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Allergen, Diet, Preferences
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError, UnavailableError
from retrieval.index import Index, describe_index, restriction_filter
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind
from retrieval.search import Query, search

ANYTHING = Query("a snack, a dinner, pasta, cheese, nuts, fish, bread, soup or advice", limit=50)


@pytest.mark.parametrize(
    ("question", "named", "first"),
    [
        ("How much protein is in cooked lentils?", True, "food:lentils-cooked"),
        ("How much salt may I eat per day?", False, "note:salt-and-sodium"),
    ],
)
async def test_the_best_passage_comes_first(index: Index, question: str, named: bool, first: str) -> None:
    found = await search(index, Query(question, named=named), Preferences())
    assert found[0].id == first


@pytest.mark.parametrize("allergy", [*Allergen, "strawberry", "lentil"])
async def test_no_passage_violates_an_allergy(index: Index, allergy: str) -> None:
    preferences = Preferences(allergies=frozenset({allergy}))
    found = await search(index, ANYTHING, preferences)
    assert found
    for passage in found:
        assert permits(passage.contains, passage.per_100g, preferences.restrictions).answer is Answer.YES


@pytest.mark.parametrize(
    "diet", [diet for diet in Diet if diet not in (Diet.LOW_CARB, Diet.LOW_SODIUM, Diet.DIABETIC)]
)
async def test_no_passage_violates_a_diet(index: Index, diet: Diet) -> None:
    preferences = Preferences(diets=frozenset({diet}))
    found = await search(index, ANYTHING, preferences)
    assert found
    for passage in found:
        assert permits(passage.contains, passage.per_100g, preferences.restrictions).answer is Answer.YES


async def test_unknown_ingredients_are_not_safe(index: Index) -> None:
    naan = Query("naan", kinds=(Kind.FOOD,))
    assert any(passage.id == "food:naan" for passage in await search(index, naan, Preferences()))
    careful = Preferences(allergies=frozenset({"lupin"}))
    assert all(passage.id != "food:naan" for passage in await search(index, naan, careful))


async def test_a_disliked_food_comes_last(index: Index) -> None:
    query = Query("tofu", limit=100)
    found = await search(index, query, Preferences(dislikes=("tofu",)))
    has_tofu = ["tofu" in (passage.contains or ()) for passage in found]
    assert has_tofu == sorted(has_tofu)
    assert True in has_tofu


async def test_a_suggestion_is_ranked_by_the_nutrient_that_was_asked_for(index: Index) -> None:
    query = Query("a snack", nutrient="protein_g", limit=3, kinds=(Kind.RECIPE,))
    found = await search(index, query, Preferences())
    assert min(passage.facts["protein_g"] for passage in found) >= 8


@pytest.mark.parametrize(
    "text", ["", " ", "🥑", "'); DROP TABLE passages; --", '"(', "a" * 5000, "كم بروتين"]
)
async def test_any_text_can_be_searched_for(index: Index, text: str) -> None:
    await search(index, Query(text), Preferences())


def test_only_words_of_the_lexicon_become_a_filter() -> None:
    assert restriction_filter(Preferences().restrictions) is None
    for wrong in ("peanuts') OR true --", "", "nosuchthing"):
        with pytest.raises(BadInputError, match="unknown allergy"):
            restriction_filter(Preferences(allergies=frozenset({wrong})).restrictions)


async def test_a_build_that_is_up_to_date_changes_nothing(
    knowledge: str, index: Index, embedder: Embedder
) -> None:
    before = await index.table.version()
    catalogue = load_catalogue()
    again = await Index.build(knowledge, embedder, passages(catalogue), catalogue.digest)
    assert await again.table.version() == before


async def test_a_build_that_was_killed_is_done_again(tmp_path: Path, embedder: Embedder) -> None:
    uri, few = str(tmp_path / "knowledge"), passages(load_catalogue())[:20]
    first = await Index.build(uri, embedder, few, "digest")
    names = {item.columns[0]: item.name for item in await first.table.list_indices()}
    await first.table.drop_index(names["search"])  # as if it had been killed before its last step
    mended = await Index.build(uri, embedder, few, "digest")
    assert "search" in {item.columns[0] for item in await mended.table.list_indices()}


async def test_a_missing_knowledge_base_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="platewise knowledge build"):
        await describe_index(str(tmp_path))


def test_the_lexicon_knows_every_allergen() -> None:
    assert all(allergen in lexicon() for allergen in Allergen)
