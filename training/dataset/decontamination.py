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
from pathlib import Path
from typing import Any, Self

import numpy as np
import yaml
from numpy.typing import NDArray

from retrieval.errors import BadInputError
from training.dataset.schema import Row

NEAR = 0.75
"""Jaccard similarity of three-letter shingles from which a sentence is nearly a question of a set."""

_PREFIX = 3
"""Words by which questions are looked up. Shorter ones ("vegan here") count only as a whole sentence."""

_COMMON = 400
"""Questions of all sets that may share a word before the word says too little to look candidates up by."""

_CANDIDATES = 24
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

    About a kilobyte a question; a text of 100 words takes some tens of microseconds, a question more (see the bench).
    """

    def __init__(self, questions: Iterable[tuple[str, Question]]) -> None:
        self._exact: dict[tuple[str, ...], tuple[str, str]] = {}
        self._lengths: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._asked: list[tuple[str, str, frozenset[str]]] = []
        lengths: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        for name, question in questions:
            words = _words(question.text)
            if not words or words in self._exact:
                continue
            self._exact[words] = (name, question.id)
            lengths[words[:_PREFIX]].add(len(words))
            for word in set(words):
                by_word[word].append(len(self._asked))
            self._asked.append((name, question.id, _letters(words)))
        self._lengths = {prefix: tuple(sorted(held, reverse=True)) for prefix, held in lengths.items()}
        self._sizes = np.array([len(letters) for _, _, letters in self._asked], np.int32)
        self._by_word: dict[str, NDArray[np.int32]] = {
            word: np.array(numbers, np.int32) for word, numbers in by_word.items() if len(numbers) <= _COMMON
        }

    @classmethod
    def of(cls, sets: Iterable[EvaluationSet]) -> Self:
        """Read sets. Raises `BadInputError` when one can't be read: nothing is exported on a guess."""
        return cls((one.name, question) for one in sets for question in questions_of(one))

    def __len__(self) -> int:
        """Different questions, whatever their case and punctuation."""
        return len(self._exact)

    def match(self, text: str, *, near: bool = True) -> Match | None:
        """Return the question that a text holds, word for word first; None when it holds none."""
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
        postings = [self._by_word[word] for word in set(words) if word in self._by_word]
        if not postings:
            return None
        letters = _letters(words)
        numbers, shared = np.unique(np.concatenate(postings), return_counts=True)
        # Of two sets, the smaller over the larger is the most that their similarity can be.
        sizes = self._sizes[numbers]
        possible = (sizes >= NEAR * len(letters)) & (NEAR * sizes <= len(letters))
        numbers, shared = numbers[possible], shared[possible]
        best: Match | None = None
        for number in numbers[np.lexsort((numbers, -shared))[:_CANDIDATES]].tolist():
            name, id_, others = self._asked[number]
            overlap = len(letters & others) / len(letters | others)
            if overlap >= NEAR and (best is None or overlap > best.overlap):
                best = Match(name, id_, round(overlap, 3))
        return best


def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    return tuple(_WORD.findall(folded))


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
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or (), start=1):
        yield from _entry(entry, number)


READERS: dict[str, Reader] = {"jsonl": _read_jsonl, "yaml": _read_yaml}
"""How files of evaluation sets are read: `jsonl` and `yaml` have entries with `text` and, if any, `id` or `_id`.

Another layout is another entry here. Cases that a bench makes, it prints as JSON lines
(`python -m bench.restrictions.generate`), which `jsonl` reads.
"""
