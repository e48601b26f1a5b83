"""The words of a text that carry meaning, in a form that compares."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    "a an and any are at be can do does for from give good has have how i in is it lot lots many me more most much my "
    "of on or per please some tell than that the there to what which with would you your".split()
)


@lru_cache(maxsize=20_000)  # the names of foods come again with every question
def significant_words(text: str) -> frozenset[str]:
    """Return the lower-case words of `text`, without function words and English plural endings."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(_singular(word) for word in words if word not in _FUNCTION_WORDS)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("oes"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
