"""What of planted near duplicates and planted evaluation questions is found, what is joined wrongly, and the cost.

.venv/bin/python -m bench.dataset.cleaning [--rows 6000] [--clusters 1000000] [--seed 1] [--faults]

Near duplicates: to made-up rows (those of `bench.dataset.throughput`, of which each question is there once) copies are
added that are changed a little, and others whose change makes them another answer. A copy counts as found when it is
in the cluster of its source. Leaks: each question of the evaluation sets of this repository, written in some manners,
into the question, the answer or the history of a row.
"""

import argparse
import itertools
import random
import re
import string
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from training.dataset.decontamination import Contamination, bundled, questions_of
from training.dataset.duplicates import THRESHOLD, Signatures, jaccard
from training.dataset.schema import Exchange, Row

from .throughput import ROOT, turns

DUPLICATES, LEAKS = 0.95, 1.0
_MARGIN = 0.1
"""Similarity is estimated: a pair counts as joined wrongly when it is this much below the threshold."""

_HELLO = ("Hi! ", "hello, ", "ok ", "Hey there, ", "Quick one: ", "please: ")
_THANKS = (" Thanks!", " thank you", " please", " :)", " 🙏")
_CLOSING = (" Enjoy!", " Good luck with it.", " Let me know how it went.", " I hope that helps.")
_SWAPS = {
    "about": "roughly", "come": "are", "rather": "prefer", "together": "in total", "has": "contains", "get": "have",
    "does": "is", "stir": "mix", "rest": "stand", "less": "fewer", "first": "earlier",
}  # fmt: skip
Change = Callable[[Row, random.Random], Row | None]


def _question(change: Callable[[str, random.Random], str]) -> Change:
    return lambda row, chance: row.model_copy(update={"question": change(row.question, chance)})


def _answer(change: Callable[[str, random.Random], str]) -> Change:
    def changed(row: Row, chance: random.Random) -> Row | None:
        answer = change(row.answer, chance)
        return None if answer == row.answer else row.model_copy(update={"answer": answer})

    return changed


def _typo(text: str, chance: random.Random) -> str:
    places = [at for at in range(1, len(text) - 1) if text[at - 1 : at + 2].isalpha()]
    at, how = chance.choice(places), chance.randrange(4)
    if how == 0:
        return text[:at] + text[at + 1 :]
    if how == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + chance.choice(string.ascii_lowercase) + text[at + (how == 2) :]


def _swapped(text: str, chance: random.Random) -> str:
    words = re.split(r"(\W+)", text)
    places = [at for at, word in enumerate(words) if word in _SWAPS]
    if places:
        at = chance.choice(places)
        words[at] = _SWAPS[words[at]]
    return "".join(words)


def _other_figure(text: str, chance: random.Random) -> str:
    found = list(re.finditer(r"(?<!\[)\b\d+\b", text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + str(int(match[0]) + 1) + text[match.end() :]


def _both(row: Row, chance: random.Random) -> Row | None:
    row = row.model_copy(update={"question": chance.choice(_HELLO) + _typo(row.question, chance)})
    return _answer(lambda text, chance: text + chance.choice(_CLOSING))(row, chance)


COPIES: dict[str, Change] = {
    "the same again": lambda row, chance: row,  # noqa: ARG005 - as the others
    "case and punctuation": _question(lambda text, _: text.upper().rstrip("?. ") + " ???"),
    "a typo in the question": _question(_typo),
    "a greeting or thanks": _question(
        lambda text, chance: (
            text + chance.choice(_THANKS) if chance.random() < 0.5 else chance.choice(_HELLO) + text
        )
    ),
    "a word of the answer swapped": _answer(_swapped),
    "a closing sentence": _answer(lambda text, chance: text + chance.choice(_CLOSING)),
    "greeting, typo and closing": _both,
}
OTHERS: dict[str, Change] = {
    "another figure in the answer": _answer(_other_figure),
    "another allergy": lambda row, _: row.model_copy(
        update={"preferences": {**row.preferences, "allergies": ["sesame"]}}
    ),
}
AMID, SHORT = "amid a sentence", 3
WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "upper case, no punctuation": lambda text: re.sub(r"[^\w\s'’]", " ", text).upper(),
    "amid other sentences": lambda text: f"Good morning.\n{text}\nThat's all for now!",
    AMID: lambda text: f"so my aunt asked me {text} and left",
    "curly apostrophes, double spaces": lambda text: text.replace("'", "’").replace(" ", "  "),
}


def main() -> int:
    """Print the tables; return 1 when a goal isn't reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=6_000)
    parser.add_argument("--clusters", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="list what was missed or joined wrongly")
    asked = parser.parse_args()
    rows = _distinct(asked.rows, asked.seed)
    reached = _near_duplicates(rows, asked.seed, faults=asked.faults)
    reached &= _leaks(rows, faults=asked.faults)
    if asked.clusters:
        _cost(asked.clusters, asked.seed)
    return 0 if reached else 1


def _distinct(count: int, seed: int) -> list[Row]:
    found: dict[str, Row] = {}
    for turn in turns(count + count // 10, seed):
        found.setdefault(turn.row.question, turn.row)
    return list(found.values())[:count]


def _near_duplicates(rows: Sequence[Row], seed: int, *, faults: bool) -> bool:
    chance = random.Random(seed)
    planted: list[tuple[str, int, Row]] = []
    kinds = COPIES | OTHERS
    # Each copy is of a row of its own: else one copy could be found by way of another.
    for number, (kind, change) in enumerate(kinds.items()):
        copies = (
            (source, change(rows[source], chance)) for source in range(number, len(rows), len(kinds) + 1)
        )
        planted += [(kind, source, copy) for source, copy in copies if copy is not None]
    chance.shuffle(planted)
    everything = [*rows, *(row for _, _, row in planted)]
    with tempfile.TemporaryDirectory() as folder, Signatures(Path(folder)) as signatures:
        for row in everything:
            signatures.add_row(row)
        clusters = signatures.clusters().tolist()
    joined: defaultdict[str, list[bool]] = defaultdict(list)
    for number, (kind, source, _) in enumerate(planted, start=len(rows)):
        joined[kind].append(clusters[number] == clusters[source])
    table = Table("planted", "rows", "in the cluster of its source", title=f"among {len(rows):,} rows")
    for kind, found in joined.items():
        table.add_row(kind, f"{len(found):,}", f"{sum(found) / len(found):.4f}")
    hits = [hit for kind in COPIES for hit in joined[kind]]
    table.add_row("all copies", f"{len(hits):,}", f"{sum(hits) / len(hits):.4f}")
    pairs = [
        (row, everything[first])
        for row, first in zip(everything, clusters, strict=True)
        if row is not everything[first]
    ]
    wrong = [pair for pair in pairs if _similarity(*pair) < THRESHOLD - _MARGIN]
    table.add_row(
        f"pairs less alike than {THRESHOLD - _MARGIN:.2f}",
        f"{len(pairs):,}",
        f"{len(wrong) / len(pairs):.4f}",
    )
    Console(width=120).print(table)
    if faults:
        for one, other in wrong[:20]:
            print(
                f"{_similarity(one, other):.2f}\n  {one.question} | {one.answer}\n  {other.question} | {other.answer}"
            )
    return sum(hits) >= DUPLICATES * len(hits)


def _similarity(one: Row, other: Row) -> float:
    return jaccard((one.asked, one.answer), (other.asked, other.answer))


def _leaks(rows: Sequence[Row], *, faults: bool) -> bool:
    sets = bundled(ROOT / "bench")
    contamination = Contamination.of(sets)
    questions = [question.text for one in sets for question in questions_of(one)]
    chance, found, missed = random.Random(1), defaultdict(list), []
    for kind, write in WRITTEN.items():
        for text, row in zip(questions, itertools.cycle(rows), strict=False):
            short = kind == AMID and len(re.findall(r"\w+", text)) < SHORT
            for place, planted in _places(row, write(text)).items():
                hit = contamination.match_row(planted) is not None
                found[f"{kind}, {'fewer than three words (not promised)' if short else place}"].append(hit)
                missed += [] if hit else [(kind, place, text)]
    exact = all(all(hits) for name, hits in found.items() if "not promised" not in name)
    for text, row in zip(questions, itertools.cycle(rows), strict=False):
        if re.search(r"[^\W\d_]{3}", text):
            planted = row.model_copy(update={"question": _typo(text, chance)})
            found["a typo, in the question (not promised)"].append(
                contamination.match_row(planted) is not None
            )
    table = Table(
        "planted", "rows", "found", title=f"{len(questions):,} questions of {len(sets)} evaluation sets"
    )
    for name, hits in found.items():
        table.add_row(name, f"{len(hits):,}", f"{sum(hits) / len(hits):.4f}")
    made_up = sum(contamination.match_row(row) is not None for row in rows)
    table.add_row("nothing: made-up rows taken for one", f"{len(rows):,}", f"{made_up / len(rows):.4f}")
    Console(width=120).print(table)
    if faults:
        for kind, place, text in missed[:20]:
            print(f"{kind}, {place}: {text}")
    return exact


def _places(row: Row, text: str) -> dict[str, Row]:
    return {
        "in the question": row.model_copy(update={"question": text}),
        "in the answer": row.model_copy(update={"answer": f"{row.answer} {text}"}),
        "in the history": row.model_copy(update={"history": (Exchange(question=text, answer="As before."),)}),
    }


def _cost(count: int, seed: int) -> None:
    sample = [turn.row for turn in turns(20_000, seed)]
    contamination = Contamination.of(bundled(ROOT / "bench"))
    table = Table("step", "rows", "seconds", "µs a row", title="one thread")
    started = time.perf_counter()
    for row in sample:
        contamination.match_row(row)
    _add(table, "comparing with the evaluation sets", len(sample), time.perf_counter() - started)
    with tempfile.TemporaryDirectory() as folder, Signatures(Path(folder)) as signatures:
        spent = 0.0
        for turn in turns(count, seed):
            started = time.perf_counter()
            signatures.add_row(turn.row)
            spent += time.perf_counter() - started
        _add(table, "signatures", count, spent)
        started = time.perf_counter()
        signatures.clusters()
        _add(table, "clusters", count, time.perf_counter() - started)
    Console(width=120).print(table)


def _add(table: Table, step: str, rows: int, seconds: float) -> None:
    table.add_row(step, f"{rows:,}", f"{seconds:.1f}", f"{seconds / rows * 1e6:.0f}")


if __name__ == "__main__":
    sys.exit(main())
