"""Rows that hold a question of an evaluation set, so that no model is trained on what it is measured with.

A question counts as held when its words stand in a text one after the other, whatever the case, the punctuation, and
the text around them; or, in a question, when a sentence is nearly the same letter by letter. Sets are read from files
that the caller names: `bundled(Path("bench"))` lists those of this repository, and `READERS` how a file is read.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import yaml

from retrieval.errors import BadInputError
from training.dataset.schema import Row

NEAR = 0.75
"""Jaccard similarity of three-letter shingles from which a sentence is nearly a question of a set."""

_PREFIX = 3
"""Words by which questions are looked up. Shorter ones ("vegan here") count only as a whole sentence."""

_REMEMBERED = 4_096
"""Texts whose match is kept: a conversation's earlier exchanges come again with every row."""

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?…\n]+(?=\s|$)|\n+")
_APOSTROPHES = str.maketrans("", "", "'’‘`\u00b4")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an evaluation set, with the id by which a reader finds it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A named set, in a file that one of `READERS` reads."""

    name: str
    path: Path
    reader: str


@dataclass(frozen=True, slots=True)
class Match:
    """Which question a text holds. `overlap` is 1 when word for word, else the similarity of the letters."""

    set: str
    id: str
    overlap: float


Reader = Callable[[Path], Iterable[Question]]


def questions_of(one: EvaluationSet) -> tuple[Question, ...]:
    """Return the questions of a set. Raises `BadInputError` for a file that isn't there or can't be read so."""
    if one.reader not in READERS:
        raise BadInputError(
            f"{one.name}: no reader is called {one.reader}; there are {', '.join(sorted(READERS))}."
        )
    try:
        questions = tuple(READERS[one.reader](one.path))
    except OSError as error:
        raise BadInputError(
            f"The evaluation set {one.name} can't be read from {one.path}: {error.strerror}."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise BadInputError(
            f"The evaluation set {one.name} in {one.path} isn't {one.reader}: {reason}."
        ) from error
    if not questions:
        raise BadInputError(f"The evaluation set {one.name} in {one.path} has no questions.")
    return questions


def bundled(bench: Path) -> tuple[EvaluationSet, ...]:
    """Return the evaluation sets of this repository, whose benches are in the folder `bench`."""
    return (
        EvaluationSet("questions", bench / "data/questions/queries.jsonl", "jsonl"),
        EvaluationSet("understanding/dev", bench / "understanding/dev.yaml", "yaml"),
        EvaluationSet("understanding/test", bench / "understanding/test.yaml", "yaml"),
        EvaluationSet("restrictions/handwritten", bench / "restrictions/handwritten.yaml", "yaml"),
    )


class Contamination:
    """The questions of evaluation sets, to be looked for in texts.

    About a kilobyte a question; see `bench/dataset/cleaning.py` for what a row takes.
    """

    def __init__(self, questions: Iterable[tuple[str, Question]]) -> None:
        self._exact: dict[tuple[str, ...], tuple[str, str]] = {}
        self._lengths: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._asked: list[tuple[str, str]] = []
        lengths: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        by_letters: defaultdict[str, list[int]] = defaultdict(list)
        sizes: list[int] = []
        for name, question in questions:
            words = _words(question.text)
            if not words or words in self._exact:
                continue
            self._exact[words] = (name, question.id)
            lengths[words[:_PREFIX]].add(len(words))
            letters = _letters(words)
            for run in letters:
                by_letters[run].append(len(self._asked))
            sizes.append(len(letters))
            self._asked.append((name, question.id))
        self._lengths = {prefix: tuple(sorted(held, reverse=True)) for prefix, held in lengths.items()}
        self._sizes = np.array(sizes, np.int32)
        self._by_letters = {run: np.array(numbers, np.int32) for run, numbers in by_letters.items()}
        self._remembered = lru_cache(_REMEMBERED)(self._match)

    @classmethod
    def of(cls, sets: Iterable[EvaluationSet]) -> Self:
        """Read sets. Raises `BadInputError` when one can't be read: nothing is exported on a guess."""
        return cls((one.name, question) for one in sets for question in questions_of(one))

    def __len__(self) -> int:
        """Different questions, whatever their case and punctuation."""
        return len(self._exact)

    def match(self, text: str, *, near: bool = True) -> Match | None:
        """Return the question that a text holds, word for word first; None when it holds none."""
        return self._remembered(text, near)

    def _match(self, text: str, near: bool) -> Match | None:  # noqa: FBT001 - lru_cache's keys
        sentences = [words for part in _SENTENCE.split(text) if (words := _words(part))]
        whole = _words(text)
        for words in (whole, *sentences):
            if held := self._exact.get(words):
                return Match(*held, 1.0)
        if held := self._within(whole):
            return Match(*held, 1.0)
        if not near:
            return None
        found = [match for words in {whole, *sentences} if (match := self._near(words))]
        return max(found, key=lambda match: (match.overlap, match.set, match.id), default=None)

    def match_row(self, row: Row) -> Match | None:
        """Return what the texts of a row hold: the questions also nearly, the answers word for word."""
        asked = dict.fromkeys((row.question, row.asked, *(earlier.question for earlier in row.history)))
        for text in asked:
            if found := self.match(text):
                return found
        for text in (row.answer, *(earlier.answer for earlier in row.history)):
            if found := self.match(text, near=False):
                return found
        return None

    def _within(self, words: tuple[str, ...]) -> tuple[str, str] | None:
        for at in range(len(words) - _PREFIX + 1):
            for length in self._lengths.get(words[at : at + _PREFIX], ()):
                if held := self._exact.get(words[at : at + length]):
                    return held
        return None

    def _near(self, words: tuple[str, ...]) -> Match | None:
        letters = _letters(words)
        postings = [self._by_letters[run] for run in letters if run in self._by_letters]
        if not postings:
            return None
        shared = np.bincount(np.concatenate(postings), minlength=len(self._sizes))
        overlaps = shared / (len(letters) + self._sizes - shared)
        best = int(overlaps.argmax())
        if overlaps[best] < NEAR:
            return None
        return Match(*self._asked[best], round(float(overlaps[best]), 3))


def _words(text: str) -> tuple[str, ...]:
    folded = text.casefold()
    if not text.isascii():
        # Without accents, as many type; and upper case doesn't tell an i without a dot, as in Turkish, from the other.
        apart = unicodedata.normalize("NFKD", text).casefold()
        folded = "".join(letter for letter in apart if not unicodedata.combining(letter)).replace(
            "\u0131", "i"
        )
    return tuple(_WORD.findall(folded.translate(_APOSTROPHES)))


def _letters(words: tuple[str, ...]) -> frozenset[str]:
    text = f" {' '.join(words)} "
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def _entry(entry: Mapping[str, Any], number: int) -> Iterator[Question]:
    """Yield what an entry asks."""
    text = entry["text"]
    if not isinstance(text, str):
        raise TypeError(f"text of entry {number} isn't a text")
    yield Question(str(entry.get("id") or entry.get("_id") or number), text)


def _read_jsonl(path: Path) -> Iterator[Question]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield from _entry(json.loads(line), number)


def _read_yaml(path: Path) -> Iterator[Question]:
    for number, entry in enumerate(
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or (), start=1
    ):
        yield from _entry(entry, number)


READERS: dict[str, Reader] = {"jsonl": _read_jsonl, "yaml": _read_yaml}
"""How files of evaluation sets are read: `jsonl` and `yaml` have entries with `text` and, if any, `id` or `_id`.

Another layout is another entry here. Cases that a bench makes, it prints as JSON lines
(`python -m bench.restrictions.generate`), which `jsonl` reads.
"""
