"""A text that grows from left to right, and the formatting that is laid over it."""

from dataclasses import dataclass, field

from telegram import MessageEntity
from telegram.constants import MessageEntityType as Kind

from bot.telegram.characters import clean, ends_with_mark, without_leading_marks
from bot.telegram.splitting import Part, Span, make_part

# Telegram allows code inside a quote and nowhere else.
_NEVER_WITH_CODE = (Kind.BOLD, Kind.ITALIC, Kind.STRIKETHROUGH)


@dataclass(slots=True)
class _Open:
    """A style that is on: how often it was opened, and where its text begins, once there is some."""

    depth: int = 1
    start: int | None = None
    piece: int = 0


@dataclass(slots=True)
class Canvas:
    """Lines, list markers and styles are asked for; they take effect when the next text is written.

    `indent` stands before every line but a list item's first.
    """

    indent: str = ""
    length: int = field(default=0, init=False)
    """Code points written so far."""
    _pieces: list[str] = field(default_factory=list, init=False)
    _spans: list[Span] = field(default_factory=list, init=False)
    _styles: dict[Kind, _Open] = field(default_factory=dict, init=False)
    _gap: int = field(default=0, init=False)
    _lead: str | None = field(default=None, init=False)
    _last_line: int = field(default=0, init=False)

    def block(self, first_line: int, next_line: int) -> None:
        """Start a block that stands in these lines of the source; a blank line there is a blank line here."""
        if self.length:
            self._gap = max(self._gap, 1 if first_line <= self._last_line else 2)
        self._last_line = next_line

    def line(self) -> None:
        """Start a new line at the next text."""
        self._gap = max(self._gap, 1 if self.length else 0)

    def lead(self, marker: str) -> None:
        """Put a list marker before the next text."""
        self._lead = (self.indent if self._lead is None else self._lead) + marker

    def finish_lead(self) -> None:
        """Write a marker that no text has followed: an empty list item."""
        if self._lead is not None:
            self._start_text()

    def write(self, text: str) -> None:
        """Add text in the styles that are on; line ends in it are followed by the indent."""
        text = clean(text)
        if self._pieces and ends_with_mark(self._pieces[-1]):
            text = without_leading_marks(text)
        if not text:
            return
        self._start_text()
        self._add(text.replace("\n", "\n" + self.indent))

    def open(self, kind: Kind) -> None:
        """Turn a style on; more than once is as good as once."""
        if kind in self._styles:
            self._styles[kind].depth += 1
        else:
            self._styles[kind] = _Open()

    def close(self, kind: Kind, *, url: str | None = None) -> None:
        """Turn a style off that was turned on."""
        style = self._styles[kind]
        style.depth -= 1
        if not style.depth:
            del self._styles[kind]
            self._lay(kind, style.start, url=url)

    def forget(self, kind: Kind) -> None:
        """Turn a style off and leave its text without it."""
        del self._styles[kind]

    def written_since(self, kind: Kind) -> str:
        """Return the text that was written since the style was turned on."""
        style = self._styles[kind]
        return "" if style.start is None else "".join(self._pieces[style.piece :])

    def code(self, text: str) -> None:
        """Add code within a line; inside a link, where Telegram allows none, it is plain text."""
        if Kind.TEXT_LINK in self._styles:
            self.write(text)
            return
        paused = {kind: self._styles.pop(kind) for kind in _NEVER_WITH_CODE if kind in self._styles}
        for kind, style in reversed(paused.items()):
            self._lay(kind, style.start)
        self.open(Kind.CODE)
        self.write(text)
        self.close(Kind.CODE)
        for kind, style in paused.items():
            self._styles[kind] = _Open(depth=style.depth)

    def pre(self, text: str, *, language: str | None = None) -> None:
        """Add a block of code, without an indent of its own."""
        indent, self.indent = self.indent, ""
        self.open(Kind.PRE)
        self.write(text)
        style = self._styles.pop(Kind.PRE)
        self._lay(Kind.PRE, style.start, language=language)
        self.indent = indent

    def part(self) -> Part:
        """Return all that was written."""
        outer_first = self._spans[::-1]  # a span is laid when it ends
        return make_part("".join(self._pieces), 0, self.length, outer_first)

    def _start_text(self) -> None:
        if self._gap:
            self._add("\n" * self._gap)
        if self._lead is not None or self._gap:
            self._add(self.indent if self._lead is None else self._lead)
        self._gap, self._lead = 0, None
        for style in self._styles.values():
            if style.start is None:
                style.start, style.piece = self.length, len(self._pieces)

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)

    def _lay(
        self, kind: Kind, start: int | None, *, url: str | None = None, language: str | None = None
    ) -> None:
        if start is not None:
            model = MessageEntity(kind, start, self.length - start, url=url, language=language)
            self._spans.append(Span(start=start, end=self.length, model=model))
