"""Search over the shipped knowledge base, in LanceDB, with the embedder that ships."""

import pytest

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Allergen, Diet, Preferences
from retrieval.embedding import Embedder
from retrieval.errors import BadInputError
from retrieval.index import Index, restriction_filter
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind
from retrieval.publishing import versions
from retrieval.search import Query, Sought, search
from retrieval.upkeep import bring_up_to_date

ANYTHING = Query("a snack, a dinner, pasta, cheese, nuts, fish, bread, soup or advice", limit=50)


@pytest.mark.parametrize(
    ("question", "sought", "first"),
    [
        ("How much protein is in cooked lentils?", Sought.FIGURES, "food:lentils-cooked"),
        ("How much salt may I eat per day?", Sought.ANYTHING, "note:salt-and-sodium"),
    ],
)
async def test_the_best_passage_comes_first(index: Index, question: str, sought: Sought, first: str) -> None:
    found = await search(index, Query(question, sought=sought), Preferences())
    assert found[0].id == first


SOME_INGREDIENTS = [
    "almond",
    "strawberry",
    "lentil",
    "kiwi",
    "cheese",
    "garlic",
    "shellfish",
    "walnut",
    "wheat",
]


async def permitted_by_the_filter(index: Index, preferences: Preferences) -> set[str]:
    """The ids of all passages that pass the filter inside LanceDB."""
    where = restriction_filter(preferences.restrictions)
    assert where is not None
    table = (await index.snapshot()).table
    rows = await table.query().where(where).select(["id"]).limit(10_000).to_list()
    return {row["id"] for row in rows}


@pytest.mark.parametrize("allergy", [*Allergen, *SOME_INGREDIENTS])
async def test_the_filter_lets_through_what_is_permitted_with_an_allergy_and_nothing_else(
    index: Index, allergy: str
) -> None:
    preferences = Preferences(allergies=frozenset({allergy}))
    permitted = {
        passage.id
        for passage in passages(load_catalogue())
        if permits(passage.contains, passage.per_100g, preferences.restrictions).answer is Answer.YES
    }
    assert await permitted_by_the_filter(index, preferences) == permitted


@pytest.mark.parametrize("diet", list(Diet))
async def test_the_filter_lets_through_what_suits_a_diet_and_nothing_else(index: Index, diet: Diet) -> None:
    preferences = Preferences(diets=frozenset({diet}))
    suitable = {
        passage.id
        for passage in passages(load_catalogue())
        if passage.kind is not Kind.NOTE
        and permits(passage.contains, passage.per_100g, preferences.restrictions).answer is Answer.YES
    }
    let_through = await permitted_by_the_filter(index, preferences)
    assert {key for key in let_through if not key.startswith("note:")} == suitable


async def test_search_asks_with_the_filter(index: Index) -> None:
    preferences = Preferences(allergies=frozenset({"milk"}), diets=frozenset({Diet.VEGAN}))
    allowed = await permitted_by_the_filter(index, preferences)
    found = await search(index, ANYTHING, preferences)
    assert found
    assert {passage.id for passage in found} <= allowed


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


async def test_what_is_up_to_date_is_left_alone(knowledge: str, embedder: Embedder) -> None:
    before = await versions(knowledge)
    await bring_up_to_date(knowledge, embedder, load_catalogue())
    assert await versions(knowledge) == before


def test_the_lexicon_knows_every_allergen() -> None:
    assert all(allergen in lexicon() for allergen in Allergen)
