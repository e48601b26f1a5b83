"""Fragments that go on with an earlier question: "and raw?", "what about tofu?". Used by `followups`."""

import re
from collections.abc import Callable

from bot.assistant.followup_turns import (
    CHOOSING,
    Asked,
    Earlier,
    Meant,
    compiled,
    foods_of,
    may_be_food,
    referent,
)
from bot.assistant.followup_words import food_phrases, joined, replaced, together, words
from bot.assistant.intents import Intent, nutrient_place

Rule = Callable[[Asked, Earlier], Meant | None]
"""Returns what a question means after an earlier one; `None` when it has nothing to say."""


def _kind(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'something cheaper', 'vegetarian instead', 'a vegan version'."""
    more, plain = words("comparatives"), words("plain_kinds")
    found = asked.match(
        r"(?:(?:do you have|have you got|is there|are there|give me|show me|i'd like|i want"
        r"|can (?:you|i|we) (?:make|have)|make|suggest) )*"
        r"(?P<opening>(?:(?:something|anything|it|one|some|any|an?|the|but|that is|that's) )*)"
        rf"(?P<kind>(?:{more}|{plain})(?:,? (?:and|but|or) (?:{more}|{plain}))*)"
        r"(?P<noun> (?:ones?|options?|version|recipe|dish|meal|alternative|thing|idea)s?)?"
        r"(?P<closing>(?:,? (?:instead|though|then|version|(?:of|for|than) (?:it|that|this|them|those)))*)"
    )
    if found is None:
        return None
    compares = compiled(rf"(?:{more})").match(found["kind"]) is not None
    goes_on = asked.led or found["closing"] or (found["noun"] or "").strip() in ("one", "version")
    makes_it = "it " in found["opening"]
    if not (compares or goes_on or makes_it) or (
        len(asked.body.split()) < 2 and not compares and not asked.led
    ):
        return None
    if base.intent in CHOOSING:
        return Meant(f"{base.stem}, but {found['kind']}")
    foods = foods_of(base)
    if not foods or not (
        found["opening"].startswith(("something", "anything")) or "instead" in found["closing"]
    ):
        return None
    return Meant(f"Something {found['kind']} instead of {joined(foods)}")


def _nutrient(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'and its iron?', 'calories?'."""
    span = nutrient_place(asked.body.lower())
    if span is None or not (asked.is_fragment or compiled(r"(?:its|their)\b").match(asked.body)):
        return None
    before, named, after = asked.body[: span[0]], asked.body[slice(*span)], asked.body[span[1] :]
    if not _FIGURE_BEFORE.fullmatch(before) or not _FIGURE_AFTER.fullmatch(after):
        return None
    stem = base.stem
    place = nutrient_place(stem.lower())
    if place is not None and (base.intent is not Intent.LOOKUP or not _owned(before)):
        return Meant(_count(f"{stem[: place[0]]}{named}{stem[place[1] :]}?"))
    if base.intent is Intent.COMPARE and len(names := foods_of(base)) > 1:
        return Meant(f"Which has more {named}, {joined(names, 'or')}?")
    name = referent(base, plural=None)
    return None if name is None else Meant(_count(f"How much {named} is in {name}?"))


def _owned(before: str) -> bool:
    return bool(re.search(r"\b(?:its|their)\b", before, re.IGNORECASE))


def _count(question: str) -> str:
    """Return a question that counts calories and measures everything else."""
    calories = r"k?cals?|k?calories?"
    question = re.sub(
        rf"\bhow much ({calories})\b(?: (?:is|are)\b)?", r"how many \1 are", question, flags=re.IGNORECASE
    )
    return re.sub(
        rf"\bhow many (?!(?:{calories})\b)(\w+ (?:\w+ )?)are\b",
        r"how much \1is",
        question,
        flags=re.IGNORECASE,
    )


_FIGURE_BEFORE = re.compile(
    r"(?:(?:what is|what's|what are|what about|how about|in terms of|for|in|how much|how many|its|their|the|any) ?)*",
    re.IGNORECASE,
)
_FIGURE_AFTER = re.compile(
    r"(?: (?:content|level|value|figures?|amount))?"
    r"(?: (?:(?:is|are) (?:there )?(?:in )?(?:it|that|them|those)|(?:in|of) (?:it|that|them|those)"
    r"|(?:does|do) (?:it|that|they|those) have))?",
    re.IGNORECASE,
)


def _meal(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'and for lunch?' after a question about breakfast."""
    found = asked.match(
        rf"(?P<for>for |at )?(?:(?:an?|my|the) )?(?P<meal>{words('meals')})(?: then| instead)?"
    )
    if found is None or base.intent not in CHOOSING or not (asked.is_fragment or found["for"]):
        return None
    before = compiled(rf"\b(?:{words('meals')})\b").search(base.stem)
    if before is None:
        return Meant(f"{base.stem} for {found['meal']}?")
    return Meant(f"{base.stem[: before.start()]}{found['meal']}{base.stem[before.end() :]}?")


def _amount(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'and in 200 g?', 'per cup?'."""
    amount = rf"(?:(?:\d[\d.,/]*|an?|one|two|three|four|half an?|half) ?)(?:{words('measures')})"
    found = asked.match(
        rf"(?:in |per |for |with |what is it in )?(?P<amount>{amount}|(?:{words('measures')}))(?: of (?:it|that|them))?"
    )
    if found is None or base.intent is not Intent.LOOKUP or not asked.is_fragment:
        return None
    new = found["amount"] if compiled(amount).fullmatch(found["amount"]) else f"a {found['amount']}"
    before = compiled(rf"\b{amount}\b").search(base.stem)
    if before is not None:
        return Meant(f"{base.stem[: before.start()]}{new}{base.stem[before.end() :]}?")
    foods = food_phrases(base.stem)
    if len(foods) != 1:
        return None
    return Meant(f"{replaced(base.stem, foods[0], f'{new} of {foods[0].words}')}?")


def _prepared(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'and raw?'."""
    found = asked.match(
        rf"(?:(?:when|if)(?: (?:it is|it's|they are|they're))? )?(?P<how>{words('prepared')})(?: ones?)?"
    )
    foods = food_phrases(base.stem)
    if found is None or not asked.is_fragment or len(foods) != 1:
        return None
    plain = compiled(rf"\b(?:{words('prepared')})\b ?").sub("", foods[0].words).strip()
    return Meant(replaced(base.stem, foods[0], f"{found['how']} {plain}") + "?") if plain else None


def _with(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'and with chicken?', 'without onion?'."""
    found = asked.match(
        r"(?P<how>with|using|from|without)(?: (?:any|some|the|an?))? (?P<food>.+?)(?: instead)?"
    )
    if found is None or not asked.is_fragment or not may_be_food(found["food"]):
        return None
    if found["how"].lower() == "without":
        return Meant(f"{base.stem} without {found['food']}?") if base.intent in CHOOSING else None
    phrases = food_phrases(base.stem)
    whole = together(base.stem, phrases)
    if base.intent in CHOOSING:
        if whole is None:
            return None if phrases else Meant(f"{base.stem} with {found['food']}?")
        made_of = re.search(
            r"\b(?:with|using|from|cook|of)\s+(?:the |some )?$", base.stem[: whole.start], re.IGNORECASE
        )
        if made_of:
            return Meant(f"{replaced(base.stem, whole, found['food'])}?")
        return Meant(replaced(base.stem, whole, f"{whole.words} with {found['food']}") + "?")
    if base.intent is Intent.LOOKUP and len(phrases) == 1:
        return Meant(replaced(base.stem, phrases[0], f"{phrases[0].words} with {found['food']}") + "?")
    return None


def _compared(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'compared to spinach?' after a figure of another food."""
    found = asked.match(r"(?:compared|in comparison|versus|vs\.?|against)(?: (?:to|with))? (?P<food>.+)")
    foods, place = food_phrases(base.stem), nutrient_place(base.stem.lower())
    if found is None or not may_be_food(found["food"]) or len(foods) != 1 or place is None:
        return None
    return Meant(f"Which has more {base.stem[slice(*place)]}, {foods[0].words} or {found['food']}?")


def _food(asked: Asked, base: Earlier) -> Meant | None:
    """Read 'what about tofu?'."""
    found = asked.match(r"(?:(?:in|for|of|is|are) )?(?:(?:some|the|any) )?(?P<food>.+?)(?: instead| then)?")
    if found is None or not asked.is_fragment or not may_be_food(found["food"]):
        return None
    if not asked.led and base.intent not in (Intent.LOOKUP, Intent.COMPARE):
        return None
    phrases = food_phrases(base.stem)
    whole = together(base.stem, phrases)
    if base.intent is Intent.COMPARE:
        return Meant(f"{base.stem} or {found['food']}?") if len(phrases) > 1 else None
    if whole is not None:
        return Meant(f"{replaced(base.stem, whole, found['food'])}?")
    return Meant(f"{base.stem} with {found['food']}?") if base.intent in CHOOSING and not phrases else None


FRAGMENTS: tuple[Rule, ...] = (_kind, _nutrient, _meal, _amount, _prepared, _with, _compared, _food)
"""The rules, in the order in which they are tried."""
