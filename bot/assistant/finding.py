"""The passages for a question: one search, or one more for each food where the question names several."""

from dataclasses import replace
from itertools import zip_longest

from bot.assistant.naming import named_passages, parts_of
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.index import Index
from retrieval.knowledge.documents import Passage
from retrieval.search import Query, Sought, search

MOST_FOODS = 4
KINDS_OF_EACH = 3
"""Raw, cooked, tinned."""


async def find_passages(index: Index, query: Query, preferences: Preferences) -> tuple[Passage, ...]:
    """Return what `search` finds; for figures of several foods ("apples, bananas or plums") the best of each first.

    One search ranks all kinds of the first food before the second, which then is cut off. Raises what `search` raises.
    """
    found = await search(index, query, preferences)
    foods = [part for part in parts_of(query.text) if lexicon().find(part)]
    if query.sought is not Sought.FIGURES or not 1 < len(foods) <= MOST_FOODS or not found:
        return found
    each = []
    for part in foods:
        passages = await search(index, replace(query, text=part, limit=2 * KINDS_OF_EACH), preferences)
        each.append(named_passages(part, passages)[:KINDS_OF_EACH])
    first = [passage for row in zip_longest(*each) for passage in row if passage is not None]
    distinct = {passage.id: passage for passage in (*first, *found)}
    return tuple(distinct.values())[: max(query.limit, len({passage.id for passage in first}))]
