"""Rows of people who didn't agree, don't any more, or were erased, over random histories: none may ever come out.

.venv/bin/python bench/dataset/consent.py [--histories 10000] [--seed 1] [--processes 2]

In a history, three people do up to forty things each in turn, on a real store: ask, follow up, edit a question, want
another answer, agree, refuse, have nothing kept, be forgotten, come back. After each third of it, what an export would
hold is compared with an account that is kept by the words of the promise.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.store.store import Store
from tests.unit.bot.store.histories import PEOPLE, Do, Lives, Step

_LONGEST = 40
_LOOKS = 3
_OFTEN = {Do.ASK: 6, Do.FOLLOW_UP: 3, Do.AGAIN: 3, Do.EDIT: 3, Do.AGREE: 8, Do.REFUSE: 2, Do.FORGET: 1}


def main() -> int:
    """Print how many rows came out, and how many shouldn't have."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    started, total = time.monotonic(), Counter[str]()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.db"
        asyncio.run(_migrated(empty))
        work = partial(_history, str(empty), options.seed)
        with ProcessPoolExecutor(options.processes) as pool:
            for counts, found in pool.map(work, range(options.histories), chunksize=20):
                total.update(counts)
                wrong += found
    table = Table("histories", "steps", "looks", "rows", "violations", "s")
    columns = (*(total[name] for name in ("histories", "steps", "looks", "rows")), len(wrong))
    table.add_row(*(f"{number:,}" for number in columns), f"{time.monotonic() - started:.0f}")
    Console().print(table)
    for line in wrong[:20]:
        print(line)
    return 1 if wrong or not total["rows"] else 0


async def _migrated(path: Path) -> None:
    store = Store.open(f"sqlite:///{path}")
    await store.database.migrate()
    await store.close()


def _history(empty: str, seed: int, number: int) -> tuple[Counter[str], list[str]]:
    rng = random.Random(f"{seed} {number}")
    verbs = [verb for verb in Do for _ in range(_OFTEN.get(verb, 1))]
    length = rng.randrange(1, _LONGEST)
    steps = [Step(rng.randrange(PEOPLE), rng.choice(verbs), rng.randrange(8)) for _ in range(length)]
    with tempfile.TemporaryDirectory(dir=_fast()) as folder:
        shutil.copy(empty, Path(folder) / "platewise.db")
        return asyncio.run(_lived(Path(folder), steps, number))


async def _lived(folder: Path, steps: list[Step], number: int) -> tuple[Counter[str], list[str]]:
    store = Store.open(f"sqlite:///{folder / 'platewise.db'}")
    lives, counts, wrong = Lives(store), Counter(histories=1, steps=len(steps)), list[str]()
    try:
        for done, step in enumerate(steps, start=1):
            await lives.play(step)
            if done == len(steps) or done % (len(steps) // _LOOKS or 1) == 0:
                rows, found = await lives.violations(folder)
                counts.update(looks=1, rows=rows)
                wrong += [f"history {number}, step {done}: {item}" for item in found]
    finally:
        await store.close()
    return counts, wrong


def _fast() -> str | None:
    """Return a folder in memory where there is one: what is measured is no disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (a folder of its own is made in it)


if __name__ == "__main__":
    sys.exit(main())
