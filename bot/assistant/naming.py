"""Which of the passages a text names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.figures import figures
from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words


def named_passages(text: str, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages with figures whose title or other name stands in `text` in full, the longest names only.

    "cooked lentils" names 'Lentils, cooked', and not 'Lentils, raw' nor 'Lentil soup, cooked'. Where no name stands
    there in full, plain foods count that are made of nothing but what is mentioned: "spinach" is 'Spinach, raw'.
    """
    words = significant_words(text)
    lengths: dict[int, int] = {}
    for number, passage in enumerate(passages):
        names = (significant_words(name) for name in (passage.title, *passage.names))
        if passage.facts:
            lengths[number] = max((len(name) for name in names if name and name <= words), default=0)
    longest = max(lengths.values(), default=0)
    if longest:
        return [passages[number] for number, length in lengths.items() if length == longest]
    mentioned = {(mention.ingredient,) for mention in lexicon().find(text)}
    return [passage for passage in passages if passage.kind is Kind.FOOD and passage.contains in mentioned]


@dataclass(frozen=True, slots=True)
class Named:
    """One food as a question names it, and its passages, the plainest first: 'Spinach, raw', 'Spinach, tinned'."""

    words: str
    passages: tuple[Passage, ...]

    @property
    def plainest(self) -> Passage:
        """The passage that is meant when nothing more is said."""
        return self.passages[0]


def parts_of(question: str) -> tuple[str, ...]:
    """Cut a question where one food ends and another begins: "tofu or spinach" has two parts, and so has "a vs b"."""
    return tuple(part.strip() for part in _BETWEEN.split(question) if significant_words(part))


def foods_named(question: str, passages: Sequence[Passage], *, bare: bool = False) -> tuple[Named, ...]:
    """Return the foods that a question names, in its order, each of its parts on its own.

    A name that reaches over two parts ("macaroni and cheese") is one food. With `bare`, a part that is nothing but a
    figure's name is a food, too: "honey or sugar".
    """
    question = _without_amounts(question)
    named = [Named(part, _plainest_first(part, passages)) for part in parts_of(question)]
    found = [item for item in named if item.passages]
    found = [item for item in found if not _only_nutrient(item.plainest, item.words, bare=bare)] or found
    whole = _plainest_first(question, passages)
    if (
        len(found) > 1
        and whole
        and all(_name_length(question, whole[0]) > _name_length(item.words, item.plainest) for item in found)
    ):
        return (Named(question, whole),)
    distinct: dict[str, Named] = {}
    for item in found:
        distinct.setdefault(item.plainest.id, item)
    return tuple(distinct.values())


_BETWEEN = re.compile(
    r"\s*[,;:?!()/&]\s*|\s+(?:and|or|vs\.?|versus|than|with|against|compared\s+(?:to|with)|instead\s+of|to)\s+",
    re.IGNORECASE,
)
_NUTRIENT_WORDS = frozenset(
    "salt sodium sugar fat protein fibre fiber calcium iron starch energy calorie".split()
)
_PREPARED = frozenset(
    "dry dried powder powdered frozen tinned canned smoked salted fried chip flour juice oil sauce syrup dehydrated "
    "pickled instant deli drained shop".split()
)
"""Words of a title that make a food something else than is meant where the question doesn't say them."""


def _without_amounts(question: str) -> str:
    """Return a question without its amounts, so that "1.5 cups of oats and milk" doesn't name '1 % milk'."""
    for item in reversed(figures(question)):
        if item.dimension in ("mass", "volume", "energy"):
            question = f"{question[: item.start]} {question[item.end :]}"
    return question


def _only_nutrient(passage: Passage, text: str, *, bare: bool = False) -> bool:
    """Tell whether `text` names a food by nothing but a word that names a figure, too."""
    if bare and significant_words(text) <= _NUTRIENT_WORDS:
        return False
    names = significant_words(" ".join((passage.title, *passage.names)))
    return (significant_words(text) & names) <= _NUTRIENT_WORDS


def _plainest_first(part: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    words = significant_words(part)
    named = named_passages(part, passages)
    # "salt in feta" asks about feta; "how much sugar is in sugar" is about sugar.
    named = [passage for passage in named if not _only_nutrient(passage, part)] or named
    sharing = [passage for passage in named if significant_words(passage.title) & words] or named
    return tuple(sorted(sharing, key=lambda passage: _distance(passage, words)))


def _distance(passage: Passage, words: frozenset[str]) -> tuple[bool, int, int]:
    extra = significant_words(passage.title) - words
    return passage.kind is not Kind.FOOD, len(extra & _PREPARED), len(extra)


def _name_length(text: str, passage: Passage) -> int:
    words = significant_words(text)
    names = (significant_words(name) for name in (passage.title, *passage.names))
    return max((len(name) for name in names if name <= words), default=0)
