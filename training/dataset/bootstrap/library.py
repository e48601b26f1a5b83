"""Every document of a knowledge base that questions may be about, by split, and what one person may be given of it."""

import hashlib
import heapq
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Restrictions
from retrieval.errors import BadInputError
from retrieval.index import Index
from retrieval.knowledge.documents import Kind, Passage
from retrieval.rows import hit_from
from retrieval.words import significant_words
from training.dataset.bootstrap.datafiles import words
from training.dataset.bootstrap.splits import SPLITS, Split, family, split_of

MOST = 20_000
"""Documents that are asked about. Of a larger knowledge base so many are taken, by the hash of their ids."""

_NEEDED = 12
"""Documents in each split, below which a dataset would ask the same few things over and over."""


@dataclass(slots=True)
class Library:
    """Documents by split and kind, in the order of their ids."""

    by_split: dict[tuple[Split, Kind], tuple[Passage, ...]]
    names: frozenset[str]
    """What is there, as significant words of titles and names joined in order: for what isn't there."""

    _split: dict[str, Split]
    _permitted: dict[tuple[Restrictions, Split, Kind], tuple[Passage, ...]] = field(default_factory=dict)
    _stand_ins: dict[Split, list[tuple[Sequence[str], str, Passage]]] = field(default_factory=dict)

    @classmethod
    async def read(cls, index: Index) -> Self:
        """Read the documents that `index` serves. Raises `BadInputError` when they are too few to make a dataset of."""
        snapshot = await index.snapshot()
        chosen: list[tuple[int, str, str]] = []
        async for batch in await snapshot.table.query().select(["id", "passage"]).to_batches():
            for key, packed in zip(batch["id"].to_pylist(), batch["passage"].to_pylist(), strict=True):
                item = (-_hash(key), key, packed)
                if len(chosen) < MOST:
                    heapq.heappush(chosen, item)
                else:
                    heapq.heappushpop(chosen, item)
        ordered = sorted(chosen, key=lambda item: item[1])
        return cls.of([hit_from(packed).passage for _hash_, _key, packed in ordered])

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Self:
        """Sort `passages` into splits. Raises `BadInputError` when a split would have too few foods or recipes."""
        found: dict[tuple[Split, Kind], list[Passage]] = {(s, k): [] for s in SPLITS for k in Kind}
        splits: dict[str, Split] = {}
        names: set[str] = set()
        for passage in passages:
            splits[passage.id] = split = split_of(family(passage))
            found[split, passage.kind].append(passage)
            names.update(_key(name) for name in (passage.title, *passage.names))
        for (split, kind), documents in found.items():
            if kind is not Kind.NOTE and len(documents) < _NEEDED:
                raise BadInputError(
                    f"bootstrap: the knowledge base has {len(documents)} documents of kind '{kind}' for {split}, and "
                    f"needs {_NEEDED}; add more with `platewise knowledge add`"
                )
        return cls({key: tuple(documents) for key, documents in found.items()}, frozenset(names), splits)

    def split(self, passage: Passage) -> Split:
        """Return the split that a document belongs to."""
        return self._split.get(passage.id) or split_of(family(passage))

    def permitted(self, restrictions: Restrictions, split: Split, kind: Kind) -> tuple[Passage, ...]:
        """Return the documents of `split` that a person may be given by what they contain, and notes."""
        key = (restrictions, split, kind)
        if key not in self._permitted:
            self._permitted[key] = tuple(
                passage
                for passage in self.by_split[split, kind]
                if kind is Kind.NOTE or _permits(passage, restrictions) is Answer.YES
            )
        return self._permitted[key]

    def forbidden(self, restrictions: Restrictions, split: Split) -> tuple[Passage, ...]:
        """Return the foods of `split` that a person must not be given."""
        return tuple(
            food for food in self.by_split[split, Kind.FOOD] if _permits(food, restrictions) is Answer.NO
        )

    def stand_ins(self, split: Split) -> Sequence[tuple[Sequence[str], str, Passage]]:
        """Return the foods of `split` that another could stand in for: the words of their group, theirs, the food."""
        if split not in self._stand_ins:
            self._stand_ins[split] = [
                (group["foods"], word, food)
                for group in words()["stand_ins"]
                for word in group["foods"]
                for food in self.by_split[split, Kind.FOOD]
                if names(food, word)
            ]
        return self._stand_ins[split]

    def holds(self, name: str) -> bool:
        """Tell whether a document is called so, or by a longer name that has all of these words."""
        wanted = set(_key(name).split())
        return any(wanted <= set(known.split()) for known in self.names)


def drawn(
    rng: random.Random,
    documents: Sequence[Passage],
    fits: Callable[[Passage], bool] = lambda _passage: True,
) -> Passage | None:
    """Draw a document that `fits`; `None` when some tries find none."""
    for _try in range(20 if documents else 0):
        if fits(passage := rng.choice(documents)):
            return passage
    return None


def names(passage: Passage, word: str) -> bool:
    """Tell whether a document's first words, or one of its names, are exactly `word`."""
    wanted = significant_words(word)
    heads = (passage.title.partition(",")[0], *passage.names)
    return any(significant_words(re.sub(r"\(.*?\)", "", head)) == wanted for head in heads)


def _permits(passage: Passage, restrictions: Restrictions) -> Answer:
    return permits(passage.contains, passage.per_100g, restrictions).answer


def _key(name: str) -> str:
    return " ".join(sorted(significant_words(name)))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
