"""What the running bot logs at DEBUG: ids, lengths and times; nobody's words or names, and no token."""

import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.assistant.candidates import Proposer
from bot.assistant.model import Limits, ModelClient
from bot.assistant.turns import Turns
from bot.logs import set_up_logging, without_traceback
from bot.messages import say
from bot.store.inbox import Inbox
from retrieval.errors import UnavailableError
from tests.fakes.model import FakeModel
from tests.fakes.model import server as model_server
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import Chat, FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.test_bot import answer_to, shown

SECRET = "quokka"
NAME, USERNAME = "Adawombat", "numbat_ada"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."


class Captured(logging.Handler):
    """Every record of every logger, as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.addFilter(without_traceback)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(name)s %(levelname)s %(message)s").format(record))


@pytest.fixture
def log() -> Iterator[Captured]:
    """The log of `platewise run`, with every level of ours."""
    root, captured = logging.getLogger(), Captured()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    set_up_logging(level=logging.DEBUG)
    root.addHandler(captured)
    try:
        yield captured
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        for name, old in levels.items():
            logging.getLogger(name).setLevel(old)


@pytest.fixture
async def proposer(model: FakeModel) -> AsyncIterator[Proposer]:
    """The model reads messages, too, and fails with their words in its errors."""
    client = ModelClient(model.url, limits=Limits(retries=0, total_s=3.0))
    yield Proposer(client)
    await client.aclose()


def composed(chat: Chat) -> int:
    """How many answers were given without the model."""
    return shown(chat).count("without the language model")


def repeating(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server's errors hold what it was sent, as real ones do."""
    told = model_server._error_body

    def body(status: int, kind: str, message: str) -> dict[str, object]:
        sent = json.dumps(model.requests[-1]["messages"], ensure_ascii=False) if model.requests else ""
        return told(status, kind, f"{message} {sent}")

    monkeypatch.setattr(model_server, "_error_body", body)


async def test_no_words_names_or_tokens_are_logged(
    telegram: FakeTelegram,
    model: FakeModel,
    start_bot: StartBot,
    log: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repeating(model, monkeypatch)
    model.default = GOOD
    chat = telegram.private_chat(telegram.user(424_242_001, NAME, username=USERNAME))
    other = telegram.private_chat(telegram.user(535_353_002, f"{NAME}2", username=f"{USERNAME}2"))
    async with start_bot():
        await answer_to(chat, "/start")
        await chat.send(f"I hate {SECRET} stew. How much protein is in cooked lentils?")
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat))
        await answer_to(chat, f"/prefs add dislike {SECRET}")
        await answer_to(chat, f"/prefs add allergy {SECRET}")
        await answer_to(chat, f"/{SECRET} {SECRET}")
        sent = len(chat.texts)
        await chat.send_sticker()
        await chat.wait_until(lambda chat: len(chat.texts) > sent)
        for fault in (Fault.ERROR, Fault.GARBAGE, Fault.HANG_UP, Fault.STATUS, Fault.EMPTY):
            before = composed(chat)
            model.break_next(fault, times=None)
            await chat.send(f"I hate {SECRET} stew. How much protein is in cooked lentils?")
            await chat.wait_until(lambda chat, before=before: composed(chat) > before)
            model.heal()
        telegram.fail_next("sendMessage", 500, f"{SECRET} {NAME} is down")
        telegram.fail_next("sendMessage", 429, f"{SECRET}: too many", retry_after=0)
        await answer_to(chat, "/help")
        telegram.fail_next("sendMessage", 400, f"Bad Request: {SECRET} can't be sent to {NAME}")
        assert "wrong" in await answer_to(chat, "/help")
        await answer_to(other, "/help")

        async def fails(*_: object, **__: object) -> None:
            raise ValueError(f"{SECRET} {NAME}")

        with monkeypatch.context() as broken:
            broken.setattr(Turns, "begin", fails)
            assert "wrong" in await answer_to(chat, f"What about {SECRET}?")
        with monkeypatch.context() as broken:
            broken.setattr(Inbox, "done", _away)
            await answer_to(other, f"/prefs add like {SECRET}")
        await answer_to(chat, "/mydata")
        await answer_to(chat, "/forget")
        await chat.press(chat.messages[-1], say("button_forget_yes"))
        await chat.wait_until(lambda chat: chat.texts[-1] == say("forgotten"))

    token_secret = telegram.token.partition(":")[2]
    logged = "\n".join(log.lines).lower()
    said = (SECRET, NAME, USERNAME, telegram.token, token_secret, "lentils", "/prefs add")
    assert [word for word in said if word.lower() in logged] == [], logged
    assert "model call failed" in logged
    assert "error " in logged
    assert " turn " in logged


async def _away(*_: object) -> None:
    raise UnavailableError("database: it is away")
