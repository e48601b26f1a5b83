"""Memory at 10,000 people with history: what the bot keeps in RAM of each who has written once and is idle.

.venv/bin/python -m bench.telegram_bot.memory [--people 10000] [--warm-up 1000] [--at-once 24]

The store is filled with people who have preferences and three earlier turns each. The bot is a process of its own, with
its quotas on and without a limit on what it sends, or 10,000 answers would take six minutes. Each person asks once.
What counts is the growth of the bot's resident memory from the end of the warm-up to the end, for each person after it.
Caches with a bound may still fill then; the later half alone tells what goes on growing.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from bot.serving.server import free_port
from bot.store import tables
from bot.store.store import Store
from bot.store.tables import Polarity, PreferenceKind, TurnStatus
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat

from .stage import ANSWER, QUESTION, ROOT, Process, answered, polls, program

TURNS_EACH = 3
SETTLE_S = 20
GOAL_B = 1024
PATIENCE_S = 120.0
_STATED = (
    (PreferenceKind.DIET, "vegetarian"),
    (PreferenceKind.ALLERGY, "peanuts"),
    (PreferenceKind.DISLIKE, "broccoli"),
)


async def main(people: int, warm_up: int, at_once: int) -> bool:
    """Measure, print a table, and return whether the goal is reached."""
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as telegram:
            chats = [telegram.private_chat() for _ in range(people)]
            started = time.monotonic()
            await fill(f"sqlite+aiosqlite:///{folder}/platewise.db", chats)
            filled_s = time.monotonic() - started
            port = free_port()
            model = program("tests.fakes.model", "--port", str(port), "--text", ANSWER)
            settings = _settings(telegram, Path(folder), port)
            async with model, program("bot", "run", **settings) as bot:
                await polls(telegram)
                empty = bot.memory_kb()
                everybody = iter(chats)
                warm = await _ask(everybody, bot, warm_up, at_once)
                started = time.monotonic()
                late = (people - warm_up) // 2
                half = await _ask(everybody, bot, people - warm_up - late, at_once)
                full = await _ask(everybody, bot, late, at_once)
                asked_s = time.monotonic() - started - 2 * SETTLE_S
    each = (full - warm) * 1024 / (people - warm_up)
    table = Table("what", "measured", "goal")
    table.add_row(
        "people in the store, each with 3 preferences and 3 turns", f"{people}, {filled_s:.0f} s", "-"
    )
    table.add_row("RSS of the bot before anybody writes", f"{empty / 1024:.1f} MiB", "-")
    table.add_row(f"RSS {SETTLE_S} s after {warm_up} people's questions", f"{warm / 1024:.1f} MiB", "-")
    table.add_row(
        f"RSS {SETTLE_S} s after all {people} people's, answered in {asked_s:.0f} s",
        f"{full / 1024:.1f} MiB",
        "-",
    )
    table.add_row("RAM of an idle person", f"{each:.0f} B", f"{GOAL_B} B")
    table.add_row("the same of the later half alone", f"{(full - half) * 1024 / late:.0f} B", "-")
    Console(width=140).print(table)
    return each <= GOAL_B


async def fill(url: str, chats: Sequence[Chat]) -> None:
    """Put a person with preferences and turns into the store for each private chat."""
    store = Store.open(url)
    await store.database.migrate()
    async with store.database.write() as connection:
        for table, rows in _rows(chats):
            await connection.execute(sa.insert(table), rows)
    await store.close()


def _rows(chats: Sequence[Chat]) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    now = datetime.now(UTC) - timedelta(hours=1)
    ids = list(enumerate((chat.id for chat in chats), start=1))
    yield (
        tables.people,
        [
            {
                "id": number,
                "telegram_id": chat,
                "handle": f"telegram:{chat}",
                "language": "en",
                "created_at": now,
                "pseudonym": f"p{number}",
            }
            for number, chat in ids
        ],
    )
    yield tables.chats, [{"id": chat, "type": "private", "created_at": now} for _, chat in ids]
    yield (
        tables.preferences,
        [
            {
                "person_id": number,
                "kind": kind,
                "value": value,
                "polarity": Polarity.ADD,
                "source": "message",
                "source_id": None,
                "stated_at": now,
            }
            for number, _ in ids
            for kind, value in _STATED
        ],
    )
    yield (
        tables.conversations,
        [{"id": number, "person_id": number, "chat_id": chat, "started_at": now} for number, chat in ids],
    )
    yield (
        tables.turns,
        [
            {
                "conversation_id": number,
                "status": TurnStatus.ANSWERED,
                "question": f"How much fibre have {number} g of lentils, for the {turn}. time?",
                "preferences": {},
                "consent_improve": False,
                "received_at": now,
                "message_ids": [],
                "answer": f"{number} g of lentils have a lot of fibre, I said {turn} times. {ANSWER}",
                "answered_at": now,
            }
            for number, _ in ids
            for turn in range(TURNS_EACH)
        ],
    )


def _settings(telegram: FakeTelegram, data: Path, model_port: int) -> dict[str, str]:
    return {
        "PLATEWISE_TELEGRAM_TOKEN": telegram.token,
        "PLATEWISE_TELEGRAM_API": telegram.url,
        "PLATEWISE_MODEL_URL": f"http://127.0.0.1:{model_port}",
        "PLATEWISE_DATA": str(data),
        "PLATEWISE_KNOWLEDGE": str(ROOT / "var" / "bench" / "knowledge"),  # made by the first run
        "PLATEWISE_WEB_PORT": "0",
        "PLATEWISE_MESSAGES_PER_SECOND": "0",
    }


async def _ask(everybody: Iterator[Chat], bot: Process, people: int, at_once: int) -> int:
    """Let the next so many people ask, so many at once; return the RSS in KiB once all is quiet."""
    asking = iter([next(everybody) for _ in range(people)])

    async def one_after_another() -> None:
        for chat in asking:
            await chat.send(QUESTION)
            await chat.wait_until(answered, timeout=PATIENCE_S)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    await asyncio.sleep(SETTLE_S)
    return bot.memory_kb()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--warm-up", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=24)
    options = parser.parse_args()
    sys.exit(0 if asyncio.run(main(options.people, options.warm_up, options.at_once)) else 1)
