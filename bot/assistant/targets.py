"""Numbers a person aims for, and body measures, in plain text: `targets_in`, `dropped_targets`, `daily_energy`.

Amounts are per day, in the unit that the target's id names (see `retrieval.diet.preferences.TARGETS`).
Conversions: 1 kcal = 4.184 kJ; 1 lb = 0.45359237 kg; 1 stone = 14 lb; 1 in = 2.54 cm; sodium = salt / 2.5
(Regulation (EU) 1169/2011, Annex I).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.datafiles import read_data
from bot.assistant.numerals import HAS_WORDS, IN_WORDS, number_value
from bot.assistant.subjects import Who, subjects
from bot.assistant.wording import Sentence, sentences
from retrieval.diet.preferences import TARGETS
from retrieval.errors import BadInputError

_DIGIT = re.compile(r"\d")
_KJ_PER_KCAL = 4.184
_KG_PER_LB = 0.45359237
_LB_PER_STONE = 14
_CM_PER_INCH = 2.54
_INCHES_PER_FOOT = 12
_SODIUM_MG_PER_SALT_G = 400.0


def targets_in(plain_text: str) -> dict[str, float]:
    """Return the targets that plain text (see `wording.plain`) sets for the person; the last of each counts."""
    found: dict[str, float] = {}
    if HAS_WORDS.search(plain_text):
        plain_text = _WRITTEN_OUT.sub(_in_digits, plain_text)
    if not _DIGIT.search(plain_text):
        return found
    for sentence in sentences(plain_text):
        if not _DIGIT.search(sentence.text):
            continue
        measures = _body(sentence)
        found.update(_short_macros(sentence))
        for clause in _clauses(sentence):
            if not clause.asks and not clause.about_other:
                found.update(_energy(clause))
                found.update(_nutrients(clause))
        found.update(measures)
    return {key: value for key, value in found.items() if _plausible(key, value)}


_WRITTEN_OUT = re.compile(
    rf"{IN_WORDS}(?= (?:k?cal|g\b|grams?|mg|milli|kg|kilos?|pounds?|lbs?|stone|feet|foot|cm|centi|met))"
)


def _in_digits(match: re.Match[str]) -> str:
    return f"{number_value(match[0])[0]:g}"


def dropped_targets(plain_text: str) -> frozenset[str]:
    """Return the ids of targets that plain text takes back: 'forget my calorie goal'."""
    rules = _rules()
    dropped: set[str] = set()
    for way in ("dropped", "uncounted"):
        for match in rules.words[way].finditer(plain_text):
            rest = plain_text[match.end() : match.end() + 40]
            if _ENERGY_WORD.match(rest):
                dropped.add("energy_kcal")
            named = rules.nutrient.match(rest.lstrip())
            if named and (way == "uncounted" or _TARGET_WORD.search(rest)):
                dropped.add(_target_of(str(named.lastgroup)))
    return frozenset(dropped)


def daily_energy(plain_text: str) -> float | None:
    """Return the lowest energy per day, in kcal, that plain text speaks of eating, in a question or not."""
    found = [
        _kcal(match)
        for sentence in sentences(plain_text)
        for match in _ENERGY.finditer(sentence.text)
        if _PER_DAY.search(sentence.text) and not _rules().words["not_goal"].search(sentence.text)
    ]
    return min(found, default=None)


_NUMBER = r"(\d{1,3}(?:[ ,.']\d{3})+|\d{1,6}(?:[.,]\d{1,2})?)"
_RANGE = rf"(?<![\w.,]){_NUMBER}(?: ?(?:-|–|to|and) ?{_NUMBER})?"
_ENERGY = re.compile(
    rf"{_RANGE} ?(k(?!cal|j|ilo))? ?"
    r"(kcals?|calories?|cals?|kilocalories|kj|kilojoules|kalorien|calorías|calorie|kalorii|ккал)\b"
)
_ENERGY_NAMED = re.compile(
    r"\b(?:calories?|kcals?|energy) ?(?:(?:intake|goal|target|limit|budget|aim|max|maximum|allowance) ?)?"
    r"(?:(?:[:=<]|is|are|at|to|of|should be|now|under|below|about|around|from \d+ to) ?){1,3}"
    rf"{_NUMBER}(?! ?(?:g|mg|%|a\.m|p\.m|days?|weeks?|meals?)\b)(?![\d.,:]\d)"
)
_ENERGY_WORD = re.compile(r" ?(?:daily )?(?:calories?|kcals?|energy)\b")
_TARGET_WORD = re.compile(r"\b(?:targets?|goals?|limits?|aims?|budget|intake|grams|anymore|any more)\b")
_PER_DAY = re.compile(
    r"\b(?:a day|per day|daily|each day|every day|diet|live on|survive on|eat(?:ing)? (?:only|just))\b|/ ?day"
)
_WEIGHT = re.compile(
    rf"(?<![\w.,]){_NUMBER} ?(kg|kgs|kilos?|kilograms?|lbs?|pounds?|stones?|st)\b"
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
_ONLY_FILLERS = re.compile(
    r"(?:[\s.,:;!+/&-]|\b(?:and|i|am|me|my|is|a|about|around|approx|roughly|ca|male|female|man|woman|years?|old|yo|target|goal|of|day|per|kcal)\b)*"
)
_UNIT = r"(g|grams?|gr|gramm|mg|milligrams?|mcg|µg|μg|ug|micrograms?)"
_IN_MG = {"g": 1000.0, "m": 1.0, "u": 0.001}
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "energy_kcal": (100, 15000),
    "weight_kg": (20, 400),
    "height_cm": (50, 250),
}
_MOST = 100_000.0


@dataclass(frozen=True, slots=True)
class _Rules:
    """`data/targets.yaml`, compiled."""

    words: Mapping[str, re.Pattern[str]]
    nutrient: re.Pattern[str]
    amount: re.Pattern[str]
    named: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    asks: bool
    about_other: bool
    goal: bool


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    keys = {"goal", "not_goal", "not_weight", "is_me", "height", "dropped", "uncounted"}
    data = read_data("targets.yaml", keys | {"nutrients"})
    unknown = set(data["nutrients"]) - set(TARGETS) - {"salt"}
    if unknown:
        raise BadInputError(f"targets.yaml: '{unknown.pop()}' is no target; use one of: {', '.join(TARGETS)}")
    groups = "|".join(f"(?P<{key}>{words})" for key, words in data["nutrients"].items())
    return _Rules(
        words={key: re.compile(rf"(?<!\w)(?:{data[key]})(?!\w)") for key in keys},
        nutrient=re.compile(rf"(?:{groups})(?!\w)"),
        amount=re.compile(rf"{_RANGE} ?(?:ish )?{_UNIT} (?:of )?(?:total |net |dietary )?(?:{groups})(?!\w)"),
        named=re.compile(
            rf"(?<!\w)(?:{groups}) ?(?:(?:intake|goal|target|limit|aim|max|maximum|minimum)\b)?"
            r"(?: ?(?:[:=<>]|is|should|must|stays?|be|at|to|of|under|below|over|above|around|about|than|less|more"
            r"|least|most|up)){0,4}"
            rf"(?: from {_NUMBER} ?(?:g|mg)? to)? ?{_RANGE} ?(?:ish )?{_UNIT}\b(?! of)"
        ),
    )


def _clauses(sentence: Sentence) -> Iterator[_Clause]:
    """Split at commas; a goal named in one clause ('daily goals: 120 g protein, 60 g fat') holds for all."""
    rules = _rules()
    goal = rules.words["goal"].search(sentence.text) is not None
    parts = [part for part in re.split(r",(?!\d)\s*|\s+but\s+", sentence.text) if part]
    for number, part in enumerate(parts):
        starts_question = next(sentences(part), None)
        asks = (starts_question is not None and starts_question.question) or (
            sentence.question and number == len(parts) - 1 and not rules.words["goal"].search(part)
        )
        others = any(
            subject.who is Who.OTHER
            or (subject.who is Who.NOBODY and not _YOU.fullmatch(part, subject.start, subject.end))
            for subject in subjects(part)
        )
        yield _Clause(
            part, asks or (sentence.question and len(parts) == 1 and not _I.match(part)), others, goal
        )


_I = re.compile(r"i |we ")
_YOU = re.compile(r"you|your|u")
_SHORT_MACROS = re.compile(
    r"(?<![\w.])(?:(?P<amount>\d{2,3}) ?g? ?(?P<letter>[pcf])"
    r"|(?P<letter2>[pcf]) ?[:=]? ?(?P<amount2>\d{2,3}) ?g?)(?![\w%])"
)
_OF_LETTER = {"p": "protein_g", "c": "carbohydrate_g", "f": "fat_g"}


_BARE_MACROS = re.compile(
    r"\b(?:(?P<amount>\d{2,3})(?: ?g)? (?:of )?(?P<name>protein|carbs?|carbohydrates?|fats?|fibre|fiber)"
    r"|(?P<name2>protein|carbs?|carbohydrates?|fats?|fibre|fiber) ?[:=]? ?(?P<amount2>\d{2,3}))(?: ?g)?\b(?!%)"
)
_OF_NAME = {"p": "protein_g", "c": "carbohydrate_g", "fa": "fat_g", "fi": "fibre_g"}


def _short_macros(sentence: Sentence) -> dict[str, float]:
    """Read '150p 200c 60f', 'P 150 C 200 F 60' and 'protein 120, carbs 180, fat 55'; one alone says nothing."""
    if sentence.question or any(subject.who is Who.OTHER for subject in subjects(sentence.text)):
        return {}
    named = {
        _OF_NAME[name[0] if name[0] != "f" else name[:2]]: float(match["amount"] or match["amount2"])
        for match in _BARE_MACROS.finditer(sentence.text)
        for name in (match["name"] or match["name2"],)
    }
    if len(named) > 1 and _rules().words["goal"].search(sentence.text):
        return named
    found = {
        _OF_LETTER[match["letter"] or match["letter2"]]: float(match["amount"] or match["amount2"])
        for match in _SHORT_MACROS.finditer(sentence.text)
    }
    return found if len(found) > 1 else {}


def _energy(clause: _Clause) -> Iterator[tuple[str, float]]:
    for match in _ENERGY_NAMED.finditer(clause.text):
        if _is_goal(clause, match):
            yield "energy_kcal", _value(match[1])
    for match in _ENERGY.finditer(clause.text):
        if _is_goal(clause, match):
            changed = clause.text[: match.start()].endswith("from ") and match[2]
            yield "energy_kcal", _value(match[2]) if changed else round(_kcal(match), 1)


def _nutrients(clause: _Clause) -> Iterator[tuple[str, float]]:
    rules = _rules()
    for pattern in (rules.amount, rules.named):
        for match in pattern.finditer(clause.text):
            if _is_goal(clause, match):
                key = str(next(name for name, value in match.groupdict().items() if value))
                numbers = [part for part in match.groups() if part and _IS_NUMBER.fullmatch(part)]
                unit = next(part for part in match.groups() if part and _IS_UNIT.fullmatch(part))
                amount = _value(numbers[-1]) if " from " in match[0] else _middle(numbers)
                yield _target_of(key), _converted(key, amount, unit)


_IS_NUMBER = re.compile(_NUMBER)
_IS_UNIT = re.compile(_UNIT)


def _is_goal(clause: _Clause, match: re.Match[str]) -> bool:
    words = _rules().words
    others = words["not_goal"].finditer(clause.text)
    if any(other[0] != "with" or not _PER_DAY.search(clause.text) for other in others):
        return False
    rest = clause.text[: match.start()] + clause.text[match.end() :]
    return clause.goal or _ONLY_FILLERS.fullmatch(rest) is not None


def _target_of(key: str) -> str:
    return "sodium_mg" if key == "salt" else key


def _converted(key: str, amount: float, unit: str) -> float:
    """Return `amount` in the unit of the target `key`."""
    small = unit[0] if unit[0] in "gm" and not unit.startswith(("mc", "mic")) else "u"
    milligrams = amount * _IN_MG[small]
    if key == "salt":
        return round(milligrams / 1000 * _SODIUM_MG_PER_SALT_G, 1)
    own = TARGETS_UNITS[key]
    return round(milligrams / _IN_MG[own], 3)


TARGETS_UNITS: Mapping[str, str] = {
    key: {"g": "g", "mg": "m", "ug": "u"}.get(key.rpartition("_")[2], "") for key in TARGETS
}
"""Target id → the first letter of its unit of mass; empty for the others."""


def _kcal(match: re.Match[str]) -> float:
    amount = _middle([part for part in match.group(1, 2) if part])
    if match[3]:
        amount *= 1000
    return amount / _KJ_PER_KCAL if match[4].startswith(("kj", "kiloj")) else amount


def _middle(numbers: list[str]) -> float:
    values = [_value(number) for number in numbers]
    return sum(values) / len(values)


def _value(number: str) -> float:
    """Read '1,800', '1 800', '1.800' as thousands and '1,5', '1.5' as fractions."""
    if _THOUSANDS.fullmatch(number):
        return float(re.sub(r"[ ,.']", "", number))
    return float(number.replace(",", "."))


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ ,.']\d{3})+")


def _body(sentence: Sentence) -> dict[str, float]:
    """Return weight and height: said of 'me', or together, or alone in their clause."""
    text, rules = sentence.text, _rules()
    if any(subject.who is not Who.ME for subject in subjects(text)):
        return {}
    heights = list(_heights(text))
    found: dict[str, float] = {}
    if heights and (not sentence.question or rules.words["is_me"].search(text)):
        found["height_cm"] = heights[-1]
    if heights and (alone := _WEIGHT_ALONE.search(text)):
        found["weight_kg"] = float(alone[1])
    for match in _WEIGHT.finditer(text):
        clause_start = max(text.rfind(",", 0, match.start()), text.rfind(" and ", 0, match.start())) + 1
        before, after = text[clause_start : match.start()], text[match.end() :]
        if rules.words["not_weight"].search(before) or _OF.match(after):
            continue
        by_itself = _ONLY_FILLERS.fullmatch(before) and _ONLY_FILLERS.match(after)
        if rules.words["is_me"].search(before) or (by_itself and (heights or _ONLY_FILLERS.fullmatch(after))):
            found["weight_kg"] = _kilograms(match)
    return found


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
    amount, unit = _value(match[1]), match[2]
    if unit.startswith("k"):
        return amount
    pounds = amount * _LB_PER_STONE + float(match[3] or 0) if unit.startswith("st") else amount
    return round(pounds * _KG_PER_LB, 1)


def _plausible(key: str, value: float) -> bool:
    low, high = _BOUNDS.get(key, (0.0, _MOST))
    return low < value <= high
