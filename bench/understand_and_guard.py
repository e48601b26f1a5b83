"""What reading a message and checking its answer cost on the CPU, per turn, together.

.venv/bin/python bench/understand_and_guard.py

Messages are the questions of `bench/data/questions` and the sentences of `bench/understanding/dev.yaml`, each sent once
by somebody with an allergy and a diet. Answers are what the assistant composes from the passages it finds, repeated to
about 800 characters and numbered, so that no cache knows their sentences. Times are of this thread on the CPU.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from bot.assistant.assistant import Heard, hear, query_for
from bot.assistant.compose import Need, compose
from bot.assistant.finding import find_passages
from bot.assistant.guard import Guard
from bot.assistant.sentences import split_sentences
from bot.settings import Settings
from bot.wiring import open_knowledge
from retrieval.diet.preferences import Diet, Preferences
from retrieval.index import Index
from retrieval.knowledge.documents import Passage

BENCH = Path(__file__).parent
PERSON = Preferences(diets=frozenset({Diet.VEGETARIAN}), allergies=frozenset({"peanuts"}))
PASSAGES = 5
ANSWER_LENGTH = 800
WARM = 50
GOAL_MS = 5.0


async def main() -> int:
    """Measure and print the table; 1 where the goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_knowledge(Settings.model_validate({"data": folder})) as index:
            rows = [await _turn(index, number, text) for number, text in enumerate(_messages())]
    rows = rows[WARM:]
    together = [sum(row) for row in rows]
    table = Table("part", "p50 CPU ms", "p95 CPU ms", title=f"{len(rows)} turns, each message once")
    for name, values in {
        "understand": [row[0] for row in rows],
        "guard": [row[1] for row in rows],
        "both": together,
    }.items():
        table.add_row(name, f"{statistics.median(values):.2f}", f"{_p95(values):.2f}")
    console = Console(width=100)
    console.print(table)
    console.print(
        f"{os.cpu_count()} cores; goal: p95 ≤ {GOAL_MS:g} ms together, measured {_p95(together):.2f} ms"
    )
    return int(_p95(together) > GOAL_MS)


def _messages() -> Iterator[str]:
    """Yield questions and statements in turn."""
    lines = (BENCH / "data" / "questions" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["text"]) for line in lines]
    labelled = yaml.safe_load((BENCH / "understanding" / "dev.yaml").read_text(encoding="utf-8"))
    yield from chain.from_iterable(zip(questions, (str(item["text"]) for item in labelled), strict=False))


async def _turn(index: Index, number: int, text: str) -> tuple[float, float]:
    """Return the milliseconds of understanding `text` and of guarding an answer to it."""
    started = time.thread_time()
    heard = hear(text, PERSON)
    understood = time.thread_time() - started
    passages = await find_passages(
        index, query_for(text, heard.understanding, limit=PASSAGES), heard.preferences
    )
    answer = _answer(heard, passages, number)
    started = time.thread_time()
    guard = Guard(text, passages, heard.preferences.restrictions, heard.understanding.nutrient)
    for sentence in split_sentences(answer):
        guard.check_sentence(sentence)
    guard.check_answer(answer)
    return understood * 1000, (time.thread_time() - started) * 1000


def _answer(heard: Heard, passages: Sequence[Passage], number: int) -> str:
    understood = heard.understanding
    need = Need(heard.question, understood.intent, understood.nutrient, heard.preferences)
    text = compose(need, passages).text
    copies = max(1, ANSWER_LENGTH // len(text))
    return "\n\n".join(f"{number}-{copy}: {item}" for copy, item in enumerate(repeat(text, copies)))


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
