"""What stands around a phrase in its sentence, and what that makes of it."""

import re

from bot.assistant.cues import Cue, phrases
from bot.assistant.objects import Item, Items
from bot.assistant.pieces import Piece
from bot.assistant.stated_diets import is_word_of_diet
from bot.assistant.subjects import subjects
from retrieval.diet.rules import ALLERGENS

_ME = frozenset("i we my our everything it all must everyone".split())
_WORD = re.compile(r"[^\W_]+")
_NOT_THAT = re.compile(r" not (?:to |for )?")
_ORDERS = frozenset(
    "remove delete drop take clear erase cancel forget unset scrap nix ditch undo lose strike".split()
)
_SAID_OF = re.compile(r"\b(?:said|told|wrote|mentioned)\b")


def contrast(items: Items, start: int, end: int) -> re.Match[str] | None:
    """Find 'not' between two foods of `[start, end)`: 'allergic to sesame not soy'."""
    match = _NOT_THAT.search(items.text, start, end)
    if match and items.between(start, match.start()) and items.between(match.end(), end):
        return match
    return None


def is_order(cue: Cue) -> bool:
    """Whether a phrase orders a change ('remove', 'scrap'), which counts only where preferences are spoken of."""
    return cue.text.split(" ", 1)[0] in _ORDERS and not _SAID_OF.search(cue.text)


def is_free_of(items: Items, piece: Piece, cue: Cue, found: list[Item]) -> bool:
    """Whether 'free' says how somebody eats ('I'm egg-free'), not what a dish is like ('an egg-free cake')."""
    if not found or items.text[found[-1].end : cue.start] not in (" ", "-"):
        return False
    head = _WORD.match(items.text, min(cue.end + 1, piece.end), piece.end)
    if head and (items.in_food[head.start()] or phrases().words["diet_heads"].fullmatch(head[0])):
        return False
    words = _WORD.findall(items.text, piece.start, found[-1].start)
    return all(word in _ME or is_word_of_diet(word) for word in words)


def after_subject(items: Items, piece: Piece, found: list[Item]) -> list[Item]:
    """Leave out what stands before the subject: in 'the cake I made with my nut allergy' it's the nuts."""
    named = subjects(items.text[piece.start : found[-1].start])
    first = piece.start + named[-1].end if named else piece.start
    return [item for item in found if item.start >= first] or found


def has_subject(items: Items, piece: Piece) -> bool:
    """Whether somebody is named; 'date syrup' names nobody."""
    return any(not items.in_food[piece.start + found.start] for found in subjects(piece.text))


def only_food(items: Items, end: int) -> list[Item]:
    """Return the food that the sentence has named up to `end`, if it's the only one; else the allergens."""
    here = items.between(0, end)
    return here if len(here) == 1 else [item for item in here if item.widened <= ALLERGENS]
