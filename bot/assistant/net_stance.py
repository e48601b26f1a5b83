"""Whether an alarm holds, is taken back, or says nothing: `stance`, and `denied` and `asks` for diets."""

import re

from bot.assistant.cues import phrases
from bot.assistant.net_owner import names_other, names_person
from bot.assistant.net_words import ALARMS, Clause, Word, net_words, sentence_around
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
    if any(not denied(clause, word) for word in clause.of("gone")) or _strikes(clause):
        return None  # told by the word of relief
    if alarm.kind in ("reaction", "ill", "harm") and (_blamed_elsewhere(parts, at) or _from_no_food(clause)):
        return None
    if no:
        behind = any(no.start > alarm.end or alarm.start - no.end == 1 for no in clause.of("not"))
        return Stance.DENIED if alarm.kind == "allergy" and (behind or _turned_out(parts, at)) else None
    if clause.has("past") and not any(part.has("still") for part in sentence_around(parts, at)):
        return Stance.PAST if _free_in_sentence(parts, at) else None
    if alarm.kind == "allergy" and _over_in_next(parts, at):
        return Stance.RETRACTED
    return Stance.HOLDS


def denied(clause: Clause, word: Word) -> bool:
    """Whether `word` is denied within its clause: 'not allergic', 'alergia não é', 'alerjim yok'."""
    if _NEITHER_NOR.search(clause.text, clause.start, word.start):
        return True
    denials = clause.of("not")
    for number, no in enumerate(denials):
        if no.end <= word.start:
            twice = number and _WITHOUT.match(
                clause.text, no.start
            )  # 'I can't eat it without my throat closing'
            if not twice and _reaches(clause, no, word):
                return True
        elif no.start >= word.end and _denies_behind(clause, no, word):
            return True
    return False


def _denies_behind(clause: Clause, no: Word, word: Word) -> bool:
    if _LAST.match(clause.text, no.start):
        return True
    if _OTHER_THAN.match(clause.text, no.start) and no.start - word.end <= _BESIDE:
        return True
    near = len(_SIGN.findall(clause.text, word.end, no.start)) <= _NEAR_AFTER
    return near and _AFTER.match(clause.text, no.start) is not None and not _foods_from(clause, no.end)


def asks(clause: Clause) -> bool:
    """Whether a clause asks: 'am I allergic to soy?'; 'why do I get hives?' tells something all the same."""
    if not clause.question or _RAMBLING.match(clause.text, clause.start):
        return False
    if (
        clause.first
        and clause.last
        and _SIGNS.match(clause.text, clause.start, clause.end)
        and not _TELLS.match(clause.text, clause.start)
    ):
        return True
    if _TELLS.match(clause.text, clause.start):
        return not (clause.has("reaction", "ill", "harm", "allergy") and _mine(clause))
    if _ASKING.match(clause.text, clause.start) or _MI.search(clause.text, clause.start, clause.end):
        return True
    return clause.last and not _mine(clause) and not clause.has("allergy", "reaction", "harm")


_NEITHER_NOR = re.compile(
    r"(?<!\w)(?:weder [^,.]{2,40}? noch|neither [^,.]{2,40}? nor|noch [^,.]{2,40}? noch)(?!\w)"
    r"|^\W*(?:ni [^,.]{2,40}? ni|ne [^,.]{2,40}? ne|nem [^,.]{2,40}? nem|ani [^,.]{2,40}? ani"
    r"|ни [^,.]{2,40}? ни)(?!\w)"
)
_NEAR, _NEAR_AFTER, _BESIDE = 4, 3, 4
_WITHOUT = re.compile(r"(?:without|ohne|sans|sin|senza|sem|zonder|bez|без)(?!\w)")
_LAST = re.compile(r"(?:нет|yok\w*|degil\w*)(?: *$| *[,.])")
_OTHER_THAN = re.compile(r"not (?:to|against|with) ")
_RAMBLING = re.compile(r"(?:so |and |oh )?what (?:was i|did i (?:want|mean) to)(?!\w)")
_SIGNS = re.compile(r"(?:\W*\b\w+\b){3}")
_SIGN = re.compile(r"[^\W_]+")
_AFTER = re.compile(
    r"(?:yok\w*|degil\w*|nicht|keine?|nao|no|non|niet|nie|нет|не|pas|none|aucune|nessuna|ninguna"
    r"|geen|brak)(?!\w)"
)
_TELLS = re.compile(
    r"(?:so |but |and )?(?:why|how come|is it normal|is it ok\w*|what helps|warum|wieso"
    r"|ist es normal|pourquoi|est-ce normal|por que"
    r"|es normal|perche|e normale|porque|e normal|waarom|is het normaal|dlaczego|czy to normalne"
    r"|почему|это нормально|neden|niye)(?!\w)"
)
_ASKING = re.compile(
    r"(?:so |but |and |ok |hey |hi |,)*(?:what(?! was i)|which|whose|who|when|where|how|is|are|am"
    r"|was|do|does|did|can|could|should|would|will|may|might"
    r"|was|welche\w*|wer|wie|wo|ist|sind|bin|hat|kann|konnen|darf|gibt|quel\w*|qu'est|est-ce|comment"
    r"|puis-je|peut-on|que|cual\w*|como"
    r"|cosa|che|quale|qual|o que|posso|wat|welke|hoe|is|kan|mag|zit|czy|co|jak|какой|какие|как"
    r"|(?:\u0430 )?что|можно ли)(?!\w)(?! not\b)"
)
_MI = re.compile(r"(?<!\w)(?:mi|mu|miyim|muyum|miyiz|midir|ли)(?!\w)(?= *$| *\?)")


def _strikes(clause: Clause) -> bool:
    """Whether a clause orders to take an allergy off the list: 'delete my egg allergy', 'take soy off my allergies'."""
    if not (clause.has("allergy") or _LIST.search(clause.text, clause.start, clause.end)):
        return False
    orders = (
        word
        for word in clause.of("strike")
        if word.start == clause.start
        or _PASSIVE.match(clause.text, word.start)
        or (word.end >= clause.end and _REQUESTED.search(clause.text, clause.start, word.start))
        or _POLITE.fullmatch(clause.text, clause.start, word.start)
    )
    return any(orders) or _LIST.search(clause.text, clause.start, clause.end) is not None


_PASSIVE = re.compile(r"(?:can|should|may|must|needs to|has to) be|kann weg|mag weg|peut")
_REQUESTED = re.compile(
    r"(?<!\w)(?:kannst du|konntest du|bitte|kun je|wil je|puoi|puedes|pode|podes|peux-tu|mozesz)(?!\w)"
)
_LIST = re.compile(r"(?<!\w)off (?:my|the|our) (?:\w+ )?(?:allerg\w+|list|profile)")
_POLITE = re.compile(
    r"(?:(?:please|pls|can you|could you|you can|bitte|kannst du|s'il te plait|peux-tu|por favor"
    r"|puedes|per favore|puoi|podes|pode|alsjeblieft|kun je|prosze|mozesz|пожалуйста|lutfen|ok|hey"
    r"|so|and|also|now) )+"
)


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
    equals = clause.joint.startswith(("=", "→"))
    if alarm.kind == "ill" and not (equals or clause.has("cause", "harm")):
        return True
    return clause.has("causes") and not clause.has("me")


def _on_a_label(parts: list[Clause], at: int) -> bool:
    same = sentence_around(parts, at)
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
        return Stance.RETRACTED if _strikes(clause) else None
    if no:
        return Stance.HOLDS if word.kind == "gone" and _alarm_near(parts, at) else None
    if word.kind == "free":
        return Stance.PAST
    named = clause.has("allergy", "forbidden") or (at > 0 and parts[at - 1].has("allergy"))
    if clause.has("past") or not named:
        return Stance.PAST if _alarm_near(parts, at) or clause.foods else None
    return Stance.PAST if at and parts[at - 1].has("past") else Stance.RETRACTED


def _alarm_near(parts: list[Clause], at: int) -> bool:
    """Whether an allergy is spoken of in the same sentence or the one before."""
    return any(part.has("allergy", "forbidden") for part in sentence_around(parts, at, before=1))


def _turned_out(parts: list[Clause], at: int) -> bool:
    return any(part.has("turned") for part in sentence_around(parts, at))


def _free_in_sentence(parts: list[Clause], at: int) -> bool:
    return any(part.has("free", "gone") for part in sentence_around(parts, at, behind=1))


def _blamed_elsewhere(parts: list[Clause], at: int) -> bool:
    """Whether what follows names another cause: 'a rash after crab, turned out to be the soap'."""
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.foods or after.has(*ALARMS):
        return False
    return _ELSEWHERE.match(after.text, after.start) is not None


def _from_no_food(clause: Clause) -> bool:
    """Whether the clause names what is no food as the cause: 'my eyes itch from the dust'."""
    found = _CAUSE.finditer(clause.text, clause.start, clause.end)
    return any(phrases().words["not_food"].fullmatch(match[1]) for match in found)


_CAUSE = re.compile(r"(?<!\w)(?:from|because of|due to) (?:the |my |all |that )?(\w+)")
_ELSEWHERE = re.compile(
    r"(?:(?:it|which|and|this|that) )*(?:turn(?:s|ed) out(?: (?:to be|it was|that it was|to have been))?"
    r"|(?:was|were) (?:just|only|actually|really)|it was) (?:(?:just|only|actually|really|down to) )*"
    r"(?:the|an?|my|some|something|our|from the|because of the) \w+"
)


def _over_in_next(parts: list[Clause], at: int) -> bool:
    """Whether the next clause says that it is over without naming another food: 'my egg allergy, it went away'."""
    after = parts[at + 1] if at + 1 < len(parts) else None
    if after is None or after.number != parts[at].number or after.foods:
        return False
    if names_other(after) and not names_other(parts[at]):
        return False  # 'I'm allergic to peanuts, mum's was a false alarm'
    return any(not denied(after, word) for word in after.of("gone")) and not after.has("allergy")
