"""A food of FoodData Central as a record."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.knowledge.food_text import food_text
from retrieval.knowledge.loaders.figures import amount, implausible
from retrieval.knowledge.loaders.usda_rules import usda_rules
from retrieval.knowledge.loaders.usda_tables import Brand, Portion, UsdaRow

FACT_COLUMNS = tuple(
    "fdc_id description category kcal protein_g fat_g carb_g fibre_g sugar_g satfat_g sodium_mg calcium_mg iron_mg "
    "potassium_mg vitc_mg b12_ug portion_desc portion_g".split()
)
"""The columns of SR Legacy in one table; figures are per 100 g, and an empty one is unknown."""

_FIGURES: Mapping[str, str] = {
    "kcal": "energy_kcal",
    "carb_g": "carbohydrate_g",
    "satfat_g": "saturated_fat_g",
    "vitc_mg": "vitamin_c_mg",
}
_NO_FIGURES = 0
"""The time of change of a food whose figures are missing: older than any other."""

_DECIMALS = {"energy_kcal": 1}
"""Decimals of a figure, others have three: computed energy comes with nine, and none of them is measured."""

_RELEASED = {"2018-04": int(datetime(2018, 4, 1, tzinfo=UTC).timestamp())}
_UNDETERMINED = frozenset({"", "undetermined", "racc"})
_GRAMS = frozenset({"g", "grm", "gm", "gr"})
_MILLILITRES = frozenset({"ml", "mlt"})
_LONGEST_NAME = 200  # characters
_OUNCE = re.compile(r"\bonz\b")
_LOWER = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def joined_record(row: UsdaRow, origin: Origin, *, has_figures: bool) -> Record | str:
    """Return the record of a food, or why it can't be one."""
    if fault := _unusable_id(row.fdc_id):
        return fault
    title = _title(row)
    if not title:
        return "it has no description"
    facts = _facts(row)
    if fault := implausible(facts):
        return fault
    portion, portion_g = _branded_portion(row.brand) if row.brand else _portion(row.portions)
    liquid = row.brand is not None and row.brand.serving_unit.strip().lower() in _MILLILITRES
    modified = _seconds(row.brand.modified if row.brand else row.date) if has_figures else _NO_FIGURES
    says, label = _branded_contents(row.brand) if row.brand else _contents(row.category, row.description)
    return _record(
        fdc_id=row.fdc_id,
        title=title,
        names=_brand_names(row.brand, title),
        facts=facts,
        basis="100 ml" if liquid else "100 g",
        portion=portion,
        portion_g=portion_g,
        origin=origin,
        says=says,
        label=label,
        modified=modified,
    )


def facts_record(values: tuple[str, ...], origin: Origin) -> Record | str:
    """Return the record of a line of SR Legacy's one table, or why it can't be one."""
    row = dict(zip(FACT_COLUMNS, values, strict=True))
    if fault := _unusable_id(row["fdc_id"]):
        return fault
    if not row["description"].strip():
        return "it has no description"
    read = {_FIGURES.get(key, key): amount(row[key]) for key in FACT_COLUMNS[3:16]}
    facts = {key: value for key, value in read.items() if value is not None}
    if fault := implausible(facts):
        return fault
    portion_g = _weight(row["portion_g"])
    says, label = _contents(row["category"], row["description"])
    return _record(
        fdc_id=row["fdc_id"],
        title=row["description"].strip(),
        names=(),
        facts=facts,
        basis="100 g",
        portion=row["portion_desc"].strip() if portion_g else "",
        portion_g=portion_g,
        origin=origin,
        says=says,
        label=label,
        modified=_RELEASED.get(origin.release),
    )


def _record(
    *,
    fdc_id: str,
    title: str,
    names: tuple[str, ...],
    facts: Mapping[str, float],
    basis: str,
    portion: str,
    portion_g: float | None,
    origin: Origin,
    says: Says,
    label: str,
    modified: int | None,
) -> Record:
    passage = Passage(
        id=f"{Kind.FOOD}:fdc-{fdc_id}",
        kind=Kind.FOOD,
        title=title,
        text=food_text(title, facts, basis, portion, portion_g),
        facts=facts,
        basis=basis,
        # How heavy 100 ml are isn't known, so what rules go by 100 g can't be answered.
        per_100g=facts if basis == "100 g" else {},
        portion=portion,
        portion_g=portion_g,
        source=f"{origin.name} {origin.release}, FDC {fdc_id}",
        names=names,
    )
    return Record(passage, origin, says, label=label, key=f"fdc:{fdc_id}", modified=modified)


def _unusable_id(fdc_id: str) -> str | None:
    return None if fdc_id.isascii() and fdc_id.isdecimal() else f"its fdc_id {fdc_id[:20]!r} isn't a number"


def _facts(row: UsdaRow) -> dict[str, float]:
    said = {number: amount(text) for number, text in row.amounts}
    facts: dict[str, float] = {}
    for figure, numbers in usda_rules().nutrients.items():
        for number in numbers:
            if (value := said.get(number)) is not None:
                facts[figure] = round(value, _DECIMALS.get(figure, 3))
                break
    return facts


def _title(row: UsdaRow) -> str:
    text = _tidy(row.description)
    if text or row.brand is None:
        return text
    # The table of branded foods alone doesn't name them: what they are and whose must do.
    brand = row.brand
    what = _tidy(brand.short_description) or _tidy(brand.category)
    whose = _tidy(brand.name) or _tidy(brand.owner)
    return ", ".join(part for part in (what, whose) if part)


def _brand_names(brand: Brand | None, title: str) -> tuple[str, ...]:
    if brand is None:
        return ()
    names = (_tidy(name) for name in (brand.name, brand.sub_name, brand.owner))
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in title.casefold()))


def _tidy(text: str) -> str:
    """Return `text` on one line; capitals throughout become capitals at the start of words."""
    plain = " ".join(text.split())[:_LONGEST_NAME].strip(" ,")
    return plain if _LOWER.search(plain) else _WORD.sub(lambda word: word.group().capitalize(), plain)


def _contents(category: str, description: str) -> tuple[Says, str]:
    single = usda_rules().single.get(category)
    name = single.name(description) if single else None
    return (Says.NAME, name) if name else (Says.NOTHING, "")


def _branded_contents(brand: Brand) -> tuple[Says, str]:
    label = brand.ingredients.strip()
    return (Says.LIST, label) if label else (Says.NOTHING, "")


def _portion(portions: tuple[Portion, ...]) -> tuple[str, float | None]:
    """Return the first portion with a weight. Its unit is `unit` in newer tables, the modifier in SR Legacy."""
    for portion in portions:
        grams = _weight(portion.grams)
        unit = "" if portion.unit.lower() in _UNDETERMINED else portion.unit
        text = " ".join(part for part in (unit, portion.description, portion.modifier) if part.strip())
        if grams and text:
            number = amount(portion.amount)
            return (f"{number:g} {text}" if number and number > 0 else text), grams
    return "", None


def _branded_portion(brand: Brand) -> tuple[str, float | None]:
    size, unit = _weight(brand.serving_size), brand.serving_unit.strip().lower()
    grams = size if size and unit in _GRAMS else None
    household = _OUNCE.sub("oz", _tidy(brand.household_serving).lower())
    if household and household != "amount per serving":
        return household, grams
    return (f"{size:g} {unit}", grams) if size and unit else ("", None)


def _weight(text: str) -> float | None:
    """Return a weight in grams; `None` for none and for what can't be one."""
    value = amount(text.strip())
    return value if value is not None and 0 < value < 100_000 else None


def _seconds(date: str) -> int | None:
    try:
        return int(datetime.strptime(date.strip(), "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
