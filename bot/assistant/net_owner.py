"""Whom an alarm is about: the subject nearest to it, in ten languages: `owner`."""

import re

from bot.assistant.net_words import Clause, Word, unaccented
from bot.assistant.subjects import About, Who, subjects


def owner(parts: list[Clause], at: int, alarm: Word, names: frozenset[str]) -> About | None:
    """Return whom the alarm in `parts[at]` is about; the person when nobody is named, `None` for people in general."""
    clause = parts[at]
    if any(
        _TO_ME.search(clause.text, word.start, word.end) for word in clause.of("harm", "cause", "forbidden")
    ):
        return About.SELF
    if alarm.kind == "reaction" and _MY_BODY.match(clause.text, alarm.start, alarm.end):
        return About.SELF
    here = _subjects(clause, names)
    if alarm.kind != "allergy" and not any(
        word.kind == "other" for part in parts[max(0, at - 5) : at] for word in part.words
    ):
        here = [
            word for word in here if not _THEY.match(clause.text, word.start)
        ]  # 'they make my mouth burn'
    before = [word for word in here if word.start < alarm.start]
    if before:
        return _about(before, clause)
    if here:
        return _about(here[:1], clause)
    for earlier in reversed(parts[max(0, at - _NEAREST) : at]):
        if earlier.number != clause.number:
            break
        if found := _subjects(earlier, names):
            return _about(found, earlier)
    if _THIRD.match(clause.text, clause.start) and at and not names_person(clause.text):
        found = [word for part in parts[max(0, at - _NEAREST) : at] for word in _subjects(part, names)]
        return _about(found, clause) if found and found[-1].kind == "other" else About.SELF
    return About.SELF


def names_person(text: str) -> bool:
    """Whether plain text speaks of the person: 'I', 'mir', 'bende'."""
    return _ME.search(unaccented(text)) is not None


def names_other(clause: Clause) -> bool:
    """Whether a clause is about somebody else: 'he outgrew his', 'Anna's was a false alarm'."""
    found = _subjects(clause, frozenset())
    last = found[-1].kind if found else ""
    return last == "other" or (not last and _SOMEBODYS.match(clause.text, clause.start) is not None)


_NEAREST = 20
_SOMEBODYS = re.compile(r"(?:\w+ ){0,2}\w+'s (?:was|is|were|has|had|turned|went|one|allergy)(?!\w)")
_TO_ME = re.compile(
    r"(?<!\w)(?:me|my|mir|mich|mi|m'\w+|mij|mnie|мне|меня|bana|fico|finisco|acabo|passo)(?!\w)"
)
_ME = re.compile(
    r"(?<!\w)(?:i|me|my|am|ich|mir|mich|je|moi|yo|soy|io|sono|eu|sou|ik|mij|ja|mnie|я|мне|меня|ben"
    r"|bana|bende)(?!\w)"
)
_THIRD = re.compile(
    r"(?:is|has|gets|can not|ist|hat|darf|vertragt|est|a|ne peut|es|tiene|no puede|e|ha|non puo|tem"
    r"|nao pode|heeft|mag|jest|ma|nie moze)(?!\w)"
)
_MY_BODY = re.compile(r"(?:\w+ )?my ")
_THEY = re.compile(r"(?:they|them|their)(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")


def _subjects(clause: Clause, names: frozenset[str]) -> list[Word]:
    foods = {item.start for item in clause.foods}
    found = [
        word
        for word in clause.of("me", "other", "people")
        # The Italian article and the Polish 'and': 'i gamberi', 'mleko i jajka'.
        if not (clause.text[word.start : word.end] == "i" and word.end + 1 in foods)
    ]
    found += _relatives(clause, found)
    if names:
        found += [
            Word("other", match.start(), match.end())
            for match in _WORD.finditer(clause.text, clause.start, clause.end)
            if match[0] in names
        ]
    return sorted(found, key=lambda word: word.start)


def _relatives(clause: Clause, found: list[Word]) -> list[Word]:
    """Return the others whom the phrases know and the net doesn't: 'grandpa'."""
    text = clause.text[clause.start : clause.end]
    foods = {sign for item in clause.foods for sign in range(item.start, item.end)}
    known = {sign for word in (*clause.words, *found) for sign in range(word.start, word.end)} | foods
    return [
        Word("other", clause.start + subject.start, clause.start + subject.end)
        for subject in subjects(text)
        if subject.who is Who.OTHER
        and not known & set(range(clause.start + subject.start, clause.start + subject.end))
    ]


def _about(found: list[Word], clause: Clause) -> About | None:
    last = found[-1]
    if _THEY.match(clause.text, last.start) and any(word.kind == "people" for word in found):
        return None
    if last.kind == "people" and len(found) > 1 and clause.text.startswith(("who", "qui"), last.start):
        last = found[-2]  # 'my son, who is'
    if last.kind == "people":
        return None
    return About.OTHER if last.kind == "other" else About.SELF
