"""The webhook as Telegram, and everybody else, meets it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot, Update

from bot.web import webhook as module
from bot.web.health import LARGEST_BODY, serve_health
from bot.web.webhook import SECRET_HEADER, Webhook
from retrieval.errors import UnavailableError
from tests.unit.bot.telegram.updates import message, private, user

SECRET = "only-telegram_knows"
UPDATE = {"update_id": 7, "message": message(private(2), user(2))}
Post = Callable[..., Awaitable[int]]


class Inbox:
    """Stands for the durable queue: keeps what is put, when it is told that it can."""

    def __init__(self) -> None:
        self.kept: list[Update] = []
        self.started = 0
        self.begun = asyncio.Event()
        self.can_store = asyncio.Event()
        self.can_store.set()
        self.failure: Exception | None = None

    async def put(self, update: Update) -> None:
        self.started += 1
        self.begun.set()
        if self.failure:
            raise self.failure
        await self.can_store.wait()
        self.kept.append(update)


@pytest.fixture
async def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def hook(inbox: Inbox) -> AsyncIterator[Webhook]:
    made = Webhook(Bot("7:x"), inbox.put, url="https://bot.example.org/telegram", secret=SECRET)
    made.listen()
    yield made
    await made.close()


@pytest.fixture
async def post(hook: Webhook) -> AsyncIterator[Post]:
    """Post to the webhook; returns the status."""
    async with (
        serve_health("127.0.0.1", 0, alive={}, ready={}, routes=hook.routes()) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):

        async def send(body: Any = UPDATE, *, secret: str | None = SECRET, path: str = "/telegram") -> int:
            data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
            headers = {} if secret is None else {SECRET_HEADER: secret}
            async with http.post(path, data=data, headers=headers) as answer:
                return answer.status

        yield send


async def test_an_update_is_stored_before_it_is_acknowledged(post: Post, inbox: Inbox) -> None:
    inbox.can_store.clear()
    posted = asyncio.create_task(post())
    await inbox.begun.wait()
    assert not posted.done()
    inbox.can_store.set()
    assert await posted == 200
    assert [update.update_id for update in inbox.kept] == [7]
    assert inbox.kept[0].message is not None


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET}x", "ünïcode"])
async def test_who_does_not_show_the_secret_is_turned_away(
    post: Post, inbox: Inbox, secret: str | None
) -> None:
    assert await post(secret=secret) == 403
    assert inbox.started == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"7", b"{}", {"update_id": "7"}, {"message": {}}, b"[" * 100_000],
    ids=["empty", "broken", "no text", "list", "number", "no id", "id of text", "no update", "deep"],
)
async def test_what_is_no_update_is_refused(post: Post, inbox: Inbox, body: Any) -> None:
    assert await post(body) == 400
    assert inbox.started == 0


@pytest.mark.parametrize("content", [{"message": {"message_id": 1}}, {"message": 3}, {"callback_query": []}])
async def test_an_update_that_cannot_be_understood_is_refused(
    post: Post, inbox: Inbox, content: dict[str, Any]
) -> None:
    assert await post({"update_id": 7, **content}) == 400
    assert inbox.started == 0


async def test_a_kind_of_update_that_telegram_has_newly_invented_is_taken(post: Post, inbox: Inbox) -> None:
    assert await post({"update_id": 7, "telepathy": {"thought": "lentils"}}) == 200
    assert len(inbox.kept) == 1


async def test_more_than_a_megabyte_is_refused(post: Post, inbox: Inbox) -> None:
    assert await post(b"x" * (LARGEST_BODY + 1)) == 413
    assert inbox.started == 0


async def test_a_body_that_never_comes_is_given_up(
    post: Post, hook: Webhook, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BODY_S", 0.02)
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 9\r\n\r\n{{"
    async with serve_health("127.0.0.1", 0, alive={}, ready={}, routes=hook.routes()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode())
        assert b" 408 " in await reader.readline()
        writer.close()
    assert inbox.started == 0


async def test_the_kind_of_body_that_is_claimed_means_nothing_to_who_shows_the_secret(
    hook: Webhook, inbox: Inbox
) -> None:
    headers = {SECRET_HEADER: SECRET, "Content-Type": "text/plain; charset=utf-16"}
    async with (
        serve_health("127.0.0.1", 0, alive={}, ready={}, routes=hook.routes()) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        body = json.dumps(UPDATE).encode()
        assert (await http.post("/telegram", data=body, headers=headers)).status == 200
    assert len(inbox.kept) == 1


async def test_what_cannot_be_stored_is_asked_for_again(post: Post, inbox: Inbox) -> None:
    inbox.failure = UnavailableError("database: full")
    assert await post() == 503
    inbox.failure = None
    assert await post() == 200
    assert len(inbox.kept) == 1


async def test_a_store_that_hangs_means_503_and_the_update_is_handled_once_all_the_same(
    post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STORE_S", 0.02)
    inbox.can_store.clear()
    assert [await post(), await post()] == [503, 503]
    inbox.can_store.set()
    monkeypatch.setattr(module, "STORE_S", 10.0)
    await post()
    assert inbox.kept
    assert inbox.started <= 2  # Telegram's tries while it hung waited for the same work


async def test_before_what_an_earlier_process_left_is_queued_nothing_is_taken(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STORE_S", 0.02)
    early = Webhook(Bot("7:x"), inbox.put, url="https://bot.example.org/telegram", secret=SECRET)
    async with (
        serve_health("127.0.0.1", 0, alive={}, ready={}, routes=early.routes()) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers={SECRET_HEADER: SECRET}) as http,
    ):
        assert (await http.post("/telegram", json=UPDATE)).status == 503
        early.listen()
        assert (await http.post("/telegram", json=UPDATE)).status == 200


async def test_other_paths_and_methods_are_unknown(post: Post) -> None:
    assert await post(path="/") == 404
    assert await post(path="/telegram/7:x") == 404


async def test_nothing_of_an_update_is_logged(
    post: Post, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.failure = RuntimeError("secret words")
    update = {"update_id": 7, "message": message(private(2), user(2), "secret words")}
    assert await post(update) == 503
    assert await post(b'{"text": "secret words"}') == 400
    assert "secret words" not in caplog.text
    assert caplog.text
