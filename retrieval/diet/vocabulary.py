"""Words that nobody has looked at: a dish whose name we don't know may hold anything. `unfamiliar`.

The lexicon says what foods contain; what it doesn't know it can't find in a text. Everyday words aren't dishes, so
whatever is neither everyday English nor in the lexicon is suspected.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from retrieval.diet.lexicon import lexicon
from retrieval.diet.words import INVISIBLE, name_variants, split

_WORDS = Path(__file__).parent / "data" / "vocabulary.txt"
_WITHIN = re.compile(rf"(?<=[^\W_])(?:[*_~`]|[{INVISIBLE}])+(?=[^\W_])")  # "gn**udi**", "g_nudi"
_SHORTEST = 3
_STEM = 3

# Ending → what may stand in its place in the word's base.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("iness", ("y",)),
    ("ised", ("ize", "ized")),
    ("ises", ("ize",)),
    ("ising", ("ize", "izing")),
    ("ise", ("ize",)),
    ("isation", ("ize", "ization")),
    ("oured", ("or", "ored")),
    ("our", ("or",)),
    ("ours", ("or", "ors")),
    ("tre", ("ter",)),
    ("ily", ("y",)),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ness", ("",)),
    ("less", ("",)),
    ("ful", ("",)),
    ("able", ("", "e")),
    ("ing", ("", "e")),
    ("est", ("", "e")),
    ("ers", ("", "e")),
    ("er", ("", "e")),
    ("ed", ("", "e")),
    ("ly", ("", "le")),
    ("es", ("", "e")),
    ("s", ("",)),
    ("y", ("", "e")),
)
_BEGINNINGS = ("un", "re", "pre", "non", "over", "under", "mis", "dis")


def unfamiliar(text: str, allowed: AbstractSet[str] = frozenset()) -> tuple[str, ...]:
    """Return the words of `text` that are neither everyday English nor in the lexicon, as they are written, each once.

    `allowed` are folded words (see `words_of`) that somebody has looked at, such as those of permitted passages.
    """
    shown = _WITHIN.sub("", text)
    suspects = [
        (start, end) for word, start, end in split(shown) if word not in allowed and not _is_familiar(word)
    ]
    if not suspects:
        return ()
    named = [
        (mention.start, mention.end) for mention in lexicon().find(shown)
    ]  # 'masala' alone may be anything
    return tuple(
        dict.fromkeys(
            shown[start:end]
            for start, end in suspects
            if not any(first <= start and end <= last for first, last in named)
        )
    )


def words_of(text: str) -> frozenset[str]:
    """Return the folded words of `text`, for `unfamiliar`."""
    return frozenset(word for word, _, _ in split(text))


def is_everyday(word: str) -> bool:
    """Whether a folded word is everyday English."""
    return word in _everyday()


@lru_cache(maxsize=32_768)
def _is_familiar(word: str) -> bool:
    if len(word) < _SHORTEST or not word.isalpha():
        return True
    return word in _familiar() or any(base in _familiar() for base in _bases(word))


def _bases(word: str) -> Iterator[str]:
    """Yield the words that `word` may be a form of."""
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _STEM:
            continue
        yield from (stem + letters for letters in instead)
        if stem[-1] == stem[-2]:  # 'chopped'
            yield stem[:-1]
    for beginning in _BEGINNINGS:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) >= _STEM:
            yield rest


@cache
def _familiar() -> frozenset[str]:
    """Return everyday words, and the names of one word in the lexicon: what these bring is known."""
    names = (name for key in lexicon() for name in lexicon()[key].names)
    named = (words[0] for name in names for words in name_variants(name) if len(words) == 1)
    return _everyday() | frozenset(named)


@cache
def _everyday() -> frozenset[str]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
