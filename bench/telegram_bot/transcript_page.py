"""What was said in a chat, as a page of Markdown without its times."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from babel.dates import format_skeleton

from .transcript_scene import Heading, Seen, Step

LONGEST = 60
"""Characters of a text in `/mydata`'s document that are shown."""
MOST = 2
"""Items of a list in it that are shown."""
_CUT = "…"
_UNREPEATABLE = ("pseudonym", "timings", "date")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:.*")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#~|])")
_SECONDS = re.compile(r"\b\d+([.,]\d+)?(?= s\b)")
_STAGES = re.compile(r"(… s [^:\n]*:) .*")
_STYLES = {"bold": "**", "italic": "*", "strikethrough": "~~"}
_FIRST = 45
_WRITERS = {
    "model": "*(Written by {model}; the guard has passed it.)*",
    "bot": "*(Put together by the bot, without the words of a model.)*",
}


class Page:
    """Writes steps as lines; `document` gives a file's bytes by its id, `model` says what wrote the answers."""

    def __init__(self, name: str, model: str, picture: str, document: Callable[[str], bytes]) -> None:
        self._name = name
        self._model = model
        self._picture = picture
        self._document = document
        today = datetime.now(UTC)
        days = (today, today - timedelta(days=1))
        self._dates = [
            format_skeleton("MMMMd", day, locale=locale) for day in days for locale in ("en_GB", "es")
        ]

    def lines(self, steps: Sequence[Step | Heading]) -> Iterator[str]:
        """Yield the page's lines."""
        for step in steps:
            if isinstance(step, Heading):
                yield from (f"## {step.title}", "", *((step.remark, "") if step.remark else ()))
            else:
                yield from self._step(step)

    def _step(self, step: Step) -> Iterator[str]:
        if step.under:
            yield f"**{self._name}** taps {_button(step.what)} under “{_beginning(step.under.text)}”"
        else:
            yield f"**{self._name}:** {_plain(step.what)}"
        yield ""
        for text, alert in step.popped_up:
            yield from (f"🔔 *{'An alert' if alert else 'A notice'}:* “{_plain(text)}”", "")
        for old, new in step.changed:
            if old.text == new.text:
                yield from (f"✏️ *Other buttons stand under “{_beginning(new.text)}”:*", "")
                yield from _keyboard(new)
                yield ""
            else:
                yield from (f"✏️ *“{_beginning(old.text)}” is edited; it says now:*", "")
                yield from self._message(new)
        for seen in step.gone:
            yield from (f"✏️ *The buttons under “{_beginning(seen.text)}” are taken away.*", "")
        for seen in step.new:
            yield from self._message(seen)
        if step.written_by:
            yield from (_WRITERS[step.written_by].format(model=self._model), "")

    def _message(self, seen: Seen) -> Iterator[str]:
        document = seen.media.get("document")
        if "photo" in seen.media:
            yield from (f"> ![The picture that the bot sent]({self._picture})", ">")
        if document:
            yield from (f"> 📎 `{document['file_name']}`", ">")
        lines = self._timeless(_markdown(seen)).split("\n")
        for line, following in pairwise([*lines, ""]):
            yield f"> {line}\\" if line and following else f"> {line}".rstrip()
        if seen.rows:
            yield ">"
        yield from _keyboard(seen)
        yield ""
        if document:
            content = json.loads(self._document(document["file_id"]))
            shown = json.dumps(shortened(content), indent=2, ensure_ascii=False)
            yield from ("```json", shown, "```", "")

    def _timeless(self, text: str) -> str:
        for date in self._dates:
            text = text.replace(date, _CUT)
        return _STAGES.sub(rf"\1 {_CUT}", _SECONDS.sub(_CUT, text))


def shortened(value: Any) -> Any:
    """Return JSON with long texts and lists cut, and all that differs from run to run left out: `…` stands there."""
    if isinstance(value, dict):
        return {name: _CUT if name in _UNREPEATABLE else shortened(item) for name, item in value.items()}
    if isinstance(value, list):
        rest = [f"{_CUT} and {len(value) - MOST} more"] if len(value) > MOST else []
        return [*(shortened(item) for item in value[:MOST]), *rest]
    if isinstance(value, str) and _STAMP.fullmatch(value):
        return _CUT
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST].rstrip() + _CUT
    return value


def _keyboard(seen: Seen) -> Iterator[str]:
    for row, following in pairwise([*seen.rows, ()]):
        yield f"> {' '.join(map(_button, row))}" + ("\\" if following else "")


def _button(text: str) -> str:
    return f"`[ {text} ]`"


def _beginning(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return _plain(line if len(line) <= _FIRST else line[:_FIRST].rsplit(" ", 1)[0] + " …")


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _markdown(seen: Seen) -> str:
    """Return a message's text with its entities as Markdown; offsets count UTF-16 code units."""
    raw = seen.text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for entity in seen.entities:
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        opening, closing = _around(entity)
        marks.setdefault(start, []).append(opening)
        marks.setdefault(end, []).insert(0, closing)
    places = sorted({0, len(raw), *marks})
    text = "".join(marks.get(0, []))
    for start, end in pairwise(places):
        text += _plain(raw[start:end].decode("utf-16-le")) + "".join(marks.get(end, []))
    return text


def _around(entity: dict[str, Any]) -> tuple[str, str]:
    if entity["type"] == "text_link":
        return "[", f"]({entity['url']})"
    style = _STYLES.get(entity["type"], "")
    return style, style
