"""Random Markdown through the bot's rendering: messages that Telegram wouldn't take, and text that is lost.

.venv/bin/python -m bench.telegram_bot.formatting [--cases 10000] [--seed 5] [--show 5]

A case is some blocks of random Markdown (`markdown_cases.py`). Its messages, and those of a random prefix as a draft
shows it, are judged by rules that know nothing of the bot's code: `tests/fakes/message_rules.py`, written from
Telegram's documentation, and the checks of the fake Bot API server.

No text lost: of each block, what its maker put into it is known. White space and what Telegram drops or nobody sees
(controls, format characters but the zero-width joiner, lone surrogates) are left out on both sides, and both are
normalised (NFC). What remains must appear, every character in order, in the messages joined. Heads of tables, which a
list of cells repeats, and addresses of links may stand in any place, addresses also as what a link leads to. A mark
whose reading is open (a lone star) is not demanded; in code, and escaped, every mark is.
"""

import argparse
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.telegram.formatting import Part, parts
from tests.fakes.message_rules import faults
from tests.fakes.telegram.entities import check, utf16_length
from tests.fakes.telegram.protocol import ApiError

from .markdown_cases import CLUSTERS, KINDS, Case, case

LIMIT = 4096
INVALID, OVERSIZE, LOST, APART = "invalid entities", "oversize parts", "text lost", "drawn as one, cut in two"
FAULTS = (INVALID, OVERSIZE, LOST, APART)


def main(cases: int, seed: int, show: int) -> bool:
    """Judge the cases, print a table, and return whether there is no fault."""
    took, found, made = [], Counter[tuple[str, str]](), Counter[str]()
    messages = entities = shown = 0
    console = Console(width=140)
    for number in range(cases):
        one = case(seed, number)
        started = time.perf_counter()
        whole = parts(one.markdown)
        took.append((time.perf_counter() - started) * 1000)
        messages += len(whole)
        entities += sum(len(part.entities) for part in whole)
        made.update(one.kinds)
        wrong = [*judged(one, whole), *validity(parts(one.markdown[: one.prefix]))]
        for fault in {fault for fault, _ in wrong}:
            found.update((kind, fault) for kind in (*one.kinds, "all"))
        for fault, why in wrong[: 1 if shown < show else 0]:
            shown += 1
            console.print(f"case {number}: {fault}: {escape(why)}")
    console.print(_table(cases, made, found))
    p99 = statistics.quantiles(took, n=100)[98]
    console.print(
        f"{messages} messages, {entities} entities; rendering takes p50 {statistics.median(took):.2f}, "
        f"p99 {p99:.1f}, max {max(took):.1f} ms a case"
    )
    return not found


def judged(one: Case, whole: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Yield each fault of a case's messages, and what it is."""
    yield from validity(whole)
    yield from ((LOST, why) for why in _lost(one, whole))
    yield from ((APART, why) for why in _taken_apart(whole))


def validity(whole: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Yield what Telegram wouldn't take, or would take and show otherwise."""
    for part in whole:
        if utf16_length(part.text) > LIMIT:
            yield OVERSIZE, f"{utf16_length(part.text)} units"
        if not visible(part.text):
            yield INVALID, f"a message that shows nothing: {part.text!r}"
        yield from ((INVALID, fault) for fault in faults(part.text, part.entities, LIMIT))
        try:
            check(part.text, [entity.to_dict() for entity in part.entities])
        except ApiError as error:
            yield INVALID, str(error)


def visible(text: str) -> str:
    """Return what must not be lost of `text`."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character == "\u200d"
        or not (character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Cs"})
    )


def _lost(one: Case, whole: Sequence[Part]) -> Iterator[str]:
    shown = visible("".join(part.text for part in whole))
    place = 0
    for block in one.blocks:
        for character in visible(block.seen):
            place = shown.find(character, place) + 1
            if not place:
                yield f"{character!r} of {block.markdown[:60]!r}"
                return
        yield from (head for head in block.anywhere if visible(head) not in shown)
        reached = {entity.url for part in whole for entity in part.entities}
        yield from (url for url in block.addresses if url not in reached and url not in shown)


def _taken_apart(whole: Sequence[Part]) -> Iterator[str]:
    for before, after in pairwise(whole):
        for cluster in CLUSTERS:
            for cut in range(1, len(cluster)):
                if before.text.endswith(cluster[:cut]) and after.text.startswith(cluster[cut:]):
                    yield f"{cluster!r} after {cut} code points"


def _table(cases: int, made: Counter[str], found: Counter[tuple[str, str]]) -> Table:
    table = Table("cases with", "how many", *FAULTS)
    for kind in KINDS:
        table.add_row(kind, str(made[kind]), *(str(found[kind, fault]) for fault in FAULTS))
    table.add_section()
    table.add_row("all", str(cases), *(str(found["all", fault]) for fault in FAULTS))
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--show", type=int, default=5, help="faults to describe")
    options = parser.parse_args()
    sys.exit(0 if main(options.cases, options.seed, options.show) else 1)
