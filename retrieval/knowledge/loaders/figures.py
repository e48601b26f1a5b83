"""Figures per 100 g as loaders read them: checked, and put into words as everywhere else."""

import math
from collections.abc import Mapping

_MOST_ENERGY = 950.0  # kcal: pure fat has about 900
_MOST_SUM = 105.0  # g of protein, fat and carbohydrate together: each is rounded, and labels round a lot
_MOST: Mapping[str, float] = {"g": 100.5, "mg": 100_500.0, "ug": 1_000_000.0, "kcal": _MOST_ENERGY}


def amount(text: object) -> float | None:
    """Return the number that a source gives; `None` for none, not a number for what isn't one."""
    if text is None or text == "":
        return None
    if isinstance(text, bool):
        return math.nan
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def implausible(facts: Mapping[str, float]) -> str | None:
    """Return what can't be true of 100 g of food ('fat_g is -1'), or `None`.

    A record with one such figure is left out as a whole: what else its source typed can't be trusted either.
    """
    for key, value in facts.items():
        if not math.isfinite(value):
            return f"{key} isn't a number"
        if not 0 <= value <= _MOST[key.rpartition("_")[2]]:
            return f"{key} is {value:g} per 100 g"
    total = sum(facts.get(key, 0.0) for key in ("protein_g", "fat_g", "carbohydrate_g"))
    if total > _MOST_SUM:
        return f"protein, fat and carbohydrate are {total:g} g per 100 g"
    return None
