"""What becomes of questions when the bot is killed again and again: none lost, none answered twice.

.venv/bin/python -m bench.telegram_bot.kills [--kills 50] [--turns 200] [--seed 1]

`platewise run` polls the fake Bot API server and is killed (SIGKILL) at random moments: every other time between two
others, else at the very moment at which Telegram takes a message of an answer. Each time it is started again on the
same data. Some people ask again once they are answered, some state an allergy with the first question; a model that
takes three seconds makes drafts, stop buttons and edits part of it. Afterwards the bot gets what time it needs. At the
end, SIGTERM.
"""

import argparse
import asyncio
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat

from .stage import DONE, QUESTION, model_server, settings_for, start

TTFT_S, PER_TOKEN_S = 0.2, 0.055
LIVES_S = 4.0
"""How long the bot lives at most between two kills, from its first poll on."""
PATIENCE_S = 120.0
TERMS = 5
ALLERGIC = f"I am allergic to milk. {QUESTION}"
_SENDING = ("sendMessage", "editMessageText")


@dataclass(slots=True)
class Person:
    """Somebody who asks `asked` questions in a chat of their own."""

    chat: Chat
    is_allergic: bool
    asked: int = 0
    sent: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """Messages that hold a whole answer: 👍 comes with the last words."""
        return sum(DONE in message.text and "👍" in message.buttons for message in self.chat.messages)

    @property
    def leftovers(self) -> int:
        """Messages that are no whole answer: placeholders, drafts that nobody went on with."""
        return len(self.chat.messages) - self.answers


async def main(kills: int, turns: int, seed: int) -> int:
    """Print the table; 1 when a question was lost or answered twice."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        async with FakeTelegram() as telegram, model_server(ttft=TTFT_S, per_token=PER_TOKEN_S) as model:
            settings = settings_for(telegram, model, data)
            people = list(_people(telegram, turns, dice))
            asking = asyncio.create_task(_ask(people, turns, dice))
            for number in range(kills):
                bot = await _start(telegram, settings)
                await _moment(telegram, dice, sending=number % 2 == 1)
                bot.kill()
                await bot.wait()
            bot = await _start(telegram, settings)
            await asking
            waited = await _settle(people)
            terms = await _terms(telegram, settings, bot, dice)
        known = _allergies(data)
    return _report(people, kills, waited, known, terms)


def _people(telegram: FakeTelegram, turns: int, dice: random.Random) -> Iterator[Person]:
    for _ in range(turns * 2 // 3):
        yield Person(telegram.private_chat(), is_allergic=dice.random() < 0.2)


async def _ask(people: list[Person], turns: int, dice: random.Random) -> None:
    """Send the questions, each person's second only once the first is answered, as fast as they are answered."""
    for person in people:
        await _send(person)
        await asyncio.sleep(dice.uniform(0.2, 2.4))
    left = turns - len(people)
    while left:
        person = dice.choice(people)
        if person.answers == person.asked:
            await _send(person)
            left -= 1
        await asyncio.sleep(dice.uniform(0.2, 2.4))


async def _send(person: Person) -> None:
    first = not person.asked
    person.asked += 1
    person.sent.append(time.monotonic())
    await person.chat.send(ALLERGIC if person.is_allergic and first else QUESTION)


async def _start(telegram: FakeTelegram, settings: dict[str, str]) -> asyncio.subprocess.Process:
    seen = len(telegram.calls_of("getUpdates"))
    bot = await start("bot", "run", **settings)
    await telegram.wait_until(lambda fake: len(fake.calls_of("getUpdates")) > seen, timeout=PATIENCE_S)
    return bot


async def _moment(telegram: FakeTelegram, dice: random.Random, *, sending: bool) -> None:
    """Wait for the moment of a kill."""
    await asyncio.sleep(dice.uniform(0.0, LIVES_S))
    if sending:
        before = _taken(telegram)
        try:
            await telegram.wait_until(lambda fake: _taken(fake) > before, timeout=LIVES_S)
        except TimeoutError:
            return  # nobody is being answered: the moment is as good as any


def _taken(telegram: FakeTelegram) -> int:
    return sum(len(telegram.calls_of(method)) for method in _SENDING)


async def _settle(people: list[Person]) -> float:
    """Wait until every question is answered, or for `PATIENCE_S` in vain; return the seconds."""
    started = time.monotonic()
    while any(person.answers < person.asked for person in people) and time.monotonic() - started < PATIENCE_S:  # noqa: ASYNC110 - asking after each call would take the bot's CPU
        await asyncio.sleep(0.1)
    await asyncio.sleep(LIVES_S)  # what would come twice has come by then
    return time.monotonic() - started - LIVES_S


async def _terms(
    telegram: FakeTelegram, settings: dict[str, str], bot: asyncio.subprocess.Process, dice: random.Random
) -> list[float]:
    """End the bot with SIGTERM in the middle of ten answers, some times; return how long each end took, in seconds."""
    took = []
    for _ in range(TERMS):
        for _ in range(10):
            await telegram.private_chat().send(QUESTION)
        await asyncio.sleep(dice.uniform(0.5, 3.0))
        sent = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        await bot.wait()
        took.append(time.monotonic() - sent)
        bot = await _start(telegram, settings)
    bot.terminate()
    await bot.wait()
    return took


def _allergies(data: Path) -> set[int]:
    """Return the Telegram ids of those whose allergy to milk is stored."""
    with closing(sqlite3.connect(data / "platewise.db")) as database:
        rows = database.execute(
            "SELECT telegram_id FROM preferences JOIN people ON people.id = person_id"
            " WHERE kind = 'allergy' AND value = 'milk' AND polarity = 'add'"
        )
        return {telegram_id for (telegram_id,) in rows}


def _report(people: list[Person], kills: int, waited: float, known: set[int], terms: list[float]) -> int:
    lost = sum(max(0, person.asked - person.answers) for person in people)
    twice = sum(max(0, person.answers - person.asked) for person in people)
    forgotten = sum(person.is_allergic and person.chat.members[0].id not in known for person in people)
    table = Table("what", "measured", "goal")
    table.add_row("kills (SIGKILL)", str(kills), "50")
    table.add_row("questions", str(sum(person.asked for person in people)), "200")
    table.add_row("lost", str(lost), "0")
    table.add_row("answered twice", str(twice), "0")
    table.add_row(
        "half-written messages left in a chat", str(sum(person.leftovers for person in people)), "0"
    )
    table.add_row(
        f"allergies forgotten, of {sum(person.is_allergic for person in people)}", str(forgotten), "0"
    )
    table.add_row("all answered after the last start", f"{waited:.1f} s", "-")
    table.add_row(f"SIGTERM amid ten answers: longest of {len(terms)}", f"{max(terms):.1f} s", "10 s")
    Console(width=120).print(table)
    return int(bool(lost or twice or forgotten))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.kills, options.turns, options.seed)))
