"""Numbers a person aims for, and body measures, in plain text: `targets_in`, `dropped_targets`, `daily_energy`.

Amounts are per day, in the unit that the target's id names (see `retrieval.diet.preferences.TARGETS`).
Conversions: 1 kcal = 4.184 kJ; those of `measures`; sodium = salt / 2.5
(Regulation (EU) 1169/2011, Annex I).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.datafiles import read_data
from bot.assistant.measures import NUMBER, ONLY_FILLERS, body, value
from bot.assistant.numerals import HAS_WORDS, IN_WORDS, number_value
from bot.assistant.subjects import Who, subjects
from bot.assistant.wording import Sentence, sentences
from retrieval.diet.preferences import TARGETS
from retrieval.errors import BadInputError

_DIGIT = re.compile(r"\d")
_KJ_PER_KCAL = 4.184
_SODIUM_MG_PER_SALT_G = 400.0


def targets_in(plain_text: str, *, of_others: bool = False) -> dict[str, float]:
    """Return the targets that plain text (see `wording.plain`) sets for the person; the last of each counts.

    With `of_others`, those that it tells of somebody else: 'my son weighs 30 kg'.
    """
    found: dict[str, float] = {}
    if HAS_WORDS.search(plain_text):
        plain_text = _AND_A_HALF.sub(r"\1.5 ", plain_text)
        plain_text = _WRITTEN_OUT.sub(_in_digits, plain_text)
    if not _DIGIT.search(plain_text):
        return found
    for sentence in sentences(plain_text):
        if not _DIGIT.search(sentence.text):
            continue
        if of_others and all(subject.who is not Who.OTHER for subject in subjects(sentence.text)):
            continue
        measures = body(sentence, _rules().words, of_others=of_others)
        if not of_others:
            found.update(_short_macros(sentence))
        for clause in _clauses(sentence):
            if not (clause.asks or clause.in_general) and clause.about_other == of_others:
                found.update(_energy(clause))
                found.update(_nutrients(clause))
        if not of_others:
            found.update(_elliptic(sentence))
        found.update(measures)
    return {key: value for key, value in found.items() if _plausible(key, value)}


_WRITTEN_OUT = re.compile(
    rf"{IN_WORDS}(?= (?:k?cal|g\b|grams?|mg|milli|kg|kilos?|pounds?|lbs?|stone|feet|foot|cm|centi|met))"
    rf"|(?:(?<=foot )|(?<=feet )|(?<=ft )|(?<=stone )|(?<=metre )|(?<=meter )){IN_WORDS}"
)
_AND_A_HALF = re.compile(r"(?<![\w.,])(\d{1,3}) and a half (?=stone|st\b|kilos?|kg|pounds?|lbs?)")


def _in_digits(match: re.Match[str]) -> str:
    return f"{number_value(match[0])[0]:g}"


def dropped_targets(plain_text: str) -> frozenset[str]:
    """Return the ids of targets that plain text takes back: 'forget my calorie goal'."""
    rules = _rules()
    dropped: set[str] = set()
    for match in rules.nutrient_or_energy.finditer(plain_text):
        if rules.words["lifted"].match(plain_text, match.end() + 1):
            key = str(match.lastgroup)
            dropped.add("energy_kcal" if key == "energy" else _target_of(key))
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


_RANGE = rf"(?<![\w.,]){NUMBER}(?: ?(?:-|–|to|and) ?{NUMBER})?"
_ENERGY = re.compile(
    rf"{_RANGE} ?(k(?!cal|j|ilo))? ?"
    r"(kcals?|calories?|cals?|kilocalories|kj|kilojoules|mj|megajoules|kalorien|calor[ií]as|calorie|kalorii|ккал)\b"
)
_ENERGY_NAMED = re.compile(
    r"\b(?:calories?|kcals?|energy) ?(?:(?:intake|goal|target|limit|budget|aim|max|maximum|allowance) ?)?"
    r"(?:(?:[:=<]|is|are|at|to|of|should be|now|under|below|about|around|from \d+ to) ?){1,3}"
    rf"{NUMBER}(?! ?(?:g|mg|%|a\.m|p\.m|days?|weeks?|meals?)\b)(?![\d.,:]\d)"
)
_ENERGY_WORD = re.compile(r" ?(?:daily )?(?:calories?|kcals?|energy)\b")
_TARGET_WORD = re.compile(r"\b(?:targets?|goals?|limits?|aims?|budget|intake|grams|anymore|any more)\b")
_PER_DAY = re.compile(
    r"\b(?:a day|per day|daily|each day|every day|diet|live on|survive on|eat(?:ing)? (?:only|just)"
    r"|al d[ií]a|por d[ií]a|cada d[ií]a|diari[ao]s?|dieta de)\b|/ ?d(?:ay|[ií]a)"
)
_LEADING_UP = (
    r"(?:[:=<>≤≥~]|is|should|must|stays?|be|at|to|of|under|below|over|above|around|about|than|less|more|least|most|up"
    r"|max|maximum|maximal|min|minimum|no|not|never|higher|lower|exceeds?|capped|limited|restricted|kept|set|as|within"
    r"|near|aim|for|it|my|i|am|down|(?:go|going) for)"
)
"""What may stand between a nutrient and its amount: 'sugar: max 30 g'."""
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
    nutrient_or_energy: re.Pattern[str]
    amount: re.Pattern[str]
    named: re.Pattern[str]
    elliptic: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    asks: bool
    about_other: bool
    in_general: bool
    goal: bool


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    keys = {"lifted", "goal", "not_goal", "not_weight", "is_me", "height", "dropped", "uncounted"}
    data = read_data("targets.yaml", keys | {"nutrients"})
    unknown = set(data["nutrients"]) - set(TARGETS) - {"salt"}
    if unknown:
        raise BadInputError(f"targets.yaml: '{unknown.pop()}' is no target; use one of: {', '.join(TARGETS)}")
    groups = "|".join(f"(?P<{key}>{words})" for key, words in data["nutrients"].items())
    return _Rules(
        words={key: re.compile(rf"(?<!\w)(?:{data[key]})(?!\w)") for key in keys},
        nutrient=re.compile(rf"(?:{groups})(?!\w)"),
        nutrient_or_energy=re.compile(rf"(?<!\w)(?:{groups}|(?P<energy>calories?|kcals?|energy))(?!\w)"),
        amount=re.compile(rf"{_RANGE} ?(?:ish )?{_UNIT} (?:of )?(?:total |net |dietary )?(?:{groups})(?!\w)"),
        named=re.compile(
            rf"(?<!\w)(?:{groups}) ?(?:(?:intake|goal|target|limit|aim|max|maximum|minimum)\b)?"
            rf"(?: ?{_LEADING_UP}){{0,6}}"
            rf"(?: from {NUMBER} ?(?:g|mg)? to)? ?{_RANGE} ?(?:ish )?{_UNIT}\b(?! of)"
        ),
        elliptic=re.compile(
            rf"(?<!\w)(?:{groups})(?: (?:diet|intake|for me|please|goal|limit|target|person|day))* ?[,:;–-]+"
            rf"(?: ?{_LEADING_UP}){{0,4}} ?{_RANGE} ?{_UNIT}\b"
            r"(?! ?(?:of )?[a-z]*(?:fat|carb|prot|sug|salt|sodi|fib|iron|calc))"
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
        named = subjects(part)
        general = any(
            subject.who is Who.NOBODY and not _YOU.fullmatch(part, subject.start, subject.end)
            for subject in named
        )
        yield _Clause(
            part,
            asks=_ORDERED.match(part) is None
            and (asks or (sentence.question and len(parts) == 1 and not _I.match(part))),
            about_other=any(subject.who is Who.OTHER for subject in named),
            in_general=general,
            goal=goal,
        )


_ORDERED = re.compile(
    r"(?:(?:hi|hey|hello|please|so|and|ok)[ ,]+)*(?:can|could|would|will) you (?:please |just "
    r"|now )*(?:set|change|make|update|put"
    r"|note|save|raise|lower|increase|reduce|bump|drop|cut|adjust|move|switch|record|remember|add|keep)\b"
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
_BARE_ENERGY = re.compile(
    r"\b(?:k?cals?|calories|energy) ?[:=]? ?(\d{3,4})\b|\b(\d{3,4}) ?(?:k?cals?|calories)\b"
)
_BARE_CARBS = re.compile(
    r"\b(?P<name>carbs?|carbohydrates?|protein|fibre|fiber|fats?)(?: intake| goal| target)? "
    r"(?:(?:at|to|under|below|over|above|around|max) )+(?P<amount>\d{2,3})(?! ?[\w%]|[.,:/]\d)"
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
    if len(named) > 2 and not _rules().words["not_goal"].search(sentence.text):
        energy = _BARE_ENERGY.search(sentence.text)
        return {**named, **({"energy_kcal": value(energy[1] or energy[2])} if energy else {})}
    if (alone := _BARE_CARBS.search(sentence.text)) and not _rules().words["not_goal"].search(sentence.text):
        return {
            _OF_NAME[alone["name"][0] if alone["name"][0] != "f" else alone["name"][:2]]: float(
                alone["amount"]
            )
        }
    found = {
        _OF_LETTER[match["letter"] or match["letter2"]]: float(match["amount"] or match["amount2"])
        for match in _SHORT_MACROS.finditer(sentence.text)
    }
    return found if len(found) > 1 else {}


def _energy(clause: _Clause) -> Iterator[tuple[str, float]]:
    for match in _ENERGY_NAMED.finditer(clause.text):
        if _is_goal(clause, match):
            yield "energy_kcal", value(match[1])
    for match in _ENERGY.finditer(clause.text):
        if _is_goal(clause, match):
            changed = match[2] and _FROM.search(clause.text[: match.start()])
            yield "energy_kcal", value(match[2]) if changed else round(_kcal(match), 1)


_FROM = re.compile(
    r"\b(?:from|chang\w+|mov\w+|switch\w*|lower\w*|rais\w+|cut\w*|drop\w*|reduc\w+|go) (?:it )?$"
)


def _elliptic(sentence: Sentence) -> Iterator[tuple[str, float]]:
    """Read an amount whose nutrient stands before a comma: 'low sodium diet for me, 1400 mg a day at most'."""
    words = _rules().words
    if (
        sentence.question
        or words["not_goal"].search(sentence.text)
        or not words["goal"].search(sentence.text)
    ):
        return
    if any(subject.who is not Who.ME for subject in subjects(sentence.text)):
        return
    for match in _rules().elliptic.finditer(sentence.text):
        yield _amount_of(match)


def _nutrients(clause: _Clause) -> Iterator[tuple[str, float]]:
    rules = _rules()
    for pattern in (rules.amount, rules.named):
        for match in pattern.finditer(clause.text):
            if _is_goal(clause, match):
                yield _amount_of(match)


def _amount_of(match: re.Match[str]) -> tuple[str, float]:
    key = str(next(name for name, value in match.groupdict().items() if value))
    numbers = [part for part in match.groups() if part and _IS_NUMBER.fullmatch(part)]
    unit = next(part for part in match.groups() if part and _IS_UNIT.fullmatch(part))
    amount = value(numbers[-1]) if " from " in match[0] else _middle(numbers)
    return _target_of(key), _converted(key, amount, unit)


_IS_NUMBER = re.compile(NUMBER)
_IS_UNIT = re.compile(_UNIT)


def _is_goal(clause: _Clause, match: re.Match[str]) -> bool:
    words = _rules().words
    others = words["not_goal"].finditer(clause.text)
    if any(other[0] != "with" or not _PER_DAY.search(clause.text) for other in others):
        return False
    rest = clause.text[: match.start()] + clause.text[match.end() :]
    return clause.goal or ONLY_FILLERS.fullmatch(rest) is not None


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
    if match[4].startswith(("mj", "mega")):
        return amount * 1000 / _KJ_PER_KCAL
    return amount / _KJ_PER_KCAL if match[4].startswith(("kj", "kiloj")) else amount


def _middle(numbers: list[str]) -> float:
    values = [value(number) for number in numbers]
    return sum(values) / len(values)


def _plausible(key: str, value: float) -> bool:
    low, high = _BOUNDS.get(key, (0.0, _MOST))
    return low < value <= high
