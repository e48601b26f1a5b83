"""Own CPU, latency, bursts, floods: what the Telegram side costs and bears, beside a bare PTB echo bot.

.venv/bin/python -m bench.telegram_bot.run [--only turns,burst,limits,pause,flood] [--people 200]

The fake Bot API server runs here, with Telegram's limits where the table says so; the bot and the model server are
processes of their own. The model takes 300 ms and then 20 ms for each of some fifty tokens; its own time, measured
beside, is taken off where a row says "own".
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fakes.telegram import FakeTelegram, FloodLimits
from tests.fakes.telegram.chats import Chat

from .stage import DONE, QUESTION, Process, answered, echo_bot, model_time_s, platewise

TTFT_S, PER_TOKEN_S = 0.3, 0.02
TURNS = 100
PATIENCE_S = 120.0
FLOOD = 1000
PAUSE_S = 30

Row = tuple[str, str, str]


async def main(names: Sequence[str], people: int) -> None:
    """Run the scenarios and print one table."""
    table = Table("what", "measured", "goal")
    for name in names:
        for row in await SCENARIOS[name](people):
            table.add_row(*row)
    Console(width=140).print(table)


async def turns(_people: int) -> list[Row]:
    """Known people ask, one at a time, each twice; the second answer is measured. The same with the echo bot."""
    rows = []
    async with FakeTelegram() as telegram, echo_bot(telegram) as bot:
        waits, cpu = await _one_by_one(telegram, bot, lambda chat, times: len(chat.messages) >= times)
        rows.append(("bare PTB echo: CPU a message; p50, p95", f"{cpu:.1f} ms; {_ms(waits)}", "-"))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            FakeTelegram() as telegram,
            platewise(telegram, Path(folder), ttft=TTFT_S, per_token=PER_TOKEN_S) as (bot, model),
        ):
            own = await model_time_s(model)
            waits, cpu = await _one_by_one(telegram, bot, answered)
            calls = sum(call.chat_id is not None for call in telegram.calls) / (2 * TURNS + 10)
            rows += [
                ("CPU a turn, everything but the model, alone", f"{cpu:.1f} ms", "15 ms"),
                ("API calls an answer, quiet", f"{calls:.1f}", "-"),
                ("own latency, one person; p50, p95", _ms([wait - own for wait in waits]), "25, 60 ms"),
            ]
    return rows


async def burst(people: int) -> list[Row]:
    """Everybody at once, without flood limits."""
    took, telegram = await _all_at_once(people, limits=None)
    complete = sum(answered(chat) for chat in telegram)
    return [
        (f"{people} at once, no limits: complete, last answer", f"{complete}, {took:.1f} s", "all, 4 s"),
        ("CPU a turn, of all these", f"{_CPU[-1]:.1f} ms", "15 ms"),
    ]


async def limits(people: int) -> list[Row]:
    """Everybody at once, with Telegram's limits: 30 a second, one a second a chat, edits counted."""
    took, chats = await _all_at_once(people, limits=FloodLimits())
    return [
        (
            f"{people} at once, Telegram's limits: complete, last answer, 429s, calls an answer",
            f"{sum(answered(chat) for chat in chats)}, {took:.1f} s, {_REFUSED[-1]}, {_COUNTED[-1] / people:.1f}",
            "all, 9 s, < 20, ≤ 4",
        )
    ]


async def pause(_people: int) -> list[Row]:
    """One chat is told to wait 30 s: how much longer the others wait."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            FakeTelegram() as telegram,
            platewise(telegram, Path(folder), ttft=0.05, per_token=0.0) as (bot, _model),
        ):
            before, _ = await _one_by_one(telegram, bot, answered, turns=30)
            stuck = telegram.private_chat()
            telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 30", retry_after=PAUSE_S)
            await stuck.send(QUESTION)
            await telegram.wait_until(lambda fake: any(call.status == 429 for call in fake.calls))
            after, _ = await _one_by_one(telegram, bot, answered, turns=30)
            if answered(stuck):
                raise AssertionError("the chat that was told to wait has its answer already")
    delay = (statistics.median(after) - statistics.median(before)) * 1000
    return [("a 429 of 30 s in one chat delays the others by (median)", f"{delay:.0f} ms", "50 ms")]


async def flood(_people: int) -> list[Row]:
    """One chat sends a thousand messages; others ask one after another. With Telegram's pace, and without."""
    return [await _flood(a_second) for a_second in (30, 0)]


async def _flood(a_second: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            FakeTelegram() as telegram,
            platewise(telegram, Path(folder), ttft=0.0, per_token=0.0, a_second=a_second) as _,
        ):
            chats = [telegram.private_chat() for _ in range(100)]
            for chat in chats:
                await _ask(chat, answered, 1)
            quiet = [await _ask(chat, answered, 2) for chat in chats]
            loud = telegram.private_chat()
            for _ in range(FLOOD):
                await loud.send("/help")
            waits: list[float] = []
            for times, chat in product((3, 4), chats):
                waits.append(await _ask(chat, answered, times))
                if len(loud.messages) == FLOOD:
                    break
    longer = [1000 * (wait - statistics.median(quiet)) for wait in waits]
    p99 = statistics.quantiles(longer, n=100)[98]
    paced = "" if a_second else ", answered as fast as it can"
    return (
        f"{FLOOD} messages in one chat{paced}: others wait longer by (p50, p99, max of {len(waits)})",
        f"{statistics.median(longer):.0f}, {p99:.0f}, {max(longer):.0f} ms",
        "p99 150 ms",
    )


async def _one_by_one(
    telegram: FakeTelegram, bot: Process, done: Callable[[Chat, int], bool], *, turns: int = TURNS
) -> tuple[list[float], float]:
    """Let one person after another ask, and ask again; return the second waits in seconds, and their CPU ms a turn."""
    chats = [telegram.private_chat() for _ in range(turns)]
    for chat in chats:
        await _ask(chat, done, 1)
    cpu = bot.cpu_ms()
    waits = [await _ask(chat, done, 2) for chat in chats]
    return waits, (bot.cpu_ms() - cpu) / turns


async def _ask(chat: Chat, done: Callable[[Chat, int], bool], times: int) -> float:
    sent = time.monotonic()
    await chat.send(QUESTION)
    await chat.wait_until(lambda chat: done(chat, times), timeout=PATIENCE_S)
    return time.monotonic() - sent


_REFUSED: list[int] = []
_COUNTED: list[int] = []
_CPU: list[float] = []


async def _all_at_once(people: int, limits: FloodLimits | None) -> tuple[float, list[Chat]]:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            FakeTelegram() as telegram,
            platewise(
                telegram, Path(folder), ttft=TTFT_S, per_token=PER_TOKEN_S, a_second=30 if limits else 0
            ) as (bot, _model),
        ):
            await _one_by_one(telegram, bot, answered, turns=3)
            await asyncio.sleep(2)  # the warm-up's share of the budget comes back
            telegram.limits = limits
            before, cpu = len(telegram.calls), bot.cpu_ms()
            chats = [telegram.private_chat() for _ in range(people)]
            started = time.monotonic()
            for chat in chats:
                await chat.send(QUESTION)
            # Looked at now and then: asking after each call would take the CPU that the bot is measured on.
            while not all(map(answered, chats)) and time.monotonic() - started < PATIENCE_S:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            calls = telegram.calls[before:]
            _CPU.append((bot.cpu_ms() - cpu) / people)
    last = max(call.at for call in calls if DONE in str(call.params.get("text")))
    _REFUSED.append(sum(call.status == 429 for call in calls))
    _COUNTED.append(sum(call.chat_id is not None for call in calls))
    return last - started, chats


def _ms(seconds: Sequence[float]) -> str:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return f"{statistics.median(seconds) * 1000:.0f}, {p95 * 1000:.0f} ms"


SCENARIOS: dict[str, Callable[[int], Awaitable[list[Row]]]] = {
    "turns": turns,
    "burst": burst,
    "limits": limits,
    "pause": pause,
    "flood": flood,
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(SCENARIOS))
    parser.add_argument("--people", type=int, default=200)
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.only.split(","), options.people)))
