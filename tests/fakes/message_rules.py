"""What Telegram refuses or alters in a message, written from its documentation and not from our code.

Sources: core.telegram.org/bots/api, MessageEntity and 'formatting options'; the checks of Telegram's own client
library (tdlib/td `MessageEntity.cpp` `are_entities_valid`, `misc.cpp` `clean_input_string`).
"""

import re
import unicodedata
from itertools import combinations

from telegram import MessageEntity

_CODE = {"code", "pre"}
_LOST = {*map(chr, range(0x2028, 0x202F)), "\u030a", "\u0333", "\u033f", "\r", "\t", "\x7f"}
_MOST_ENTITIES = 100
_LINK_STARTS = ("http://", "https://", "tg:")


def faults(text: str, entities: tuple[MessageEntity, ...], limit: int | None = 4096) -> list[str]:
    """Return one line for each thing that Telegram wouldn't show as it was sent; `limit=None`: any length."""
    found = _text_faults(text, limit)
    placed = []
    for entity in entities:
        found += _entity_faults(text, entity)
        placed.append((entity.offset, -entity.offset - entity.length, str(entity.type)))
    if limit is not None and len(entities) > _MOST_ENTITIES:
        found.append(f"{len(entities)} entities")
    if [place[:2] for place in placed] != sorted(place[:2] for place in placed):
        found.append("entities not in order")
    for (start, minus_end, kind), (other_start, other_minus_end, other) in combinations(placed, 2):
        if other_start < -minus_end:
            found += _overlap_faults((start, -minus_end, kind), (other_start, -other_minus_end, other))
    return found


def slice_of(text: str, entity: MessageEntity) -> str:
    """Return what the entity covers, counted in UTF-16 units; a half of a pair comes back as U+FFFD."""
    data = text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)]
    return data.decode("utf-16-le", errors="replace")


def _text_faults(text: str, limit: int | None) -> list[str]:
    found = []
    if limit is not None and (len(text) > limit or len(text.encode("utf-16-le")) > 2 * limit):
        found.append(f"too long: {len(text)}")
    if text != text.strip():
        found.append("white space at the ends")
    bad = {c for c in text if c in _LOST or (unicodedata.category(c) in {"Cc", "Cs"} and c != "\n")}
    if re.search("[\u200e\u200f]{2}", text):
        found.append("direction marks in a row")
    if bad:
        found.append(f"characters that Telegram drops: {sorted(bad)!r}")
    return found


def _entity_faults(text: str, entity: MessageEntity) -> list[str]:
    covered = slice_of(text, entity)
    found = []
    if entity.length <= 0 or entity.offset < 0:
        found.append(f"empty entity {entity}")
    if entity.offset + entity.length > len(text.encode("utf-16-le")) // 2:
        found.append(f"entity beyond the text {entity}")
    if covered != covered.strip():
        found.append(f"white space at the ends of {entity}")
    if "\ufffd" in covered.replace("\ufffd", "", text.count("\ufffd")):
        found.append(f"half a character in {entity}")
    if (str(entity.type) == "text_link") != bool(entity.url):
        found.append(f"address missing or misplaced {entity}")
    if entity.url and not entity.url.lower().startswith(_LINK_STARTS):
        found.append(f"address that can't be tapped: {entity.url}")
    return found


def _overlap_faults(outer: tuple[int, int, str], inner: tuple[int, int, str]) -> list[str]:
    found = []
    if inner[1] > outer[1]:
        found.append(f"entities cross: {outer} {inner}")
    if outer[2] == inner[2]:
        found.append(f"entity within its like: {outer} {inner}")
    if outer[2] in _CODE:
        found.append(f"code contains an entity: {outer} {inner}")
    if inner[2] in _CODE and outer[2] != "blockquote":
        found.append(f"code within an entity: {outer} {inner}")
    if inner[2] == "blockquote":
        found.append(f"quote within an entity: {outer} {inner}")
    return found
