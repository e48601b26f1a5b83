"""Passages for questions that name several foods, over the shipped knowledge base."""

import pytest

from bot.assistant.finding import find_passages
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Preferences
from retrieval.index import Index
from retrieval.search import Query, Sought, search


@pytest.mark.parametrize(
    ("question", "foods"),
    [
        ("Which has less sugar: apples, bananas or strawberries?", {"apple", "banana", "strawberries"}),
        ("butter vs olive oil", {"butter-salted", "olive-oil"}),
        ("How much iron is in spinach and in tofu?", {"spinach-cooked", "tofu-firm"}),
    ],
)
async def test_every_food_that_is_named_is_found(index: Index, question: str, foods: set[str]) -> None:
    found = await find_passages(index, Query(question, limit=5, sought=Sought.FIGURES), Preferences())
    assert {f"food:{food}" for food in foods} <= {passage.id for passage in found}


async def test_what_is_not_permitted_is_not_found_by_its_own_search_either(index: Index) -> None:
    who = Preferences(allergies=frozenset({"milk"}))
    found = await find_passages(index, Query("butter vs olive oil", sought=Sought.FIGURES), who)
    assert "food:olive-oil" in {passage.id for passage in found}
    for passage in found:
        assert permits(passage.contains, passage.per_100g, who.restrictions).answer is Answer.YES


async def test_a_question_about_one_food_is_one_search(index: Index) -> None:
    query = Query("How much protein is in cooked lentils?", sought=Sought.FIGURES)
    assert await find_passages(index, query, Preferences()) == await search(index, query, Preferences())
