"""PDF pages as blocks of text: lines joined to paragraphs, headings by outline and by the size of their letters."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.files import clean, one_line
from retrieval.knowledge.loaders.markdown import Block, Line, Shape
from retrieval.knowledge.loaders.recipe_words import recipe_words

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

JOINT = "\u00ad"
"""Stands where a word was hyphenated at the end of a line: 'pea-' + 'nuts' may be one word, 'soy-' + 'based' two."""

_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_MOST_BOOKMARKS = 5_000

_LONG = 0.7  # of the usual width: a line that goes on in the next one
_LARGE = 1.15  # times the usual size of letters: a heading
_LONGEST_HEADING = 100  # characters
_LEVELS = 6

_BULLETS = re.compile("[\uf0b7\uf0a7\u2022\u25cf\u25aa\u25e6\u25cb\u25a0\u2023\u00b7]")
_ITEM = re.compile(r"(?P<marker>[•*–—-]|\d{1,2}[.)]) +(?=\S)")
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.|seite)? ?\d{1,4}(?: ?(?:of|/|von) ?\d{1,4})?\W*", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"microsoft |untitled|document\d*$|.*\.(?:docx?|pdf|indd|qxd|pptx?|odt|rtf)$", re.IGNORECASE
)
_ENDS = (".", "!", "?", ":")
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says: its title and date from its properties ('' for none), and its blocks with their pages."""

    title: str
    date: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line on a page; `level` is that of a heading, 0 for other text."""

    text: str
    page: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Run:
    """Text drawn in one go, in letters of `size` points."""

    text: str
    size: float


def open_pdf(data: bytes, name: str) -> "PdfReader":
    """Return a reader for a PDF.

    Raises `BadInputError` for one that is encrypted, broken or of more than 5,000 pages.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters becomes our own message
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except Exception as error:  # a broken file makes pypdf raise anything
        encrypted = b"/Encrypt" in data[-4_000:] or "crypt" in str(error).lower()
        raise BadInputError(f"{name} is {'encrypted' if encrypted else 'a broken PDF'}: {_MEND}") from error
    if locked:
        raise BadInputError(f"{name} is encrypted: save it without a password")
    if not 0 < pages <= _MOST_PAGES:
        raise BadInputError(f"{name} has {pages:,} pages: at most {_MOST_PAGES:,} can be read, so split it")
    return reader


_MEND = "open it and print it to a new PDF"


def read_pdf(data: bytes, name: str) -> PdfText:
    """Return the text of a PDF. Raises `BadInputError` as `open_pdf` does, and for one without text (a scan)."""
    reader = open_pdf(data, name)
    rows: list[_Row] = []
    sizes: list[dict[str, float]] = []
    size = 0
    try:
        for number, page in enumerate(reader.pages, 1):
            text, large = _page(page)
            rows += [_Row(" ".join(line.split()), number) for line in text.split("\n")]
            sizes.append(large)
            size += len(text)
            if size > _MOST_CHARACTERS:
                break
        title, date = _properties(reader)
    except Exception as error:
        raise BadInputError(f"{name} is a broken PDF: {_MEND}") from error  # which makes pypdf raise anything
    if size > _MOST_CHARACTERS:
        raise BadInputError(f"{name} holds more than {_MOST_CHARACTERS:,} characters: split it")
    if not any(char.isalnum() for row in rows for char in row.text):
        raise BadInputError(f"{name} has no text, it may be a scan: run text recognition (OCR) on it first")
    rows = _with_headings(_without_margins(rows), sizes, _bookmarks(reader))
    return PdfText(title=title, date=date, blocks=tuple(_blocks(rows)))


def pdf_date(reader: "PdfReader") -> str:
    """Return the day a PDF was changed, or else made, in ISO form; '' when it doesn't tell."""
    return _properties(reader)[1]


def _page(page: "PageObject") -> tuple[str, dict[str, float]]:
    """Return the text of a page, and the size of letters of each line, spaces left out."""
    runs: list[_Run] = []

    def collect(text: str, _cm: Any, matrix: Sequence[float], _font: Any, size: float) -> None:
        scale = (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        runs.append(_Run(text, round(float(size) * scale, 1)))

    text = page.extract_text(visitor_text=collect)
    return clean(_BULLETS.sub("• ", text)), dict(_line_sizes(runs))


def _line_sizes(runs: Iterable[_Run]) -> Iterator[tuple[str, float]]:
    line, size = "", 0.0
    for run in runs:
        first, *others = run.text.split("\n")
        line += first
        size = max(size, run.size) if first.strip() else size
        for text in others:
            yield _bare(line), size
            line, size = text, run.size if text.strip() else 0.0
    yield _bare(line), size


def _bare(text: str) -> str:
    return "".join(clean(text).split())


def _properties(reader: "PdfReader") -> tuple[str, str]:
    found = reader.metadata
    if found is None:
        return "", ""
    title = one_line(str(found.get("/Title") or ""))[:200]
    match = _DATE.match(str(found.get("/ModDate") or found.get("/CreationDate") or ""))
    return "" if _NO_TITLE.match(title) else title, "-".join(match.groups()) if match else ""


def _bookmarks(reader: "PdfReader") -> dict[tuple[int, str], int]:
    """Return the outline as (page, title without spaces) → level; empty when it is broken."""
    found: dict[tuple[int, str], int] = {}

    def collect(entries: Iterable[Any], level: int) -> None:
        for entry in entries:
            if len(found) >= _MOST_BOOKMARKS or level > _LEVELS:
                return
            if isinstance(entry, list):
                collect(entry, level + 1)
            elif (page := reader.get_destination_page_number(entry)) is not None:
                found[page + 1, _bare(str(entry.title)).casefold()] = level

    try:
        collect(reader.outline, 1)
    except Exception:  # noqa: BLE001 - headings are a help, and their lack no reason to refuse the text
        return {}
    return found


def _without_margins(rows: Sequence[_Row]) -> list[_Row]:
    """Return `rows` without page numbers, and without what stands at the top or bottom of most pages."""
    edges = _edges(rows)
    pages = len({row.page for row in rows if row.text})
    counts = Counter(re.sub(r"\d+", "#", rows[place].text) for place in edges)
    repeated = {text for text, count in counts.items() if count >= 3 and count > pages / 2}
    return [
        row
        for place, row in enumerate(rows)
        if place not in edges
        or not (_PAGE_NUMBER.fullmatch(row.text) or re.sub(r"\d+", "#", row.text) in repeated)
    ]


def _edges(rows: Sequence[_Row]) -> frozenset[int]:
    """Return the places of the first and the last line of each page."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row.text:
            first.setdefault(row.page, place)
            last[row.page] = place
    return frozenset({*first.values(), *last.values()})


def _with_headings(
    rows: Sequence[_Row], sizes: Sequence[dict[str, float]], bookmarks: dict[tuple[int, str], int]
) -> list[_Row]:
    """Return `rows` with the levels of headings: the outline's where there is one, else by size of letters."""
    if bookmarks:
        return [replace(row, level=bookmarks.get((row.page, _bare(row.text).casefold()), 0)) for row in rows]
    letters: Counter[float] = Counter()
    measured = [sizes[row.page - 1].get(_bare(row.text), 0.0) for row in rows]
    for row, size in zip(rows, measured, strict=True):
        letters[size] += len(row.text)
    usual = letters.most_common(1)[0][0] if letters else 0.0
    large = sorted({size for size in measured if size > usual * _LARGE}, reverse=True)
    levels = {size: min(number, _LEVELS) for number, size in enumerate(large, 1)} if usual else {}
    return [
        replace(row, level=levels.get(size, 0)) if _may_head(row.text) else row
        for row, size in zip(rows, measured, strict=True)
    ]


def _may_head(text: str) -> bool:
    return any(map(str.isalpha, text)) and len(text) <= _LONGEST_HEADING and not text.endswith(".")


def _blocks(rows: Sequence[_Row]) -> Iterator[Block]:
    """Join lines that were broken for want of room; short lines stay lines, since they may be a list."""
    lengths = sorted(len(row.text) for row in rows if row.text)
    width = lengths[int(len(lengths) * 0.9)]
    block: Block | None = None
    before: _Row | None = None  # the line above, `None` after a gap
    for row in rows:
        if not row.text or row.level:
            yield from _closed(block)
            block, before = None, None
            if row.level:
                yield Block(Shape.HEADING, (Line(row.text),), level=row.level, page=row.page)
            continue
        item = _ITEM.match(row.text)
        if block is not None and before is not None and item is None and _goes_on(before, row, width):
            block = _joined(block, row.text)
        elif (
            block is not None
            and before is not None
            and _belongs(block, before, row, is_item=item is not None)
        ):
            block = replace(block, lines=(*block.lines, _line(row.text)))
        else:
            yield from _closed(block)
            shape = Shape.LIST if item else Shape.PARAGRAPH
            block = Block(shape, (_line(row.text),), page=row.page)
        before = row
    yield from _closed(block)


def _closed(block: Block | None) -> Iterator[Block]:
    if block is not None:
        yield block


def _goes_on(before: _Row, row: _Row, width: int) -> bool:
    """Return whether `row` goes on with the sentence or the word that the line before it began."""
    if recipe_words().has_amount(row.text) or (row.page != before.page and not row.text[0].islower()):
        return False
    return len(before.text) >= width * _LONG or _hyphenated(before.text, row.text)


def _belongs(block: Block, before: _Row, row: _Row, *, is_item: bool) -> bool:
    """Return whether `row` is a further line of the list or of the lines in `block`."""
    if is_item or row.page != before.page:
        return is_item and block.shape is Shape.LIST
    return block.shape is Shape.PARAGRAPH and not before.text.endswith(_ENDS)


def _line(text: str) -> Line:
    item = _ITEM.match(text)
    if item is None:
        return Line(text)
    marker = item["marker"] if item["marker"][0].isdigit() else "-"
    return Line(text[item.end() :], marker=marker)


def _joined(block: Block, text: str) -> Block:
    *others, last = block.lines
    broken = _hyphenated(last.text, text)
    joined = f"{last.text[:-1]}{JOINT}{text}" if broken else f"{last.text} {text}"
    return replace(block, lines=(*others, replace(last, text=joined)))


def _hyphenated(above: str, below: str) -> bool:
    return len(above) > 1 and above[-1] in "-\u2010" and above[-2].isalpha() and below[0].islower()
