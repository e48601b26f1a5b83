"""Cut one long formatted text into messages that Telegram accepts."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import MessageEntity
from telegram.constants import MessageEntityType, MessageLimit

from bot.telegram.characters import Utf16, is_visible, joins

# Telegram ignores the formatting after the first hundred entities of a message, and refuses a message whose
# entities take more than about 9,500 bytes together, mostly addresses (tdlib/telegram-bot-api issues 165, 820).
_BUDGET = 8000
_ENTITY_COST = 80
# A boundary in the first quarter of a message is no boundary: nobody wants a message with one lonely heading.
_LEAST_FILL = 4
_SENTENCE_END = re.compile(r"(?:(?<!\d)[.!?…؟।]+[\"'”’»)\]]*(?=\s))|[。！？]+[”’」』）]*")  # noqa: RUF001 - Chinese
_SPACE = re.compile(r"\s")
# Better moved to the next message as a whole than cut.
_WHOLE = frozenset(
    {MessageEntityType.PRE, MessageEntityType.BLOCKQUOTE, MessageEntityType.EXPANDABLE_BLOCKQUOTE}
)


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one message and its formatting; offsets and lengths are in UTF-16 code units."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """An entity placed in code points, which is how Python slices: `text[start:end]`.

    `model` says everything about the entity but its place.
    """

    start: int
    end: int
    model: MessageEntity


def split(part: Part, limit: int = int(MessageLimit.MAX_TEXT_LENGTH)) -> tuple[Part, ...]:
    """Return `part` as messages of at most `limit` UTF-16 units (so of at most `limit` code points, too).

    Cuts fall between blocks, else lines, else sentences, else words, else characters; code and quotes stay
    whole where they fit. An entity across a cut goes on in both messages. Only white space and invisible
    characters at the cuts are dropped. Raises `ValueError` when `limit` is below 2, the size of one emoji.
    """
    if limit < 2:
        raise ValueError(f"split: limit is {limit}; it must be 2 or more, the size of one emoji")
    text = part.text
    units = Utf16.of(text)
    spans = _spans(part.entities, units)
    parts = []
    start = _skip_space(text, 0, len(text))
    while start < len(text):
        spans = [span for span in spans if span.end > start]
        furthest = units.index(units.unit(start) + limit)
        end = _cut(text, start, _affordable(spans, start, furthest), spans)
        if is_visible(text[start:end]):
            parts.append(_readable(make_part(text, start, end, spans)))
        start = _skip_space(text, end, len(text))
    return tuple(parts)


def make_part(text: str, start: int, end: int, spans: Sequence[Span]) -> Part:
    """Return `text[start:end]` without the white space at its ends, with what `spans` say about it.

    Entities are cut to the part and to their ends without white space; empty ones are left out; the rest is
    sorted from left to right, the outer before the inner.
    """
    start, end = _trim(text, start, end)
    body = text[start:end]
    units = Utf16.of(body)
    places = [
        (*_trim(text, max(start, span.start), min(end, span.end)), span.model)
        for span in spans
        if span.start < end and span.end > start
    ]
    found = [place for place in places if place[0] < place[1]]
    found.sort(key=lambda place: (place[0], -place[1]))
    entities = (
        _placed(model, units.unit(first - start), units.unit(last - start)) for first, last, model in found
    )
    return Part(text=body, entities=tuple(entities))


def _readable(part: Part) -> Part:
    """Return `part` without the entities beyond what Telegram reads; links stay first, for their addresses."""
    entities = part.entities
    if sum(map(_cost, entities)) <= _BUDGET:
        return part
    cost, kept = 0, set[int]()
    for index in sorted(range(len(entities)), key=lambda index: not _is_link(entities[index])):
        cost += _cost(entities[index])
        if cost > _BUDGET:
            break
        kept.add(index)
    return Part(text=part.text, entities=tuple(entities[index] for index in sorted(kept)))


def _spans(entities: Sequence[MessageEntity], units: Utf16) -> list[Span]:
    spans = [
        Span(
            start=units.index(entity.offset),
            end=units.index(entity.offset + entity.length),
            model=entity,
        )
        for entity in entities
    ]
    return sorted(spans, key=lambda span: (span.start, -span.end))


def _affordable(spans: Sequence[Span], start: int, end: int) -> int:
    """Return where the message must end so that Telegram reads all of its entities."""
    affordable = _paid_until(spans, end)
    if affordable > _floor(start, end):
        return affordable
    # Formatting so dense that it would fill a chat with crumbs is dropped instead; a link's address is text that
    # would be lost with it.
    return max(_paid_until([span for span in spans if _is_link(span.model)], end), start + 1)


def _paid_until(spans: Sequence[Span], end: int) -> int:
    """Return where the first of `spans` begins that is too much for one message; `end` when none is."""
    cost = 0
    for span in spans:
        if span.start >= end:
            break
        cost += _cost(span.model)
        if cost > _BUDGET:
            return span.start
    return end


def _is_link(entity: MessageEntity) -> bool:
    return entity.type == MessageEntityType.TEXT_LINK


def _cost(entity: MessageEntity) -> int:
    return _ENTITY_COST + len(entity.url or "")


def _floor(start: int, end: int) -> int:
    return start + (end - start) // _LEAST_FILL


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> int:
    if end >= len(text):
        return len(text)
    floor = _floor(start, end)
    whole = _outermost(spans, end)
    for separator in ("\n\n", "\n"):
        if (index := _last_outside(text, separator, (floor, end), whole)) is not None:
            return index
    line = text.rfind("\n", floor + 1, end + 1)
    return line if line > floor else _cut_in_line(text, floor, end)


def _outermost(spans: Sequence[Span], end: int) -> list[tuple[int, int]]:
    """Return start and end of each stretch before `end` that had better not be cut, from left to right."""
    found: list[tuple[int, int]] = []
    for span in spans:
        if span.start < end and span.model.type in _WHOLE and (not found or span.start >= found[-1][1]):
            found.append((span.start, span.end))
    return found


def _last_outside(
    text: str, separator: str, between: tuple[int, int], whole: list[tuple[int, int]]
) -> int | None:
    """Return the last place of `separator` after the first and up to the second bound, outside of `whole`."""
    floor, end = between
    while (index := text.rfind(separator, floor + 1, end + len(separator))) > floor:
        nearest = bisect_right(whole, index, key=lambda stretch: stretch[0]) - 1
        if nearest < 0 or not whole[nearest][0] < index < whole[nearest][1]:
            return index
        end = whole[nearest][0]
    return None


def _cut_in_line(text: str, floor: int, end: int) -> int:
    window = text[floor : end + 1]  # one more, to see the space behind a full stop
    for boundary in (_SENTENCE_END, _SPACE):
        ends = [found.start() if boundary is _SPACE else found.end() for found in boundary.finditer(window)]
        fitting = [floor + index for index in ends if 0 < index <= end - floor]
        if fitting:
            return fitting[-1]
    for index in range(end, floor, -1):
        if not joins(text, index):
            return index
    return end


def _placed(model: MessageEntity, start: int, end: int) -> MessageEntity:
    if (model.offset, model.length) == (start, end - start):
        return model
    return MessageEntity(
        type=model.type,
        offset=start,
        length=end - start,
        url=model.url,
        user=model.user,
        language=model.language,
        custom_emoji_id=model.custom_emoji_id,
        date_time_format=model.date_time_format,
        unix_time=model.unix_time,
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    start = _skip_space(text, start, end)
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start
