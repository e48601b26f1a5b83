"""Many questions' passages at once, by the search that the bot serves with."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from retrieval.embedding import Embedder
from retrieval.embedding.embedder import Vectors
from retrieval.index import Index
from retrieval.knowledge.documents import Passage
from retrieval.search import Query, Sought, find, search
from training.dataset.bootstrap.library import Library
from training.dataset.bootstrap.scene import SHOWN, Ask
from training.dataset.bootstrap.splits import may_show

_CONSIDERED = 60
"""Passages asked of a search, as many as it ever looks at: those of other splits fall away."""

_OF_EACH = 2
"""Passages of each food that has a search of its own."""

_AT_ONCE = 4


class _Prepared:
    """An embedder of questions whose vectors are there already: embedded together, they take a third of the time."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self.name, self.dimension = embedder.name, embedder.dimension

    async def prepare(self, texts: Sequence[str]) -> None:
        """Embed the texts, and forget earlier ones. The same texts in the same order give the same vectors."""
        distinct = list(dict.fromkeys(texts))
        vectors = await self._embedder.embed(distinct) if distinct else ()
        self._vectors = dict(zip(distinct, vectors, strict=True))

    async def query(self, text: str) -> Vectors:
        return self._vectors[text]

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return await self._embedder.embed(texts)

    def close(self) -> None:
        """Nothing here is its own."""


@dataclass(slots=True)
class Finder:
    """Searches for what conversations ask."""

    index: Index
    library: Library
    embedder: _Prepared

    @classmethod
    async def open(cls, index: Index, library: Library) -> "Finder":
        """Return a finder over the same knowledge base; `index` stays as it is."""
        embedder = _Prepared(index.embedder)
        return cls(await Index.open(index.uri, embedder), library, embedder)

    def close(self) -> None:
        """Close what was opened."""
        self.index.close()

    async def passages(self, asks: Sequence[Ask]) -> list[tuple[Passage, ...]]:
        """Return what is found for each, best first, of the documents that its split may show."""
        await self.embedder.prepare([text for ask in asks for text in (ask.text, *ask.also)])
        limit = asyncio.Semaphore(_AT_ONCE)  # more only get in each other's way

        async def one(ask: Ask) -> tuple[Passage, ...]:
            async with limit:
                return await self._found(ask)

        return list(await asyncio.gather(*map(one, asks)))

    async def _found(self, ask: Ask) -> tuple[Passage, ...]:
        query = Query(ask.text, _CONSIDERED, ask.sought)
        if ask.unjudged:
            candidates = await find(self.index, query, ask.preferences)
            found = tuple(hit.passage for _score, hit in candidates.hits)
        else:
            found = await search(self.index, query, ask.preferences)
        found = tuple(replace(item, score=0.0) for item in found)  # equal to the library's
        if not ask.also:
            return self._of_split(ask, found)[: 2 * SHOWN]
        each = []
        for name in ask.also:
            # A food's name is looked for among foods; what a day needs ('breakfast'), among dishes.
            sought = ask.sought if name in ask.text or ask.own else Sought.FIGURES
            named = await search(self.index, replace(query, text=name, sought=sought), ask.preferences)
            named = tuple(replace(item, score=0.0) for item in named)
            each.append(self._of_split(ask, named)[:_OF_EACH])
        first = [passage for row in zip_longest(*each) for passage in row if passage is not None]
        distinct = {passage.id: passage for passage in (*first, *self._of_split(ask, found))}
        return tuple(distinct.values())[: 2 * SHOWN]

    def _of_split(self, ask: Ask, found: Sequence[Passage]) -> tuple[Passage, ...]:
        if ask.own:
            return tuple(item for item in found if self.library.split(item) == ask.split)
        return tuple(item for item in found if may_show(ask.split, self.library.split(item)))
