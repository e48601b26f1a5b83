"""Where the words of a text say that a name comes: "my name is …", "my son …", "Dr. …", the end of a letter."""

import re

from training.dataset.redaction.sentence import Sentence, Word
from training.dataset.redaction.wordlists import CERTAIN, STRONG, WEAK

_GAPS = frozenset(
    (
        " ", "  ", ": ", ", ", ". ", ".", " (", ' "', " „", " «", " “", "\n", ",\n", "! ", " - ", " – ", " — ", ":",
        "-", ": \n",
    )
)  # fmt: skip
_SIGNED = re.compile(r"(?:^|[\n.!?)…])[ ]{0,3}(?:--?|—|–)[ ]{0,2}$")
_APART = frozenset(",.;:!?\n")
# Before "son" they belong to somebody, between a name and "son" they don't: "Kira, the daughter of …".
_LOOSE = frozenset("a the der die el la с у для".split())


def expected_names(sentence: Sentence) -> dict[int, int]:
    """Return for each place where the words say that a name stands there how strongly: WEAK, STRONG or CERTAIN."""
    return _Expected(sentence).found


class _Expected:
    def __init__(self, sentence: Sentence) -> None:
        self._sentence = sentence
        self._words = sentence.words
        self._cues = sentence.lists.cues
        self.found: dict[int, int] = {}
        announcing = self._cues.announcing
        for index, word in enumerate(self._words):
            if word.plain in announcing:
                self._announced(index, word)
        if self._words:
            self._at_ends()

    def _announced(self, index: int, word: Word) -> None:
        for first, strength in self._cues.before.get(word.plain, ()):
            if not first or tuple(self._sentence.plain(index - len(first), index)) == first:
                self._after(index, strength, fillers=strength >= STRONG)
                break
        if word.plain in self._cues.titles:
            follows = index + 1 < len(self._words) and self._words[index + 1].is_capital
            self._after(index, STRONG if follows else WEAK, fillers=False)
        if word.plain in self._cues.relations:
            self._after(index, STRONG if self._has_possessive(index) else WEAK, fillers=True)
            self._before(index)
        if word.plain in self._cues.closers:
            self._signature(index)

    def _after(self, index: int, strength: int, *, fillers: bool) -> None:
        place = index + 1
        while fillers and place < len(self._words) and place - index <= 4 and self._fills(place):
            place += 1
        if place < len(self._words) and all(self._sentence.gap(at) in _GAPS for at in range(index, place)):
            # A comma after "my son" opens an apposition, a full stop ends the sentence, save after "Dr.".
            if "." in self._sentence.gap(place - 1) and self._words[index].plain not in self._cues.titles:
                return
            self._note(place, strength)

    def _note(self, place: int, strength: int) -> None:
        self.found[place] = max(self.found.get(place, 0), strength)

    def _fills(self, index: int) -> bool:
        word = self._words[index]
        is_name = word.is_capital and word.plain in self._sentence.lists.first_names
        return word.plain in self._cues.fillers and not is_name

    def _before(self, index: int) -> None:
        """Expect a name in "Kira, my daughter" and "Kira is my daughter"."""
        at = index - 2
        if at < 0 or not self._has_possessive(index):
            return
        if self._words[at].plain in ("is", "ist", "es", "это"):
            at -= 1
        is_apart = at == index - 3 or self._sentence.gap(at) in (", ", " (", " - ", " – ", " — ")
        if at >= 0 and is_apart and self._words[index - 1].plain not in _LOOSE:
            self._note(at, STRONG if self._sentence.is_unknown(at) else WEAK)

    def _signature(self, index: int) -> None:
        place = index + 1
        gap = self._sentence.gap(index)
        if place < len(self._words) and self._sentence.ends_text(place) and (gap in _GAPS or gap.isspace()):
            self.found[place] = CERTAIN if self._words[place].is_capital else STRONG

    def _at_ends(self) -> None:
        sentence = self._sentence
        first, last = self._words[0], len(self._words) - 1
        if last and self._words[1].plain in ("here", "hier") and first.is_capital and sentence.gap(0) == " ":
            self._note(0, STRONG if sentence.is_unknown(0) else WEAK)
        if len(self._words) < 2:
            return
        for at in (last, last - 1):
            start = self._words[at].start
            before = sentence.text[max(0, start - 8) : start]
            if sentence.ends_text(at) and (_SIGNED.search(before) or "\n" in before[-2:]):
                self._note(at, CERTAIN if _SIGNED.search(before) else WEAK)
                break

    def _has_possessive(self, index: int) -> bool:
        """Return whether it is somebody's: "my son", "my little son", "my 5 year old son"."""
        before = self._sentence.plain(max(0, index - 4), index)[::-1]
        return any(word in self._cues.possessives for word in before[: self._reach(index)])

    def _reach(self, index: int) -> int:
        """Return how many words before belong to the same phrase."""
        reach = 0
        while reach < 4 and index - reach > 0 and not set(self._sentence.gap(index - reach - 1)) & _APART:
            reach += 1
        return reach
