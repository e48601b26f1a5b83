"""How fast consented turns become a prompt–completion Parquet dataset, and what that takes of memory.

.venv/bin/python -m bench.dataset.throughput [--rows 10000,100000,1000000] [--workers N] [--tokenizer DIR]

Turns are made up by a seed: people ask one to eight questions a conversation about foods, one in four of them with
something personal in it (names, e-mails, phones, addresses), some the same again or nearly; five passages a question
are served, of a knowledge base of 2,000. Each count of rows is exported by a process of its own, redacted, compared
with the evaluation sets of this repository, deduplicated and token-counted. Its memory is the sum of the resident
memory of that process and its workers, looked at five times a second; pages that they share count for each.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import psutil
from rich.console import Console
from rich.table import Table

from retrieval.diet.lexicon import lexicon
from training.dataset.export import export
from training.dataset.manifest import Manifest
from training.dataset.options import ExportOptions, Format
from training.dataset.schema import Consent, Exchange, Guard, Passage, Row, Usage
from training.dataset.source import Turn

ROOT = Path(__file__).resolve().parents[2]
TOKENIZER = ROOT / "var/models/smollm2-135m-instruct"
SECONDS_AT_100_000, GROWTH, TOTAL_MB = 120.0, 1.2, 600.0
_LOOK_S = 0.2
_PASSAGES = 2_000
_FIRST = (
    "Anna Boris Chloe Dmitri Elena Farid Graham Hannah Ivan Julia Karim Lucia Marco Nadia Oscar Petra".split()
)
_LAST = (
    "Kowalski Fischer Moreau Petrov Navarro Okafor Larsen Haddad Lindqvist Castellano Brandt Yilmaz".split()
)
_ASKS = (
    "How much {n} is in {a} {c}, and does {b} have more of it?",
    "Can I have {a} {c} with {b} if I have to watch my {n}?",
    "what could I cook tonight from {a}, {b} and some {d}?? {c}",
    "I had {k} grams of {a} and {k2} grams of {b} for breakfast: how much {n} was that, {c}?",
    "Which is better {c}, {a} or {d}, when I want more {n}?",
    "Instead of {a} in a stew with {b}, what could I take {c}? Nothing with {d}, please.",
)
_WHEN = (
    "after running", "for my lunch", "at the office", "on Sundays", "in winter", "as a snack", "before bed",
    "when it is hot", "for six guests", "on a small budget", "without an oven", "for the children", "raw",
    "cooked", "from a tin", "as leftovers",
)  # fmt: skip
_NUTRIENTS = "protein fat fibre sugar sodium calcium iron potassium energy carbohydrate".split()
_SAYS = (
    "{a} has {k} g of {n} per 100 g [{i}].",
    "Of {b} you get about {k} g of {n}, so {k2} g in a portion of {k3} g [{i}].",
    "{a} and {d} go well with each other; {c} I would take the first.",
    "That makes {k} kcal together, of which {k2} come from {b} [{i}].",
    "If you would rather not have {d}, {b} does the same with {k} g less {n} [{i}].",
    "Cook {a} for {k3} minutes, then stir in {d} and let it rest {c}.",
    "Nothing in the passages says how much {n} is in {d}.",
)
_PERSONAL = (
    "My name is {name}, by the way.",
    "Send it to {mail} please.",
    "You can call me on +44 7{phone}.",
    "{first} and I live at {k} Station Road, {k3}th floor.",
    "I was born on {day} March 19{year}.",
    "it's for my daughter {first}, see https://example.com/u?token={token}",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one export took."""

    rows: int
    written: int
    seconds: float
    peak_mb: float
    processes: int
    sha256: str


def main() -> int:
    """Print a table; return 1 when a goal isn't reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--tokenizer", type=Path, default=TOKENIZER)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one is not None:
        print(json.dumps(_measure(asked.one, asked)))
        return 0
    found = []
    for rows in map(int, asked.rows.split(",")):
        done = subprocess.run(
            [sys.executable, "-m", "bench.dataset.throughput", *sys.argv[1:], "--one", str(rows)],
            stdout=subprocess.PIPE,
            check=True,
        )
        found.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return _print(found)


def _measure(rows: int, asked: argparse.Namespace) -> dict[str, object]:
    options = ExportOptions(
        formats=(Format.PARQUET,),
        tokenizer=asked.tokenizer,
        max_tokens=8_192,
        evaluations=ROOT / "bench",
        workers=asked.workers,
    )
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder, _Watch() as watch:
        started = time.perf_counter()
        manifest = export(turns(rows, asked.seed), Path(folder) / "dataset", options)
        seconds = time.perf_counter() - started
    return {
        "rows": rows,
        "written": sum(manifest.rows.values()),
        "seconds": seconds,
        "peak_mb": watch.peak / 2**20,
        "processes": watch.processes,
        "sha256": _digest(manifest),
    }


def _digest(manifest: Manifest) -> str:
    return hashlib.sha256("".join(file.sha256 for file in manifest.files).encode()).hexdigest()[:12]


class _Watch:
    """The most memory that this process and those below it had together, in bytes."""

    def __init__(self) -> None:
        self.peak = self.processes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            sizes = []
            for process in (me := psutil.Process(), *me.children(recursive=True)):
                try:
                    sizes.append(process.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue
            if sum(sizes) > self.peak:
                self.peak, self.processes = sum(sizes), len(sizes)


def _print(found: Sequence[Measured]) -> int:
    table = Table(
        "turns", "written", "seconds", "rows/s", "peak RSS, all processes", "of the first", "files' SHA-256"
    )
    for one in found:
        table.add_row(
            f"{one.rows:,}",
            f"{one.written:,}",
            f"{one.seconds:.1f}",
            f"{one.rows / one.seconds:,.0f}",
            f"{one.peak_mb:.0f} MiB in {one.processes}",
            f"{one.peak_mb / found[0].peak_mb:.2f}",
            one.sha256,
        )
    Console(width=120).print(table)
    missed = [
        one
        for one in found
        if one.peak_mb > TOTAL_MB
        or one.peak_mb > GROWTH * found[0].peak_mb
        or (one.rows == 100_000 and one.seconds > SECONDS_AT_100_000)
    ]
    for one in missed:
        print(f"{one.rows:,} turns: a goal isn't reached", file=sys.stderr)
    return 1 if missed else 0


@dataclass(slots=True)
class _Maker:
    seed: int
    foods: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.foods = [name for item in lexicon() if "_" not in item for name in lexicon()[item].names[:1]]
        chance = random.Random(self.seed)
        self.passages = [self._passage(chance, number) for number in range(_PASSAGES)]

    def _passage(self, chance: random.Random, number: int) -> Passage:
        title = f"{chance.choice(self.foods).capitalize()}, {chance.choice(_WHEN)}"
        facts = "; ".join(f"{name} {chance.random() * 40:.2f} g" for name in _NUTRIENTS)
        contents = ", ".join(chance.sample(self.foods, 6))
        text = f"{title}. Per 100 g: {facts}.\nContains: {contents}.\nA portion is {chance.randrange(20, 400)} g."
        return Passage(
            id=f"food:{number}",
            version=f"{number:016x}",
            kind="food",
            title=title,
            text=text,
            source="made up",
        )

    def words(self, chance: random.Random) -> dict[str, object]:
        a, b, d = chance.choices(self.foods, k=3)
        first = chance.choice(_FIRST)
        return {
            "a": a, "b": b, "d": d, "c": chance.choice(_WHEN), "n": chance.choice(_NUTRIENTS), "first": first,
            "k": chance.randrange(5, 900), "k2": chance.randrange(5, 900), "k3": chance.randrange(4, 90),
            "i": chance.randrange(1, 6), "name": f"{first} {chance.choice(_LAST)}",
            "mail": f"{first.lower()}{chance.randrange(10_000)}@example.com", "phone": chance.randrange(10**8, 10**9),
            "day": chance.randrange(1, 29), "year": chance.randrange(50, 99), "token": chance.randrange(10**12, 10**13),
        }  # fmt: skip


def turns(rows: int, seed: int) -> Iterator[Turn]:
    """Yield `rows` turns, the same for the same seed; the first ones are the same whatever `rows` is."""
    maker, chance = _Maker(seed), random.Random(f"turns {seed}")
    made = conversation = 0
    while made < rows:
        person = f"{hash_of('person', conversation // 3):016x}"
        names = (chance.choice(_FIRST), chance.choice(_LAST))
        length = min(chance.randrange(1, 9), rows - made)
        history: tuple[Exchange, ...] = ()
        preferences = _preferences(chance)
        for position in range(length):
            turn = _turn(maker, chance, (conversation, position), (person, names), (history, preferences))
            history = (*history, Exchange(question=turn.row.question, answer=turn.row.answer))[-4:]
            yield turn
        made += length
        conversation += 1


def hash_of(*parts: object) -> int:
    """Return 64 bits that the parts decide."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def _preferences(chance: random.Random) -> dict[str, object]:
    return {
        "diets": chance.choice(([], [], ["vegan"], ["gluten_free"])),
        "allergies": chance.choice(([], [], ["peanuts"], ["milk", "eggs"])),
        "likes": chance.choice(([], ["lentils"])),
        "dislikes": [],
        "targets": {},
        "settings": {"units": "metric", "language": "en"},
    }


def _turn(
    maker: _Maker,
    chance: random.Random,
    place: tuple[int, int],
    who: tuple[str, tuple[str, ...]],
    said: tuple[tuple[Exchange, ...], dict[str, object]],
) -> Turn:
    # One in fifty asks and gets what somebody did before.
    source = random.Random(chance.randrange(500)) if chance.random() < 0.02 else chance
    words = maker.words(source)
    question = source.choice(_ASKS).format(**words)
    if source.random() < 0.25:
        question += " " + source.choice(_PERSONAL).format(**words)
    answer = " ".join(
        sentence.format(**maker.words(source)) for sentence in source.sample(_SAYS, source.randrange(2, 6))
    )
    asked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=place[0], seconds=20 * place[1])
    row = Row(
        row=f"{hash_of('row', *place):016x}",
        person=who[0],
        conversation=f"{hash_of('conversation', place[0]):016x}",
        position=place[1],
        asked_at=asked,
        intent="question",
        question=question,
        history=said[0],
        preferences=said[1],
        passages=tuple(chance.choices(maker.passages, k=5)),
        answer=answer,
        model="smollm2-135m-instruct",
        guard=Guard(status="passed"),
        usage=Usage(prompt=900, completion=80),
        timings={"search": 4.0, "model": 900.0},
        consent=Consent(version="1", given_at=asked),
    )
    return Turn(row, who[1])


if __name__ == "__main__":
    sys.exit(main())
