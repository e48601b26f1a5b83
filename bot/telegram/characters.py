"""Which characters Telegram keeps, counts and shows.

Telegram counts in UTF-16 code units. It silently turns control characters into spaces and drops a few others
(line and paragraph separators, direction overrides, three combining marks that draw over neighbouring lines):
the published source of its client library, `tdlib/td` `misc.cpp` `clean_input_string`, lists them. We do the
same before we compute offsets, so that no entity ever points beside its text.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Self

_RING = "\u030a"
_MARKS = "\u200e\u200f"
_PAIR = re.compile("[\U00010000-\U0010ffff]")
_REMOVED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\r\u2028-\u202e\u030a\u0333\u033f\ud800-\udfff]"
    rf"|[{_MARKS}]+(?=[{_MARKS}])"
)
# Letters and symbols by category, yet nothing is drawn: Braille blank, Hangul fillers, object replacement.
_BLANK_SYMBOLS = frozenset("\u2800\u115f\u1160\u3164\uffa0\ufffc")
_BLANK_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})
_JOINER = "\u200d"


def clean(text: str) -> str:
    """Return `text` as Telegram would keep it: line feeds end lines, tabs are spaces, no lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    if _RING in text:  # the mark alone would be dropped, the composed letter (å) is kept
        text = unicodedata.normalize("NFC", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)  # Markdown's tab stops
    return _REMOVED.sub("", text)


def is_visible(text: str) -> bool:
    """Return whether a person would see anything; Telegram refuses a message that shows nothing."""
    return any(map(_draws, text))


@dataclass(frozen=True, slots=True)
class Utf16:
    """Converts between code points, which Python counts, and UTF-16 units, which Telegram counts, in one text."""

    length: int
    """Code points of the text."""
    pairs: tuple[int, ...]
    """Where the code points stand that take two units."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Look over `text` once."""
        if text.isascii():
            return cls(length=len(text), pairs=())
        return cls(length=len(text), pairs=tuple(found.start() for found in _PAIR.finditer(text)))

    def unit(self, index: int) -> int:
        """Return the units before the code point `index`."""
        return index + bisect_left(self.pairs, index)

    def index(self, unit: int) -> int:
        """Return the last code point that starts at `unit` or before."""
        if not self.pairs:
            return min(unit, self.length)
        return bisect_right(range(self.length + 1), unit, key=self.unit) - 1


def ends_with_mark(text: str) -> bool:
    """Return whether `text` ends with a direction mark; Telegram replaces all but the last mark of a run."""
    return text.endswith(("\u200e", "\u200f"))


def without_leading_marks(text: str) -> str:
    """Return `text` without the direction marks at its start."""
    return text.lstrip(_MARKS)


def joins(text: str, index: int) -> bool:
    """Return whether a cut before `text[index]` would take apart something that is drawn as one.

    A short form of the grapheme rules of Unicode Standard Annex 29: combining marks, joined and toned emoji,
    flags (pairs of regional indicators) and Korean syllables in parts.
    """
    before, after = text[index - 1], text[index]
    if before == _JOINER or _extends(after):
        return True
    return _is_flag_letter(after) and _is_flag_letter(before) and _flag_letters_before(text, index) % 2 == 1


def _draws(character: str) -> bool:
    return character not in _BLANK_SYMBOLS and unicodedata.category(character) not in _BLANK_CATEGORIES


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or character in {_JOINER, "\u200c"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, in the flags of regions
        or "\u1160" <= character <= "\u11ff"  # vowels and final consonants of Korean
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters_before(text: str, index: int) -> int:
    start = index
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return index - start
