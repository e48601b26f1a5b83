"""Diets named without a phrase: 'keto since January', 'ik volg een keto dieet': `diets_caught`."""

import re
from collections.abc import Iterator

from bot.assistant.net_owner import owner
from bot.assistant.net_stance import asks, denied
from bot.assistant.net_words import Clause, Word
from bot.assistant.stated_diets import BELIEVED
from bot.assistant.statements import Statement, Topic
from bot.assistant.subjects import Stance
from retrieval.diet.preferences import Diet


def diets_caught(
    parts: list[Clause], statements: list[Statement], names: frozenset[str]
) -> Iterator[Statement]:
    """Yield the diets that clauses tell of and that `statements` lack."""
    said = {item.taste for item in statements if item.topic is Topic.DIET}
    for at, clause in enumerate(parts):
        if asks(clause) or clause.has("supposed", "general", "people", "label", "past"):
            continue
        for start, end, diet in clause.diets:
            word = Word("diet", start, end)
            before = clause.text[clause.start : start]
            if BELIEVED.search(before):
                continue
            if (clause.has("like") and not _EATS.search(before)) or _TRIED.search(before):
                continue
            if diet in said or denied(clause, word) or clause.has("gone") or not _followed(clause, word):
                continue
            about = owner(parts, at, word, names)
            if about is not None:
                yield Statement(Topic.DIET, Stance.HOLDS, about, diet)
        for word in clause.of("animal"):
            refused = any(part.has("not") for part in parts if part.number == clause.number)
            about = owner(parts, at, word, names) if refused and Diet.VEGAN not in said else None
            if about is not None and not clause.question:
                yield Statement(Topic.DIET, Stance.HOLDS, about, Diet.VEGAN)


_FEW = 2
_SIGN = re.compile(r"[^\W_]+")
_DIET = re.compile(
    r" ?-?(?:diet\w*|diat|dieta|regime|regimen|dieet|way|lifestyle|plan|protocol|phase|programme?|route|path"
    r"|journey|kick|track|regimes"
    r"|person|people|guy|girl|man|woman|lady|bloke|lass|lad|mum|mom|dad|parent|student|teen|teenager|adult"
    r"|athlete|runner|cyclist"
    r"|climber|swimmer|lifter|bodybuilder|triathlete|gymnast|nurse|teacher|engineer|pensioner|grandma"
    r"|grandad|family|household"
    r"|eater|convert|kitchen|home|myself|btw|tho|though|lol|since|right|now)(?!\w)"
)
_KIND = re.compile(r"[ -]+([^\W_]{3,})")
_IS = re.compile(
    r"(?<!\w)(?:am|is|are|bin|ist|sind|suis|est|sont|soy|es|son|sono|e|sou|sao|ben|zijn|jestem|jest|sa|been"
    r"|be|became|as|being)"
    r"(?: (?:an?|the|also|both|all|strictly|mostly|eine?|une?|un|una|uma|um|een|strict|lifelong|now"
    r"|currently)){0,2} $"
)
_EATS = re.compile(
    r"(?<!\w)(?:eats?|esse|isst|mange|como|come|mangio|mangia|eet|jem|je|ем|ест)(?: (?:strictly|only"
    r"|all))? $|'s $"
)
_TRIED = re.compile(
    r"(?<!\w)went through an?(?!\w)|(?<!\w)(?:tried|attempted|tested|experimented|dabbled|flirted|(?:hab\w*"
    r"|probiert)|ausprobiert|versucht|essaye|teste|probe|intente"
    r"|provato|ho provato|tentei|experimentei|probeerde|geprobeerd|probowal\w*|пробовал\w*|denedim)(?!\w)"
)
_ONLY = re.compile(r"(?<!\w)(?:only|nur|uniquement|solo|so|alleen|tylko|только|sadece)(?!\w)")
_GOES_ON = re.compile(
    r" (?:with|here|since|for (?:\w+ )?(?:years|months)|because|seit|depuis|desde|da|sinds|od|\u0441) "
)
_OF_ANOTHER = re.compile(r"(?<!\w)(?:with|for|of|to|by|from|about|like) (?:an?|some|the|other|my) $")


def _followed(clause: Clause, diet: Word) -> bool:
    """Whether a clause says that somebody lives on `diet`, not what a dish is like."""
    before = clause.text[clause.start : diet.start]
    if _OF_ANOTHER.search(before) or (clause.question and (clause.last or not clause.has("me"))):
        return False
    if _lives_on(clause, diet, before):
        return True
    if (
        clause.has("request")
        or any(item.start < diet.start for item in clause.foods)
        or _is_a_kind(clause, diet)
    ):
        return False
    if not before.strip() or _IS.search(before):
        plural = (
            clause.text.endswith("s", diet.start, diet.end) and clause.text[diet.end - 3 : diet.end] != "tes"
        )
        return not plural and not _IS.match(clause.text, diet.end + 1)
    few = len(_SIGN.findall(clause.text, clause.start, clause.end)) <= _FEW
    return not clause.foods and (clause.has("follows", "me") or few)


def _lives_on(clause: Clause, diet: Word, before: str) -> bool:
    """Whether the words beside a diet settle it: 'vegan here', 'halal only for me', 'he eats gluten free'."""
    if not before.strip() and _GOES_ON.match(clause.text, diet.end):
        return True
    if _ONLY.search(clause.text, clause.start, clause.end) and clause.has("me") and not clause.question:
        return True
    return _EATS.search(before) is not None and clause.has("me", "other")


def _is_a_kind(clause: Clause, diet: Word) -> bool:
    """Whether an unknown word or a food follows: 'vegan wine', 'keto bread'."""
    kind = _KIND.match(clause.text, diet.end, clause.end)
    if kind is None or _DIET.match(clause.text, diet.end):
        return False
    known = any(word.start <= kind.start(1) < word.end for word in clause.words)
    return not known or any(item.start == kind.start(1) for item in clause.foods)
