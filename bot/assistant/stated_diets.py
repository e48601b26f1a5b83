"""Which diets a piece of a sentence says somebody follows: 'I'm vegan' does, 'vegan recipes' and 'is it vegan' don't."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.cues import phrases
from bot.assistant.objects import Items
from bot.assistant.pieces import Piece
from bot.assistant.subjects import (
    About,
    Stance,
    Who,
    governed,
    hypothetical,
    named_other,
    stance_of,
    subjects,
)
from retrieval.diet.preferences import Diet


@dataclass(frozen=True, slots=True)
class StatedDiet:
    """A diet, whether it holds, and for whom."""

    diet: Diet
    stance: Stance
    about: About
    end: int


class DietReader:
    """Finds the stated diets of one sentence, piece by piece."""

    def __init__(self, items: Items, names: frozenset[str], *, question: bool) -> None:
        self._items = items
        self._names = names
        self._question = question
        self._last: StatedDiet | None = None

    def read(self, piece: Piece, subject: Who | None) -> Iterator[StatedDiet]:
        """Yield the diets that `piece` states; `subject` is whom the sentence was about before it."""
        if not self._items.diets:
            return
        start = piece.start
        last, self._last = self._last, None
        for at, end, diet in self._items.diets:
            if piece.start <= at and end <= piece.end:
                found = self._one(piece, start, (at, end, diet), subject, last)
                if found is not None:
                    self._last = last = found
                    yield found
                start = end

    def _one(
        self,
        piece: Piece,
        start: int,
        named: tuple[int, int, Diet],
        subject: Who | None,
        last: StatedDiet | None,
    ) -> StatedDiet | None:
        at, end, diet = named
        text = self._items.text
        prefix, after = text[start:at], text[end : piece.end]
        if _OF_OTHERS.search(prefix) and (
            phrases().words["others"].match(after.lstrip(" -")) or _FOR.search(prefix)
        ):
            kind = self._only_a_kind(end, piece.end)
            return None if kind else StatedDiet(diet, Stance.HOLDS, About.OTHER, end)
        if hypothetical(prefix) or (
            self._only_a_kind(end, piece.end) and not phrases().has("diet_only", prefix)
        ):
            return None
        who, rest = self._who(prefix, start, subject)
        if who is None or who is Who.NOBODY:
            return None
        words = [word for word in _WORD.findall(rest) if diet is not Diet.DIABETIC or word not in _WITH]
        if not all(is_word_of_diet(word) for word in words):
            return None
        if not any(_any_of(word, "diet_copulas") for word in words) and not self._stands_alone(
            piece, after, who, subject
        ):
            return None
        about = About.OTHER if who is Who.OTHER else About.SELF
        if not words and last is not None and piece.joint in ("and", "or", "nor"):
            return StatedDiet(diet, last.stance, last.about, end)
        return StatedDiet(diet, _stance(rest, after), about, end)

    def _who(self, prefix: str, start: int, subject: Who | None) -> tuple[Who | None, str]:
        found = subjects(prefix)
        if found:
            last = found[-1]
            rest = prefix[last.end :]
            if last.asked and not governed(rest):
                return None, rest
            return last.who, rest
        first = prefix.split(" ", 1)[0]
        if first in self._names and not self._items.in_food[start] and named_other(prefix):
            return Who.OTHER, prefix[len(first) :]
        if self._question and prefix.strip():
            return None, prefix
        return subject or Who.ME, prefix

    def _only_a_kind(self, end: int, stop: int) -> bool:
        """Whether a food or a dish follows: 'vegan cake', 'halal meat'."""
        match = _NEXT_WORD.match(self._items.text, end, stop)
        if match is None:
            return False
        return bool(self._items.in_food[match.start(1)] or phrases().words["diet_heads"].fullmatch(match[1]))

    def _stands_alone(self, piece: Piece, after: str, who: Who, subject: Who | None) -> bool:
        """Whether the diet is all that the piece says: 'vegan', 'keto since May'."""
        if not all(_any_of(word, "diet_tails", "adverbs") for word in _WORD.findall(after)):
            return False
        if not self._question:
            return True
        text = self._items.text
        beside_comma = piece.joint == "," or text[piece.end : piece.end + 1] == ","
        return beside_comma and who is Who.ME and (subject is Who.ME or piece.start == 0)


def is_word_of_diet(word: str) -> bool:
    """Whether `word` may stand between a subject and the name of its diet: 'am', 'a', 'strictly'."""
    return _any_of(word, "diet_fillers", "diet_copulas", "adverbs")


# ------------------------------------------------------------------------------------------ helpers

_WORD = re.compile(r"[^\s,.!?'-]+(?:[-'][^\s,.!?'-]+)*")
_NEXT_WORD = re.compile(r"[ -]+([^\W_]+)")
_OF_OTHERS = re.compile(r"\b(?:my|our|an?|some|two|three|her|his|their) $")
_FOR = re.compile(r"\b(?:for|feed|feeding|hosting) \w+ $")
_WITH = frozenset({"with", "person"})
_DROPPED = re.compile(
    r"\b(?:quit|quitting|stopped|dropped|gave up|off|switched from|moved from|remove|delete|forget|drop|clear)\b"
)


def _any_of(word: str, *keys: str) -> bool:
    return any(phrases().words[key].fullmatch(word) for key in keys)


def _stance(rest: str, after: str) -> Stance:
    if _DROPPED.search(rest):
        return Stance.RETRACTED
    return stance_of(rest, after)
