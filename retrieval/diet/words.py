"""Text as words that can be compared: folded, with their places in the original text.

Folding undoes what keeps the same word from being recognised: case, accents, compatibility forms, invisible
characters, and letters of other alphabets that look alike. Names and texts are folded in the same way.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols by their category
INVISIBLE = (
    f"{_FILLERS}\u00ad\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
"""Characters that a reader doesn't see, as the inside of a regular expression's set."""
_RAISED = "²³¹¼½¾⁰-₟⅐-↉①-⓿"  # letters to `re`, footnote marks and amounts to a reader
_BADGES = "\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff"
_APOSTROPHES = "'\u2019\u02bc\uff07"
_WORD = re.compile(
    rf"(?![{_MARKS}{INVISIBLE}])(?:[^\W\d_{_RAISED}]++|[{_BADGES}]|[{_MARKS}{INVISIBLE}])+"
    rf"(?:[{_APOSTROPHES}][sS](?!\w))?"
    rf"|\d+|&|[\u2600-\u27bf\U0001f300-\U0001faff][{_MARKS}{INVISIBLE}]*"
)
_ASCII_WORD = re.compile(r"[a-z]+(?:'s(?!\w))?|\d+|&")
_PUNCTUATION = tuple(zip("’–—“”…•·\u00a0", '\'--""... ', strict=True))
_PLAIN = re.compile(r"[a-z ]+")
GAP = re.compile(rf"[^\S\r\n]{{0,3}}|[-\u2010-\u2012_{_APOSTROPHES}]")

# Lower-case Cyrillic and Greek letters whose small or capital form looks Latin, and Latin letters that
# decomposition leaves whole.
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕԁԛԝһӏ", "abekmhopctyxijsdqwhl", strict=True)),
        **dict(zip("αβεηικμνορτυχζ", "abenikmvoptuxz", strict=True)),
        **dict(zip("օսոհյց", "ounhjg", strict=True)),
        **dict(zip("ɑɡıłøđħŧ", "agilodht", strict=True)),
        **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
        # Capitals on a badge, and the letters of flags.
        **{
            chr(first + index): chr(97 + index)
            for first in (0x1F150, 0x1F170, 0x1F1E6)
            for index in range(26)
        },
        **dict.fromkeys(_FILLERS, ""),
        "æ": "ae",
        "œ": "oe",
        "&": "and",
    }
)


Name = tuple[str, ...]
"""The folded words of a name."""


Word = tuple[str, int, int]
"""A folded word and the range (start, end) of the original text it stands for."""


@lru_cache(maxsize=32)  # one text is asked for its foods, then for its diets
def split(text: str) -> tuple[Word, ...]:
    """Return the words, numbers and pictographs of `text` in order; punctuation and line ends separate."""
    if not text.isascii():
        # Punctuation is often all that isn't ASCII, and the pattern for ASCII is much faster.
        for written, plain in _PUNCTUATION:
            text = text.replace(written, plain)
    if text.isascii():
        found = [(match.group(), match.start(), match.end()) for match in _ASCII_WORD.finditer(text.lower())]
        if "'" in text or "&" in text:
            return tuple((word if word.isalnum() else fold(word), start, end) for word, start, end in found)
        return tuple(found)
    return tuple((fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text))


class Names:
    """A set of names that can be looked up and found in texts: whole words, the longest match first."""

    __slots__ = ("_longest", "_seconds", "_values")

    def __init__(self, values: Mapping[Name, str]) -> None:
        self._values = values
        self._longest: dict[str, int] = {}
        self._seconds: dict[str, set[str]] = {}
        longest, seconds = self._longest, self._seconds
        for name in values:
            first, length = name[0], len(name)
            if length > 1:
                if first in seconds:
                    seconds[first].add(name[1])
                else:
                    seconds[first] = {name[1]}
            if length > longest.get(first, 0):
                longest[first] = length

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
        beginnings = [(index, item) for index, item in enumerate(words) if item[0] in self._longest]
        for position, (first, start, end) in beginnings:
            if position < free:
                continue
            name: Name = (first,)
            following = words[position + 1 : position + self._longest[first]]
            if following and following[0][0] in self._seconds[first]:
                name = self._longest_name(text, (words[position], *following))
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
            if gap != " " and not GAP.fullmatch(gap):
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
    # Most names are of plain letters, and splitting them all would be half of the loading time.
    words = plain.split() if _PLAIN.fullmatch(plain) else [word for word, _, _ in split(name)]
    if not words:
        return ()
    before, last = tuple(words[:-1]), words[-1]
    return ((*before, last), *[(*before, form) for form in _plurals(last)])


@lru_cache(maxsize=32_768)
def fold(word: str) -> str:
    """Return one word as it is compared: 'Crème' → 'creme', "bird's" → 'birds'."""
    if word.isascii():
        return "and" if word == "&" else word.lower().replace("'", "")
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", word).replace("\u0345", "").casefold()
    )
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
