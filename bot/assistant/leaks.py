"""What an answer must keep to itself: its instructions, and what nobody said about the person."""

import re
from collections.abc import Sequence
from functools import cache

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.knowledge.documents import Passage
from retrieval.prompt import system_sentences

_NOT_SAID = "speaks of somebody whom the person didn't mention"
_UNASKED = "says of the person what they never said"

_PREFERENCE_LINE = re.compile(
    r"^[\s>*_#-]*(?:about this person|passages(?=:)"
    r"|(?:allergies|diets|likes|dislikes|aims)(?=:[\s*_]*\w[^\n]*\.[\s*_]*$))",
    re.IGNORECASE | re.MULTILINE,
)
_THIRD_PERSON = re.compile(r"\bthe (?:user|human)(?:'s|’s)?\b(?!-)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\byour (?:\w+ )?(daughter|son|wife|husband|partner|girlfriend|boyfriend|child|children|kids?|baby|mother|mum|mom"
    r"|father|dad|brother|sister|friend|patient|client|roommate|guests?)\b",
    re.IGNORECASE,
)
_ALLERGY_CLAIM = re.compile(
    r"(?P<if>\b(?:if|when|whether|unless|in case|for (?:people|those|anyone|somebody))\b[^.!?;]{0,60})?"
    r"\b(?:you(?:'re|’re| are) (?:\w+ )?allergic to (?P<to>[^.,;!?\n]{2,60})"
    r"|your (?P<of>(?!food\b|own\b)[\w-]+(?: [\w-]+)?) (?:allergy|intolerance)\b)",
    re.IGNORECASE,
)
_DIETS = ("vegan", "vegetarian", "pescatarian", "halal", "kosher")
_DIET_CLAIM = re.compile(
    r"(?P<if>\b(?:if|when|whether|unless|in case)\b[^.!?;]{0,40})?"
    rf"\b(?:you(?:'re|’re| are) (?:an? |on an? )?|your )(?P<diet>{'|'.join(_DIETS)})\b",
    re.IGNORECASE,
)
_SHORTEST_LEAK = 35


def leaks(text: str) -> bool:
    """Tell whether a text repeats the instructions that the model was given, or the lines about the person."""
    if len(text) >= _SHORTEST_LEAK:
        plain = _bare(text)
        if any(own in plain for own in _instructions()):
            return True
    lowered = text.lower()
    if ("the user" in lowered or "the human" in lowered) and _THIRD_PERSON.search(text) is not None:
        return True
    return ":" in text and _PREFERENCE_LINE.search(text) is not None


def misattributed(
    sentence: str, question: str, restrictions: Restrictions, passages: Sequence[Passage]
) -> tuple[str, ...]:
    """Return what a sentence says of the person, or of theirs, that neither they nor a passage said."""
    lowered = sentence.lower()
    if "you" not in lowered:
        return ()
    faults = []
    if "your " in lowered and (relative := _RELATIVE.search(sentence)) is not None:
        word = relative[1].casefold()
        if word not in question.casefold() and not any(word in item.text.casefold() for item in passages):
            faults.append(_NOT_SAID)
    if "allerg" in lowered or "intolerance" in lowered:
        claims = _ALLERGY_CLAIM.finditer(sentence)
        faults += [_UNASKED for match in claims if _is_unasked(match, question, restrictions)]
    if any(diet in lowered for diet in _DIETS):
        faults += [
            _UNASKED
            for match in _DIET_CLAIM.finditer(sentence)
            if not match["if"]
            and match["diet"].casefold() not in question.casefold()
            and Diet(match["diet"].casefold()) not in restrictions.diets
        ]
    return tuple(dict.fromkeys(faults))


def _is_unasked(match: re.Match[str], question: str, restrictions: Restrictions) -> bool:
    named = {mention.ingredient for mention in lexicon().find(match["to"] or match["of"] or "")}
    if match["if"] or not named:
        return False
    asked = {mention.ingredient for mention in lexicon().find(question)}
    own = restrictions.allergies
    return not any(named_one in own | asked or _kin(named_one, own) for named_one in named)


def _kin(ingredient: str, allergies: frozenset[str]) -> bool:
    """Tell whether an allergy reaches an ingredient: whoever can't have milk can't have cheese."""
    return not allergies.isdisjoint(lexicon().contents([ingredient]).everything)


@cache
def _instructions() -> tuple[str, ...]:
    return tuple(own for sentence in system_sentences() if len(own := _bare(sentence)) >= _SHORTEST_LEAK)


def _bare(text: str) -> str:
    """Return the words alone: markup and signs between them hide no leak."""
    return " ".join(re.findall(r"\w+", text.casefold()))
