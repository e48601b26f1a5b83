"""How targets are changed step by step: what to start from, and how far one step goes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.assistant.redlines import LOWEST_ENERGY


@dataclass(frozen=True, slots=True)
class Scale:
    """`usual` is where to start; `small` and `big` are the steps; `lowest` and `highest` are as far as steps go.

    All in the unit that the target's id names.
    """

    usual: float
    small: float
    big: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its sign, such as '+ 25', and the amount that it leads to."""

    sign: str
    amount: float


SCALES: Mapping[str, Scale] = {
    "energy_kcal": Scale(2000, 50, 250, LOWEST_ENERGY, 6000),
    "protein_g": Scale(50, 5, 25, 5, 400),
    "fat_g": Scale(70, 5, 20, 5, 400),
    "carbohydrate_g": Scale(260, 5, 25, 5, 800),
    "fibre_g": Scale(25, 1, 5, 1, 100),
    "sugar_g": Scale(90, 5, 20, 5, 300),
    "saturated_fat_g": Scale(20, 1, 5, 1, 150),
    "sodium_mg": Scale(2400, 100, 500, 100, 10_000),
    "calcium_mg": Scale(800, 50, 250, 50, 4000),
    "iron_mg": Scale(14, 1, 5, 1, 100),
    "potassium_mg": Scale(2000, 100, 500, 100, 10_000),
    "vitamin_c_mg": Scale(80, 10, 50, 10, 2000),
    "b12_ug": Scale(2.5, 0.5, 2.5, 0.5, 1000),
    "weight_kg": Scale(70, 0.5, 5, 20, 400),
    "height_cm": Scale(170, 1, 10, 50, 250),
}
"""Target → scale. Where to start: the reference intakes and nutrient reference values of Regulation (EU) 1169/2011,
Annex XIII (salt 6 g is sodium 2,400 mg); fibre 25 g as in EFSA Journal 2010;8(3):1462."""


def usual(target: str) -> float:
    """Return the amount to start from."""
    return SCALES[target].usual


def steps_of(target: str, amount: float) -> tuple[Step, ...]:
    """Return the steps from `amount`, down and up; those that would leave the scale are left out.

    A small step leads to the next multiple of it, so that 122 g becomes 125, then 130.
    """
    scale = SCALES[target]
    down, up = math.ceil(amount / scale.small) - 1, math.floor(amount / scale.small) + 1
    ways = (
        (f"– {scale.big:g}", amount - scale.big),
        (f"– {scale.small:g}", down * scale.small),
        (f"+ {scale.small:g}", up * scale.small),
        (f"+ {scale.big:g}", amount + scale.big),
    )
    return tuple(
        Step(sign, reached)
        for sign, reached in ways
        if (scale.lowest <= reached if reached < amount else reached <= scale.highest)
    )
