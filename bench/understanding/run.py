"""How well `platewise prefs parse` understands labelled sentences: recall, precision and F1, per kind and per topic.

.venv/bin/python bench/understanding/run.py [--split dev|test|all] [--wrong]

The sentences are in dev.yaml and test.yaml beside this file (format: README.md). A restriction is one diet or allergy
that is added or taken back, of the person or of somebody else; it counts as found only when all of this is right.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.assistant.understand import understand
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

FOLDER = Path(__file__).parent
_RESTRICTIONS = ("diets", "allergies")
_TASTES = ("likes", "dislikes")
_KEYS = frozenset({"text", "before", "add", "remove", "about", "topic", "lang"})
_PARTS = frozenset({"diets", "allergies", "exceptions", "likes", "dislikes", "targets"})

Fact = tuple[str, ...]
"""What was understood or meant: add or remove, whose, the kind, the value."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message, the preferences before it, and the facts that a careful reader takes from it."""

    text: str
    before: Mapping[str, Any]
    meant: frozenset[Fact]
    topic: str
    language: str


@dataclass(slots=True)
class Score:
    """Counts over sentences: facts found, meant and found, and meant."""

    found: int = 0
    right: int = 0
    meant: int = 0

    def add(self, found: frozenset[Fact], meant: frozenset[Fact]) -> None:
        """Count one sentence."""
        self.found += len(found)
        self.right += len(found & meant)
        self.meant += len(meant)

    @property
    def recall(self) -> float:
        """The share of what was meant that was found; 1 where nothing was meant."""
        return self.right / self.meant if self.meant else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that was meant; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


@dataclass(slots=True)
class Results:
    """Scores by kind of fact and by topic, sentences read wrong, and milliseconds for each sentence."""

    restrictions: Score = field(default_factory=Score)
    tastes: Score = field(default_factory=Score)
    targets: Score = field(default_factory=Score)
    soft: Score = field(default_factory=Score)
    topics: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    languages: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    wrong: list[tuple[Sentence, frozenset[Fact]]] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Measure how labelled sentences are understood.")
    parser.add_argument("--split", choices=("dev", "test", "all"), default="all")
    parser.add_argument("--wrong", action="store_true", help="list the sentences that were read wrong")
    options = parser.parse_args()
    names = ("dev", "test") if options.split == "all" else (options.split,)
    try:
        sentences = [item for name in names for item in read_sentences(FOLDER / f"{name}.yaml")]
    except BadInputError as error:
        print(error, file=sys.stderr)
        return 2
    _print(evaluate(sentences), options.split, wrong=options.wrong)
    return 0


def read_sentences(path: Path) -> list[Sentence]:
    """Read labelled sentences. Raises `BadInputError` with the entry that is wrong."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
    if not isinstance(entries, list):
        raise BadInputError(f"{path}: must be a list of sentences")
    return [_sentence(path, number, entry) for number, entry in enumerate(entries, start=1)]


def _sentence(path: Path, number: int, entry: Any) -> Sentence:
    where = f"{path}, sentence {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or set(entry) - _KEYS:
        raise BadInputError(f"{where}: needs a 'text', and may have {', '.join(sorted(_KEYS))}")
    parts = {key: entry.get(key) or {} for key in ("add", "remove")}
    if unknown := sorted(set().union(*parts.values()) - _PARTS):
        raise BadInputError(f"{where}: unknown key '{unknown[0]}'; use {', '.join(sorted(_PARTS))}")
    about = entry.get("about", "self")
    return Sentence(
        entry["text"],
        entry.get("before") or {},
        frozenset(_facts("add", about, parts["add"])) | frozenset(_facts("remove", about, parts["remove"])),
        str(entry.get("topic", "other")),
        str(entry.get("lang", "en")),
    )


def evaluate(sentences: Iterable[Sentence]) -> Results:
    """Understand every sentence, and compare with what was meant."""
    results = Results()
    understand("I can't eat nuts.")  # the first sentence loads the tables
    for sentence in sentences:
        before = Preferences.from_dict(sentence.before)
        started = time.perf_counter()
        understood = understand(sentence.text, before).as_dict()
        results.took_ms.append((time.perf_counter() - started) * 1000)
        about = understood["about"]
        found = frozenset(
            fact for change in ("add", "remove") for fact in _facts(change, about, understood[change])
        )
        scored = (
            (results.restrictions, _RESTRICTIONS),
            (results.tastes, _TASTES),
            (results.targets, ("targets",)),
            (results.soft, (*_TASTES, "targets")),
            (results.topics[sentence.topic], _RESTRICTIONS),
            (results.languages[sentence.language], _RESTRICTIONS),
        )
        for score, kinds in scored:
            score.add(_of(found, kinds), _of(sentence.meant, kinds))
        if found != sentence.meant:
            results.wrong.append((sentence, found))
    return results


def _facts(change: str, about: str, part: Mapping[str, Any]) -> Iterator[Fact]:
    for kind, values in part.items():
        if kind == "targets":
            for target, amount in values.items():
                # Three digits: labels are rounded, and 180 lb may be 81.6 or 81.65 kg.
                yield (change, about, kind, target, f"{float(amount):.3g}" if change == "add" else "")
        else:
            for value in values:
                yield (change, about, kind, _same(str(value)) if kind in _TASTES else str(value))


def _same(taste: str) -> str:
    """Return what two names of one taste have in common: 'mushrooms' and 'mushroom'."""
    return lexicon().resolve(taste) or " ".join(word.rstrip("s") for word in taste.casefold().split())


def _of(facts: frozenset[Fact], kinds: tuple[str, ...]) -> frozenset[Fact]:
    return frozenset(fact for fact in facts if fact[2] in kinds)


def _print(results: Results, split: str, *, wrong: bool) -> None:
    console = Console(width=120)
    count = len(results.took_ms)
    table = Table(
        "facts", "meant", "found", "recall", "precision", "F1", title=f"{count} sentences ({split})"
    )
    for name, score in (
        ("restrictions", results.restrictions),
        ("tastes", results.tastes),
        ("targets", results.targets),
        ("tastes and targets", results.soft),
    ):
        table.add_row(name, *_row(score))
    console.print(table)
    for title, groups in (("topic", results.topics), ("language", results.languages)):
        table = Table(title, "meant", "found", "recall", "precision", "F1", title=f"restrictions by {title}")
        for name, score in sorted(groups.items(), key=lambda item: -item[1].meant):
            table.add_row(name, *_row(score))
        console.print(table)
    times = sorted(results.took_ms)
    console.print(
        f"understood entirely: {count - len(results.wrong)} of {count}; "
        f"p50 {statistics.median(times):.2f} ms, p95 {times[int(count * 0.95)]:.2f} ms a sentence"
    )
    for sentence, found in results.wrong if wrong else ():
        missed, extra = sentence.meant - found, found - sentence.meant
        console.print(f"{sentence.text!r}", markup=False, highlight=False)
        for sign, facts in (("missed", missed), ("extra", extra)):
            for fact in sorted(facts):
                console.print(f"    {sign}: {' '.join(fact)}", markup=False, highlight=False)


def _row(score: Score) -> tuple[str, ...]:
    shares = (f"{share:.3f}" for share in (score.recall, score.precision, score.f1))
    return str(score.meant), str(score.found), *shares


if __name__ == "__main__":
    sys.exit(main())
