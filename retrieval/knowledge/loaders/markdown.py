"""Markdown as blocks that keep what matters here: headings, paragraphs, and lists line by line."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.files import clean, one_line

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+) *\n(.{0,20000}?\n)?\1 *(?:\n|\Z)", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{[<%].{0,300}?[%>]\}\}")  # of site generators
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[.*?(?:\]>|\Z)|<\?.*?(?:>|\Z)", re.DOTALL)
_LONE_BRACKET = re.compile(r"<(?=[^<>]*(?:<|\Z))")
_PARAGRAPH = re.compile(r"<p(?=[\s>])", re.IGNORECASE)
_HIDDEN_TAGS = "script style template noscript svg button iframe object select".split()
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
_HTML_BLOCKS = (
    "br p div li ul ol tr h1 h2 h3 h4 h5 h6 section article blockquote pre dt dd figcaption".split()
)


class Shape(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    """A list with everything nested in it, or a table, a row as a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, or one item of a list.

    `depth` counts the lists around an item's own, `marker` stands before it ('-', '3.'), and `heads` marks an item with
    a list of its own and the head of a table.
    """

    text: str
    depth: int = 0
    marker: str = ""
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of `level` 1 to 6, a paragraph or a list; `page` counts from 1, `None` where there are no pages."""

    shape: Shape
    lines: tuple[Line, ...]
    level: int = 0
    page: int | None = None

    @property
    def text(self) -> str:
        """Its lines as one."""
        return " ".join(line.text for line in self.lines)


def front_matter(text: str, name: str) -> tuple[Mapping[str, Any], str]:
    """Return the front matter (YAML or TOML) and the text after it; without front matter, nothing and all.

    Raises `BadInputError`, which calls the file `name`, for front matter that can't be read.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    source = match[2] or ""
    try:
        values = yaml.safe_load(source) if match[1] == "---" else tomllib.loads(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInputError(
            f"{name}: front matter that can't be read ({one_line(str(error))[:120]})"
        ) from error
    if values is None:
        return {}, text[match.end() :]
    if not isinstance(values, dict):
        return {}, text  # two rules with a paragraph between them
    return {str(key).lower(): value for key, value in values.items()}, text[match.end() :]


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text, without empty ones, pictures, scripts and comments."""
    reader = _Reader()
    for token in _parser().parse(_SHORTCODE.sub("", text)):
        reader.read(token)
    return tuple(reader.done)


def html_text(source: str) -> str:
    """Return what a reader sees of a piece of HTML, a line for each block."""
    soup = parsed_html(source)
    for block in soup(_HTML_BLOCKS):
        block.append("\n")
        block.insert_before("\n")
    return clean(soup.get_text())


def parsed_html(source: str) -> "BeautifulSoup":
    """Return HTML without what no reader sees: comments, scripts, styles, controls, hidden elements."""
    from bs4 import BeautifulSoup

    # What never closes would make Python's parser begin again at each '<', for minutes in a page of 100 kB.
    source = _LONE_BRACKET.sub("&lt;", _HTML_COMMENT.sub("", source))
    # A new paragraph ends the one before; Python's parser would nest thousands of them.
    soup = BeautifulSoup(_PARAGRAPH.sub("</p><p", source), "html.parser")
    for tag in soup(_HIDDEN_TAGS):
        tag.decompose()
    for tag in soup(_is_hidden):
        tag.decompose()
    return soup


def _is_hidden(tag: "Tag") -> bool:
    if not tag.attrs:
        return False
    style = str(tag.get("style", ""))
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or bool(_HIDDEN_STYLE.search(style))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


class _Reader:
    """Collects blocks from the flat list of tokens: a list ends when its outermost list does."""

    def __init__(self) -> None:
        self.done: list[Block] = []
        self._items: list[Line] = []
        self._counters: list[int | None] = []  # of each open list: the next number, `None` with bullets
        self._fresh = False  # an item was opened, and has no text yet
        self._level = 0
        self._row: list[str] | None = None

    def read(self, token: Token) -> None:
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            self._open_list(token)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            self._counters.pop()
            self._end_list()
        elif kind == "list_item_open":
            self._fresh = True
        elif kind == "heading_open":
            self._level = int(token.tag[1])
        elif kind in {"tr_open", "tr_close", "table_close", "thead_close"}:
            self._table(kind)
        elif kind == "inline":
            self._text(_inline(token.children or []))
        elif kind in {"code_block", "fence"}:
            self._text(token.content)
        elif kind == "html_block":
            self._text(html_text(token.content))

    def _open_list(self, token: Token) -> None:
        if self._counters and self._items and not self._fresh:
            self._items[-1] = replace(self._items[-1], heads=True)
        ordered = token.type == "ordered_list_open"
        self._counters.append(int(token.attrs.get("start", 1)) if ordered else None)

    def _end_list(self) -> None:
        if not self._counters and self._items:
            self._add(Shape.LIST, self._items)
            self._items = []

    def _table(self, kind: str) -> None:
        if kind == "tr_open":
            self._row = []
        elif kind == "tr_close":
            cells = " | ".join(cell for cell in self._row or [] if cell)
            self._row = None
            if cells:
                self._items.append(Line(cells, depth=len(self._counters)))
        elif kind == "thead_close" and self._items:
            self._items[-1] = replace(self._items[-1], heads=True)
        elif kind == "table_close":
            self._end_list()

    def _text(self, text: str) -> None:
        lines = [line for line in map(one_line, text.split("\n")) if line]
        level, self._level = self._level, 0
        if self._row is not None:
            self._row.append(" ".join(lines))
        elif not lines:
            return
        elif level:
            self._add(Shape.HEADING, [Line(" ".join(lines))], level=level)
        elif self._counters:
            self._item_text(" ".join(lines))
        else:
            self._add(Shape.PARAGRAPH, [Line(line) for line in lines])

    def _item_text(self, text: str) -> None:
        if not self._fresh and self._items:
            last = self._items[-1]
            self._items[-1] = replace(last, text=f"{last.text} {text}")
            return
        number = self._counters[-1]
        marker = "-" if number is None else f"{number}."
        if number is not None:
            self._counters[-1] = number + 1
        self._items.append(Line(text, depth=len(self._counters) - 1, marker=marker))
        self._fresh = False

    def _add(self, shape: Shape, lines: Sequence[Line], level: int = 0) -> None:
        self.done.append(Block(shape=shape, lines=tuple(lines), level=level))


def _inline(children: Sequence[Token]) -> str:
    return "".join(_inline_parts(children))


def _inline_parts(children: Sequence[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"text", "code_inline"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"} or (
            child.type == "html_inline" and _BREAK.match(child.content)
        ):
            yield "\n"
