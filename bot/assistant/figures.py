"""Numbers with units in a text: "9.02 g", "1,200 mg", "116 kcal", "30 minutes"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.knowledge.documents import NUTRIENTS


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit where they stand in a text.

    `amount` is in the `dimension`'s base unit (mass: g, energy: kcal, time: minutes, volume: ml, else as written);
    `tolerance` is half of the last digit that was written, in the same unit. `nutrient` is the id in `NUTRIENTS` that
    the words around it name, `None` when they name none.
    """

    text: str
    start: int
    end: int
    amount: float
    tolerance: float
    dimension: str
    nutrient: str | None

    def agrees_with(self, amount: float) -> bool:
        """Tell whether this is `amount` (base unit), rounded to the digits that were written."""
        return abs(self.amount - amount) <= self.tolerance * 1.000001 + 1e-9


KCAL_PER_KJ = 1 / 4.184
"""Thermochemical calorie: 1 kcal = 4.184 kJ exactly (ISO 31-4)."""

_UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("g", "gram", "grams", "gramme", "grammes", "gr"), ("mass", 1.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mass", 1e-3)),
    **dict.fromkeys(("µg", "μg", "ug", "mcg", "microgram", "micrograms"), ("mass", 1e-6)),
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms"), ("mass", 1e3)),
    **dict.fromkeys(("oz", "ounce", "ounces"), ("mass", 28.349523125)),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), ("mass", 453.59237)),
    **dict.fromkeys(("kcal", "cal", "calorie", "calories", "kilocalories"), ("energy", 1.0)),
    **dict.fromkeys(("kj", "kilojoule", "kilojoules"), ("energy", KCAL_PER_KJ)),
    **dict.fromkeys(("%", "percent", "per cent"), ("percent", 1.0)),
    **dict.fromkeys(("iu",), ("iu", 1.0)),
    **dict.fromkeys(("ml", "millilitre", "millilitres", "milliliter", "milliliters"), ("volume", 1.0)),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), ("volume", 1e3)),
    **dict.fromkeys(("cup", "cups"), ("cup", 1.0)),
    **dict.fromkeys(("tbsp", "tablespoon", "tablespoons"), ("tbsp", 1.0)),
    **dict.fromkeys(("tsp", "teaspoon", "teaspoons"), ("tsp", 1.0)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 1.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("time", 60.0)),
    **dict.fromkeys(("°c", "°f"), ("temperature", 1.0)),
}
_FIGURE = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)\s*-?\s*("
    + "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    + r")(?![\w°])",
    re.IGNORECASE,
)
_NUTRIENT_WORDS: Mapping[str, str] = {
    "energy": "energy_kcal",
    "calorie": "energy_kcal",
    "calories": "energy_kcal",
    "protein": "protein_g",
    "saturated fat": "saturated_fat_g",
    "saturates": "saturated_fat_g",
    "fat": "fat_g",
    "carbohydrate": "carbohydrate_g",
    "carbohydrates": "carbohydrate_g",
    "carbs": "carbohydrate_g",
    "fibre": "fibre_g",
    "fiber": "fibre_g",
    "sugar": "sugar_g",
    "sugars": "sugar_g",
    "sodium": "sodium_mg",
    "calcium": "calcium_mg",
    "iron": "iron_mg",
    "potassium": "potassium_mg",
    "vitamin c": "vitamin_c_mg",
    "vitamin b12": "b12_ug",
    "b12": "b12_ug",
}
_NUTRIENT = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _NUTRIENT_WORDS), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_BASIS = re.compile(r"(?:\b(?:per|in|every|each|for)|\()\s*$", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:of\s+)?(?:dietary\s+|total\s+)?", re.IGNORECASE)


def figures(text: str) -> tuple[Figure, ...]:
    """Return every number with a unit in `text`, in order, with the nutrient that it is said of."""
    nutrients = [
        (match.start(), match.end(), _NUTRIENT_WORDS[match[0].casefold()])
        for match in _NUTRIENT.finditer(text)
    ]
    found = []
    for match in _FIGURE.finditer(text):
        number = _plain(match[1])
        dimension, factor = _UNITS[match[2].casefold()]
        decimals = len(number.partition(".")[2])
        found.append(
            Figure(
                text=match[0],
                start=match.start(),
                end=match.end(),
                amount=float(number) * factor,
                tolerance=0.5 * 10.0**-decimals * factor,
                dimension=dimension,
                nutrient=_said_of(text, match, nutrients, dimension),
            )
        )
    return tuple(found)


def in_base_unit(nutrient: str, amount: float) -> float:
    """Convert a figure of `NUTRIENTS` (in its own unit) to the base unit of `Figure.amount`."""
    return amount * _UNITS[NUTRIENTS[nutrient][1].casefold()][1]


def _plain(number: str) -> str:
    """Return `number` with a decimal point: "1,200" is a thousand and two hundred, "9,5" nine and a half."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        return number.replace(",", "")
    return number.replace(",", ".")


def _said_of(
    text: str, match: re.Match[str], nutrients: list[tuple[int, int, str]], dimension: str
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
    if _BASIS.search(text, 0, match.start()):
        return None  # "9 g of protein per 100 g", "a cup (198 g)": what the figure is counted on
    # "protein: 9 g", "protein content is 9 g": the last nutrient before it, in the same clause.
    before = [item for item in nutrients if item[1] <= match.start()]
    if before and not re.search(r"[;,.!?\n]|\d", text[before[-1][1] : match.start()]):
        return before[-1][2]
    return None
