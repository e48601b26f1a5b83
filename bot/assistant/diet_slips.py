"""Misspelt names of diets made right: `diets_respelt`."""

import re
from functools import lru_cache

from bot.assistant.wording import distance
from retrieval.diet.lexicon import lexicon
from retrieval.diet.vocabulary import is_everyday


def diets_respelt(text: str) -> str:
    """Return a text of any case with the slips in diets' names mended: 'vegen', 'lowfodmop', 'deary free'.

    A word that is known, be it as a food or as an everyday word, is never taken for a slip.
    """
    text = _FREE.sub(_freed, text)
    text = _LOW.sub(_lowered, text)
    return _SINGLE.sub(lambda match: _name(match[0]), text)


_FREE = re.compile(r"(?<!\w)([dgl]\w{4,8})[ -]?fre+(?!\w)", re.IGNORECASE)
_LOW = re.compile(r"(?<!\w)(?:low|lo|loww)[ -]?([fcs]\w{2,6})(?!\w)", re.IGNORECASE)
_SINGLE = re.compile(
    r"(?<!\w)(?:ve+[gj]+[aeiou]{1,2}n{1,2}|vagen|vagan|v[ae]gna|hal+[aeou]{1,2}l+|halla|ko[sc]h+[aeiou]r+"
    r"|k[ae]t[aeio]genic|ketogen[aei]c"
    r"|pes[ck][ae]\w{4,8}|plant[ -]bas[ae]?d|plantbas\w{1,3}|f[oa]d?m[aou]d?p?s?|fodm\w{1,3}|foddmaps?"
    r"|fod+map+s?|fopmaps?)(?!\w)",
    re.IGNORECASE,
)
_FREE_OF = ("dairy", "gluten", "lactose")
_LOW_IN = ("fodmap", "fodmaps", "carb", "carbs", "sodium")
_NAMES = (
    "vegan",
    "halal",
    "kosher",
    "ketogenic",
    "pescatarian",
    "plant based",
    "plantbased",
    "fodmap",
    "fodmaps",
)
_OWN_WORDS = frozenset(
    {"vegans", "vegane", "vegani", "veggie", "pescetarian", "pesketaryen", "salmon", "salt", "sugar", "fat"}
)
_SLIPS, _LONG = 2, 6


def _freed(match: re.Match[str]) -> str:
    meant = _nearest(match[1].lower(), _FREE_OF, _SLIPS)
    return f"{meant} free" if meant else match[0]


def _lowered(match: re.Match[str]) -> str:
    word = match[1].lower()
    if word in _LOW_IN:
        return f"low {word}"
    meant = _nearest(word, _LOW_IN, _SLIPS if len(word) >= _LONG else 1)
    return f"low {meant}" if meant else match[0]


@lru_cache(maxsize=1024)
def _name(word: str) -> str:
    return _nearest(word.lower(), _NAMES, _SLIPS if len(word) >= _LONG else 1) or word


@lru_cache(maxsize=1024)
def _nearest(word: str, names: tuple[str, ...], limit: int) -> str | None:
    """Return the one of `names` that `word` is a slip of; `None` for a known word and for no slip at all."""
    if word in names or word in _OWN_WORDS or is_everyday(word) or lexicon().resolve(word) is not None:
        return None
    if any(start == 0 and end == len(word) for _, start, end in lexicon().find_diets(word)):
        return None
    slips, meant = min((distance(word, name, limit), name) for name in names)
    return meant if slips <= limit and meant[0] == word[0] else None
