"""Which diets somebody is said to follow: 'I'm vegan' says so, 'vegan recipes' and 'is it vegan' don't."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant.cues import phrases
from bot.assistant.objects import Items
from bot.assistant.pieces import Piece
from bot.assistant.statements import Statement, Topic
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
from bot.assistant.whom import Whom, any_at
from retrieval.diet.preferences import Diet


@dataclass(frozen=True, slots=True)
class StatedDiet:
    """A diet, whether it holds, and for whom."""

    diet: Diet
    stance: Stance
    about: About


class DietReader:
    """Finds the stated diets of one sentence, piece by piece."""

    def __init__(self, items: Items, whom: Whom) -> None:
        self._items = items
        self._whom = whom
        self._starts = [start for start, _, _ in items.diets]
        self._last: StatedDiet | None = None

    def read(self, piece: Piece) -> Iterator[StatedDiet]:
        """Yield the diets that `piece` states."""
        first = bisect_left(self._starts, piece.start)
        last = bisect_left(self._starts, piece.end)
        before, self._last = self._last, None
        start = piece.start
        for at, end, diet in self._items.diets[first:last]:
            named = _Named(piece, diet, start, at, end)
            found = self._of_others(named) or self._stated(named, before)
            if found is not None:
                self._last = before = found
                yield found
            start = end

    def _of_others(self, named: "_Named") -> StatedDiet | None:
        """Read 'my vegan friend' and 'dinner for a vegan'."""
        prefix, after = self._around(named)
        if not _OF_OTHERS.search(prefix) or self._only_a_kind(named) or _DIET.match(after):
            return None
        cooked_for = _FOR.search(prefix) and (not self._whom.question or _MEAL.search(prefix))
        if cooked_for or phrases().words["others"].match(after.lstrip(" -")):
            return StatedDiet(named.diet, Stance.HOLDS, About.OTHER)
        return None

    def _stated(self, named: "_Named", before: StatedDiet | None) -> StatedDiet | None:
        prefix, after = self._around(named)
        dropped = _DROPPED.search(prefix) and _THING.match(after)
        if _LIKE_ME.match(after):
            return StatedDiet(named.diet, Stance.HOLDS, About.SELF)
        only_a_kind = self._only_a_kind(named) and not dropped and not phrases().has("diet_only", prefix)
        if hypothetical(prefix) or only_a_kind:
            return None
        who, rest = self._who(named.start, prefix)
        if who is None or who is Who.NOBODY:
            return None
        with_allowed = named.diet is Diet.DIABETIC or _DROPPED.search(rest)
        words = [
            word
            for word in _WORD.findall(rest)
            if not (with_allowed and word in _WITH) and word not in self._whom.names
        ]
        if not all(is_word_of_diet(word) for word in words):
            return None
        followed = _ONLY.search(prefix) or any(_any_of(word, "diet_copulas") for word in words)
        if not followed and not self._stands_alone(named.piece, after, who):
            return None
        if not words and before is not None and named.piece.joint in ("and", "or", "nor"):
            return StatedDiet(named.diet, before.stance, before.about)
        about = About.OTHER if who is Who.OTHER else About.SELF
        return StatedDiet(named.diet, _stance(rest, after), about)

    def _around(self, named: "_Named") -> tuple[str, str]:
        text = self._items.text
        return text[named.start : named.at], text[named.end : named.piece.end]

    def _who(self, start: int, prefix: str) -> tuple[Who | None, str]:
        """Return the subject, `None` when it is asked about, and the words between it and the diet."""
        if found := subjects(prefix):
            inverted = _INVERTED.match(prefix)  # 'früher war ich'
            rest = prefix if inverted else prefix[found[-1].end :]
            asked = found[-1].asked and not governed(rest)
            return (None if asked else found[-1].who), rest
        first = prefix.split(" ", 1)[0]
        if (who_is := _WHO_IS.search(prefix)) and who_is[1] in self._whom.names:
            return Who.OTHER, who_is[2]
        if first in self._whom.names and not self._items.in_food[start] and named_other(prefix):
            return Who.OTHER, prefix[len(first) :]
        if self._whom.question and prefix.strip():
            return None, prefix
        return self._whom.subject or Who.ME, prefix

    def _only_a_kind(self, named: "_Named") -> bool:
        """Whether a food or a dish follows: 'vegan cake', 'halal meat'."""
        match = _NEXT_WORD.match(self._items.text, named.end, named.piece.end)
        if match is None:
            return False
        return bool(self._items.in_food[match.start(1)] or phrases().words["diet_heads"].fullmatch(match[1]))

    def _stands_alone(self, piece: Piece, after: str, who: Who) -> bool:
        """Whether the diet is all that the piece says: 'vegan', 'keto since May'."""
        if not all(_any_of(word, "diet_tails", "adverbs") for word in _WORD.findall(after)):
            return False
        if not self._whom.question:
            return True
        beside_comma = piece.joint == "," or self._items.text[piece.end : piece.end + 1] == ","
        return beside_comma and who is Who.ME and (self._whom.subject is Who.ME or piece.start == 0)


def conditions(piece: Piece, whom: Whom) -> Iterator[Statement]:
    """Yield the allergies that `piece` states as the name of a condition: 'I'm coeliac'."""
    for allergen, pattern in phrases().conditions.items():
        for match in pattern.finditer(piece.text):
            after = piece.text[match.end() :].lstrip(" -")
            told = whom.told(piece, piece.start + match.start(), after=after)
            if told is None or any_at(after, "generic_after", "diet_heads"):
                continue
            ids = frozenset({allergen})
            yield Statement(Topic.ALLERGY, stance_of(told[1], after), told[0], allergen, ids, ids)


def is_word_of_diet(word: str) -> bool:
    """Whether `word` may stand between a subject and the name of its diet: 'am', 'a', 'strictly'."""
    return _any_of(word, "diet_fillers", "diet_copulas", "adverbs")


@dataclass(frozen=True, slots=True)
class _Named:
    """A diet's name at `[at, end)` of the sentence; what belongs to it begins at `start`."""

    piece: Piece
    diet: Diet
    start: int
    at: int
    end: int


_WORD = re.compile(r"[^\s,.!?'-]+(?:[-'][^\s,.!?'-]+)*")
_NEXT_WORD = re.compile(r"[ -]+([^\W_]+)")
_OF_OTHERS = re.compile(r"\b(?:my|our|an?|some|two|three|her|his|their|have|with|several|many|few|lots of) $")
_FOR = re.compile(r"\b(?:for|feed|feeding|hosting) \w+ $")
_MEAL = re.compile(r"\b(?:cook|make|bake|serve|dinner|lunch|breakfast|meal|cake|dessert|recipe|menu)\w*\b")
_INVERTED = re.compile(r"(?:früher|damals|vroeger|раньше|kiedyś|eskiden)\b")
_ONLY = re.compile(r"\bonly $")
_WHO_IS = re.compile(r"\b(\w+),? who((?: \w+){1,3} )$")
_LIKE_ME = re.compile(r" (?:like|such as) (?:me|myself|us)\b")
_DIET = re.compile(r"[ -](?:diets?|lifestyle|way of)\b")
_THING = re.compile(
    r"[ -](?:things?|stuff|diets?|lifestyle|wagon|plan|experiment|phase|rule|bit|business|food|life)\b"
)
_WITH = frozenset({"with", "person"})
_TRIED = re.compile(r"\b(?:tried|did) $")
_DROPPED = re.compile(
    r"\b(?:done|finished|scrap|cancel|ditch|ditched|undo|nix|ended|fell|fallen|no more|quit|quitting|stopped|dropped"
    r"|gave up|off|switched from|moved from|remove|delete|forget|drop|clear)\b"
)


def _any_of(word: str, *keys: str) -> bool:
    return any(phrases().words[key].fullmatch(word) for key in keys)


def _stance(rest: str, after: str) -> Stance:
    if _DROPPED.search(rest):
        return Stance.RETRACTED
    stance = stance_of(rest, after)
    return Stance.PAST if stance is Stance.HOLDS and _TRIED.search(rest) else stance
