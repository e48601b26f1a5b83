"""What is in a food, by the words of its label.

Every piece of a label must be accounted for, by the lexicon or by the label words that can't hide anything: a
piece that isn't makes the contents unknown. Unknown is never safe, and a doubt is decided against the food: what
'may be contained' counts as contained, and a text that goes on about 'no added milk' still names milk.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape

from retrieval.diet.lexicon import Mention, lexicon
from retrieval.diet.words import split
from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Says
from retrieval.knowledge.labelwords import CLAIM, label_words

_LONGEST_PIECE = 80  # characters of an unmatched piece that are worth showing

_MARKUP = re.compile(r"</?(?:span|b|i|u|em|strong|sup|sub|font|small)\b[^<>]{0,80}>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol)\b[^<>]{0,80}>", re.IGNORECASE)
_MARKS = re.compile(r"[_*†‡§¹²³⁴°®™]|\(\*+\)")
_PERCENT = re.compile(r"[<>≤≥~]?\s*\d+(?:[.,]\d+)?\s*(?:%|percent\b)", re.IGNORECASE)
_BROKEN = re.compile(r"(?<=\w)-[ \t]+(?=\w)")  # 'sun- dried', 'mono- and diglycerides'
_NUMBER = re.compile(r"#\s*(?=\d)|\bno\.?\s*(?=\d)", re.IGNORECASE)  # 'yellow #5', 'red no. 40'
_INS = re.compile(r"\b(?:INS|E)[ -]?(?=\d{3,4}[a-z]?\b)", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"[;:()\[\]{}•·|/\n\r\t\"“”–—]|(?<!\d),|,(?!\d)|\s-\s"
    r"|(?<!\d)\.|\.(?!\d)"
)
_E_NUMBER = re.compile(r"\be\d{3,}[a-z]?\b")
_CODE = re.compile(r"\s*(\d{3,4})\s*([a-z]?)\s*", re.IGNORECASE)
_FREE = re.compile(r"[\s-]free\W*$", re.IGNORECASE)  # not 'chicken free from hormones', nor 'free range'
_IN_PART = re.compile(r"(?:contain(?:s|ing)?|with|includ(?:es|ing)|may|such)\b")

_LINK = re.compile(r"\]\([^()\s]*\)")
_LINE_PARTS = re.compile(r"[,;()\[\]&+]|(?<!\d)/|/(?!\d)|\b(?:or|and|plus|with)\b", re.IGNORECASE)
_JOINED = re.compile(r"[/&+]|or|and|plus", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a label says: the lexicon `ids` that it names, and the pieces that nothing accounts for."""

    ids: tuple[str, ...]
    unmatched: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether `ids` are certainly all that is in the food."""
        return not self.unmatched


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of a label.

    `substances` is how many foods and additives it names, `missing` are its words that nothing accounts for, and
    `described` says that these merely describe something that another piece must name.
    """

    text: str
    ids: frozenset[str]
    substances: int
    missing: tuple[str, ...]
    described: bool = False


@dataclass(slots=True)
class _Group:
    """A bracket being read: what stood before it, and how many substances it has listed.

    `in_part` says that it doesn't list all: 'paste (contains milk)'.
    """

    heading: _Piece | None = None
    substances: int = 0
    in_part: bool = False
    begins: bool = True
    unmatched: list[str] = field(default_factory=list)

    @property
    def qualifies(self) -> bool:
        """Whether a mere description in the bracket has something to describe: 'spinach (dried)'."""
        return self.heading is not None and self.heading.substances > 0


def contents_of(says: Says, label: str, stated: tuple[str, ...]) -> Found:
    """Return what a food with this `label` holds, united with the lexicon ids that its source has `stated`.

    Raises `BadInputError` for a stated id that isn't in the lexicon.
    """
    known = lexicon()
    if unknown := [key for key in stated if key not in known]:
        raise BadInputError(f"unknown ingredient '{unknown[0]}': it has no row in lexicon.csv")
    ids, unmatched = _READERS[says](label)
    return Found(tuple(sorted({*ids, *stated})), tuple(dict.fromkeys(unmatched)))


def _nothing(_label: str) -> tuple[Iterable[str], Iterable[str]]:
    return (), ("",)


def _text(label: str) -> tuple[Iterable[str], Iterable[str]]:
    return {mention.ingredient for mention in lexicon().find(label)}, ()


def _list(label: str) -> tuple[Iterable[str], Iterable[str]]:
    """Read an ingredient list as printed on a pack."""
    ids: set[str] = set()
    group = _Group()
    outer: list[_Group] = []
    substances = 0
    for piece, separator in _pieces(label):
        ids |= piece.ids
        substances += piece.substances
        group.substances += bool(piece.substances)
        if group.begins:
            group.begins, group.in_part = False, _IN_PART.match(piece.text) is not None
        if separator in _OPENING:
            outer.append(group)
            group = _Group(heading=piece)
            continue
        if piece.missing and separator != ":" and not (group.qualifies and piece.described):
            group.unmatched.append(piece.text)
        if separator in _CLOSING and outer:
            group = _closed(group, outer.pop())
    while outer:  # a bracket that never closes: the label may be cut off
        group.in_part = True
        group = _closed(group, outer.pop())
    if not substances:
        group.unmatched.append("")
    return ids, group.unmatched


_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def _closed(group: _Group, outer: _Group) -> _Group:
    """Return `outer` with what a closed bracket held.

    What stands before a bracket is the name of what the bracket lists in full: 'crust (flour, water)'. A single
    substance in brackets may be a part of it only.
    """
    if group.heading is not None and group.heading.missing:
        if group.substances < 2 or group.in_part:
            outer.unmatched.append(group.heading.text)
        else:
            outer.substances += 1
    outer.unmatched += group.unmatched
    return outer


def _pieces(label: str) -> Iterator[tuple[_Piece, str]]:
    """Yield the pieces of a list, each with the separator after it."""
    text = unescape(label) if "&" in label else label
    if "<" in text:
        text = _BREAK.sub("\n", _MARKUP.sub(" ", text))
    text = _MARKS.sub(" ", text)
    text = _BROKEN.sub("-", _INS.sub("e", _NUMBER.sub("", _PERCENT.sub(" ", text))))
    start = 0
    for separator in _SEPARATOR.finditer(text):
        yield _piece(text[start : separator.start()].strip().lower()), separator.group()
        start = separator.end()
    yield _piece(text[start:].strip().lower()), ""


_EMPTY = _Piece("", frozenset(), 0, ())


@lru_cache(maxsize=65_536)  # 'salt' and 'sugar' are on every label
def _piece(text: str) -> _Piece:
    if not text:
        return _EMPTY
    if code := _CODE.fullmatch(text):  # 'emulsifiers (471, 322)'
        text = f"e{code[1]}{code[2]}"
    return _read(text, label_words().beside)


def _read(text: str, beside: frozenset[str], alone: frozenset[str] | None = None) -> _Piece:
    """Account for every word of `text` by a food of the lexicon, a phrase of labels, or a describing word."""
    mentions, phrases = _resolved(text)
    stated = [mention for mention in mentions if not _FREE.match(text, mention.end)]
    covered = [(mention.start, mention.end) for mention in mentions]
    covered += [(start, end) for _ids, start, end in phrases]
    substances = len(stated) + sum(ids != CLAIM for ids, _start, _end in phrases)
    ids = {mention.ingredient for mention in stated}
    for value, _start, _end in phrases:
        ids.update(key for key in value.split("|") if key not in {"", CLAIM})
    alone = label_words().alone if alone is None else alone
    missing: list[str] = []
    needy: list[str] = []
    for word, start, end in split(text):
        if word.isdecimal() or any(first <= start and end <= last for first, last in covered):
            continue
        if word in alone:
            continue
        (needy if word in beside else missing).append(word)
    missing += [
        code.group()
        for code in _E_NUMBER.finditer(text)
        if not any(first <= code.start() < last for first, last in covered)
    ]
    described = bool(needy) and not substances and not missing
    if not substances:
        missing += needy
    elif len(stated) == substances and ids <= label_words().vague:
        missing.append(text)
    return _Piece(text[:_LONGEST_PIECE], frozenset(ids), substances, tuple(missing), described)


def _resolved(text: str) -> tuple[list[Mention], list[tuple[str, int, int]]]:
    """Return the foods and the label phrases of `text`; of two that overlap, the longer one, else the food."""
    mentions = list(lexicon().find(text))
    phrases: list[tuple[str, int, int]] = []
    for value, start, end in label_words().names.find(text):
        meeting = [item for item in mentions if item.start < end and start < item.end]
        longest = max((item.end - item.start for item in meeting), default=0)
        if longest > end - start or (longest == end - start and not value):
            continue
        phrases.append((value, start, end))
        if value:  # a harmless phrase takes no food away, one with a meaning of its own does
            mentions = [item for item in mentions if not (start <= item.start and item.end <= end)]
    return mentions, phrases


def _lines(label: str) -> tuple[Iterable[str], Iterable[str]]:
    """Read a recipe's ingredients, one a line: each must name a food, and so must each side of an 'or'."""
    ids: set[str] = set()
    unmatched: list[str] = []
    for line in filter(None, (line.strip(" \t-*•·") for line in _LINK.sub("]", label).splitlines())):
        found, complete = _line(line.lower())
        ids |= found
        if not complete:
            unmatched.append(line[:_LONGEST_PIECE])
    return ids, unmatched if label.strip() else ("",)


@lru_cache(maxsize=16_384)
def _line(line: str) -> tuple[frozenset[str], bool]:
    kitchen = label_words().kitchen | label_words().plain | label_words().beside
    whole = _read(line, kitchen)
    start, strict = 0, True
    for separator in (*_LINE_PARTS.finditer(line), None):
        part = _read(line[start : separator.start() if separator else None], kitchen)
        if strict and not part.substances and part.missing and not part.described:
            return whole.ids, False
        if separator:
            start, strict = separator.end(), _JOINED.fullmatch(separator.group()) is not None
    return whole.ids, whole.substances > 0


def _name(label: str) -> tuple[Iterable[str], Iterable[str]]:
    """Read the name of a food that is one ingredient: every word must be that ingredient or describe it."""
    piece = _read(label, label_words().beside, label_words().plain)
    brought = {key: lexicon().contents_of(key).ingredients for key in piece.ids}
    ids = {key for key in piece.ids if not any(key in brought[other] for other in piece.ids - {key})}
    simple = bool(ids) and not any(_is_compound(key) for key in ids)
    return ids, () if simple and not piece.missing else (label[:_LONGEST_PIECE],)


@cache
def _is_compound(key: str) -> bool:
    """Whether the lexicon's row is a recipe, as home-made as it may be: only the label of a pack tells its own."""
    parents = set(lexicon()[key].parents) - label_words().vague
    return len(parents) > 1


_READERS: dict[Says, Callable[[str], tuple[Iterable[str], Iterable[str]]]] = {
    Says.IDS: lambda _label: ((), ()),
    Says.LIST: _list,
    Says.LINES: _lines,
    Says.NAME: _name,
    Says.TEXT: _text,
    Says.NOTHING: _nothing,
}
