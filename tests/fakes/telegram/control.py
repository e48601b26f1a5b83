"""A control API for shell scripts and other processes: play a person, and read what the bot has said."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.serving import JSON, BadBodyError, read_object

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat
    from tests.fakes.telegram.messages import Message
    from tests.fakes.telegram.server import FakeTelegram

LONGEST_WAIT = 600.0  # seconds


def routes(fake: "FakeTelegram") -> list[web.RouteDef]:
    """The addresses under `/control`."""
    control = _Control(fake)
    return [
        web.post("/control/send", control.send),
        web.post("/control/press", control.press),
        web.get("/control/messages", control.messages),
        web.get("/control/calls", control.calls),
    ]


class _Control:
    """Answers in JSON; a chat that is named for the first time is made."""

    def __init__(self, fake: "FakeTelegram") -> None:
        self._fake = fake

    async def send(self, request: web.Request) -> web.Response:
        """`{"chat": 1, "text": "…"}`: write, as the person with this id."""
        body = await _read(request, "chat", "text")
        update_id = await self._chat(body["chat"]).send(str(body["text"]))
        return web.json_response({"update_id": update_id})

    async def press(self, request: web.Request) -> web.Response:
        """`{"chat": 1, "message": 5, "button": "…"}`: press a button, named by its text or data."""
        body = await _read(request, "chat", "message", "button")
        try:
            update_id = await self._chat(body["chat"]).press(int(body["message"]), str(body["button"]))
        except LookupError as error:
            raise web.HTTPNotFound(text=f"{error}\n") from error
        return web.json_response({"update_id": update_id})

    async def messages(self, request: web.Request) -> web.Response:
        """`?chat=1`: the bot's messages now. `&count=2&timeout=30` waits until there are so many."""
        try:
            chat = self._chat(request.query.get("chat", ""))
            count, timeout = int(request.query.get("count", 0)), float(request.query.get("timeout", 30))
        except ValueError as error:
            raise web.HTTPBadRequest(text=f"chat, count and timeout must be numbers: {error}\n") from error
        try:
            await chat.wait_until(lambda chat: len(chat.messages) >= count, min(timeout, LONGEST_WAIT))
        except TimeoutError as error:
            raise web.HTTPGatewayTimeout(text=f"{error}\n") from error
        return web.json_response([_describe(message) for message in chat.messages])

    async def calls(self, _request: web.Request) -> web.Response:
        """Every API call so far."""
        return web.json_response([asdict(call) | {"chat_id": call.chat_id} for call in self._fake.calls])

    def _chat(self, chat_id: object) -> "Chat":
        number = int(str(chat_id))
        return self._fake.chats.get(number) or self._fake.private_chat(self._fake.user(number))


async def _read(request: web.Request, *names: str) -> JSON:
    try:
        body = await read_object(request)
        int(str(body.get("chat", "")))
    except (BadBodyError, ValueError) as error:
        raise web.HTTPBadRequest(text=f"give a JSON object with {', '.join(names)}: {error}\n") from error
    if missing := [name for name in names if name not in body]:
        raise web.HTTPBadRequest(text=f"missing: {', '.join(missing)}\n")
    return body


def _describe(message: "Message") -> JSON:
    return message.as_json() | {"edits": [edit.text for edit in message.edits]}
