"""Numbers with units in a text: "9.02 g", "1,200 mg", "116 kcal", "20-25 g", "nine grams", "30 minutes"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.assistant.numerals import HAS_WORDS, IN_DIGITS, IN_WORDS, fold, number_value
from retrieval.knowledge.documents import NUTRIENTS


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit where they stand in a text.

    `amount` is in the `dimension`'s base unit (mass: g, energy: kcal, time: minutes, volume: ml, else as written);
    `tolerance` is half of the last digit that was written, in the same unit. `low` is where a narrow range begins
    whose end is `amount`. `nutrient` is what the words around it name: an id in `NUTRIENTS`, `SALT`, or the name of
    something that no passage has a field for ('zinc'); `None` when they name nothing.
    """

    text: str
    start: int
    end: int
    amount: float
    tolerance: float
    dimension: str
    nutrient: str | None
    low: float | None = None

    def agrees_with(self, amount: float) -> bool:
        """Tell whether this is `amount` (base unit), rounded to the digits that were written, or holds it."""
        slack = self.tolerance * 1.000001 + 1e-9
        low = self.amount if self.low is None else self.low
        return low - slack <= amount <= self.amount + slack


SALT = "salt_g"

KCAL_PER_KJ = 1 / 4.184
"""Thermochemical calorie: 1 kcal = 4.184 kJ exactly (ISO 31-4)."""

SALT_PER_SODIUM = 2.5
"""Salt = sodium × 2.5, Regulation (EU) 1169/2011, Annex I."""

NARROW_RANGE = 0.25
"""A range no wider than this share of its middle says one figure roughly; a wider one gives two."""

_COARSE = 0.05
"""Units larger than a gram, millilitre or minute are rounded to their digits, and to no more than this share."""

_CUP_ML = 236.5882365

_UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(
        ("g", "gram", "grams", "gramme", "grammes", "gr", "gramm", "gramos", "grammi", "gramas"),
        ("mass", 1.0),
    ),
    **dict.fromkeys(("\u0433", "грамм", "грамма", "граммов"), ("mass", 1.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams", "milligrammes", "мг"), ("mass", 1e-3)),
    **dict.fromkeys(("µg", "μg", "ug", "mcg", "microgram", "micrograms", "мкг"), ("mass", 1e-6)),
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms", "кг"), ("mass", 1e3)),
    **dict.fromkeys(("oz", "ounce", "ounces"), ("mass", 28.349523125)),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), ("mass", 453.59237)),
    **dict.fromkeys(
        ("kcal", "kcals", "cal", "cals", "calorie", "calories", "kilocalorie", "kilocalories"),
        ("energy", 1.0),
    ),
    **dict.fromkeys(("kalorien", "calorías", "kalorii", "ккал"), ("energy", 1.0)),
    **dict.fromkeys(("kj", "kilojoule", "kilojoules", "кдж"), ("energy", KCAL_PER_KJ)),
    **dict.fromkeys(("%", "percent", "per cent"), ("percent", 1.0)),
    **dict.fromkeys(("iu",), ("iu", 1.0)),
    **dict.fromkeys(("ml", "millilitre", "millilitres", "milliliter", "milliliters", "мл"), ("volume", 1.0)),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), ("volume", 1e3)),
    **dict.fromkeys(("cup", "cups"), ("volume", _CUP_ML)),
    **dict.fromkeys(("tbsp", "tbsps", "tablespoon", "tablespoons"), ("volume", _CUP_ML / 16)),
    **dict.fromkeys(("tsp", "tsps", "teaspoon", "teaspoons"), ("volume", _CUP_ML / 48)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 1.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("time", 60.0)),
    **dict.fromkeys(("°c", "°f"), ("temperature", 1.0)),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_END = rf"\s*-?\s*({_UNIT})(?![\w°])"
_DIGIT = re.compile(r"\d")
_NUMERIC = re.compile(
    rf"(?=[\d.])(?<![\w.,])(?<!\d/)(?:({IN_DIGITS})(?:\s?[-—]\s?|\s(?:to|or|and)\s))?({IN_DIGITS}){_END}"
)
_SPELLED = re.compile(rf"(?:({IN_WORDS})\s(?:to|or)\s)?({IN_WORDS}){_END}")
_NUTRIENT_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("energy", "calorie", "calories", "energía", "calorías"), "energy_kcal"),
    **dict.fromkeys(("protein", "proteins", "proteína", "proteínas"), "protein_g"),
    **dict.fromkeys(("saturated fat", "saturated fats", "saturates", "sat fat"), "saturated_fat_g"),
    **dict.fromkeys(("grasa saturada", "grasas saturadas"), "saturated_fat_g"),
    **dict.fromkeys(("fat", "fats", "grasa", "grasas"), "fat_g"),
    **dict.fromkeys(("carbohydrate", "carbohydrates", "carbs"), "carbohydrate_g"),
    **dict.fromkeys(("carbohidratos", "hidratos de carbono", "hidratos"), "carbohydrate_g"),
    **dict.fromkeys(("fibre", "fiber", "fibra"), "fibre_g"),
    **dict.fromkeys(("sugar", "sugars", "azúcar", "azúcares"), "sugar_g"),
    **dict.fromkeys(("sodium", "sodio"), "sodium_mg"),
    **dict.fromkeys(("salt", "sal"), SALT),
    **dict.fromkeys(("calcium", "calcio"), "calcium_mg"),
    **dict.fromkeys(("iron", "hierro"), "iron_mg"),
    **dict.fromkeys(("potassium", "potasio"), "potassium_mg"),
    **dict.fromkeys(("vitamin c", "vit c", "vitamina c"), "vitamin_c_mg"),
    **dict.fromkeys(("vitamin b12", "vitamin b-12", "vitamina b12", "b12"), "b12_ug"),
    **{
        name: name
        for name in (
            "zinc", "magnesium", "phosphorus", "selenium", "iodine", "copper", "manganese", "folate", "folic acid",
            "vitamin a", "vitamin b6", "vitamin d", "vitamin e", "vitamin k", "niacin", "thiamin", "riboflavin",
            "cholesterol", "omega-3", "omega-6", "trans fat", "unsaturated fat", "monounsaturated fat",
            "polyunsaturated fat", "starch", "lactose", "fructose", "caffeine", "alcohol", "creatine",
        )
    },
}  # fmt: skip
_NUTRIENT = re.compile(
    r"\b("
    + "|".join(sorted(map(re.escape, _NUTRIENT_WORDS), key=len, reverse=True))
    # "fat-free yoghurt", "protein powder": a food.
    + r")\b(?![-\s](?:free|reduced|powders?|bars?|shakes?)\b)"
)
_BASIS = re.compile(r"(?:\b(?:per|in|every|each|for|por|en|cada)|[(/])\s*$")
_BASIS_LENGTH = 10
_AFTER = re.compile(
    r"\s*(?:(?:more|less|fewer|extra|additional|of|más|menos|de)\s+){0,2}"
    r"(?:(?:dietary|total|added|plant|animal|pure|lean|complete|high-quality|good)\s+)?"
)


def figures(text: str) -> tuple[Figure, ...]:
    """Return every number with a unit in `text`, in order, with the nutrient that it is said of.

    A wide range ("10 to 40 g") is two figures, a narrow one is one with `low`.
    """
    folded = fold(text)
    if not (matches := _matches(folded.text)):
        return ()
    nutrients = _nutrients(folded.text)
    found: list[Figure] = []
    for match in matches:
        dimension, factor = _UNITS[match[3]]
        start, end = folded.span(match.start(), match.end())
        nutrient = _said_of(folded.text, match, nutrients, dimension)
        ends = [_scaled(match[number], factor) for number in (1, 2) if match[number]]
        low, high = ends[0][0], ends[-1][0]
        narrow = len(ends) == 2 and 0 <= high - low <= NARROW_RANGE * (high + low) / 2
        for amount, slack in ends[-1:] if narrow else ends:
            found.append(
                Figure(
                    text=text[start:end],
                    start=start,
                    end=end,
                    amount=amount,
                    tolerance=slack,
                    dimension=dimension,
                    nutrient=nutrient,
                    low=low if narrow else None,
                )
            )
    return tuple(found)


def nutrients_named(text: str) -> frozenset[str]:
    """Return the keys of all nutrients that `text` names: ids in `NUTRIENTS`, `SALT`, or names such as 'zinc'."""
    return frozenset(nutrient for _start, _end, nutrient in _nutrients(fold(text).text))


def in_base_unit(nutrient: str, amount: float) -> float:
    """Convert a figure of `NUTRIENTS` (in its own unit) to the base unit of `Figure.amount`."""
    return amount * _UNITS[NUTRIENTS[nutrient][1].casefold()][1]


def _nutrients(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (match.start(), match.end(), _NUTRIENT_WORDS[match[1]]) for match in _NUTRIENT.finditer(text)
    )


def _matches(text: str) -> list[re.Match[str]]:
    found = [*_NUMERIC.finditer(text)] if _DIGIT.search(text) else []
    if HAS_WORDS.search(text):
        # Of "one 200 g tin" only the digits have a unit; a number in both, "2 hundred g", counts as the words say.
        found += _SPELLED.finditer(text)
        found.sort(key=lambda match: match.start())
    return found


def _scaled(written: str, factor: float) -> tuple[float, float]:
    value, half_digit = number_value(written)
    tolerance = half_digit * factor
    return value * factor, tolerance if factor <= 1 else min(tolerance, _COARSE * value * factor)


def _said_of(
    text: str, match: re.Match[str], nutrients: tuple[tuple[int, int, str], ...], dimension: str
) -> str | None:
    if dimension == "energy":
        return "energy_kcal"
    if dimension != "mass":
        return None
    after = _AFTER.match(text, match.end())
    starts_at = after.end() if after else match.end()
    for start, _end, nutrient in nutrients:
        if start == starts_at:
            return nutrient
    if _BASIS.search(text, max(0, match.start() - _BASIS_LENGTH), match.start()):
        return None  # "9 g of protein per 100 g", "a cup (198 g)": what the figure is counted on
    # "protein: 9 g", "protein content is 9 g": the last nutrient before it, in the same clause.
    before = [item for item in nutrients if item[1] <= match.start()]
    if before and not re.search(r"[;,.!?\n]|\d", text[before[-1][1] : match.start()]):
        return before[-1][2]
    return None
