"""Whom a statement is about, and whether it holds: the words that stand around a phrase."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.assistant.cues import phrases


class About(StrEnum):
    """Whom a sentence is about."""

    SELF = "self"
    OTHER = "other"


class Stance(StrEnum):
    """Whether what a statement says is so."""

    HOLDS = "holds"
    DENIED = "denied"
    """'I'm not vegan': it isn't so, and maybe never was."""
    RETRACTED = "retracted"
    """'I'm no longer vegan': it was so."""
    PAST = "past"
    """'I used to be vegan'."""


class Who(StrEnum):
    """The subject of a piece of a sentence."""

    ME = "me"
    OTHER = "other"
    NOBODY = "nobody"
    """People in general, or the bot."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and where it ends. `asked` when a verb stands before it: 'am I', 'does my son'."""

    who: Who
    start: int
    end: int
    asked: bool


@lru_cache(maxsize=256)
def subjects(text: str) -> tuple[Subject, ...]:
    """Return the subjects that `text` names, in order. 'my daughter' is one, and isn't me."""
    found: list[Subject] = []
    for match in phrases().subject.finditer(text):
        who = Who(str(match.lastgroup))
        if match[0] in _REFLEXIVE:
            continue
        if who is Who.OTHER and phrases().words["not_others"].match(text, match.start()):
            continue
        before = found[-1] if found else None
        if (
            before
            and before.who is Who.ME
            and match.start() - before.end <= _NEAR
            and _POSSESSIVE.fullmatch(text, before.start, before.end)
        ):
            if who is not Who.ME:
                who = Who.OTHER
            start, asked = before.start, before.asked
            found.pop()
        else:
            start, asked = (
                match.start(),
                bool(_VERB_BEFORE.search(text, max(0, match.start() - _NEAR), match.start())),
            )
        end = (
            start if match[0] == "am" else match.end()
        )  # 'and am allergic': the verb is all that is left of 'I'
        found.append(Subject(who, start, end, asked))
    return tuple(found)


def named_other(prefix: str) -> bool:
    """Whether somebody with a name is the subject: 'anna is', 'tom has a'."""
    match = _NAMED.match(prefix)
    return match is not None and not phrases().words["not_persons"].fullmatch(match[1])


def stance_of(prefix: str, after: str) -> Stance:
    """Return the stance of a phrase between `prefix` (from its subject on) and `after` (behind its object)."""
    words = phrases().words
    negated = _negated(prefix) or _NEGATED_AFTER.match(after) is not None
    if words["retracting"].search(prefix) or (
        (match := words["retracting_after"].search(after)) and (negated or match[0] not in _NEEDS_NEGATION)
    ):
        return Stance.RETRACTED
    if negated:
        return Stance.DENIED
    if words["past_after"].search(after) and not (_PERFECT.search(prefix) or _BEGUN.search(after)):
        return Stance.PAST
    if words["past"].search(prefix) and not words["not_past"].search(prefix):
        return Stance.PAST
    return Stance.HOLDS


def hypothetical(text: str) -> bool:
    """Whether `text`, up to a phrase, only imagines what the phrase says: 'what if I was'."""
    return phrases().has("hypothetical", text)


def governed(words: str) -> bool:
    """Whether `words` between 'can I …' and a phrase turn the question into a statement: 'with a', 'as a'."""
    return _GOVERNED.search(words) is not None


_GOVERNED = re.compile(r"\b(?:with|as an?|being|given|despite|because of|due to)\b")
_REFLEXIVE = frozenset({"myself", "ourselves"})
_NEAR = 20
_POSSESSIVE = re.compile(r"my|our")
_VERB_BEFORE = re.compile(
    r"(?<!\bit )(?<!\bthat )(?<!\bthis )(?<!\bthere )"
    r"\b(?:am|is|are|was|were|do|does|did|can|could|should|would|will|may|might|must|has|have) $"
)
_NEGATED_AFTER = re.compile(r"\s*(?:yok\w*|değil\w*)\b")  # Turkish says 'not' last
_PERFECT = re.compile(
    r"\b(?:(?:have|has) been|have had|developed|diagnosed|found out|discovered|learned|learnt|am|became)\b"
)
_BEGUN = re.compile(
    r"\b(?:started|began|begun|since|appeared|diagnosed|discovered|found|showed up|kicked in|came on|developed|still)\b"
)
_NAMED = re.compile(
    r"(?:and |but |also |so |because )*([^\W\d_]{2,20}) (?:also )?"
    r"(?:is|has|was|gets|can not|does not|ist|hat|est|es|tiene|è|ha|é|tem|heeft|jest|ma)\b"
)
_NEEDS_NEGATION = frozenset(
    {"anymore", "any more", "any longer", "no more", "mehr", "plus", "más", "più", "mais", "meer"}
)


def _negated(prefix: str) -> bool:
    words = phrases().words
    if words["not_negated"].search(prefix):
        return False
    return words["negation"].search(prefix) is not None or bool(_ends_negated(prefix))


def _ends_negated(prefix: str) -> bool:
    return any(
        match.end() >= len(prefix.rstrip()) for match in phrases().words["negation_adjacent"].finditer(prefix)
    )
