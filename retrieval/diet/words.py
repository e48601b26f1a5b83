"""Text as words that can be compared: folded, with their places in the original text.

Folding undoes what keeps the same word from being recognised: case, accents, compatibility forms, invisible
characters, and letters of other alphabets that look alike. Names and texts are folded in the same way.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_INVISIBLE = (
    "\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufeff"
)
_RAISED = "²³¹¼½¾⁰-₟⅐-↉①-⓿"  # letters to `re`, footnote marks and amounts to a reader
_LETTER = rf"[^\W\d_{_RAISED}]"
_APOSTROPHES = "'\u2019\u02bc\uff07"
_WORD = re.compile(
    rf"{_LETTER}(?:{_LETTER}|[{_INVISIBLE}])*(?:[{_APOSTROPHES}][sS](?!\w))?"
    rf"|\d+|&|[\u2600-\u27bf\U0001f300-\U0001faff][{_INVISIBLE}]*"
)
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[sS](?!\w))?|\d+|&")
_PLAIN = re.compile(r"[a-z ]+")
_GAP = re.compile(rf"[^\S\r\n]{{0,3}}|[-\u2010-\u2012_{_APOSTROPHES}]")

# Lower-case Cyrillic and Greek letters whose small or capital form looks Latin, and Latin letters that
# decomposition leaves whole.
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕԁԛԝһӏ", "abekmhopctyxijsdqwhl", strict=True)),
        **dict(zip("αβεικμνορτυχζ", "abeikmvoptyxz", strict=True)),
        **dict(zip("ɑɡıłøđħŧ", "agilodht", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "&": "and",
    }
)


Name = tuple[str, ...]
"""The folded words of a name."""


Word = tuple[str, int, int]
"""A folded word and the range (start, end) of the original text it stands for."""


@lru_cache(maxsize=8)  # one text is asked for its foods, then for its diets
def split(text: str) -> tuple[Word, ...]:
    """Return the words, numbers and pictographs of `text` in order; punctuation and line ends separate."""
    if text.isascii():
        return tuple((fold(match.group()), *match.span()) for match in _ASCII_WORD.finditer(text))
    return tuple((fold(match.group()), *match.span()) for match in _WORD.finditer(text))


class Names:
    """A set of names that can be looked up and found in texts: whole words, the longest match first."""

    __slots__ = ("_longest", "_values")

    def __init__(self, values: Mapping[Name, str]) -> None:
        self._values = values
        self._longest: dict[str, int] = {}
        for name in values:
            if len(name) > self._longest.get(name[0], 0):
                self._longest[name[0]] = len(name)

    def exact(self, text: str) -> str | None:
        """Return the value of exactly this name, or `None`."""
        return self._values.get(tuple(word for word, _, _ in split(text)))

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """Return (value, start, end) of every name in `text`, in order and without overlaps.

        The words of one name may be joined by a few spaces or by a hyphen, never by other punctuation.
        """
        words = split(text)
        found: list[tuple[str, int, int]] = []
        free = 0
        for position, (first, start, end) in enumerate(words):
            longest = self._longest.get(first)
            if longest is None or position < free:
                continue
            name = (
                (first,) if longest == 1 else self._longest_name(text, words[position : position + longest])
            )
            if name in self._values:
                free = position + len(name)
                found.append((self._values[name], start, words[free - 1][2] if len(name) > 1 else end))
        return found

    def _longest_name(self, text: str, words: tuple[Word, ...]) -> Name:
        """Return the longest name that `words` begin with; empty for none."""
        (first, _, last), *others = words
        name = [first]
        for word, start, end in others:
            gap = text[last:start]
            if gap != " " and not _GAP.fullmatch(gap):
                break
            name.append(word)
            last = end
        while name and tuple(name) not in self._values:
            name.pop()
        return tuple(name)


def name_variants(name: str) -> tuple[Name, ...]:
    """Return the folded words of `name`, then the same with each regular plural of the last word.

    Empty when `name` has no words.
    """
    plain = name.lower()
    if not _PLAIN.fullmatch(
        plain
    ):  # most names are, and splitting them all would be half of the loading time
        plain = " ".join(word for word, _, _ in split(name))
    *before, last = plain.split() or [""]
    return tuple((*before, form) for form in (last, *_plurals(last))) if last else ()


@lru_cache(maxsize=32_768)
def fold(word: str) -> str:
    """Return one word as it is compared: 'Crème' → 'creme', "bird's" → 'birds'."""
    if word.isascii():
        return "and" if word == "&" else word.lower().replace("'", "")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    kept = "".join(char for char in plain if unicodedata.category(char)[0] in "LNS")
    return kept.translate(_LOOKALIKES)


def _plurals(word: str) -> tuple[str, ...]:
    """Return the regular English plurals of a folded word, without the word itself."""
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return ()
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return (word + "es",)
    if word.endswith("y") and word[-2] not in "aeiou":
        return (word[:-1] + "ies", word + "s")
    if word.endswith("o"):
        return (word + "s", word + "es")
    if word.endswith(("lf", "af")):
        return (word + "s", word[:-1] + "ves")
    return (word + "s",)
