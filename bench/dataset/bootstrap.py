"""Rows made from the knowledge base: how fast, of which kinds, and how many the guard lets through.

.venv/bin/python -m bench.dataset.bootstrap [--rows 20000] [--seed 1] [--knowledge var/knowledge]

`passed` is the share of the rows of a kind that the bot's guard has nothing against; the others are dropped.
"""

import argparse
import asyncio
import hashlib
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.assistant.bootstrapped import faults_of
from retrieval.embedding import load_embedder
from retrieval.index import Index
from training.dataset.bootstrap import KINDS, SPLITS, Made, Tally, bootstrap_rows


async def main(options: argparse.Namespace) -> None:
    """Make the rows and print the tables."""
    embedder = load_embedder()
    index = await Index.open(str(options.knowledge), embedder)
    kinds: Counter[tuple[str | None, str]] = Counter()
    splits: Counter[str] = Counter()
    questions, conversations = set[bytes](), set[str]()
    digest, tally = hashlib.sha256(), Tally()
    following, without = 0, 0
    judging = 0.0

    def judged(made: Made) -> tuple[str, ...]:
        nonlocal judging
        started = time.perf_counter()
        faults = faults_of(made)
        judging += time.perf_counter() - started
        return faults

    started = time.perf_counter()
    async for made in bootstrap_rows(
        index, count=options.rows, seed=options.seed, accepts=judged, tally=tally
    ):
        kinds[made.row.kind, made.split] += 1
        splits[made.split] += 1
        questions.add(hashlib.blake2b(made.row.question.casefold().encode(), digest_size=8).digest())
        conversations.add(made.row.conversation)
        following += bool(made.row.history)
        without += not made.passages
        digest.update(made.row.model_dump_json().encode())
    took = time.perf_counter() - started
    index.close()
    embedder.close()

    table = Table(title=f"{options.rows:,} rows, seed {options.seed}")
    for name in ("kind", "rows", *SPLITS, "passed"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for kind in KINDS:
        made_of, guarded = tally.made[kind], tally.guarded[kind]
        passed = f"{100 * made_of / max(1, made_of + guarded):.2f} %"
        table.add_row(kind, f"{made_of:,}", *(f"{kinds[kind, split]:,}" for split in SPLITS), passed)
    total, guarded = sum(tally.made.values()), sum(tally.guarded.values())
    shares = [f"{splits[split]:,}" for split in SPLITS]
    table.add_row("all", f"{total:,}", *shares, f"{100 * total / (total + guarded):.2f} %")
    console = Console(width=120)
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"{took:.0f} s, {total / took:.0f} rows/s, of it the guard {judging:.0f} s; peak {peak:,.0f} MB"
    )
    console.print(
        f"{len(questions):,} distinct questions; {len(conversations):,} conversations; "
        f"{following:,} rows follow another; {without:,} without passages"
    )
    console.print(
        f"left out: {sum(tally.left_out.values()):,}, of it said before {tally.left_out['said before']:,}"
    )
    console.print(f"sha256 of the rows: {digest.hexdigest()}")
    for fault, times in tally.faults.most_common(8):
        console.print(f"  {times:>4}  {fault}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--knowledge", type=Path, default=Path("var/knowledge"))
    asyncio.run(main(parser.parse_args(sys.argv[1:])))
