"""Does anything that was found answer the question at all? Better to say so than to answer another question.

A logistic regression over what a search knows anyway. Its weights, the words it overlooks and the words that tell of
other matters are data: `data/relevance.yaml`, fitted by `bench/relevance.py` on the `dev` half of our own questions.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from retrieval.errors import BadInputError
from retrieval.words import significant_words

_DATA = Path(__file__).parent / "data" / "relevance.yaml"
_BEST = 5
_ENDINGS = ("ing", "ed", "es", "e", "s", "y")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer.

    `similarity` (cosine) and `bm25` are the best of all documents; `covered` is the share of the question's own words,
    0 to 1, that the best of the first five documents holds, `seen` the share that any considered document holds.
    `dishes` is 1 where something to cook or eat is wished for, `elsewhere` where a word tells of other matters
    (pets, shops, repairs), `uncarried` where a nutrient is asked for that no food's figures tell.
    """

    similarity: float
    bm25: float
    covered: float
    seen: float
    dishes: float
    elsewhere: float
    uncarried: float


def evidence(
    question: str, documents: Sequence[str], *, similarity: float, bm25: float, dishes: bool
) -> Evidence:
    """Weigh a question against the words of what was found: `documents` are what they are found by, best first."""
    words = _words(question)
    own = words - _rules().overlooked
    held = [_words(document) for document in documents]
    best = max((_share(own, (them,)) for them in held[:_BEST]), default=0.0)
    return Evidence(
        similarity=similarity,
        bm25=bm25,
        covered=best,
        seen=_share(own, held) if best < 1.0 else best,
        dishes=float(dishes),
        elsewhere=float(_rules().elsewhere.search(question.casefold()) is not None),
        uncarried=float(bool(words & _rules().uncarried)),
    )


def is_relevant(found: Evidence) -> bool:
    """Tell whether what was found is likelier an answer than not."""
    return score(found) >= 0.0


def score(found: Evidence) -> float:
    """Return the log-odds that there is an answer, moved so that 0 is where we draw the line."""
    weights = _rules().weights
    total = sum(weights[name] * value for name, value in asdict(found).items()) + weights["constant"]
    return total if math.isfinite(total) else -math.inf


@dataclass(frozen=True, slots=True)
class _Rules:
    weights: dict[str, float]
    overlooked: frozenset[str]
    uncarried: frozenset[str]
    elsewhere: re.Pattern[str]


@cache
def _rules() -> _Rules:
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    wanted = {"constant", *Evidence.__dataclass_fields__}
    if set(data) != {"weights", "overlooked", "uncarried", "elsewhere"} or set(data["weights"]) != wanted:
        raise BadInputError(
            f"{_DATA.name}: needs weights ({', '.join(sorted(wanted))}) and three lists of words"
        )
    return _Rules(
        weights={name: float(value) for name, value in data["weights"].items()},
        overlooked=_words(data["overlooked"]),
        uncarried=_words(data["uncarried"]),
        elsewhere=re.compile(rf"\b(?:{'|'.join(data['elsewhere'])})\b"),
    )


def _share(words: frozenset[str], held: Sequence[frozenset[str]]) -> float:
    """Return the share of `words` that any of `held` has, misspelt or not; 1 when there is none to look for."""
    return sum(_holds(held, word) for word in words) / len(words) if words else 1.0


def _holds(held: Sequence[frozenset[str]], word: str) -> bool:
    if any(word in words for words in held):
        return True
    return len(word) >= 5 and any(_has_slip_of(word, words) for words in held)


def _has_slip_of(word: str, words: frozenset[str]) -> bool:
    return any(_is_slip(word, other) for other in _by_initial(words).get(word[0], ()))


@lru_cache(maxsize=8_192)
def _by_initial(words: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Group words by their first letter: a slip in that one is rare, and looking at all words would take long."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    return {initial: tuple(group) for initial, group in groups.items()}


def _is_slip(word: str, other: str) -> bool:
    """Tell whether two words differ by one letter left out, added, changed or swapped; the first one counts."""
    if abs(len(word) - len(other)) > 1 or len(other) < 4:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    changed = rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]
    swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return changed or swapped


@lru_cache(maxsize=8_192)  # the documents of the knowledge base come again with every question
def _words(text: str) -> frozenset[str]:
    return _stems(significant_words(text))


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
