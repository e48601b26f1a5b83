"""A question in somebody's words: a phrasing of its split, its slots filled, and written as people write."""

import random
import re
from collections.abc import Sequence

from retrieval.knowledge.documents import NUTRIENTS, Passage
from training.dataset.bootstrap.datafiles import phrasings, words
from training.dataset.bootstrap.splits import Split, lines_of

_CAREFUL, _QUICK = 0.5, 0.8
"""Half write carefully, three in ten in lower case and without signs, the rest with slips."""

_GREETS, _THANKS = 0.08, 0.12
_SHORT = (
    ("please", "pls"),
    ("you", "u"),
    ("are", "r"),
    ("and", "n"),
    ("without", "w/o"),
    ("what is", "whats"),
)
_SPOKEN = re.compile(r"\{\w+\}")


class Voice:
    """Says things as the people of one split do."""

    def __init__(self, rng: random.Random, split: Split) -> None:
        self._rng = rng
        self._split = split
        self._manner = rng.random()

    def ask(self, name: str, **slots: str) -> str:
        """Return a question or statement of the kind `name`, with its slots filled."""
        text = self.plainly(name, **slots)
        rng = self._rng
        if rng.random() < _GREETS:
            text = self._line("hello") + text
        if rng.random() < _THANKS:
            text = text + self._line("thanks")
        kept = tuple(word for slot in slots.values() for word in slot.split())
        return self._as_written(text, kept)

    def plainly(self, name: str, **slots: str) -> str:
        """Return it as somebody careful writes."""
        line = self._line(name)
        text = _SPOKEN.sub(lambda match: slots[match[0][1:-1]], line)
        return text[0].upper() + text[1:] if line[0] == "{" else text

    def nutrient(self, key: str) -> str:
        """Return a word for a figure."""
        return str(self._rng.choice(words()["nutrients"][key]))

    def of(self, name: str, lines: Sequence[str]) -> str:
        """Return one of `lines`, of those that belong to this split."""
        return self._as_written(self._rng.choice(lines_of(self._split, name, lines)), ())

    def _line(self, name: str) -> str:
        return self._rng.choice(lines_of(self._split, name, phrasings()[name]))

    def _as_written(self, text: str, kept: Sequence[str]) -> str:
        if self._manner < _CAREFUL:
            return text
        text = text.lower() if self._rng.random() < 0.8 else text
        text = text.rstrip(".?! ") if self._rng.random() < 0.8 else text
        if self._manner < _QUICK:
            return text
        return with_slips(self._rng, _shortened(self._rng, text), kept)


def with_slips(rng: random.Random, text: str, kept: Sequence[str]) -> str:
    """Return `text` with one or two slips of the finger in longer words, seldom in those to be `kept`."""
    spared = {word.casefold().strip(",.?!") for word in kept}
    places = [
        match
        for match in re.finditer(r"[a-zA-Z]{5,}", text)
        if match[0].casefold() not in spared or rng.random() < 0.1
    ]
    for match in sorted(
        rng.sample(places, min(len(places), rng.choice((0, 1, 1, 2)))), key=lambda m: -m.start()
    ):
        text = text[: match.start()] + _slip(rng, match[0]) + text[match.end() :]
    return text


def name_of(rng: random.Random, passage: Passage) -> str:
    """Return what somebody calls a document: one of its names, or its title in lower case."""
    if passage.names and rng.random() < 0.65:
        return rng.choice(passage.names)
    title = passage.title
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def plain_nutrient(key: str) -> str:
    """Return a figure's usual name."""
    return NUTRIENTS[key][0]


def _slip(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)  # nobody mistypes the first letter
    match rng.randrange(3):
        case 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 1:
            return word[:at] + word[at + 1 :]
        case _:
            return word[:at] + word[at] + word[at:]


def _shortened(rng: random.Random, text: str) -> str:
    for long, short in _SHORT:
        if rng.random() < 0.5:
            text = re.sub(rf"\b{long}\b", short, text)
    return text
