"""Turn the Markdown that a model writes into text and entities that Telegram takes as they are.

Never `parse_mode`: one unclosed star there, and Telegram refuses the whole message.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Final

from markdown_it.token import Token
from telegram.constants import MessageEntityType as Kind
from telegram.constants import MessageLimit

from bot.telegram.canvas import Canvas
from bot.telegram.characters import clean
from bot.telegram.inline import has_address, plain_text, write_line
from bot.telegram.markdown import tokens
from bot.telegram.splitting import Part, split
from bot.telegram.tables import aligned

__all__ = ["Part", "parts", "render", "split"]

_MOST_MARKDOWN: Final = 50_000
"""Code points. A longer text is no answer but an accident: it is shown as it is, at no cost."""
_MARKED: Final = re.compile(r"[*_`~\[<&\\|]|^ *(?:[-+#>]|\d{1,9}[.)])", re.MULTILINE)
_STEP: Final = "   "
_RULE: Final = "———"
_UNKNOWN: Final = "–"
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")


def parts(markdown: str, limit: int = int(MessageLimit.MAX_TEXT_LENGTH)) -> tuple[Part, ...]:
    """Return the messages that show `markdown`; none when a person would see nothing."""
    return split(render(markdown), limit)


def render(markdown: str) -> Part:
    """Return `markdown` as one text of any length with all its formatting."""
    text = clean(markdown)
    if len(text) > _MOST_MARKDOWN or not _MARKED.search(text):
        return Part(text=_without_markdown(text))
    writer = _Writer()
    writer.write(tokens(text))
    return writer.canvas.part()


def _without_markdown(text: str) -> str:
    """Return the text as the parser would leave it: no spaces around lines, one blank line between blocks."""
    lines = "\n".join(line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


@dataclass(slots=True)
class _List:
    """A list that is being written; `number` is the last one given, `None` in a list of bullets."""

    number: int | None

    def marker(self, item: Token) -> str:
        if self.number is None:
            return "• "
        # A model that writes 1. 1. 1. means 1. 2. 3.; one that leaves numbers out means to.
        self.number = max(int(item.info), self.number + 1)
        return f"{self.number}{item.markup} "


@dataclass(slots=True)
class _Writer:
    """Goes over the tokens of a text once and writes them on a canvas."""

    canvas: Canvas = field(default_factory=Canvas)
    lists: list[_List] = field(default_factory=list)
    indents: list[str] = field(default_factory=list)

    def write(self, found: Iterable[Token]) -> None:
        remaining = iter(found)
        for token in remaining:
            if token.type == "inline":
                write_line(self.canvas, token.children or ())
            elif token.type == "table_open":
                self.table(token, list(_until_table_ends(remaining)))
            elif handler := _HANDLERS.get(token.type):
                handler(self, token)

    def block(self, token: Token) -> None:
        first_line, next_line = token.map or (0, 0)
        self.canvas.block(first_line, next_line)

    def open_heading(self, token: Token) -> None:
        self.block(token)
        self.canvas.open(Kind.BOLD)

    def rule(self, token: Token) -> None:
        self.block(token)
        self.canvas.write(_RULE)

    def open_list(self, token: Token) -> None:
        self.lists.append(_List(number=-1 if token.type == "ordered_list_open" else None))

    def close_list(self, _: Token) -> None:
        self.lists.pop()

    def open_item(self, token: Token) -> None:
        first_line, _ = token.map or (0, 0)
        self.canvas.block(first_line, first_line + 1)
        self.canvas.lead(self.lists[-1].marker(token))
        self.indents.append(self.canvas.indent)
        self.canvas.indent += _STEP

    def close_item(self, _: Token) -> None:
        self.canvas.finish_lead()
        self.canvas.indent = self.indents.pop()

    def fence(self, token: Token) -> None:
        self.block(token)
        info = token.info.strip()
        code = dedent(token.content).strip()
        if code and _LANGUAGE.fullmatch(info):
            self.canvas.pre(code, language=info)
        else:  # what a model has put behind the fence by mistake is text that must be seen
            self.canvas.pre(f"{info}\n{code}".strip())

    def table(self, opening: Token, cells: Sequence[Token]) -> None:
        self.block(opening)
        columns = int(opening.meta["columns"])
        rows = [cells[index : index + columns] for index in range(0, len(cells), columns)]
        lines = None
        if not any(map(has_address, cells)):  # Telegram has no links in code
            texts = [[plain_text(cell.children or ()) for cell in row] for row in rows]
            lines = aligned(texts, right=frozenset(opening.meta["right"]))
        if lines is None:
            self.rows(rows)
        else:
            self.canvas.pre(lines)

    def rows(self, rows: Sequence[Sequence[Token]]) -> None:
        """Write a wide table as a list: one item for each row, one line for each cell with its column's name."""
        indent = self.canvas.indent
        head, body = rows[0], rows[1:]
        for row in body or (head,):
            if not any(cell.content for cell in row):
                continue
            self.canvas.indent = indent
            self.canvas.line()
            self.canvas.lead("• ")
            self.canvas.indent = indent + _STEP
            for index, (name, cell) in enumerate(zip(head, row, strict=True)):
                if cell.content or (body and name.content):
                    self.cell(name if body else None, cell, is_first=index == 0)
        self.canvas.indent = indent

    def cell(self, name: Token | None, cell: Token, *, is_first: bool) -> None:
        if not is_first:
            self.canvas.line()
        if name is not None and name.content:
            write_line(self.canvas, name.children or ())
            self.canvas.write(": ")
        if not cell.content:
            self.canvas.write(_UNKNOWN)
            return
        if is_first:
            self.canvas.open(Kind.BOLD)
        write_line(self.canvas, cell.children or ())
        if is_first:
            self.canvas.close(Kind.BOLD)


_HANDLERS: Final[Mapping[str, Callable[[_Writer, Token], None]]] = {
    "paragraph_open": _Writer.block,
    "heading_open": _Writer.open_heading,
    "heading_close": lambda writer, _: writer.canvas.close(Kind.BOLD),
    "blockquote_open": lambda writer, _: writer.canvas.open(Kind.BLOCKQUOTE),
    "blockquote_close": lambda writer, _: writer.canvas.close(Kind.BLOCKQUOTE),
    "bullet_list_open": _Writer.open_list,
    "bullet_list_close": _Writer.close_list,
    "ordered_list_open": _Writer.open_list,
    "ordered_list_close": _Writer.close_list,
    "list_item_open": _Writer.open_item,
    "list_item_close": _Writer.close_item,
    "fence": _Writer.fence,
    "hr": _Writer.rule,
}


def _until_table_ends(remaining: Iterator[Token]) -> Iterator[Token]:
    for token in remaining:
        if token.type == "table_close":
            return
        yield token
