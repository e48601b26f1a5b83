"""What a stored update says of whom: its sender, and the part of it that is about nobody else."""

from collections.abc import Mapping
from typing import Any

_PRIVATE_CHAT = "chat:{id}"
_NO_CHAT = "user:{id}"

# What somebody sent themselves. Left out: what they replied to, forwarded or were sent, and other people's cards.
_MESSAGE_FIELDS = frozenset(
    """message_id message_thread_id date edit_date from chat text caption entities caption_entities media_group_id
    photo voice audio video video_note animation document sticker location""".split()
)
_PRESS_FIELDS = frozenset({"id", "from", "data", "chat_instance"})
_WHERE_PRESSED = frozenset({"message_id", "message_thread_id", "date", "chat"})


def keys_of(telegram_id: int) -> tuple[str, ...]:
    """Return the chat keys that only one person's updates have, and that hold their Telegram id."""
    return (_PRIVATE_CHAT.format(id=telegram_id), _NO_CHAT.format(id=telegram_id))


def is_from(payload: Mapping[str, Any] | None, telegram_id: int) -> bool:
    """Tell whether the update with this JSON was sent by a person."""
    return any(_sender(part) == telegram_id for part in (payload or {}).values())


def own_part(payload: Mapping[str, Any], telegram_id: int) -> dict[str, Any]:
    """Return the JSON of a person's update without what it says of others."""
    return {
        kind: _own(part, telegram_id) if isinstance(part, Mapping) else part for kind, part in payload.items()
    }


def _sender(part: object) -> object:
    sender = part.get("from") if isinstance(part, Mapping) else None
    return sender.get("id") if isinstance(sender, Mapping) else None


def _own(part: Mapping[str, Any], telegram_id: int) -> dict[str, Any]:
    if "data" in part:
        kept = {name: part[name] for name in _PRESS_FIELDS & part.keys()}
        under = part.get("message")
        if isinstance(under, Mapping):
            kept["message"] = {name: under[name] for name in _WHERE_PRESSED & under.keys()}
        return kept
    kept = {name: part[name] for name in _MESSAGE_FIELDS & part.keys()}
    for name in {"entities", "caption_entities"} & kept.keys():
        kept[name] = [_entity(item, telegram_id) for item in kept[name]]
    return kept


def _entity(entity: Mapping[str, Any], telegram_id: int) -> dict[str, Any]:
    """Return an entity without the person whom it names."""
    user = entity.get("user")
    is_other = isinstance(user, Mapping) and user.get("id") != telegram_id
    return {name: value for name, value in entity.items() if name != "user" or not is_other}
