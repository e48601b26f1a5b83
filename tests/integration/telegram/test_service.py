"""`platewise run`, polling and with a webhook: health, metrics, and what a stop leaves behind."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.assistant.assistant import Assistant
from bot.commands.run import serve
from bot.messages import say
from bot.settings import Settings
from bot.store.store import Store
from bot.telegram import app
from bot.telegram.http import AiohttpRequest
from bot.web import telegram_checks
from bot.web.webhook import SECRET_HEADER
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
STOPS_WITHIN_S = 10.0

SHOWN = {
    f"platewise_{name}"
    for name in (
        "updates",
        "turns",
        "turn_seconds",
        "tokens",
        "telegram_calls",
        "telegram_floods",
        "open_turns",
    )
} | {
    "platewise_queued_updates",
    "platewise_pending_updates",
    "platewise_model_failures",
    "process_resident_memory_bytes",
}
"""What somebody who runs the bot looks at."""

Serve = Callable[..., AbstractAsyncContextManager[aiohttp.ClientSession]]
both = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


def shown(chat: Chat) -> str:
    return "\n".join(chat.texts)


@pytest.fixture
def more_settings() -> dict[str, Any]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {"web_port": port, "webhook_url": f"http://127.0.0.1:{port}/telegram", "admins": {1}}


@pytest.fixture
def run(bot_settings: Settings, assistant: Assistant, telegram: FakeTelegram) -> Serve:
    """Run the service until the block ends, then tell it to stop as a service manager does; gives a client of it."""

    @asynccontextmanager
    async def running(*, webhook: bool) -> AsyncIterator[aiohttp.ClientSession]:
        store = Store.open(bot_settings.database)
        await store.database.migrate()
        known = len(telegram.calls_of("setMyShortDescription"))
        service = asyncio.create_task(serve(bot_settings, store, assistant, webhook=webhook), name="service")
        started = asyncio.create_task(
            telegram.wait_until(lambda fake: len(fake.calls_of("setMyShortDescription")) > known)
        )
        await asyncio.wait((service, started), return_when=asyncio.FIRST_COMPLETED)
        try:
            assert not service.done(), service
            async with aiohttp.ClientSession(f"http://127.0.0.1:{bot_settings.web_port}") as http:
                yield http
            began = time.monotonic()
            os.kill(os.getpid(), signal.SIGTERM)
            assert await service == 0
            assert time.monotonic() - began < STOPS_WITHIN_S
        finally:
            service.cancel()
            await asyncio.wait((service, started))
            await store.close()

    return running


async def is_well(http: aiohttp.ClientSession, path: str = "/healthz") -> bool:
    async with http.get(path) as answer:
        assert (await answer.json())["ok"] is (answer.status == 200)
        return answer.status == 200


@both
async def test_a_question_is_answered_and_counted_and_all_is_well(
    telegram: FakeTelegram, model: FakeModel, run: Serve, webhook: bool
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with run(webhook=webhook) as http:
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "USDA" in shown(chat))
        assert await is_well(http)
        assert await is_well(http, "/readyz")
        async with http.get("/metrics") as page:
            figures = (await page.text()).splitlines()
    families = {family.name: family for family in text_string_to_metric_families("\n".join(figures) + "\n")}
    assert all(
        family.documentation and family.samples for family in families.values() if family.name in SHOWN
    )
    assert set(families) >= SHOWN
    assert 'platewise_updates_total{kind="message"} 1.0' in figures
    assert 'platewise_turns_total{verdict="passed"} 1.0' in figures
    assert "platewise_open_turns 0.0" in figures
    assert any(line.startswith('platewise_telegram_calls_total{method="sendChatAction"') for line in figures)
    text = "\n".join(figures)
    assert f'"{chat.id}"' not in text
    assert "lentils" not in text


@both
async def test_a_stop_while_the_model_is_silent_parks_the_turn_and_the_next_start_answers_it(
    telegram: FakeTelegram, model: FakeModel, run: Serve, webhook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.2)
    model.default = GOOD
    model.ttft = 0.9
    chat = telegram.private_chat()
    async with run(webhook=webhook):
        await chat.send(QUESTION)
        await model.wait_until(lambda model: model.active)
    assert "9.02" not in shown(chat)
    model.ttft = 0.0
    async with run(webhook=webhook):
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat))
    assert shown(chat).count("9.02 g") == 1


@both
async def test_a_stop_lets_an_answer_under_way_finish(
    telegram: FakeTelegram, model: FakeModel, run: Serve, webhook: bool
) -> None:
    model.default = GOOD
    model.ttft = 0.3
    chat = telegram.private_chat()
    async with run(webhook=webhook):
        await chat.send(QUESTION)
        await model.wait_until(lambda model: model.active)
    assert "9.02 g" in shown(chat)


@both
async def test_a_stop_while_telegram_is_a_black_hole_takes_no_longer(
    telegram: FakeTelegram, run: Serve, webhook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STOP_S", 0.2)
    chat = telegram.private_chat()
    async with run(webhook=webhook):
        telegram.black_hole()
        await chat.send("/help")
        if webhook:
            await telegram.wait_until(lambda fake: fake.calls_of("sendMessage"))
    telegram.black_hole(on=False)
    async with run(webhook=webhook):
        await chat.wait_until(lambda chat: say("help")[:20] in shown(chat))


async def test_a_stop_while_telegram_cannot_be_reached_at_the_start(
    telegram: FakeTelegram, bot_settings: Settings, assistant: Assistant
) -> None:
    telegram.black_hole()
    store = Store.open(bot_settings.database)
    await store.database.migrate()
    service = asyncio.create_task(serve(bot_settings, store, assistant))
    await telegram.wait_until(lambda fake: fake.calls_of("getMe"))
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(STOPS_WITHIN_S):
        assert await service == 0
    await store.close()


async def test_health_turns_red_when_telegram_is_a_black_hole_and_green_again_by_itself(
    telegram: FakeTelegram, run: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A minute's silence in a second: polls that wait 0 s and give up after 0.2 s.
    monkeypatch.setattr(app, "_POLL_S", 0)
    monkeypatch.setattr(app, "AiohttpRequest", partial(AiohttpRequest, read_s=0.2))
    monkeypatch.setattr(telegram_checks, "SILENCE_S", 0.5)
    chat = telegram.private_chat()
    async with run(webhook=False) as http:
        assert await is_well(http)
        telegram.black_hole("getUpdates")
        async with asyncio.timeout(20):
            while await is_well(http):
                pass
        assert await is_well(http, "/readyz")
        telegram.black_hole("getUpdates", on=False)
        async with asyncio.timeout(20):
            while not await is_well(http):
                pass
        await chat.send("/help")
        await chat.wait_until(lambda chat: say("help")[:20] in shown(chat))


async def test_a_webhook_is_set_with_its_secret_and_survives_the_stop(
    telegram: FakeTelegram, run: Serve, bot_settings: Settings
) -> None:
    async with run(webhook=True) as http:
        (call,) = telegram.calls_of("setWebhook")
        assert call.params["url"] == bot_settings.webhook_url
        assert call.params["secret_token"] == bot_settings.webhook_token
        assert "message" in call.params["allowed_updates"]
        assert bot_settings.require_token() not in str(call.params)
        async with http.post("/telegram", json={"update_id": 1}) as answer:
            assert answer.status == 403
        async with http.post(
            "/telegram", data=b"{", headers={SECRET_HEADER: bot_settings.webhook_token}
        ) as answer:
            assert answer.status == 400
    assert telegram.calls_of("deleteWebhook") == []


async def test_what_comes_while_the_bot_is_away_is_posted_when_it_is_back(
    telegram: FakeTelegram, model: FakeModel, run: Serve
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with run(webhook=True):
        await chat.send("/help")
        await chat.wait_until(lambda chat: bool(chat.texts))
    await chat.send(QUESTION)
    async with run(webhook=True):
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat))
    assert shown(chat).count("9.02 g") == 1


async def test_an_update_that_is_posted_twice_is_answered_once(
    telegram: FakeTelegram, model: FakeModel, run: Serve
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with run(webhook=True):
        update_id = await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "USDA" in shown(chat))
        await telegram.redeliver(update_id)
        await chat.send("/help")
        await chat.wait_until(lambda chat: say("help")[:20] in shown(chat))
    assert shown(chat).count("9.02 g") == 1


async def test_one_can_go_from_a_webhook_to_polling_and_back(telegram: FakeTelegram, run: Serve) -> None:
    chat = telegram.private_chat()
    for number, webhook in enumerate((True, False, True), start=1):
        async with run(webhook=webhook):
            await chat.send("/help")
            await chat.wait_until(lambda chat, number=number: len(chat.texts) == number)


async def test_a_database_that_is_away_means_503_until_it_is_back(
    telegram: FakeTelegram, run: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.store.inbox import Inbox
    from bot.web import webhook
    from retrieval.errors import UnavailableError

    kept = Inbox.receive

    async def fails(*_: object, **__: object) -> bool:
        raise UnavailableError("database: full")

    monkeypatch.setattr(webhook, "STORE_S", 0.05)
    chat = telegram.private_chat()
    async with run(webhook=True) as http:
        monkeypatch.setattr(Inbox, "receive", fails)
        await chat.send("/help")
        async with asyncio.timeout(20):
            while await is_well(http):
                pass
        async with http.get("/healthz") as answer:
            assert "503" in await answer.text()
        monkeypatch.setattr(Inbox, "receive", kept)
        await chat.wait_until(lambda chat: say("help")[:20] in shown(chat))
    assert len(chat.texts) == 1


async def test_a_refused_webhook_names_the_setting(
    bot_settings: Settings, assistant: Assistant, tmp_path: Path, telegram: FakeTelegram
) -> None:
    from retrieval.errors import BadInputError

    telegram.fail_next(
        "setWebhook", 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )
    store = Store.open(bot_settings.database)
    await store.database.migrate()
    with pytest.raises(BadInputError, match=r"(?i)PLATEWISE_WEBHOOK_URL was refused by Telegram: .*https"):
        await serve(bot_settings, store, assistant, webhook=True)
    await store.close()


async def test_a_silent_model_is_not_ready_and_not_dead(
    telegram: FakeTelegram, model: FakeModel, run: Serve
) -> None:
    model.break_next(Fault.SILENCE)
    async with run(webhook=True) as http:
        await model.stop()
        assert not await is_well(http, "/readyz")
        assert await is_well(http)
        await model.start()
        assert await is_well(http, "/readyz")
