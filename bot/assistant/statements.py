"""What is said about one food or diet, and which statement a phrase and its object make: `Statement`, `told_of`."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.assistant.cues import Cue, CueKind, phrases
from bot.assistant.objects import Item
from bot.assistant.pieces import Piece
from bot.assistant.subjects import About, Stance
from retrieval.diet.preferences import Diet
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


def take_back(said: list[Statement], first: int, words: str) -> bool:
    """Take back the statements from `first` on if `words` do so: 'not anymore', 'I'm not'. Return whether they do.

    'I'm not' takes back only what was said of the person, and says nothing of what was so before.
    """
    match = _TAKEN_BACK.fullmatch(words)
    if match is None or first >= len(said):
        return False
    stance = Stance.DENIED if match["me"] and not _NO_LONGER.search(words) else Stance.RETRACTED
    said[first:] = [
        replace(statement, stance=stance)
        if (statement.about is About.SELF or not match["me"]) and statement.stance is not Stance.RETRACTED
        else statement
        for statement in said[first:]
    ]
    return True


def hold_on(said: list[Statement], first: int, words: str) -> bool:
    """Let statements of the past from `first` on hold if `words` say so: 'and I still am'. Return whether they do."""
    if not _STILL.search(words) or not any(statement.stance is Stance.PAST for statement in said[first:]):
        return False
    said[first:] = [
        replace(statement, stance=Stance.HOLDS) if statement.stance is Stance.PAST else statement
        for statement in said[first:]
    ]
    return True


_STILL = re.compile(
    r"\b(?:still (?:am|do|is|are|have|has|can not|here|there|around|got|going|the (?:case|same))"
    r"|(?:am|is|are|do|have) still|immer noch|noch immer|toujours|encore|todavía|ancora|ainda|nog steeds"
    r"|nadal|wciąż|hâlâ|hala)\b"
    r"|до сих пор|всё ещё|все еще"
)
_TAKEN_BACK = re.compile(
    r"(?:actually |really )?(?:(?P<me>i (?:am|was|do|did|have|had|can|could)|it is|that is|this is"
    r"|they are) )?(?:really |actually )?"
    r"(?:not|no longer|no more|wrong|false|out of date|outdated|old|nonsense|a mistake|an error|incorrect"
    r"|a lie|untrue|history|over)(?: (?:true|the case|right|correct|at all|really|one))?"
    r"(?: (?:anymore|any more|any longer|now|these days|so))?"
)
_NO_LONGER = re.compile(r"longer|more|now|these days")


def drop_dislikes(said: list[Statement], items: list[Item]) -> None:
    """'No nuts please, I'm allergic' tells of an allergy, not of a taste."""
    tastes = {item.taste for item in items}
    said[-RECENT:] = [
        item for item in said[-RECENT:] if not (item.topic is Topic.DISLIKE and item.taste in tastes)
    ]


def with_fish(statement: Statement) -> Statement:
    """Return the statement of a vegetarian who eats fish."""
    is_vegetarian = statement.topic is Topic.DIET and statement.taste == Diet.VEGETARIAN
    return replace(statement, taste=Diet.PESCATARIAN) if is_vegetarian else statement


RECENT = 40
"""How many statements a later word can refer back to."""


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
    for_me: bool = False
    """'No nuts for me' is said of more than one meal."""
    closed: bool = False
    """Its foods stood before it: only exceptions can follow."""
    excepts_from: int = 0
    """Where in the sentence the exceptions begin."""
    said: int = 0
    """How many statements were made before it."""


def exception_before(telling: Telling, sentence: str, piece: Piece) -> re.Match[str] | None:
    """Return the words at the start of `piece` that make an exception of it; end one that it doesn't go on with."""
    exception = phrases().words["exception"].match(piece.text) or _NOT.match(piece.text)
    avoids = telling.cue.kind in (CueKind.AVOID, CueKind.REFUSED, CueKind.ALLERGY)
    if avoids and telling.stance is Stance.HOLDS and not telling.excepting:
        exception = exception or _ONLY_THESE.match(piece.text)
    if telling.excepting and ")" in sentence[telling.excepts_from : piece.start]:
        telling.excepting = False
    if telling.excepting and _ONLY_THESE.match(piece.text):
        telling.excepting, exception = False, None  # 'a wheat allergy (not coeliac, just wheat)'
    return exception


_ONLY_THESE = re.compile(r"(?:just|only) ")
_NOT = re.compile(r"(?:just )?not (?:to |for )?|never ")


def told_of(telling: Telling, item: Item) -> Statement | None:
    """Return what `telling` says of `item`; `None` when it says nothing, as an exception to a dislike does."""
    topic = _topic(telling, item)
    if topic is None:
        return None
    stance = Stance.HOLDS if telling.excepting else telling.stance
    stance = Stance.DENIED if topic is Topic.EXCEPTION else stance
    return Statement(
        topic,
        stance,
        telling.about,
        item.taste,
        item.exact,
        item.widened,
        again=telling.again,
        ingredient=item.ingredient,
        weak=telling.cue.kind in (CueKind.REFUSED, CueKind.AVOID)
        or telling.cue.text.startswith(("leave", "keep"))
        or _INTERJECTION.fullmatch(telling.cue.text) is not None,
    )


def avoided_diet(telling: Telling, words: str) -> tuple[Statement, int] | None:
    """Return the diet that leaving out `words` means ('any meat or fish'), and how many letters name it."""
    if telling.allergic or telling.excepting or telling.cue.kind not in (CueKind.AVOID, CueKind.REFUSED):
        return None
    for diet, pattern in phrases().avoided_diets.items():
        if match := pattern.match(words):
            return Statement(Topic.DIET, telling.stance, telling.about, taste=diet, weak=True), match.end()
    return None


_LEFT_OUT = re.compile(r"leave|keep")
# 'Soya gives me hives, so nope'.
_INTERJECTION = re.compile(
    r"nope|pass|hard pass|no thanks|no thank you|no ta|no chance|absolutely not|not for me(?: thanks)?|ugh"
    r"|nope nope nope|(?:\w+ )?no"
)
# 'Don't suggest tofu' speaks of tofu, 'don't give me tofu' may speak of soybeans.
_PROPOSED = re.compile(r"suggest|recommend|propose|show")
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


# 'Beetroot is my mortal enemy', of what few people are allergic to.
_LIKENED = re.compile(r"enem|nemesis|friends?\b")
_NEVER_EATEN = re.compile(r"(?:do not|never) (?:\w+ )?(?:eat|touch|drink|have)\b")


def _topic(telling: Telling, item: Item) -> Topic | None:
    kind = telling.cue.kind
    if telling.excepting:
        return _EXCEPTIONS.get(kind)
    careful = kind is CueKind.AVOID and "careful" in telling.cue.text
    if careful and not item.widened <= ALLERGENS:
        return None
    left_out = telling.for_me and _LEFT_OUT.match(telling.cue.text)
    if (kind in (CueKind.REFUSED, CueKind.AVOID) or left_out) and item.widened:
        kept_away = telling.cue.trails or phrases().words["keeps_away"].match(telling.cue.text)
        kept_away = kept_away or telling.for_me or _NEVER_EATEN.match(telling.cue.text)
        named = item.exact if _PROPOSED.search(telling.cue.text) else item.widened
        if telling.allergic or (kept_away and named and named <= ALLERGENS):
            return Topic.ALLERGY
    likened = _LIKENED.search(telling.cue.text) and not item.widened & ALLERGENS
    if kind is CueKind.ALLERGY and (likened or not item.widened):
        return Topic.DISLIKE
    return _TOPICS.get(kind)
