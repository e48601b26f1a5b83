"""The fake Telegram, the fake model and the bot that is measured, each in a process of its own but the first."""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.serving.server import free_port
from tests.fakes.model.server import MODEL
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How much protein is in cooked lentils?"
ANSWER = (
    "Cooked lentils have 9.02 g of protein per 100 g [1]. That is a lot for something that grows in a pod. "
    "You can put them into soups, salads and stews, and they keep well in the fridge for a few days."
)
DONE = "9.02 g"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Process:
    """A program that is measured."""

    pid: int

    def cpu_ms(self) -> float:
        """Return the CPU time that it and its threads have taken, in milliseconds."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) * 1000 / _TICKS

    def memory_kb(self) -> int:
        """Return its resident memory in KiB."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@asynccontextmanager
async def echo_bot(telegram: FakeTelegram) -> AsyncIterator[Process]:
    """Run the bare PTB bot."""
    async with program("bench.telegram_bot.echo", telegram.url, telegram.token) as process:
        await polls(telegram)
        yield process


@asynccontextmanager
async def platewise(
    telegram: FakeTelegram, data: Path, *, ttft: float, per_token: float, a_second: int = 30
) -> AsyncIterator[tuple[Process, str]]:
    """Run `platewise run` with a model that takes `ttft` seconds, then `per_token` for each of some fifty tokens.

    The bot sends `a_second` messages, 0 for no limit. Gives the bot's process and the model server's address.
    """
    async with model_server(ttft=ttft, per_token=per_token) as model:
        settings = settings_for(telegram, model, data, a_second=a_second)
        async with program("bot", "run", **settings) as process:
            await polls(telegram)
            yield process, model


@asynccontextmanager
async def model_server(*, ttft: float, per_token: float) -> AsyncIterator[str]:
    """Run the fake model server; gives its address."""
    port = free_port()
    pace = ("--ttft", str(ttft), "--per-token", str(per_token), "--text", ANSWER)
    async with program("tests.fakes.model", "--port", str(port), *pace):
        yield f"http://127.0.0.1:{port}"


def settings_for(telegram: FakeTelegram, model: str, data: Path, *, a_second: int = 30) -> dict[str, str]:
    """Return the environment of a bot on the fake servers, without quotas."""
    return {
        "PLATEWISE_TELEGRAM_TOKEN": telegram.token,
        "PLATEWISE_TELEGRAM_API": telegram.url,
        "PLATEWISE_MODEL_URL": model,
        "PLATEWISE_DATA": str(data),
        "PLATEWISE_KNOWLEDGE": str(ROOT / "var" / "bench" / "knowledge"),  # made by the first run
        "PLATEWISE_WEB_PORT": "0",
        "PLATEWISE_MESSAGES_PER_MINUTE": "1000000",
        "PLATEWISE_TOKENS_PER_DAY": "0",
        "PLATEWISE_MESSAGES_PER_SECOND": str(a_second),
    }


async def model_time_s(model: str) -> float:
    """Return how long the model takes for an answer, the last word included: the median of five."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    took = []
    async with aiohttp.ClientSession() as http:
        for _ in range(5):
            started = time.monotonic()
            async with http.post(f"{model}/v1/chat/completions", json=body) as response:
                await response.read()
            took.append(time.monotonic() - started)
    return statistics.median(took)


def answered(chat: Chat, times: int = 1) -> bool:
    """Whether the chat shows so many whole answers: 👍 comes with the last words."""
    return sum(DONE in message.text and "👍" in message.buttons for message in chat.messages) >= times


async def polls(telegram: FakeTelegram) -> None:
    """Wait until a bot polls."""
    seen = len(telegram.calls_of("getUpdates"))
    await telegram.wait_until(lambda fake: len(fake.calls_of("getUpdates")) > seen + 1, timeout=120)


@asynccontextmanager
async def program(module: str, *arguments: str, **settings: str) -> AsyncIterator[Process]:
    """Run a module as a program with these settings in its environment, until the block ends."""
    process = await start(module, *arguments, **settings)
    try:
        yield Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


async def start(module: str, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    """Start a module as a program with these settings in its environment."""
    environment: Mapping[str, str] = {**os.environ, **settings}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
