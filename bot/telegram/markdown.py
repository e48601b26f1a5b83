"""Read the Markdown that a model writes, without losing a word of it, however broken it is.

CommonMark with tables and strikethrough, less what harms in a chat: HTML, indented code (models indent
prose), underlined headings (a rule under a paragraph would make all of it a heading) and link definitions
(they would vanish). Work grows with the length of the text, never with its square.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_NESTING: Final = 16
"""Levels of quotes and lists (a list counts twice) that are read as such; deeper ones stay text."""
_CELLS: Final = 1000
"""A larger table stays text."""
_MARKED: Final = re.compile(r"[*_`~\[<&\\]")
_PIPE: Final = re.compile(r"(?<!\\)\|")
_DELIMITER: Final = re.compile(r":?-+:?")
_OFF: Final = ("code", "html_block", "html_inline", "lheading", "reference")

_Rule = Callable[[StateBlock, int, int, bool], bool]


def tokens(text: str) -> list[Token]:
    """Return the tokens of markdown-it for `text`.

    A table is `table_open` (its `meta` has `columns`, a number, and `right`, a set of column numbers that are
    aligned to the right), one `inline` token for each cell in reading order, and `table_close`.
    """
    return _parser().parse(text)


def shown_address(address: str) -> str:
    """Return a link's address as a person reads it: no percent signs where letters were meant."""
    return _parser().normalizeLinkText(address)


@cache
def _parser() -> MarkdownIt:
    # markdown-it drops what is nested deeper than maxNesting, so our own limit comes first.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING + 4})
    parser.enable("strikethrough").disable(list(_OFF))
    rules = parser.block.ruler
    rules.at("blockquote", _not_too_deep(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    rules.at("list", _not_too_deep(list_block), {"alt": ["paragraph", "blockquote"]})
    rules.before("code", "table_with_all_cells", _table, {"alt": ["paragraph"]})
    parser.core.ruler.at("inline", _read_lines)
    return parser


def _read_lines(state: StateCore) -> None:
    """Read what stands within lines; most items and cells are plain words, which need no parser."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        children: list[Token] = []
        token.children = children
        if _MARKED.search(token.content):
            state.md.inline.parse(token.content, state.md, state.env, children)
        else:
            lines = "\n".join(line.strip(" ") for line in token.content.split("\n"))
            children.append(Token("text", "", 0, content=lines))


def _not_too_deep(rule: _Rule) -> _Rule:
    def limited(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - their signature
        return state.level < _NESTING and rule(state, start, end, silent)

    return limited


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - their signature
    """Read a table as GitHub does, but keep surplus cells, and end it at the first line without a bar."""
    if start + 2 > end or state.sCount[start + 1] < state.blkIndent or "no_tables" in state.env:
        return False
    head, delimiters = _heads(_line(state, start), _line(state, start + 1))
    if not head or silent:
        return bool(head)
    rows = [head, *_body(state, start + 2, end)]
    columns = max(map(len, rows))
    if columns * len(rows) > _CELLS:
        state.env["no_tables"] = True  # or a long text of table heads would be read again and again
        return False
    _push_table(state, start, rows, delimiters)
    return True


def _heads(first: str, second: str) -> tuple[list[str], list[str]]:
    """Return the cells of a table's first two lines; none when these lines are no table."""
    if "|" not in first or len(second) < 2 or not set(second) <= set("|-: "):
        return [], []
    head, delimiters = _cells(first), _cells(second)
    if len(head) != len(delimiters) or not all(_DELIMITER.fullmatch(cell) for cell in delimiters):
        return [], []
    return head, delimiters


def _push_table(state: StateBlock, start: int, rows: list[list[str]], delimiters: list[str]) -> None:
    state.line = start + len(rows) + 1
    columns = max(map(len, rows))
    opening = state.push("table_open", "table", 1)
    opening.map = [start, state.line]
    right = {
        index for index, cell in enumerate(delimiters) if cell.endswith(":") and not cell.startswith(":")
    }
    opening.meta = {"columns": columns, "right": right}
    for row in rows:
        for cell in row + [""] * (columns - len(row)):
            inline = state.push("inline", "", 0)
            inline.content, inline.map, inline.children = cell, opening.map, []
    state.push("table_close", "table", -1)


def _body(state: StateBlock, start: int, end: int) -> list[list[str]]:
    enders = state.md.block.ruler.getRules("blockquote")
    rows: list[list[str]] = []
    for number in range(start, end):
        line = _line(state, number)
        if "|" not in line or state.sCount[number] < state.blkIndent:
            break
        if any(rule(state, number, end, True) for rule in enders):  # noqa: FBT003 - their signature
            break
        rows.append(_cells(line))
    return rows


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()


def _cells(line: str) -> list[str]:
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]
