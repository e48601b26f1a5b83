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
        if hypothetical(prefix) or _IF_I_HATED.search(prefix + cue_text):
            return None
        if (at_once := self._by_phrase(prefix, cue_text, after)) is not _UNSAID:
            return at_once
        if found := subjects(prefix):
            return self._named(prefix, found)
        if self.is_person(piece.start, prefix):
            return About.OTHER, prefix
        asks = self.question and prefix.strip() and not _AS.match(prefix) and not _I_AM.match(prefix)
        if asks or (self.subject is Who.NOBODY and not _ORDERED.match(cue_text)):
            return None
        third = _THIRD_PERSON.match(cue_text) is not None and self.subject is None
        return (About.OTHER if third or self.subject is Who.OTHER else About.SELF), prefix

    def _by_phrase(self, prefix: str, cue_text: str, after: str) -> tuple[About, str] | None:
        """Return whom the phrase itself, or what stands right beside it, names; `_UNSAID` when neither does."""
        behind = after.lstrip(" -")
        if _LIKE_ME.search(after):
            return About.SELF, ""
        if any_at(behind, "others"):
            return About.OTHER, ""
        if any_at(behind, "people"):
            return None
        if _FOR_ONE.search(prefix):
            return (About.OTHER, "") if not self.question or _MEAL.search(prefix) else None
        if _ME_FIRST.match(cue_text):
            unsaid = prefix if _NEVER_SAID.search(prefix) else ""
            return None if _ASKED.search(prefix) else (About.SELF, unsaid)
        if _PUT_ME_OFF.search(cue_text):
            return About.SELF, ""
        foods_do = _FOODS_DO.fullmatch(prefix) and not is_allergic(cue_text)
        ordered = _ORDERED.match(cue_text) and _YOU_CAN.fullmatch(prefix)
        return (About.SELF, "") if foods_do or ordered else _UNSAID

    def is_person(self, start: int, prefix: str) -> bool:
        """Whether `prefix`, which starts at `start`, begins with somebody's name: 'anna is'."""
        if self.items.in_food[start]:
            return False
        return (
            named_other(prefix)
            or prefix.split(" ", 1)[0] in self.names
            or bool((match := _WHO.search(prefix)) and match[1] in self.names)
        )

    def _of_others(self, prefix: str, mine: Subject) -> bool:
        """Whether 'my' only says whose 'landlady' it is, in 'my landlady is'; 'my stomach is' is one's own."""
        if not _POSSESSIVE.fullmatch(prefix, mine.start, mine.end):
            return False
        match = _OWNED.fullmatch(prefix, mine.end)
        if match is None or any(phrases().words["own"].fullmatch(word) for word in match[1].split()):
            return False
        start = self.items.text.find(match[1]) if match[1] else -1
        return start < 0 or not self.items.in_food[start]

    def _named(self, prefix: str, found: tuple[Subject, ...]) -> tuple[About, str] | None:
        last = found[-1]
        asked = last.asked and not governed(prefix[last.end :]) and not _WHY_AM.match(prefix)
        if last.who is Who.NOBODY or asked:
            return None
        if _OF_PEOPLE.fullmatch(prefix, last.start, last.end) and any(
            subject.who is Who.NOBODY for subject in found[:-1]
        ):
            return None
        other = last.who is Who.OTHER or self._of_others(prefix, last)
        about = About.OTHER if other else About.SELF
        return about, prefix[_stance_from(prefix, found) :]


def is_allergic(cue_text: str) -> bool:
    """Whether a phrase speaks of an allergy or intolerance by name."""
    return _ALLERGIC.search(cue_text) is not None


def any_at(text: str, *keys: str) -> bool:
    """Whether `text` begins with a word or phrase of one of the lists `keys`."""
    return any(phrases().words[key].match(text) for key in keys)


_UNSAID = (About.SELF, "?")
_ALLERGIC = re.compile(r"aller|intol|uczul|nietol|аллерг|непер|al[eé]rg|anaphyl|unvertr|sensitiv|alerj")
_OWNED = re.compile(
    r" ((?:[\w'-]+ ){0,2}?[\w'-]+)(?: (?:is|are|was|were|has|have|had|gets|got|who|also|both|really|never"
    r"|always|only"
    r"|just|suddenly|severely|an?|severe|bad|serious|mild|both|all|strictly|recently|developed|suffers|from"
    r"|with"
    r"|\w+ly))* ?"
)
_WHO = re.compile(r"\b([^\W\d_]+),? who(?: \w+){0,2} $")
_FOR_ONE = re.compile(r"\b(?:for|feed|feeding|hosting|invit\w+|serv\w+) (?:an?|two|three|some) (?:\w+ )?$")
_MEAL = re.compile(
    r"\b(?:cook|make|bake|serve|dinner|lunch|breakfast|meal|cake|dessert|recipe|menu|buy|prepare)\w*\b"
)
_LIKE_ME = re.compile(r"^[ ,]*(?:sufferers? |people |person )?(?:like|such as) (?:me|myself)\b")
_ORDERED = re.compile(
    r"(?:(?:do not|never) (?:\w+ )?(?:give|suggest|recommend|serve|offer|show|feed|include|propose)|not to "
    r"|avoid\b"
    r"|no |nothing|leave|hold|keep|remove|delete|drop|take|clear|erase|cancel|forget|unset|scrap|nix|ditch"
    r"|undo|lose"
    r"|strike|stay|steer)"
)
_YOU_CAN = re.compile(
    r"(?:so |and |ok |okay |then |please )*(?:you (?:can|may|could|should)|(?:can|could) you)"
    r"(?: now| also| please| just)* "
)
_WHY_AM = re.compile(r"(?:but |so )?why (?:am|are|(?:can|do) (?:i|we) not)\b")
_OF_PEOPLE = re.compile(r"they|them|their")
_FOODS_DO = re.compile(
    r"(?:(?:now|but|and|so|then|lately|today|since then) )*(?:they|it|these|those|that|this|which)(?: (?:all"
    r"|both|really|always|just|also))?"
    r"(?: (?:make|makes|made|let|set|sets|send|sends|cause|causes|give|gives))? "
)
_THIRD_PERSON = re.compile(r"(?:hates|loves|likes|detests|adores|enjoys|dislikes|prefers|avoids|despises)\b")
_ME_FIRST = re.compile(r"(?:i|we|am|ich|je|ik|me|mi|мне|я)\b")
_IF_I_HATED = re.compile(
    r"\bif (?:i|we) (?:\w+ )?(?:hated|loved|liked|disliked|enjoyed|did not (?:like|eat|love|want))$"
)
_NEVER_SAID = re.compile(r"\b(?:never|did not|have not|have never) (?:said|say|told you)(?: that)? $")
_PUT_ME_OFF = re.compile(r"\bput(?:s|ting)? me (?:\w+ )?off$")
_ASKED = re.compile(r"\b(?:am|do|did|can|could|should|would|will|may|must|have) $")
# Languages that leave out 'I': 'sono celiaco, cosa mangio?'
_I_AM = re.compile(
    r"(?:(?:e|y|ma|pero|però|mas|ale|et|und|en|i|hola|ciao|olá|hej|salut)[ ,]+)*(?:je |j'|io |yo |eu |ja "
    r"|ich |ik |я )?"
    r"(?:sono|ho|soy|tengo|estoy|sou|tenho|jestem|mam|ai|suis|habe|bin|heb|ben)\b"
)
_AS = re.compile(r"(?:as an?|being|given my|because of|due to)\b")
_WAS = re.compile(r"\b(?:war|waren) $")  # 'als Kind war ich': the verb stands before its subject
_OWNERS = re.compile(r"(?:my|our|mi|mon|ma|mes|mein\w*|her|his|their)\b")
_POSSESSIVE = re.compile(r"(?:my|our|mi|mon|ma|mes|mein\w*)\b")


def _stance_from(prefix: str, found: tuple[Subject, ...]) -> int:
    """Return where the words that decide a stance begin: behind the subject, not behind 'my' in 'I outgrew my'."""
    for subject in reversed(found):
        if not _OWNERS.fullmatch(prefix, subject.start, subject.end):
            was = _WAS.search(prefix, 0, subject.start)
            return was.start() if was else subject.end
    return 0
