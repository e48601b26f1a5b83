"""What is said about one food or diet, and which statement a phrase and its object make: `Statement`, `told_of`."""

from dataclasses import dataclass
from enum import StrEnum

from bot.assistant.cues import Cue, CueKind, phrases
from bot.assistant.objects import Item
from bot.assistant.subjects import About, Stance
from retrieval.diet.rules import ALLERGENS


class Topic(StrEnum):
    """What a statement is about."""

    DIET = "diet"
    ALLERGY = "allergy"
    LIKE = "like"
    DISLIKE = "dislike"
    FREEDOM = "freedom"
    """'Eggs are fine': takes back whatever was held against them."""
    EXCEPTION = "exception"
    """'... except almonds': leaves something out of an allergy to a group."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said about one food or diet.

    `exact` are ids as they were named, `widened` what an allergy to them is stored as; `taste` is the name of a
    like or dislike, or the id of a diet. `again` says that a freedom is new ('now', 'after all'). `ingredient` is a
    lexicon id where one food was named. `weak` says that a stronger statement of the same message takes this one's
    place: the dislike in 'no nuts', the diet in 'no meat'.
    """

    topic: Topic
    stance: Stance
    about: About
    taste: str = ""
    exact: frozenset[str] = frozenset()
    widened: frozenset[str] = frozenset()
    again: bool = False
    ingredient: str = ""
    weak: bool = False


@dataclass(slots=True)
class Telling:
    """A phrase with its stance, which the next pieces of the sentence may go on with."""

    cue: Cue
    stance: Stance
    about: About
    excepting: bool = False
    """Behind 'except': what follows is left out of the statement."""
    again: bool = False
    allergic: bool = False
    """The person has said to be allergic, not yet to what: 'no nuts' tells it."""
    said: int = 0
    """How many statements were made before it."""


def told_of(telling: Telling, item: Item) -> Statement | None:
    """Return what `telling` says of `item`; `None` when it says nothing, as an exception to a dislike does."""
    topic = _topic(telling, item)
    if topic is None:
        return None
    stance = Stance.HOLDS if telling.excepting else telling.stance
    return Statement(
        topic,
        stance,
        telling.about,
        item.taste,
        item.exact,
        item.widened,
        again=telling.again,
        ingredient=item.ingredient,
        weak=telling.cue.kind is CueKind.REFUSED,
    )


def avoided_diet(telling: Telling, words: str) -> tuple[Statement, int] | None:
    """Return the diet that leaving out `words` means ('any meat or fish'), and how many letters name it."""
    if telling.allergic or telling.excepting or telling.cue.kind not in (CueKind.AVOID, CueKind.REFUSED):
        return None
    for diet, pattern in phrases().avoided_diets.items():
        if match := pattern.match(words):
            return Statement(Topic.DIET, telling.stance, telling.about, taste=diet, weak=True), match.end()
    return None


_TOPICS = {
    CueKind.LIKE: Topic.LIKE,
    CueKind.DISLIKE: Topic.DISLIKE,
    CueKind.ALLERGY: Topic.ALLERGY,
    CueKind.FINE: Topic.FREEDOM,
    CueKind.REFUSED: Topic.DISLIKE,
    CueKind.AVOID: Topic.DISLIKE,
}
# 'I love fish, except salmon'; 'I can eat anything but nuts'; 'allergic to nuts except almonds'.
_EXCEPTIONS = {
    CueKind.LIKE: Topic.DISLIKE,
    CueKind.FINE: Topic.ALLERGY,
    CueKind.ALLERGY: Topic.EXCEPTION,
    CueKind.AVOID: Topic.EXCEPTION,
    CueKind.REFUSED: Topic.EXCEPTION,
}


def _topic(telling: Telling, item: Item) -> Topic | None:
    kind = telling.cue.kind
    if telling.excepting:
        return _EXCEPTIONS.get(kind)
    if kind in (CueKind.REFUSED, CueKind.AVOID) and item.widened:
        kept_away = telling.cue.trails or phrases().words["keeps_away"].match(telling.cue.text)
        if telling.allergic or (kept_away and item.widened <= ALLERGENS):
            return Topic.ALLERGY
    if kind is CueKind.ALLERGY and not item.widened:
        return Topic.DISLIKE
    return _TOPICS.get(kind)
