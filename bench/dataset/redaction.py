"""How much of what is somebody's goes out of messages, and how much of what they eat goes with it.

.venv/bin/python -m bench.dataset.redaction [--half dev] [--faults] [--speed 2000]

Messages and labels are in `bench/dataset/data/redaction.yaml`, half of them for development, half held back, by a
hash of language and text. A label counts as taken out when none of its letters and digits is left. `wrongly removed` is
over the words of the `food` messages; `beside labels` over the words of the others that nobody labelled.
"""

import argparse
import hashlib
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from training.dataset.redaction import Redactor

MESSAGES = Path(__file__).parent / "data" / "redaction.yaml"
KINDS = {
    "e": "e-mail", "u": "url", "h": "handle", "c": "card", "b": "iban", "i": "ip", "p": "phone", "l": "location",
    "a": "address", "d": "birth date", "n": "name",
}  # fmt: skip
FOOD = ("food", "food-talk")
TALK = "names in longer messages"
_SEED = "redaction-1"
_LABEL = re.compile(r"\{([euhcbipladn]):([^{}]+)\}")
_OWN = re.compile(r"\[([^\]]+)\] ")
_PLACEHOLDER = re.compile(r"<[A-Z_]+_\d+>")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Message:
    """A message without its markup; `labels` are (kind, start, end)."""

    section: str
    half: str
    text: str
    labels: tuple[tuple[str, int, int], ...]
    own: tuple[str, ...]


def messages() -> Iterator[Message]:
    """Yield the labelled messages."""
    for section, block in yaml.safe_load(MESSAGES.read_text(encoding="utf-8")).items():
        for line in block.splitlines():
            marked = line.replace("\\n", "\n")
            own = _OWN.match(marked)
            if own:
                marked = marked[own.end() :]
            text, labels, last = "", [], 0
            for match in _LABEL.finditer(marked):
                text += marked[last : match.start()]
                labels.append((KINDS[match[1]], len(text), len(text) + len(match[2])))
                text += match[2]
                last = match.end()
            digest = hashlib.sha256(f"{_SEED}\0{section}\0{line}".encode()).digest()
            yield Message(
                section, ("dev", "test")[digest[0] % 2], text + marked[last:], tuple(labels),
                tuple(own[1].split()) if own else (),
            )  # fmt: skip


def removed(text: str, redacted: str) -> set[int]:
    """Return the places of `text` that aren't in `redacted`, in which placeholders stand for them."""
    kept: set[int] = set()
    position = 0
    pieces = _PLACEHOLDER.split(redacted)
    for number, piece in enumerate(pieces):
        is_last = number == len(pieces) - 1
        start = len(text) - len(piece) if is_last else text.index(piece, position)
        kept.update(range(start, start + len(piece)))
        position = start + len(piece)
    return set(range(len(text))) - kept


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("dev", "test", "both"), default="both")
    parser.add_argument("--faults", action="store_true", help="list what was missed or wrongly removed")
    parser.add_argument("--speed", type=int, default=2000, metavar="CONVERSATIONS")
    options = parser.parse_args()
    redactor = Redactor()
    everything = list(messages())
    for half in ("dev", "test") if options.half == "both" else (options.half,):
        _quality(redactor, [message for message in everything if message.half == half], half, options.faults)
    if options.speed:
        _speed(redactor, everything, options.speed)


def _quality(redactor: Redactor, chosen: list[Message], half: str, faults: bool) -> None:  # noqa: FBT001
    found: dict[str, list[bool]] = defaultdict(list)
    words: dict[bool, list[bool]] = {True: [], False: []}
    hurt = []
    for message in chosen:
        redacted = redactor.conversation(message.own).redact(message.text)
        gone = removed(message.text, redacted)
        labelled = {at for _, start, end in message.labels for at in range(start, end)}
        missed = []
        for kind, start, end in message.labels:
            hit = all(at in gone for at in range(start, end) if message.text[at].isalnum())
            found[kind].append(hit)
            found["contacts" if kind != "name" else "names"].append(hit)
            if kind == "name" and message.section.startswith("talk"):
                found[TALK].append(hit)
            missed += [] if hit else [message.text[start:end]]
        wrong = []
        for word in _WORD.finditer(message.text):
            if not labelled & set(range(*word.span())):
                lost = bool(gone & set(range(*word.span())))
                words[message.section in FOOD].append(lost)
                wrong += [word.group()] if lost else []
        if message.section in FOOD:
            hurt.append(bool(wrong))
        if faults and (missed or wrong):
            print(f"{message.section}: {message.text!r} → {redacted!r}: missed {missed}, wrong {wrong}")
    table = Table("what", "messages or labels", "recall / share", title=f"{half}: {len(chosen)} messages")
    for kind in (*KINDS.values(), "contacts", "names", TALK):
        if kind != "name":
            table.add_row(kind, str(len(found[kind])), f"{statistics.mean(found[kind]):.3f}")
    table.add_row("food words wrongly removed", str(len(words[True])), f"{statistics.mean(words[True]):.4f}")
    table.add_row("food messages with one", str(len(hurt)), f"{statistics.mean(hurt):.4f}")
    table.add_row("removed beside labels", str(len(words[False])), f"{statistics.mean(words[False]):.4f}")
    Console().print(table)


# An answer of a hundred words, as the models write them.
ANSWER = """These fit what I know about you:

- **Red lentil dal** (Indian dinner, serves 4, 35 minutes): energy 312 kcal, protein 17.9 g, fibre 9.02 g [1]
- **Caesar salad without anchovies** (American lunch, serves 2, 15 minutes): energy 285 kcal, protein 11.4 g [2]
- **Roasted chickpeas with rosemary** (Greek snack, serves 6, 40 minutes): energy 164 kcal, protein 8.9 g [3]

Rinse the lentils first and cook them for 20 minutes. Skip the peanuts because of your allergy, and ask for the dressing
on the side: otherwise the salad has some 1,200 mg of sodium, more than half of what you aim for in a day. Graham
crackers go well with it. If you tell me what you have at home, I can look for something quicker, Anna."""
_ROUNDS = 3


def _speed(redactor: Redactor, everything: list[Message], conversations: int) -> None:
    """Time conversations of five turns, whose questions and answers are new to each."""
    table = Table(
        "text", "texts", "characters", "words", "µs a text", title="one thread, the fastest of three"
    )
    questions = [message.text for message in everything]
    for name, texts in (
        ("question", [questions[number % len(questions)] for number in range(conversations * 5)]),
        ("answer of 100 words", [ANSWER] * (conversations * 5)),
    ):
        spent = min(_round(redactor, texts) for _ in range(_ROUNDS))
        size = statistics.mean(map(len, texts))
        words = statistics.mean(len(text.split()) for text in texts)
        table.add_row(name, str(len(texts)), f"{size:.0f}", f"{words:.0f}", f"{spent / len(texts) * 1e6:.0f}")
    Console().print(table)


def _round(redactor: Redactor, texts: list[str]) -> float:
    started = time.thread_time()
    for first in range(0, len(texts), 5):
        conversation = redactor.conversation(("Anna", "Kowalski"))
        for number, text in enumerate(texts[first : first + 5]):
            conversation.redact(f"{text} ({number})")
    return time.thread_time() - started


if __name__ == "__main__":
    main()
