"""A text with its words made whole again: "pea<b>nuts</b>", "p e a n u t s", "p&#101;anuts", "m1lk", "peanutsauce".

Letters that look alike, accents and invisible characters are undone wherever words are compared: see
`retrieval.diet.words`. Here are the disguises that change where a word ends. A change is made only where it uncovers
a word of the lexicon.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from retrieval.diet.lexicon import lexicon
from retrieval.diet.words import GAP, INVISIBLE, Word, fold, name_variants, split

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_MARK = (
    rf"<[^<>]{{0,80}}>|\]\([^()\s]{{0,80}}\)|[^\S\n]*\n[^\S\n]*|(?![{INVISIBLE}])[^\w\s<]|_|[{INVISIBLE}]+"
)
_JOINT = re.compile(rf"(?!['\u2019]s\b)(?:{_MARK}){{1,6}}(?=[^\W\d_])")
_HIDDEN = re.compile(rf"[{INVISIBLE}]")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_LETTERS = re.compile(r"[^\W_]+")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,4}[^\W\d_](?![^\W_])){2,}")
_LAST_LETTERS = re.compile(r"[^\W_]+$")
_DIGIT_BEFORE_LETTER = re.compile(r"[0-9@$€!][^\W\d_]")
_BETWEEN = re.compile(r"[\W_]+")
_SEEN = re.compile(rf"[^{INVISIBLE}]")
_DIGIT_IN_WORD = re.compile(
    r"(?<![\w@$€])(?=[0-9@$€!]*[^\W\d_])[^\W_@$€!]*[0-9@$€!][\w@$€!]*[^\W_@$€!]|[@$€][^\W\d_]+"
)
_DIGITS = (str.maketrans("013457@$€!", "oieastasei"), str.maketrans("013457@$€!", "oleastasel"))
_LONGEST = 24  # letters of one word
_NAME = 40  # characters of a name of several words
_MOST_PIECES = 16
_SHORTEST_COMPOUND = 7
_NO_PART = frozenset(("ful", "fuls", "name", "names"))  # foods elsewhere, endings in English


_FORMULA = r"(?<!\w)(?:[eE]\d{3,4}(?:[a-j]|i{1,3}|i?v|vi{1,2})+|[hH]2[oO])(?![^\W_])"  # E160a
_HIDING = re.compile(
    rf"(?<=[^\W\d_])[{INVISIBLE}]+ ?[{INVISIBLE}]*(?=[^\W\d_])"  # p<zero width>e
    r"|(?<!\w)[^\W\d_](?:[\W_]{1,2}[^\W\d_](?!\w)){4,}"  # p-e-a-n-u
    rf"|(?!{_FORMULA})[^\W\d_]\d+['\u2019]?[^\W\d_]|(?<!\w)\d[^\W\d_]+\d+[^\W\d_]"  # p3anut
    r"|&#x?[0-9a-fA-F]{2,6};"
    r"|\w(?:\*{1,3}|~~|`|__)\w"  # pea**nut**
    r"|[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z]"  # two alphabets in one word
)


def hides_words(text: str) -> bool:
    """Whether `text` writes words in a way that only serves to hide them. No honest sentence does."""
    return _HIDING.search(text) is not None


@dataclass(frozen=True, slots=True)
class Revealed:
    """`text` with its words made whole; character `i` stands for `starts[i]` to `ends[i]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original text that `text[start:end]` stands for."""
        return self.starts[start], self.ends[end - 1]


_Edit = tuple[int, int, str]
"""The range (start, end) of a text and what comes in its place."""


def reveal(text: str) -> Revealed | None:
    """Return `text` with disguised words made whole, or `None` where nothing is disguised."""
    first = list(_entities(text)) if "&" in text else []
    plain = _edited(text, first) if first else None
    inner = plain.text if plain else text
    if not (second := _word_edits(inner)):
        return plain
    whole = _edited(inner, second)
    if plain is None:
        return whole
    return Revealed(
        text=whole.text,
        starts=[plain.starts[start] if start < len(plain.starts) else len(text) for start in whole.starts],
        ends=[plain.ends[end - 1] for end in whole.ends],
    )


def _entities(text: str) -> Iterator[_Edit]:
    for entity in _ENTITY.finditer(text):
        character = html.unescape(entity.group())
        if character != entity.group():
            yield (*entity.span(), character)


def _edited(text: str, edits: Sequence[_Edit]) -> Revealed:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for start, end, instead in (*edits, (len(text), len(text), "")):
        pieces += (text[last:start], instead)
        starts += (*range(last, start), *([start] * len(instead)))
        ends += (*range(last + 1, start + 1), *([end] * len(instead)))
        last = end
    return Revealed("".join(pieces), starts, ends)


def _word_edits(text: str) -> list[_Edit]:
    """Return all changes in order, without overlaps."""
    known, words = _known(), split(text)
    edits = [edit for joints in _chains(text, _joints(text, words)) for edit in _joined(text, joints)]
    if sum(len(word) == 1 for word, _, _ in words) > 2:
        for letters in _SPACED.finditer(text):
            edits += _joined(text, [gap.span() for gap in _BETWEEN.finditer(text, *letters.span())])
    if _DIGIT_BEFORE_LETTER.search(text):
        for figure in _DIGIT_IN_WORD.finditer(text):
            meant = (figure.group().lower().translate(table) for table in _DIGITS)
            edits += ((*figure.span(), item) for item in meant if item in known.words)
    for word, start, end in words:
        unknown = _SHORTEST_COMPOUND <= len(word) <= 2 * _LONGEST and word not in known.words
        if unknown and (middle := _compound(text[start:end])):
            edits.append((start + middle, start + middle, " "))
    kept: list[_Edit] = []
    for edit in sorted(set(edits)):
        if not kept or edit[0] > kept[-1][1] or (edit[0] == kept[-1][1] and edit[0] < edit[1]):
            kept.append(edit)
    return kept


def _joints(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the places at which pieces of words may be joined, in order."""
    last = len(text)
    begins = [end for _, _, end in words if end < last and text[end] != " "]
    if not text.isascii():
        begins += (hidden.start() for hidden in _HIDDEN.finditer(text))
    joints = [joint.span() for begin in begins if (joint := _JOINT.match(text, begin))]
    joints += ((capital.start() + 1, capital.start() + 1) for capital in _INNER_CAPITAL.finditer(text))
    joints.sort()
    return [
        joint
        for index, joint in enumerate(joints)
        if (index == 0 or joint[0] >= joints[index - 1][1]) and joint[0] > 0 and text[joint[0] - 1].isalpha()
    ]


def _chains(text: str, joints: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield the joints of neighbouring pieces together; what is longer than any word isn't a piece."""
    chain: list[tuple[int, int]] = []
    for joint in joints:
        if chain and (
            len(chain) == _MOST_PIECES
            or joint[0] - chain[-1][1] > _LONGEST
            or not _LETTERS.fullmatch(text, chain[-1][1], joint[0])
        ):
            yield chain
            chain = []
        chain.append(joint)
    if chain:
        yield chain


def _joined(text: str, joints: Sequence[tuple[int, int]]) -> Iterator[_Edit]:
    """Yield the changes that make whole words of pieces: a joint goes, or becomes a space."""
    first, last = joints[0][0], joints[-1][1]
    before = _LAST_LETTERS.search(text[max(0, first - _LONGEST) : first])
    after = _LETTERS.match(text, last, last + _LONGEST)
    pieces = [
        fold(before.group() if before else ""),
        *(fold(text[end:begin]) for (_, end), (begin, _) in pairwise(joints)),
        fold(after.group() if after else ""),
    ]
    known, position = _known(), 0
    while position < len(joints):
        pair, joint = (pieces[position], pieces[position + 1]), text[slice(*joints[position])]
        together = _whole(pieces, position)
        if together < 2 and pair in known.pairs:
            if not GAP.fullmatch(joint) and _is_in_name(
                text, *joints[position]
            ):  # else it is found as it stands
                yield (*joints[position], " ")
        elif together:
            yield from ((start, end, "") for start, end in joints[position : position + together])
            position += together
        elif _hides_space(joint) and not known.words.isdisjoint(pair):
            yield (*joints[position], " ")
        position += 1


def _is_in_name(text: str, start: int, end: int) -> bool:
    """Whether a name is found around `start` with a space instead of `text[start:end]`."""
    before = text[max(0, start - _NAME) : start]
    found = lexicon().find(f"{before} {text[end : end + _NAME]}")
    return any(mention.start < len(before) < mention.end for mention in found)


def _whole(pieces: Sequence[str], position: int) -> int:
    """Return how many joints after `position` go, so that the pieces become one known word; 0 for none."""
    word, best = pieces[position], 0
    for count, piece in enumerate(pieces[position + 1 : position + _LONGEST], start=1):
        word += piece
        if len(word) > _LONGEST:
            break
        if len(word) > 2 and word in _known().words:
            best = count
    return best


def _hides_space(joint: str) -> bool:
    """Whether nothing, or nothing that is seen, stands between two words."""
    return fold(joint) == "" and _SEEN.search(joint) is None


@lru_cache(maxsize=32_768)
def _compound(word: str) -> int:
    """Return where a word that we don't know falls into two that we know, one of them a food; 0 for nowhere."""
    known = _known()
    for middle in range(3, min(len(word), _LONGEST) - 2):
        first, second = fold(word[:middle]), fold(word[middle:])
        if _NO_PART.isdisjoint((first, second)) and first in known.words and second in known.words:
            foods = [part for part in (first, second) if part in known.foods]
            if any(len(part) > 3 for part in foods) and (len(foods) == 2 or min(len(first), len(second)) > 3):
                return middle
    return 0


@dataclass(frozen=True, slots=True)
class _Known:
    """All words of the lexicon's names, neighbouring words of one name, and the names of one word."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    foods: frozenset[str]


@cache
def _known() -> _Known:
    names = {variant for key in lexicon() for name in lexicon()[key].names for variant in name_variants(name)}
    return _Known(
        words=frozenset(word for name in names for word in name),
        pairs=frozenset(pair for name in names for pair in pairwise(name)),
        foods=frozenset(name[0] for name in names if len(name) == 1),
    )
