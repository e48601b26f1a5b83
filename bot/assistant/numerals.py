"""Numbers as people and models write them: "1,200", "9,02", "1½", "twenty-five", "one and a half"."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_NARROW = "\u202f"
_SPACES = frozenset("\u00a0\u2007\u2009\u200a\u202f")
_SIGNS: Mapping[str, str] = {
    "\u2044": "/",
    "\u2215": "/",
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2013": "-",
}

_DIGITS: Mapping[str, float] = {
    name: float(number)
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS: Mapping[str, float] = {
    name: 10.0 * number
    for number, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_LARGE: Mapping[str, float] = {"dozen": 12.0, "hundred": 100.0, "thousand": 1000.0}
_PARTS: Mapping[str, float] = {
    "half": 0.5,
    "third": 1 / 3,
    "quarter": 0.25,
    "thirds": 1 / 3,
    "quarters": 0.25,
}
_WORD = "|".join(sorted((*_DIGITS, *_TENS, *_LARGE), key=len, reverse=True))
_PART = r"half|quarters?|thirds?"

_GROUPS = rf"[1-9]\d{{0,2}}(?:[,'{_NARROW} ]\d{{3}})+(?!\d)(?:\.\d+)?"

IN_DIGITS = rf"(?=[\d.])(?:{_GROUPS}|(?:\d+\s+)?\d+/[1-9]\d*|\d+(?:[.,]\d+)?|\.\d+)"
"""A pattern for one number in the digits of folded text, without groups."""

IN_WORDS = (
    rf"\b(?:(?:an?\s)?(?:{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD}))*\b(?:\spoint(?:\s(?:{'|'.join(_DIGITS)}))+)?"
    rf"(?:\sand\s(?:an?|one|two|three)\s(?:{_PART}))?(?:\s(?:{_PART})(?:\sof)?(?:\san?)?)?"
    rf"|(?:an?\s)?(?:{_PART})\b(?:\sof)?(?:\san?)?)"
)
"""A pattern for one number in words, without groups."""

HAS_WORDS = re.compile(rf"\b(?:{_WORD}|{_PART})\b")
"""Whether there is any: looking is quicker than reading."""

_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
_GROUPED = re.compile(_GROUPS)
_FRACTION = re.compile(r"(?:(\d+)\s+)?(\d+)/(\d+)")
_INEXACT = 0.05
"""A half or a third is written where nobody means more than one twentieth."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Text in small letters; full-width letters and digits, odd spaces and ready-made fractions are written plainly."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` (not empty) stands in the text that was folded."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Write numbers and units plainly: "1½" is "1 1/2", wide digits are digits, invisible characters are left out."""
    if text.isascii():
        return Folded(text.lower(), None)
    pieces: list[str] = []
    places: list[int] = []
    for run in _RUN.finditer(text):
        if (piece := run.group().lower()).isascii():
            places += range(run.start(), run.end())
        else:
            piece = _plain(run.group(), pieces[-1][-1] if pieces else "").lower()
            places += [run.start()] * len(piece)
        if piece:
            pieces.append(piece)
    return Folded("".join(pieces), tuple(places))


def number_value(written: str) -> tuple[float, float]:
    """Return the value of a match of `IN_DIGITS` or `IN_WORDS`, and half of the last digit that was written.

    "1,200" is a thousand and two hundred, "9,5" nine and a half, "0,125" an eighth.
    """
    if _GROUPED.fullmatch(written):
        written = re.sub(r"[^\d.]", "", written)
    elif fraction := _FRACTION.fullmatch(written):
        value = float(fraction[1] or 0) + float(fraction[2]) / float(fraction[3])
        return value, _INEXACT * value
    elif not re.search(r"\d", written):
        return _in_words(re.findall(r"[a-z]+", written))
    plain = written.replace(",", ".")
    return float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2])


def _plain(character: str, before: str) -> str:
    if character in _SPACES:
        return _NARROW
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character)
    if category in ("Cf", "Mn"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    plain = "".join(_SIGNS.get(item, item) for item in unicodedata.normalize("NFKC", character))
    return f" {plain}" if category == "No" and "/" in plain and before.isdigit() else plain


def _in_words(words: list[str]) -> tuple[float, float]:
    if "point" in words:
        at = words.index("point")
        decimals = "".join(f"{_DIGITS[word]:.0f}" for word in words[at + 1 :] if word in _DIGITS)
        return _whole(words[:at]) + float(f"0.{decimals}"), 0.5 * 10.0 ** -len(decimals)
    parts = [at for at, word in enumerate(words) if word in _PARTS]
    if not parts:
        return _whole(words), 0.5
    # "three quarters", "two and a half", "one half": the word before the part tells how many of it.
    at = parts[0]
    count = _DIGITS.get(words[at - 1], 1.0) if at else 1.0
    rest = words[: at - 1] if at else []
    value = _whole(rest) + count * _PARTS[words[at]]
    return value, _INEXACT * value


def _whole(words: list[str]) -> float:
    total = current = 0.0
    for word in words:
        if word in _LARGE:
            current = (current or 1.0) * _LARGE[word]
            if word == "thousand":
                total, current = total + current, 0.0
        else:
            current += _DIGITS.get(word, _TENS.get(word, 0.0))
    return total + current
