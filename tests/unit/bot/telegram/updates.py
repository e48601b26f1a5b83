"""Updates of every kind, as Telegram writes them, and a Bot API that only notes what it is asked."""

import json
from collections.abc import Callable
from typing import Any

from telegram import Bot, Update
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

JSON = dict[str, Any]

BOT: JSON = {"id": 7, "is_bot": True, "first_name": "Platewise", "username": "platewise_bot"}
GROUP: JSON = {"id": -100, "type": "supergroup", "title": "Cooks"}
CHANNEL: JSON = {"id": -200, "type": "channel", "title": "News"}
_DATE = 1_777_777_777


class Noted(BaseRequest):
    """Answers every call with what Telegram would, and keeps (method, parameters)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, JSON]] = []

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        self.calls.append((name, dict(request_data.parameters) if request_data else {}))
        sent = {"message_id": 99, "date": _DATE, "chat": GROUP, "from": BOT, "text": "…"}
        result = {"getMe": BOT, "sendMessage": sent}.get(name, True)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def said(self) -> list[str]:
        """The texts that were sent or shown, in order."""
        return [str(given.get("text")) for method, given in self.calls if method != "getMe"]


async def noted_bot() -> tuple[ExtBot[None], Noted]:
    """A bot, and what it is asked to do."""
    request = Noted()
    bot: ExtBot[None] = ExtBot("7:x", request=request, get_updates_request=Noted())
    await bot.initialize()
    return bot, request


def user(number: int, *, is_bot: bool = False) -> JSON:
    return {"id": number, "is_bot": is_bot, "first_name": "Ada", "language_code": "en"}


def private(number: int) -> JSON:
    return {"id": number, "type": "private", "first_name": "Ada"}


def message(chat: JSON, sender: JSON | None, text: str = "hi", **more: Any) -> JSON:
    body = {"message_id": 5, "date": _DATE, "chat": chat, "text": text, **more}
    return body | ({"from": sender} if sender else {})


def mention(text: str, **more: Any) -> JSON:
    """What makes the first `@…` of `text` a mention."""
    start = text.index("@")
    entity = {"type": "mention", "offset": start, "length": len(text[start:].split(maxsplit=1)[0])}
    return {"entities": [entity], **more}


def make(bot: Bot, kind: str, content: JSON, number: int = 1) -> Update:
    update = Update.de_json({"update_id": number, kind: content}, bot)
    assert getattr(update, kind) is not None
    return update


def _member(chat: JSON, sender: JSON) -> JSON:
    old, new = ({"status": status, "user": BOT} for status in ("left", "member"))
    return {"chat": chat, "from": sender, "date": _DATE, "old_chat_member": old, "new_chat_member": new}


def _boost(chat: JSON, sender: JSON) -> JSON:
    source = {"source": "premium", "user": sender}
    times = {"add_date": _DATE, "expiration_date": _DATE, "remove_date": _DATE}
    return {
        "chat": chat,
        "boost": {"boost_id": "b", "source": source, **times},
        "boost_id": "b",
        "source": source,
    } | times


def _press(chat: JSON, sender: JSON) -> JSON:
    return {
        "id": "1",
        "from": sender,
        "chat_instance": "x",
        "data": "x",
        "message": message(chat, BOT) if chat else None,
    }


_MESSAGES = (
    "message edited_message channel_post edited_channel_post business_message edited_business_message guest_message"
).split()

IN_CHATS: dict[str, Callable[[JSON, JSON], JSON]] = {
    **dict.fromkeys(_MESSAGES, message),
    "callback_query": _press,
    "my_chat_member": _member,
    "chat_member": _member,
    "chat_join_request": lambda chat, sender: {
        "chat": chat,
        "from": sender,
        "date": _DATE,
        "user_chat_id": 1,
    },
    "chat_boost": _boost,
    "removed_chat_boost": _boost,
    "message_reaction": lambda chat, sender: {
        "chat": chat,
        "user": sender,
        "message_id": 5,
        "date": _DATE,
        "old_reaction": [],
        "new_reaction": [],
    },
    "message_reaction_count": lambda chat, _sender: {
        "chat": chat,
        "message_id": 5,
        "date": _DATE,
        "reactions": [],
    },
    "deleted_business_messages": lambda chat, _sender: {
        "business_connection_id": "c",
        "chat": chat,
        "message_ids": [1],
    },
}
"""What an update of each kind that has a chat holds, from its chat and its sender."""

ELSEWHERE: dict[str, Callable[[JSON], JSON]] = {
    "callback_query": lambda sender: {
        "id": "1",
        "from": sender,
        "chat_instance": "x",
        "data": "x",
        "inline_message_id": "i",
    },
    "inline_query": lambda sender: {"id": "1", "from": sender, "query": "oats", "offset": ""},
    "chosen_inline_result": lambda sender: {"result_id": "1", "from": sender, "query": "oats"},
    "shipping_query": lambda sender: {
        "id": "1",
        "from": sender,
        "invoice_payload": "p",
        "shipping_address": {
            "country_code": "DE",
            "state": "",
            "city": "",
            "street_line1": "",
            "street_line2": "",
            "post_code": "",
        },
    },
    "pre_checkout_query": lambda sender: {
        "id": "1",
        "from": sender,
        "currency": "EUR",
        "total_amount": 1,
        "invoice_payload": "p",
    },
    "poll": lambda _sender: {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    },
    "poll_answer": lambda sender: {
        "poll_id": "1",
        "user": sender,
        "option_ids": [0],
        "option_persistent_ids": ["0"],
    },
    "business_connection": lambda sender: {
        "id": "c",
        "user": sender,
        "user_chat_id": 1,
        "date": _DATE,
        "is_enabled": True,
    },
    "purchased_paid_media": lambda sender: {"from": sender, "paid_media_payload": "p"},
    "managed_bot": lambda sender: {"user": sender, "bot": BOT},
}
"""What an update of each kind that has no chat holds, from its sender."""
