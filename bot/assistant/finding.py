"""The passages for a question: one search, or one more for each food where the question names several."""

import re
from dataclasses import replace
from itertools import zip_longest

from bot.assistant.figures import nutrients_named
from bot.assistant.naming import named_passages, parts_of
from bot.assistant.wording import plain
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.diet.violations import violations
from retrieval.diet.vocabulary import unfamiliar
from retrieval.index import Index
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import Query, Sought, search

MOST_FOODS = 4
KINDS_OF_EACH = 3
"""Raw, cooked, tinned."""


async def find_passages(index: Index, query: Query, preferences: Preferences) -> tuple[Passage, ...]:
    """Return what `search` finds; for figures of several foods ("apples, bananas or plums") the best of each first.

    One search ranks all kinds of the first food before the second, which then is cut off. Who wants a dish and names
    none ("Something quick on Friday?"), or one that isn't permitted, gets dishes for that meal. Raises what `search`
    raises.
    """
    found = await search(index, query, preferences)
    if not found and (instead := _anything_for(query, preferences)) is not None:
        return await search(index, instead, preferences)
    foods = [part for part in parts_of(query.text) if _names_food(part)]
    if query.sought is not Sought.FIGURES or not 1 < len(foods) <= MOST_FOODS or not found:
        return found
    each = []
    for part in foods:
        passages = await search(index, replace(query, text=part, limit=2 * KINDS_OF_EACH), preferences)
        each.append(named_passages(part, passages)[:KINDS_OF_EACH])
    first = [passage for row in zip_longest(*each) for passage in row if passage is not None]
    distinct = {passage.id: passage for passage in (*first, *found)}
    return tuple(distinct.values())[: max(query.limit, len({passage.id for passage in first}))]


def _anything_for(query: Query, preferences: Preferences) -> Query | None:
    """Return what to search for when nothing was found; `None` for what only sounds like nothing we have."""
    names_nothing = (
        query.sought is Sought.DISHES and not lexicon().find(query.text) and not unfamiliar(query.text)
    )
    if not names_nothing and not violations(query.text, preferences.restrictions):
        return None
    text = plain(query.text)
    meal = next((meal for meal, words in _MEALS.items() if words.search(text)), "dinner")
    return replace(query, text=f"a {meal}", sought=Sought.DISHES, nutrient=None, kinds=(Kind.RECIPE,))


_MEALS = {
    "breakfast": re.compile(r"\b(?:breakfast|morning)\b"),
    "snack": re.compile(r"\b(?:snack|afternoon|between meals)\b"),
    "lunch": re.compile(r"\b(?:lunch|noon|midday)\b"),
}


def _names_food(part: str) -> bool:
    """Tell whether a part of a question names a food other than by a figure's name ("which has less sugar")."""
    return any(not nutrients_named(mention.name) for mention in lexicon().find(part))
