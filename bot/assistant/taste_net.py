"""Tastes that the phrases missed, read from words instead of grammar: "pho? my weakness"."""

import re

from bot.assistant.net_words import Clause, clauses
from bot.assistant.objects import Item
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import About, Stance, Subject, Who, hypothetical, subjects

_LOVED = re.compile(
    r"\b(?:fav|faves?|favs|favou?rites?|favou?rit|weakness|heaven|heavenly|bliss|beats everything|nothing better"
    r"|nothing beats|up my street|lovers?|fanatic|fiend|addict|addicted|obsessed|obsession|adore|yum|yummy|nom"
    r"|love (?:it|them|the stuff|that stuff)|could eat|can not get enough|do miss|to die for|liking"
    r"|my comfort food|massive fan|huge fan|big fan|things i like|my likes|never say no to|will not say no to"
    r"|delicious|the best)\b"
)
_HATED = re.compile(
    r"\b(?:grim|gross|nasty|disgusting|disgusts?|revolting|repulsive|yuck|yucky|vile|rank|foul|minging|slugs?|meh"
    r"|(?:is|are) (?:a )?(?:hard )?no (?:from|for) me|no thanks?(?: you)?|enemy|nemesis|put (?:me )?off|putting me off"
    r"|rather not (?:see|eat|have)|dislikes?(?: list)?|hat|detest|loathe|abhor|icky|gag|puke|rotten|bin it"
    r"|(?:not|never|neither) (?:like|enjoy|fancy)|(?:me|i) not like|simply hate|properly dislike"
    r"|tastes? (?:of soap|like soap|awful|bad|horrible|terrible)|horrible|awful|terrible|rubbish|overrated"
    r"|da asco|dan asco|lust ik (?:\w+ )?niet|non (?:lo|la|li|le) mangio|non mi piace|non mi piacciono|nie lubie"
    r"|odeio|odio|mag (?:\w+ )?kein\w*|не люблю|sevmiyorum|no me gusta|no me gustan|n'aime pas|deteste|hasse|ekelt)\b"
)
_TURNED = re.compile(
    r"\b(?:not|never|no longer|hardly) (?:\w+ )?(?:gross|nasty|grim|bad|awful|horrible|terrible|vile|rotten)\b"
)
_PASSING = re.compile(
    r"\b(?:tonight|today|for (?:dinner|lunch|breakfast|tea)|recipes?|gone off|smells?|went off|was|were)\b"
)
_REMOVED = re.compile(r"\b(?:delete|remove|take|drop|erase|scrap|off my|from my)\b")
_WIDE = frozenset({"fruit", "vegetable"})
"""What is only the kind of something: 'my favourite fruit'."""


def tastes_caught(plain_text: str, statements: list[Statement]) -> list[Statement]:
    """Return `statements` with the likes and dislikes of the person that the phrases missed. Linear in the text."""
    if not (_LOVED.search(plain_text) or _HATED.search(plain_text)):
        return statements
    added: list[Statement] = []
    parts = clauses(plain_text)
    for at in range(len(parts)):
        if (topic := _said(parts, at)) is not None:
            for food in _foods(parts, at):
                if not food.exact <= _WIDE and not _is_known(food, [*statements, *added]):
                    said = Statement(topic, Stance.HOLDS, About.SELF, food.taste, food.exact, food.widened)
                    added.append(said)
    return [*statements, *added]


def _is_known(food: Item, statements: list[Statement]) -> bool:
    return any(
        (food.exact | food.widened) & (item.exact | item.widened)
        or (item.taste and (item.taste in food.taste or food.taste in item.taste))
        or (item.taste and set(item.taste.split()) & set(food.taste.split()))
        for item in statements
        if item.topic is not Topic.ALLERGY
        or item.stance is not Stance.DENIED  # 'not allergic to walnuts, I find them nasty'
    )


def _said(parts: list[Clause], at: int) -> Topic | None:
    clause = parts[at]
    text = clause.text[clause.start : clause.end]
    if (
        clause.question
        or clause.has("allergy", "reaction")
        or _PASSING.search(clause.text)
        or _REMOVED.search(text)
    ):
        return None
    hated = _HATED.search(text)
    told = _LOVED.search(text) if hated is None or _TURNED.search(text) else hated
    if told is None or hypothetical(text):
        return None
    if any(subject.who is Who.OTHER or _of_people(subject, told.start()) for subject in subjects(text)):
        return None
    return Topic.DISLIKE if told is hated else Topic.LIKE


def _of_people(subject: Subject, upto: int) -> bool:
    return subject.who is Who.NOBODY and subject.start < upto


def _foods(parts: list[Clause], at: int) -> list[Item]:
    """Return what the clause names; if nothing, the bare list just before it ('pho, pad thai - all favourites')."""
    clause = parts[at]
    if clause.foods:
        return clause.foods[:4]
    found: list[Item] = []
    while at and parts[at - 1].number >= clause.number - 1 and (parts[at - 1].bare or not found):
        at -= 1
        found = [*parts[at].foods, *found]
        if not parts[at].bare:
            break
    return found[:6]
