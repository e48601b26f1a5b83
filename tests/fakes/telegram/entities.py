"""Entities: which ones Telegram adds to what a person writes, and which ones it takes from a bot.

Offsets and lengths count UTF-16 code units (https://core.telegram.org/bots/api#messageentity). Where Telegram
quietly drops or mends an entity (no length, crossing another, more than a hundred), this server refuses it: a bot
under test shouldn't rely on the mending.
"""

import re
from itertools import combinations

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import bad_request

MOST_ENTITIES = 100
_STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_CODE = frozenset({"code", "pre"})
_OTHERS = frozenset(
    "mention hashtag cashtag bot_command url email phone_number text_link text_mention custom_emoji date_time".split()
)
_TYPES = _STYLES | _QUOTES | _CODE | _OTHERS
_NEEDED_FIELD = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
_SPACE = " \n\t\r\v\f"

# In order of precedence: what an earlier pattern has taken, a later one leaves alone.
_PATTERNS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")),
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"]*[^\s<>\".,!?:;)']|(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:app|com|dev|eu|gov|io|net|org)\b",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>])", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@\w{3,32}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}")),
)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detect(text: str) -> list[JSON]:
    """The entities that Telegram finds by itself in what a person sends, in order."""
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
                taken.append((start, end, kind))
    return [
        {"type": kind, "offset": utf16_length(text[:start]), "length": utf16_length(text[start:end])}
        for start, end, kind in sorted(taken)
    ]


def check(text: str, entities: list[JSON]) -> None:
    """Raise `ApiError` unless Telegram would keep every entity as it is."""
    if len(entities) > MOST_ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    for entity in entities:
        _check_fields(entity)
    starts = _byte_offsets(text)
    end_of_text = utf16_length(text)
    for entity in entities:
        _check_range(entity, starts, end_of_text)
    for first, second in combinations(entities, 2):
        _check_pair(first, second)


def trim(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Strip the text as Telegram does: all space after it, and space before it up to the first entity."""
    text = text.rstrip(_SPACE)
    end = utf16_length(text)
    kept = [
        entity | {"length": min(entity["length"], end - entity["offset"])}
        for entity in entities
        if entity["offset"] < end
    ]
    space = len(text) - len(text.lstrip(_SPACE))
    skipped = min([space, *(entity["offset"] for entity in kept)])  # space is one code unit a character
    return text[skipped:], [entity | {"offset": entity["offset"] - skipped} for entity in kept]


def _check_fields(entity: JSON) -> None:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind = entity.get("type")
    if kind not in _TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    needed = _NEEDED_FIELD.get(kind)
    if needed and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    for name in ("offset", "length"):
        if type(entity.get(name)) is not int:
            raise bad_request(f'can\'t parse MessageEntity: Field "{name}" must be a valid Number')
        if entity[name] < 0:
            raise bad_request(f"receive an entity with incorrect {name} {entity[name]}")
    if not entity["length"]:
        raise bad_request(f"entity beginning at UTF-16 offset {entity['offset']} is empty")


def _byte_offsets(text: str) -> dict[int, int]:
    """For each place between two characters: its offset in UTF-16 code units, and in bytes of UTF-8."""
    offsets, units, size = {0: 0}, 0, 0
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        size += len(character.encode())
        offsets[units] = size
    return offsets


def _check_range(entity: JSON, starts: dict[int, int], end_of_text: int) -> None:
    offset, end = entity["offset"], entity["offset"] + entity["length"]
    if offset > end_of_text:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset not in starts:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {starts[offset + 1]}")
    here = f"entity beginning at UTF-16 offset {offset}"
    if end > end_of_text:
        raise bad_request(f"{here} ends after the end of the text at UTF-16 offset {end}")
    if end not in starts:
        raise bad_request(f"{here} ends in a middle of a UTF-16 symbol at byte offset {starts[end + 1]}")


def _check_pair(first: JSON, second: JSON) -> None:
    outer, inner = sorted((first, second), key=lambda entity: (entity["offset"], -entity["length"]))
    outer_end, inner_end = outer["offset"] + outer["length"], inner["offset"] + inner["length"]
    if inner["offset"] >= outer_end:
        return
    here = f"entity beginning at UTF-16 offset {inner['offset']}"
    if inner_end > outer_end:
        raise bad_request(
            f"{here} crosses the end of the entity beginning at UTF-16 offset {outer['offset']}"
        )
    same_span = (outer["offset"], outer_end) == (inner["offset"], inner_end)
    allowed = _may_contain(outer["type"], inner["type"])
    if not allowed and not (same_span and _may_contain(inner["type"], outer["type"])):
        raise bad_request(f"{here} of type {inner['type']} can't be inside an entity of type {outer['type']}")


def _may_contain(outer: str, inner: str) -> bool:
    """The nesting rules of https://core.telegram.org/bots/api#formatting-options."""
    if outer in _CODE or outer == inner:
        return False
    if inner in _CODE:
        return outer in _QUOTES
    if outer in _QUOTES and inner in _QUOTES:
        return False
    return bool({outer, inner} & (_STYLES | _QUOTES))
