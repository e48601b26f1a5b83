"""Write what stands within a line of Markdown: styles, code, links and images."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from markdown_it.token import Token
from telegram.constants import MessageEntityType as Kind

from bot.telegram.canvas import Canvas
from bot.telegram.characters import is_visible
from bot.telegram.markdown import shown_address

_STYLES: Final[Mapping[str, Kind]] = {"strong": Kind.BOLD, "em": Kind.ITALIC, "s": Kind.STRIKETHROUGH}
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
# Telegram drops links to other hosts (tdlib/td LinkManager.cpp, check_link_impl), and with them the address.
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[\w-]+")
_TELEGRAM_ADDRESS: Final = re.compile(r"tg:(?://)?[A-Za-z0-9_-]+(?:[/?].*)?")
_LONGEST_ADDRESS: Final = 2000


def write_line(canvas: Canvas, tokens: Iterable[Token]) -> None:
    """Write the tokens of one paragraph, heading or cell; what we don't know is written as its text."""
    address = ""
    for token in tokens:
        if style := _STYLES.get(token.tag):
            if token.nesting > 0:
                canvas.open(style)
            else:
                canvas.close(style)
        elif token.type == "code_inline":
            canvas.code(token.content)
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            canvas.open(Kind.TEXT_LINK)
        elif token.type == "link_close":
            _close_link(canvas, address)
        else:
            canvas.write(_text(token))


def plain_text(tokens: Iterable[Token]) -> str:
    """Return what `tokens` say, in one line and without formatting."""
    return " ".join("".join(map(_text, tokens)).split())


def has_address(token: Token) -> bool:
    """Return whether a cell has a link or an image, whose address must not be lost."""
    return any(child.type in {"link_open", "image"} for child in token.children or ())


def _text(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "image":
        alternative = plain_text(token.children or ())
        address = shown_address(str(token.attrs.get("src", "")))
        return f"{alternative} ({address})" if alternative and address else alternative or address
    if token.type == "code_inline":
        return token.content
    return _BREAK.sub("\n", token.content)


def _close_link(canvas: Canvas, address: str) -> None:
    """End a link: an address that can't be tapped is shown behind its text, in brackets."""
    shown = shown_address(address)
    label = canvas.written_since(Kind.TEXT_LINK).strip()
    is_said = label in {address, shown, shown.removeprefix("mailto:")}
    if is_visible(label) and not is_said and _is_clickable(address):
        canvas.close(Kind.TEXT_LINK, url=address)
        return
    canvas.forget(Kind.TEXT_LINK)
    if not is_visible(label):
        canvas.write(shown)
    elif not is_said and shown:
        canvas.write(f" ({shown})")


def _is_clickable(address: str) -> bool:
    if len(address) > _LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # read for its check: a port beyond 65535 is an error
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(_TELEGRAM_ADDRESS.fullmatch(address))
    # A name before an @ disguises the host that follows.
    is_honest = parts.username is None and bool(_HOST.fullmatch(parts.hostname or ""))
    return parts.scheme in {"http", "https"} and is_honest
