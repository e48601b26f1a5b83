"""Follow-ups written out: "and with chicken?" after "Give me a recipe with lentils" is "Give me a recipe with chicken".

`resolve` says what a question means in the light of the turns before it, by rules that put words of those turns into
the question, or words of the question into theirs. What no rule is sure of stays as it was asked.
"""

import re
from collections.abc import Sequence

from bot.assistant.followup_fragments import FRAGMENTS, Rule
from bot.assistant.followup_spanish import SPANISH, is_spanish, may_go_on, read_spanish
from bot.assistant.followup_turns import (
    CHOOSING,
    FEW_WORDS,
    MOST_NAMED,
    Asked,
    Cited,
    Earlier,
    Meant,
    compiled,
    foods_of,
    pronoun_in,
    read_question,
    referent,
)
from bot.assistant.followup_words import as_question, food_phrases, joined, words
from bot.assistant.intents import Intent
from bot.messages import speaks

__all__ = ["Cited", "Earlier", "Meant", "may_follow_up", "resolve"]

EARLIER_TURNS = 3
"""A follow-up goes on with one of so many turns, the latest that is about food."""

LONGEST = 160
"""Characters. A longer message says what it means."""

_SPANISH = "es"
_ABOUT_FOOD = (*CHOOSING, Intent.LOOKUP, Intent.COMPARE, Intent.QUESTION)


def may_follow_up(question: str) -> bool:
    """Tell whether a question may mean more than it says, so that the turns before it are worth reading."""
    return len(question) <= LONGEST and bool(
        _hints().search(question.replace("\u2019", "'"))
        or len(question.split()) <= FEW_WORDS + 1
        or (speaks() == _SPANISH and may_go_on(question))
    )


def resolve(question: str, earlier: Sequence[Earlier]) -> Meant | None:
    """Return what `question` means after the turns `earlier` (oldest first); `None` when it means what it says."""
    text = " ".join(question.replace("\u2019", "'").split())
    base = next((turn for turn in reversed(earlier[-EARLIER_TURNS:]) if turn.intent in _ABOUT_FOOD), None)
    if base is None or not text or len(text) > LONGEST:
        return None
    spanish = speaks() == _SPANISH and (is_spanish(text) or is_spanish(base.question))
    asked, rules = (read_spanish(text), SPANISH) if spanish else (read_question(text), _RULES)
    for rule in rules:
        if (meant := rule(asked, base)) is not None:
            return Meant(as_question(meant.question), meant.others)
    return None


def _hints() -> re.Pattern[str]:
    return compiled(
        rf"^(?:(?:{words('fillers')})(?!\w)[,.! ]*)*{words('leads')}\b"
        r"|\b(?:it|its|they|them|their|that|this|these|those|one|ones|first|second|third|fourth|fifth|last|number|option"
        r"|instead|else|other|another|compared|which|version|same|without)\b"
        rf"|\b(?:{words('comparatives')})\b"
    )


def _ordinal(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'the second one', 'how long does number 2 take?'."""
    found = _ORDINAL.search(asked.body) or _ORDINAL_ALONE.fullmatch(asked.body)
    if found is None:
        return None
    said = next(group for group in found.groups() if group).lower()
    place = len(base.cited) if said == "last" else _PLACES[said]
    if not 1 <= place <= len(base.cited):
        return None
    chosen = base.cited[place - 1]
    if _TAKES.fullmatch(asked.body[: found.start()]) and not asked.body[found.end() :].strip(" ,"):
        told = f"Give me the recipe for {chosen.name}" if chosen.recipe else f"Tell me about {chosen.name}"
        return Meant(told)
    return Meant(f"{asked.body[: found.start()]}{chosen.name}{asked.body[found.end() :]}{asked.sign}")


_PLACES = {
    word: place
    for place, said in enumerate(
        ("first 1st 1 one", "second 2nd 2 two", "third 3rd 3 three", "fourth 4th 4 four", "fifth 5th 5 five"),
        start=1,
    )
    for word in said.split()
}
_ORDER = "first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th"
_ORDINAL = re.compile(
    rf"\b(?:the )?(?:({_ORDER}) (?:one|option|recipe|dish|idea|suggestion|meal)"
    r"|(?:number|option|recipe|no\.?) ([1-5]|one|two|three|four|five))\b",
    re.IGNORECASE,
)
_ORDINAL_ALONE = re.compile(rf"(?:the )({_ORDER})|#?([1-5])", re.IGNORECASE)
_TAKES = re.compile(
    r"(?:(?:i(?:'d| would) (?:like|take|have|prefer)|i(?:'ll| will) (?:take|have|try|make|cook)|i want"
    r"|let'?s (?:make|try)|give me|show me|tell me (?:more )?about|more about|take|make|cook|can i have)\s+)?",
    re.IGNORECASE,
)


def _which(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'which one has more iron?' of the foods that were spoken of."""
    found = asked.match(
        r"which(?: ones?| of (?:them|these|those|the (?:two|three)))? "
        r"(?P<verb>is|are|has|have|contains?|takes?|would be) (?P<rest>.+)"
    )
    if found is None or food_phrases(found["rest"]):
        return None
    names = foods_of(base)
    if not 1 < len(names) <= MOST_NAMED:
        return None
    return Meant(f"Which {found['verb']} {found['rest']}, {joined(names, 'or')}?")


def _others(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'something else', 'another one', 'any more ideas?'."""
    if base.intent not in CHOOSING or not asked.match(_OTHERS):
        return None
    return Meant(base.question, others=True)


_OTHERS = (
    r"(?:(?:do you have|have you got|got|are there|is there|give me|show me|suggest|can i have|could i have|i'd like"
    r"|i want|maybe|try) )*"
    r"(?:(?:something|anything|what) (?:else|different|other)"
    r"|(?:(?:any|some|a few|the) )?(?:other|more|different)"
    r"(?: (?:ideas?|options?|suggestions?|recipes?|ones?|dishes|meals))?"
    r"|(?:another|a different)(?: (?:one|idea|option|recipe|suggestion|dish|meal))?|next(?: one)?)"
    r"(?:,? (?:instead|then|like (?:that|this|it)|do you have|have you got|can (?:i|we) (?:eat|have|make|cook)))*"
)


def _pronoun(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'how long does that take?', 'is it vegan?'."""
    found = pronoun_in(asked.body) if asked.is_question else None
    if found is None or any(phrase.start < found.start for phrase in food_phrases(asked.body)):
        return None
    name = referent(base, plural=found.plural)
    if name is None:
        return None
    if found.owns:
        name += "'" if name.endswith("s") else "'s"
    return Meant(f"{asked.body[: found.start]}{name}{asked.body[found.end :]}{asked.sign}")


_RULES: tuple[Rule, ...] = (_ordinal, _which, _others, *FRAGMENTS, _pronoun)
