"""The phrases of questions that follow-ups take the place of: foods, figures, amounts. Used by `followups`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.assistant.datafiles import read_data
from bot.assistant.figures import nutrients_named
from bot.assistant.intents import nutrient_place
from retrieval.diet.lexicon import lexicon
from retrieval.diet.vocabulary import unfamiliar

_KEYS = frozenset(
    "fillers leads stops nouns comparatives plain_kinds meals prepared measures empty_pronouns".split()
)
_WORD = re.compile(r"[^\s,;:?!()]+")
_BETWEEN = re.compile(r"\s*(?:,|&|/|\band\b|\bor\b|\bwith\b|, and|, or|\s)+\s*", re.IGNORECASE)
_FREE = re.compile(r"[\s-]free\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|the) $", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:without|no|instead of|not|than)\s+(?:\w+\s+)?$", re.IGNORECASE)


def words(key: str) -> str:
    """Return one list of `data/followups.yaml`: alternatives of a regular expression."""
    return _data()[key]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A place in a text: `text[start:end] == words`."""

    words: str
    start: int
    end: int


def food_phrases(text: str) -> tuple[Phrase, ...]:
    """Return the foods that a text names, each with the words that belong to it: 'boiled red lentils', 'lentil soup'.

    What only names a figure ("fat"), a claim ("gluten-free") or something to leave out is none.
    """
    found: list[Phrase] = []
    for mention in lexicon().find(text):
        if nutrients_named(mention.name) or _FREE.match(text, mention.end):
            continue
        if _NEGATED.search(text[: mention.start]):
            continue
        start, end = _grown(text, mention.start, mention.end)
        if found and start < found[-1].end:
            start, end = found.pop().start, max(end, found[-1].end if found else end)
        found.append(Phrase(text[start:end], start, end))
    return tuple(found)


def together(text: str, phrases: Sequence[Phrase]) -> Phrase | None:
    """Return all phrases as one, where nothing but 'and', 'or' and the like stands between them."""
    if not phrases:
        return None
    for left, right in pairwise(phrases):
        if not _BETWEEN.fullmatch(text[left.end : right.start]):
            return None
    start, end = phrases[0].start, phrases[-1].end
    return Phrase(text[start:end], start, end)


def is_food(text: str) -> bool:
    """Tell whether words name a food, known or not."""
    return bool(food_phrases(text)) or bool(unfamiliar(text) and not nutrient_place(text.lower()))


def joined(names: Sequence[str], word: str = "and") -> str:
    """Return 'a, b and c'."""
    return f" {word} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def replaced(text: str, phrase: Phrase, new: str) -> str:
    """Return `text` with `new`, which has its own article if it needs one, in the place of a phrase."""
    return f"{_ARTICLE.sub('', text[: phrase.start])}{new}{text[phrase.end :]}"


def as_question(text: str) -> str:
    """Return a sentence that begins with a capital and ends with its sign."""
    text = " ".join(text.split()).rstrip(" ,")
    return f"{text[:1].upper()}{text[1:]}"


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a mention with the words on both sides that belong to it, within its part of the sentence."""
    before = [*_WORD.finditer(text, 0, start)]
    for word in reversed(before):
        if text[word.end() : start].strip() or word[0].lower() in _stops() or word[0][0].isdigit():
            break
        start = word.start()
    for word in _WORD.finditer(text, end):
        if text[end : word.start()].strip() or word[0].lower().rstrip(".") in _stops():
            break
        end = word.end()
    return start, end - (len(text[start:end]) - len(text[start:end].rstrip(".")))


@lru_cache(maxsize=1)
def _data() -> dict[str, str]:
    return {key: str(value).strip() for key, value in read_data("followups.yaml", _KEYS).items()}


@lru_cache(maxsize=1)
def _stops() -> frozenset[str]:
    measures = words("measures").replace("s?", "").replace("(?:es)?", "").split("|")
    return frozenset((*words("stops").split(), *measures, *(f"{measure}s" for measure in measures)))
