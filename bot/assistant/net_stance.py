"""Whether an alarm holds, is taken back, or says nothing: `stance`, and `denied` and `asks` for diets."""

import re

from bot.assistant.net_owner import names_person
from bot.assistant.net_words import Clause, Word, net_words
from bot.assistant.subjects import Stance


def stance(parts: list[Clause], at: int, alarm: Word) -> Stance | None:
    """Return whether the alarm in `parts[at]` holds or is over; `None` when it says nothing about anybody.

    Raises nothing, whatever the text.
    """
    clause = parts[at]
    if clause.has("supposed", "general") or asks(clause) or _on_a_label(parts, at):
        return None
    if alarm.kind in ("gone", "free", "strike"):
        return _relief(parts, at, alarm)
    if _only_general(clause, alarm) or _is_heading_of_nothing(parts, at):
        return None
    no = denied(clause, alarm) != clause.has("untrue")
    if any(not denied(clause, word) for word in clause.of("gone", "strike")):
        return None  # told by the word of relief
    if no:
        return Stance.DENIED if alarm.kind == "allergy" and _turned_out(parts, at) else None
    if clause.has("past") and not clause.has("still"):
        return Stance.PAST if _free_in_sentence(parts, at) else None
    if alarm.kind == "allergy" and _over_in_next(parts, at):
        return Stance.RETRACTED
    return Stance.HOLDS


def denied(clause: Clause, word: Word) -> bool:
    """Whether `word` is denied within its clause: 'not allergic', 'alergia não é', 'alerjim yok'."""
    for no in clause.of("not"):
        if no.end <= word.start:
            if _reaches(clause, no, word):
                return True
        elif no.start >= word.end and _AFTER.match(clause.text, no.start) and not _foods_from(clause, no.end):
            if len(_SIGN.findall(clause.text, word.end, no.start)) <= _NEAR_AFTER:
                return True
    return False


def asks(clause: Clause) -> bool:
    """Whether a clause asks: 'am I allergic to soy?'; 'why do I get hives?' tells something all the same."""
    if not clause.question:
        return False
    if _TELLS.match(clause.text, clause.start):
        return not (clause.has("reaction", "ill", "harm", "allergy") and _mine(clause))
    if _ASKING.match(clause.text, clause.start) or _MI.search(clause.text, clause.start, clause.end):
        return True
    return clause.last and not _mine(clause) and not clause.has("allergy", "reaction", "harm")


_NEAR, _NEAR_AFTER = 4, 3
_SIGN = re.compile(r"[^\W_]+")
_AFTER = re.compile(r"(?:yok\w*|degil\w*|nicht|keine?|nao|no|non|niet|nie|нет|не|pas|none|aucune|nessuna|ninguna|geen|brak)(?!\w)")
_TELLS = re.compile(
    r"(?:so |but |and )?(?:why|how come|is it normal|is it ok\w*|what helps|warum|wieso|ist es normal|pourquoi|est-ce normal|por que"
    r"|es normal|perche|e normale|porque|e normal|waarom|is het normaal|dlaczego|czy to normalne|почему|это нормально|neden|niye)(?!\w)"
)
_ASKING = re.compile(
    r"(?:so |but |and |ok |hey |hi |,)*(?:what(?! was i)|which|whose|who|when|where|how|is|are|am|was|do|does|did|can|could|should|would|will|may|might"
    r"|was|welche\w*|wer|wie|wo|ist|sind|bin|hat|kann|konnen|darf|gibt|quel\w*|qu'est|est-ce|comment|puis-je|peut-on|que|cual\w*|como"
    r"|cosa|che|quale|qual|o que|posso|wat|welke|hoe|is|kan|mag|zit|czy|co|jak|какой|какие|что|как|а что|можно ли)(?!\w)(?! not\b)"
)
_MI = re.compile(r"(?<!\w)(?:mi|mu|miyim|muyum|miyiz|midir|ли)(?!\w)(?= *$| *\?)")


def _mine(clause: Clause) -> bool:
    return names_person(clause.text[clause.start : clause.end])


def _reaches(clause: Clause, no: Word, word: Word) -> bool:
    """Whether a denial before `word` is about it: not across a food ('no nuts, allergic'), but 'no nut allergy'."""
    foods = [item for item in clause.foods if no.end <= item.start and item.end <= word.start]
    beside = [item for item in foods if word.start - item.end <= 1]
    if len(foods) > len(beside):
        return False
    covered = sum(len(_SIGN.findall(item.taste)) for item in beside)
    return len(_SIGN.findall(clause.text, no.end, word.start)) - covered <= _NEAR


def _foods_from(clause: Clause, start: int) -> bool:
    return any(item.start >= start for item in clause.foods)


def _only_general(clause: Clause, alarm: Word) -> bool:
    """Whether a food is only said to be bad for whoever eats it: 'milk causes bloating'."""
    if alarm.kind in ("ill", "harm") and clause.has("disgust"):
        return True
    if alarm.kind == "ill" and not clause.has("cause", "harm"):
        return True
    return clause.has("causes") and not clause.has("me")


def _on_a_label(parts: list[Clause], at: int) -> bool:
    same = [part for part in parts if part.number == parts[at].number]
    return any(part.has("label") for part in same) and not any(part.has("me") for part in same)


def _is_heading_of_nothing(parts: list[Clause], at: int) -> bool:
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.joint[:1] not in (":", "=", "-", "–", "—", ""):
        return False
    return net_words().nothing.match(after.text, after.start) is not None and not after.foods


def _relief(parts: list[Clause], at: int, word: Word) -> Stance | None:
    clause = parts[at]
    no = denied(clause, word) != clause.has("untrue")
    if word.kind == "strike":
        return Stance.RETRACTED if clause.has("allergy") or "aller" in clause.text[word.start : word.end] else None
    if no:
        return Stance.HOLDS if word.kind == "gone" and _alarm_near(parts, at) else None
    if word.kind == "free":
        return Stance.PAST
    return Stance.RETRACTED if _alarm_near(parts, at) or clause.foods else None


def _alarm_near(parts: list[Clause], at: int) -> bool:
    """Whether an allergy is spoken of in the same sentence or the one before."""
    number = parts[at].number
    return any(part.has("allergy", "forbidden") for part in parts if number - 1 <= part.number <= number)


def _turned_out(parts: list[Clause], at: int) -> bool:
    return any(part.has("turned") for part in parts[: at + 1] if part.number == parts[at].number)


def _free_in_sentence(parts: list[Clause], at: int) -> bool:
    number = parts[at].number
    return any(part.has("free", "gone") for part in parts[at:] if part.number <= number + 1)


def _over_in_next(parts: list[Clause], at: int) -> bool:
    """Whether the next clause says that it is over without naming another food: 'my egg allergy, it went away'."""
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.number != parts[at].number or after.foods:
        return False
    return any(not denied(after, word) for word in after.of("gone")) and not after.has("allergy")
