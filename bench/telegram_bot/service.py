"""The bot as a service: Telegram as a black hole, presses of ⏹, and a model server that fails.

.venv/bin/python -m bench.telegram_bot.service [--only black_hole,stop,model] [--presses 20]

The bot is a process of its own. Between it and the fake Bot API server stands a wire that can be cut without a word:
connections hang, and those of that time stay dead afterwards, as behind a router that has forgotten them. The model
server runs here, so that it can say when it noticed that nobody listens any more.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Self

import aiohttp
from rich.console import Console
from rich.table import Table

from bot.messages import say
from bot.serving.server import free_port
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.serving import HOST
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message

from .stage import ANSWER, QUESTION, ROOT, polls, program

PATIENCE_S = 120.0
LOOK_EVERY_S = 0.25
"""How often /healthz is asked; the figures are as coarse as that."""

Row = tuple[str, str, str]


class Wire:
    """A TCP proxy to `port`. While it is `cut`, whatever is sent gets lost and nobody is told."""

    def __init__(self, port: int) -> None:
        self.cut = False
        self._to = port
        self._dead: set[asyncio.StreamWriter] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, HOST, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.close()

    @property
    def url(self) -> str:
        """Where the bot finds Telegram."""
        if self._server is None:
            raise RuntimeError("the wire isn't there yet")
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    def drop(self) -> None:
        """Lose everything from now on; what is connected now or meanwhile never comes back."""
        self.cut = True
        self._dead |= self._open

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to = await asyncio.open_connection(HOST, self._to)
        self._open |= {writer, to}
        if self.cut:
            self._dead |= {writer, to}
        await asyncio.gather(self._pass_on(reader, to), self._pass_on(there, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if writer not in self._dead:
                    writer.write(data)
        except ConnectionError:
            pass
        if writer not in self._dead:
            writer.close()
            self._open.discard(writer)


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot, and what it talks with."""

    telegram: FakeTelegram
    wire: Wire
    model: FakeModel
    web: str


@asynccontextmanager
async def staged(*, webhook: bool = False) -> AsyncIterator[Stage]:
    """Run a bot behind a wire."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram())
        model = await stack.enter_async_context(FakeModel())
        model.default = ANSWER
        wire = await stack.enter_async_context(Wire(telegram.port))
        web = f"http://{HOST}:{free_port()}"
        settings = {
            "PLATEWISE_TELEGRAM_TOKEN": telegram.token,
            "PLATEWISE_TELEGRAM_API": wire.url,
            "PLATEWISE_MODEL_URL": model.url,
            "PLATEWISE_DATA": stack.enter_context(tempfile.TemporaryDirectory()),
            "PLATEWISE_KNOWLEDGE": str(ROOT / "var" / "bench" / "knowledge"),  # made by the first run
            "PLATEWISE_WEB_PORT": web.rpartition(":")[2],
            "PLATEWISE_MESSAGES_PER_MINUTE": "1000000",
            "PLATEWISE_TOKENS_PER_DAY": "0",
            "PLATEWISE_WEBHOOK_URL": f"{web}/telegram",
        }
        more = ["--webhook"] if webhook else []
        await stack.enter_async_context(program("bot", "run", *more, **settings))
        if webhook:
            await telegram.wait_until(lambda fake: fake.calls_of("setMyShortDescription"), timeout=PATIENCE_S)
        else:
            await polls(telegram)
        chat = telegram.private_chat()
        await chat.send(QUESTION)  # the first question loads what later ones need
        await chat.wait_until(whole, timeout=PATIENCE_S)
        yield Stage(telegram, wire, model, web)


async def black_hole(_presses: int) -> list[Row]:
    """Cut the wire just after an update, which is when it is noticed last, and mend it a minute after the red."""
    both = await asyncio.gather(_black_hole(webhook=False), _black_hole(webhook=True))
    return [row for rows in both for row in rows]


async def _black_hole(*, webhook: bool) -> list[Row]:
    way = "webhook" if webhook else "polling"
    async with staged(webhook=webhook) as stage, aiohttp.ClientSession(stage.web) as http:
        if not await _well(http):
            raise AssertionError("not well before anything has happened")
        chat = stage.telegram.private_chat()
        await chat.send("/help")
        await chat.wait_until(lambda chat: bool(chat.texts))
        stage.wire.drop()
        red = await _seconds_until(lambda: _well(http), wanted=False)
        ready = "stays green" if await _well(http, "/readyz") else "RED"
        await chat.send("/help")
        stage.wire.cut = False
        mended = time.monotonic()
        answer = asyncio.create_task(chat.wait_until(lambda chat: len(chat.texts) > 1, timeout=PATIENCE_S))
        well = await _seconds_until(lambda: _well(http), wanted=True)
        await answer
    return [
        (f"black hole, {way}: /healthz red after", f"{red:.0f} s; /readyz {ready}", "60 s"),
        (f"black hole, {way}: well again by itself after", f"{well:.0f} s", "by itself"),
        (
            f"black hole, {way}: what was written meanwhile is answered after",
            f"{time.monotonic() - mended:.0f} s",
            "-",
        ),
    ]


async def stop(presses: int) -> list[Row]:
    """Press ⏹ while words come, and before the first has come."""
    rows = []
    async with staged() as stage:
        for what, ttft, per_token in (("words come", 0.0, 0.1), ("the model is silent", 15.0, 0.0)):
            stage.model.ttft, stage.model.per_token = ttft, per_token
            closed, said = [], []
            for _ in range(presses):
                seconds = await _press_stop(stage)
                closed.append(seconds[0])
                said.append(seconds[1])
            rows.append((f"⏹ while {what}: the model server sees the stream closed", _spread(closed), "1 s"))
            rows.append((f"⏹ while {what}: the person sees the end", _spread(said), "1 s"))
    return rows


async def _press_stop(stage: Stage) -> tuple[float, float]:
    """Return the seconds from a press to the closed stream, and to the message without ⏹."""
    chat, gone = stage.telegram.private_chat(stage.telegram.user()), stage.model.aborted
    await chat.send(QUESTION)
    await chat.wait_until(lambda chat: _button(chat) is not None, timeout=PATIENCE_S)
    message, button = _button(chat) or _missing()
    await stage.model.wait_until(lambda model: model.active)
    pressed = time.monotonic()
    await chat.press(message, button)

    async def timed(waiting: Awaitable[None]) -> float:
        await waiting
        return time.monotonic() - pressed

    took = await asyncio.gather(
        timed(stage.model.wait_until(lambda model: model.aborted > gone)),
        timed(chat.wait_until(lambda chat: _button(chat) is None)),
    )
    return took[0], took[1]


async def model(_presses: int) -> list[Row]:
    """Let the model server fail in every way, a good answer in between, and time the person's answer."""
    rows = []
    async with staged() as stage:
        good = await _answer_s(stage, whose="the model's")
        rows.append(("model server well: the answer is whole after", f"{good:.1f} s", "-"))
        fails: Sequence[tuple[str, Callable[[], None]]] = (
            ("answers 500, three times", partial(stage.model.fail_next, 500, times=3)),
            ("dies in the middle of a stream", partial(stage.model.break_next, Fault.HANG_UP)),
            ("hangs in the middle of a stream", partial(stage.model.break_next, Fault.STALL)),
            ("streams garbage", partial(stage.model.break_next, Fault.GARBAGE)),
            ("reports an error in the middle of a stream", partial(stage.model.break_next, Fault.ERROR)),
            ("accepts and never answers", partial(stage.model.break_next, Fault.SILENCE)),
        )
        for name, fail in fails:
            fail()
            took = await _answer_s(stage, whose="composed")
            stage.model.heal()
            rows.append((f"model server {name}: a composed answer after", f"{took:.1f} s", "30 s"))
            await _answer_s(stage, whose="the model's")  # so that the failures in a row don't add up
        await stage.model.stop()
        away = [await _answer_s(stage, whose="composed") for _ in range(6)]
        rows.append(
            (
                "nobody listens: a composed answer after, first, sixth",
                f"{away[0]:.1f}, {away[5]:.1f} s",
                "30 s",
            )
        )
        await stage.model.start()
        asked, started = len(stage.model.requests), time.monotonic()
        while len(stage.model.requests) == asked:
            await asyncio.sleep(1)
            await _answer_s(stage)
        rows.append(("it listens again: asked again after", f"{time.monotonic() - started:.0f} s", "-"))
    return rows


async def _answer_s(stage: Stage, *, whose: str = "") -> float:
    """Ask, and return the seconds until the answer is whole; it must be `whose`, if that is said."""
    chat = stage.telegram.private_chat(stage.telegram.user())
    asked = time.monotonic()
    await chat.send(QUESTION)
    await chat.wait_until(whole, timeout=PATIENCE_S)
    took = time.monotonic() - asked
    given = "composed" if say("composed_mark").strip("_") in chat.texts[-1] else "the model's"
    if whose not in ("", given):
        raise AssertionError(f"the answer is {given}: {chat.texts[-1]}")
    return took


def whole(chat: Chat) -> bool:
    """Whether an answer is finished: 👍 comes with the last words."""
    return any("👍" in message.buttons for message in chat.messages)


def _button(chat: Chat) -> tuple[Message, str] | None:
    """Return the message under which ⏹ is, and the button's text."""
    return next(
        ((message, text) for message in chat.messages for text in message.buttons if text.startswith("⏹")),
        None,
    )


def _missing() -> tuple[Message, str]:
    raise AssertionError("the answer was finished before it could be stopped")


async def _well(http: aiohttp.ClientSession, path: str = "/healthz") -> bool:
    async with http.get(path) as answer:
        return answer.status == 200


async def _seconds_until(ask: Callable[[], Awaitable[bool]], *, wanted: bool) -> float:
    started = time.monotonic()
    while await ask() is not wanted:
        if time.monotonic() - started > PATIENCE_S:
            raise TimeoutError(f"still {not wanted} after {PATIENCE_S:g} s")
        await asyncio.sleep(LOOK_EVERY_S)
    return time.monotonic() - started


def _spread(seconds: Sequence[float]) -> str:
    return f"p50 {statistics.median(seconds) * 1000:.0f}, max {max(seconds) * 1000:.0f} ms of {len(seconds)}"


SCENARIOS: dict[str, Callable[[int], Awaitable[list[Row]]]] = {
    "black_hole": black_hole,
    "stop": stop,
    "model": model,
}


async def main(names: Sequence[str], presses: int) -> None:
    """Run the scenarios and print one table."""
    table = Table("what", "measured", "goal")
    for name in names:
        for row in await SCENARIOS[name](presses):
            table.add_row(*row)
    Console(width=140).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(SCENARIOS))
    parser.add_argument("--presses", type=int, default=20)
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.only.split(","), options.presses)))
