"""Whom a phrase is about, from the words that stand before it in its sentence: `Whom`."""

import re

from bot.assistant.cues import phrases
from bot.assistant.objects import Items
from bot.assistant.pieces import Piece
from bot.assistant.subjects import About, Subject, Who, governed, hypothetical, named_other, subjects


class Whom:
    """Remembers the subject of one sentence from piece to piece."""

    def __init__(self, items: Items, names: frozenset[str], *, question: bool) -> None:
        """`names` are lower-case names of persons."""
        self.items = items
        self.names = names
        self.question = question
        self.subject: Who | None = None

    def went_by(self, piece: Piece) -> None:
        """Take the subject of `piece` for pieces without one: 'my son visits | and is allergic to eggs'."""
        if found := subjects(piece.text):
            self.subject = found[0].who

    def told(self, piece: Piece, upto: int, cue_text: str = "", after: str = "") -> tuple[About, str] | None:
        """Return whom a phrase at `upto` is about, and the words that decide its stance.

        `after` are the words behind it. `None` when nothing is told, but asked, imagined, or said of people in general.
        """
        prefix = self.items.text[piece.start : upto]
        if hypothetical(prefix):
            return None
        if any_at(after.lstrip(" -"), "others"):
            return About.OTHER, ""
        if any_at(after.lstrip(" -"), "people"):
            return None
        if _FOODS_DO.fullmatch(prefix) and not is_allergic(cue_text):
            return About.SELF, ""
        if _ME_FIRST.match(cue_text):
            return None if _ASKED.search(prefix) else (About.SELF, "")
        if found := subjects(prefix):
            return self._named(prefix, found)
        if self.is_person(piece.start, prefix):
            return About.OTHER, prefix
        asks = self.question and prefix.strip() and not _AS.match(prefix)
        if asks or self.subject is Who.NOBODY:
            return None
        third = _THIRD_PERSON.match(cue_text) is not None and self.subject is None
        return (About.OTHER if third or self.subject is Who.OTHER else About.SELF), prefix

    def is_person(self, start: int, prefix: str) -> bool:
        """Whether `prefix`, which starts at `start`, begins with somebody's name: 'anna is'."""
        if self.items.in_food[start]:
            return False
        return named_other(prefix) or prefix.split(" ", 1)[0] in self.names

    def _named(self, prefix: str, found: list[Subject]) -> tuple[About, str] | None:
        last = found[-1]
        if last.who is Who.NOBODY or (last.asked and not governed(prefix[last.end :])):
            return None
        about = About.OTHER if last.who is Who.OTHER else About.SELF
        return about, prefix[_stance_from(prefix, found) :]


def is_allergic(cue_text: str) -> bool:
    """Whether a phrase speaks of an allergy or intolerance by name."""
    return _ALLERGIC.search(cue_text) is not None


def any_at(text: str, *keys: str) -> bool:
    """Whether `text` begins with a word or phrase of one of the lists `keys`."""
    return any(phrases().words[key].match(text) for key in keys)


_ALLERGIC = re.compile(r"aller|intol|uczul|nietol|аллерг|непер|al[eé]rg|anaphyl|unvertr|sensitiv|alerj")
_FOODS_DO = re.compile(r"(?:they|it|these|those|that|this|which)(?: (?:all|both|really|always|just|also))? ")
_THIRD_PERSON = re.compile(r"(?:hates|loves|likes|detests|adores|enjoys|dislikes|prefers|avoids|despises)\b")
_ME_FIRST = re.compile(r"(?:i|we|am|ich|je|ik|me|mi|мне|я)\b")
_ASKED = re.compile(r"\b(?:am|do|did|can|could|should|would|will|may|must|have) $")
_AS = re.compile(r"(?:as an?|being|given my|because of|due to)\b")
_POSSESSIVE = re.compile(r"(?:my|our|mi|mon|ma|mes|mein\w*)\b")


def _stance_from(prefix: str, found: list[Subject]) -> int:
    """Return where the words that decide a stance begin: behind the subject, not behind 'my' in 'I outgrew my'."""
    for subject in reversed(found):
        if not _POSSESSIVE.fullmatch(prefix, subject.start, subject.end):
            return subject.end
    return 0
