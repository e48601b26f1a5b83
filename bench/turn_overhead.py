"""What a turn costs beside the model: the bot's own time from a message's arrival to its finished answer.

.venv/bin/python bench/turn_overhead.py [--turns 200]

The Bot API server and the model server are fakes in processes of their own, so only the bot is measured: polling, the
stored update, understanding, search with the real embedder and LanceDB, the prompt, the guard, the stored turn, and the
calls to Telegram. The model's time (as each turn records it) is taken off.
"""

import argparse
import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table
from telegram import InlineKeyboardMarkup

from bot.assistant.turns import Turns
from bot.serving.server import free_port
from bot.settings import Settings
from bot.telegram.app import build_application, polling
from bot.telegram.delivery import Delivery
from bot.wiring import open_assistant, open_store

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    "How much protein is in cooked lentils?",
    "What snack has a lot of protein?",
    "Which has more iron, tofu or spinach?",
    "Give me a recipe with chickpeas.",
    "How much salt may I eat per day?",
)
CHAT = 1
TOKEN = "7000000001:AAFakeTokenForTheFakeServerOnly_00"  # noqa: S105 - the fake server's


async def main(turns: int) -> int:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        telegram, model = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
        settings = Settings.model_validate(
            {
                "telegram_token": TOKEN,
                "telegram_api": telegram,
                "model_url": model,
                "data": folder,
                "messages_per_second": 0,  # one person asks as fast as they are answered
                "messages_per_minute": 100_000,
                "tokens_per_day": 0,
            }
        )
        async with (
            _program("tests.fakes.telegram", "--port", telegram.rpartition(":")[2]),
            _program("tests.fakes.model", "--port", model.rpartition(":")[2], "--ttft", "0.05"),
            open_store(settings) as store,
            open_assistant(settings) as assistant,
            aiohttp.ClientSession() as http,
            polling(build_application(settings, store, Turns(assistant, store))),
        ):
            finished = _watch_deliveries()
            for number in range(10):  # warm: connections, caches, the embedder's first call
                await _turn(http, telegram, number, finished)
            cpu = time.process_time()
            walls = [await _turn(http, telegram, number + 10, finished) for number in range(turns)]
            cpu = (time.process_time() - cpu) / turns * 1000
            rows = [await store.conversations.get(number + 11) for number in range(turns)]
            timings = [row.record.timings for row in rows if row is not None and row.record is not None]
    _print(walls, timings, cpu)
    return 0


async def _turn(
    http: aiohttp.ClientSession, telegram: str, number: int, finished: asyncio.Queue[float]
) -> float:
    """Ask one question; return the seconds until the edit that finished the answer was acknowledged."""
    asked = time.monotonic()
    body = {"chat": CHAT, "text": QUESTIONS[number % len(QUESTIONS)]}
    async with http.post(f"{telegram}/control/send", json=body) as response:
        response.raise_for_status()
    return await finished.get() - asked


def _watch_deliveries() -> asyncio.Queue[float]:
    """Return a queue that gets the time at which each answer was delivered."""
    finished: asyncio.Queue[float] = asyncio.Queue()
    deliver = Delivery.finish

    async def finish(self: Delivery, markdown: str, keyboard: InlineKeyboardMarkup | None) -> None:
        await deliver(self, markdown, keyboard)
        finished.put_nowait(time.monotonic())

    Delivery.finish = finish  # type: ignore[method-assign]
    return finished


@asynccontextmanager
async def _program(module: str, *arguments: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    if process.stdout is None:
        raise AssertionError("the process was started with a pipe")
    await process.stdout.readline()  # it says where it listens
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


def _print(walls: Sequence[float], timings: Sequence[Mapping[str, float]], cpu_ms: float) -> None:
    own = [wall * 1000 - item["model"] for wall, item in zip(walls, timings, strict=True)]
    inside = [item["total"] - item["model"] for item in timings]
    table = Table("part", "p50 ms", "p95 ms", title=f"{len(walls)} turns, one person, one after another")
    phases = {name: [item[name] for item in timings] for name in ("understand", "search", "guard")}
    for name, values in {
        **phases,
        "assistant, all but the model": inside,
        "message to answer, all but the model": own,
    }.items():
        table.add_row(
            name, f"{statistics.median(values):.1f}", f"{statistics.quantiles(values, n=20)[-1]:.1f}"
        )
    console = Console(width=100)
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"CPU {cpu_ms:.1f} ms a turn; peak memory {peak:.0f} MiB; {os.cpu_count()} cores")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=200)
    sys.exit(asyncio.run(main(parser.parse_args().turns)))
