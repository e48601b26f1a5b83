"""Weight and height in plain text: `body`; numbers as they are written there: `NUMBER`, `value`.

1 lb = 0.45359237 kg; 1 stone = 14 lb; 1 in = 2.54 cm.
"""

import re
from collections.abc import Iterator, Mapping

from bot.assistant.subjects import Who, subjects
from bot.assistant.wording import Sentence

NUMBER = r"(\d{1,3}(?:[ ,.']\d{3})+|\d{1,6}(?:[.,]\d{1,2})?)"
_KG_PER_LB = 0.45359237
_LB_PER_STONE = 14
_CM_PER_INCH = 2.54
_INCHES_PER_FOOT = 12
_WEIGHT = re.compile(
    rf"(?<![\w.,]){NUMBER} ?(kg|kgs|kilos?|kilograms?|lbs?|pounds?|stones?|st)\b"
    r"(?: (\d{1,2})(?: ?(?:lbs?|pounds?))?)?"
)
_CM = re.compile(r"(?<![\w.,])(\d{2,3}(?:[.,]\d)?) ?(?:cm|centimet(?:re|er)s?)\b")
_HEIGHT_ALONE = re.compile(r"\bheight ?(?:is|[:=])? ?(1\d\d|2[0-2]\d)(?![.,]?\d|\w)(?! ?(?:cm|m|ft))")
_WEIGHT_ALONE = re.compile(
    r"\bweight ?(?:is|[:=])? ?(\d{2,3})(?![\d.,]\d|\w)(?! ?(?:kg|kilo|lb|pound|st\b|%))"
)
_INCHES = re.compile(r"(?<![\w.,])(\d{2}) ?(?:inches|inch|in|\") tall\b")
_METRES = re.compile(
    r"(?<![\w.,])([12])(?:[.,](\d{1,2}) ?(?:m|met(?:re|er)s?)| ?(?:m|met(?:re|er)s?) ?(\d{2}))\b"
)
_FEET = re.compile(
    r"(?<![\w.,])([3-7]) ?(?:'|ft|foot|feet)(?:,? ?(\d{1,2})(?: ?(?:''|\"|inch(?:es)?|ins?))?)?(?![\w.])"
)
ONLY_FILLERS = re.compile(
    r"(?:[\s.,:;!+/&-]|\b(?:and|i|am|me|my|is|a|about|around|approx|roughly|ca|male|female|man|woman"
    r"|years?|old|yo|target|goal|of|day|per|kcal|please|pls|thanks|tops)\b)*"
)


def body(sentence: Sentence, words: Mapping[str, re.Pattern[str]], *, of_others: bool) -> dict[str, float]:
    """Return `weight_kg` and `height_cm`: said of 'me', or together, or alone in their clause.

    `words` are the lists of `data/targets.yaml`. With `of_others`, what is told of somebody else.
    """
    text = _part_about(sentence.text, of_others=of_others)
    heights = list(_heights(text))
    found: dict[str, float] = {}
    if heights and (not sentence.question or words["is_me"].search(text)):
        found["height_cm"] = heights[-1]
    if heights and (alone := _WEIGHT_ALONE.search(text)):
        found["weight_kg"] = float(alone[1])
    for match in _WEIGHT.finditer(text):
        clause_start = max(text.rfind(",", 0, match.start()), text.rfind(" and ", 0, match.start())) + 1
        before, after = text[clause_start : match.start()], text[match.end() :]
        if _OF.match(after) or (words["not_weight"].search(before) and not _CHANGED.search(before)):
            continue
        by_itself = ONLY_FILLERS.fullmatch(before) and ONLY_FILLERS.match(after)
        beside = heights or ONLY_FILLERS.fullmatch(after) or _listed(sentence, match, words)
        is_me = words["is_me"].search(before) or _CHANGED.search(before) or _WEIGHED.match(after)
        if is_me or (by_itself and beside):
            found["weight_kg"] = _kilograms(match)
    return found


def _part_about(text: str, *, of_others: bool) -> str:
    """Return the clauses of `text` about the person, or those about others; one without a subject goes on."""
    kept: list[str] = []
    about_other = False
    for clause in re.split(r",(?!\d) ?", text):
        if found := subjects(clause):
            others = [subject.who for subject in found if subject.who is not Who.ME]
            about_other = bool(others)
            if Who.NOBODY in others or (about_other and not of_others):
                continue
        if about_other == of_others:
            kept.append(clause)
    return ", ".join(kept)


def _listed(sentence: Sentence, match: re.Match[str], words: Mapping[str, re.Pattern[str]]) -> bool:
    """Whether a weight stands between commas in what somebody tells of themselves: 'coeliac, 88 kg, and tired'."""
    rest = sentence.text.replace(match[0], "")
    heavy = _kilograms(match) >= _LEAST_LISTED_KG
    return heavy and not sentence.question and not words["not_weight"].search(rest)


_LEAST_LISTED_KG = 35.0
_CHANGED = re.compile(
    r"(?:^|\b(?:i am|now|finally|currently|weight|have got|have gone|got|went)[ ,]+(?:\w+ )?)(?:down|up|back) (?:to|at)"
    r" (?:about |around )?$"
)
_WEIGHED = re.compile(
    r" ?now\b| ?i am (?:heav|light|over|under|too |a bit)| ?(?:(?:at|in|on|this) .{0,20}?)?\b(?:weigh-?in"
    r"|scales?|this morning)\b"
)
_OF = re.compile(r" of\b|\w")


def _heights(text: str) -> Iterator[float]:
    for match in _CM.finditer(text):
        yield float(match[1].replace(",", "."))
    for match in _HEIGHT_ALONE.finditer(text):
        yield float(match[1])
    for match in _INCHES.finditer(text):
        yield round(float(match[1]) * _CM_PER_INCH, 1)
    for match in _METRES.finditer(text):
        digits = match[2] or match[3]
        yield float(match[1]) * 100 + float(digits.ljust(2, "0"))
    for match in _FEET.finditer(text):
        inches = float(match[1]) * _INCHES_PER_FOOT + float(match[2] or 0)
        yield round(inches * _CM_PER_INCH, 1)


def _kilograms(match: re.Match[str]) -> float:
    amount, unit = value(match[1]), match[2]
    if unit.startswith("k"):
        return amount
    pounds = amount * _LB_PER_STONE + float(match[3] or 0) if unit.startswith("st") else amount
    return round(pounds * _KG_PER_LB, 1)


def value(number: str) -> float:
    """Read '1,800', '1 800', '1.800' as thousands and '1,5', '1.5' as fractions."""
    if _THOUSANDS.fullmatch(number):
        return float(re.sub(r"[ ,.']", "", number))
    return float(number.replace(",", "."))


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ ,.']\d{3})+")
