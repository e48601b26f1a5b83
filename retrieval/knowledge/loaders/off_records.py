"""A product of Open Food Facts as a record, from either of its exports."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.knowledge.food_text import food_text
from retrieval.knowledge.loaders.figures import amount, implausible
from retrieval.knowledge.loaders.off_tags import off_tags

COLUMNS = tuple(
    "code product_name generic_name brands ingredients_text allergens_tags traces_tags nutriments serving_size "
    "serving_quantity product_quantity_unit quantity last_modified_t lang product_type obsolete".split()
)
"""The columns of the Parquet export that are read, where it has them."""

_KJ = 4.184  # kJ in a kcal
_SALT = 2.5  # g of salt per g of sodium, Regulation (EU) 1169/2011 Annex I
_FIGURES: Mapping[str, tuple[str, float]] = {
    # Open Food Facts gives all weights in grams.
    "protein_g": ("proteins", 1),
    "fat_g": ("fat", 1),
    "carbohydrate_g": ("carbohydrates", 1),
    "fibre_g": ("fiber", 1),
    "sugar_g": ("sugars", 1),
    "saturated_fat_g": ("saturated-fat", 1),
    "sodium_mg": ("sodium", 1_000),
    "calcium_mg": ("calcium", 1_000),
    "iron_mg": ("iron", 1_000),
    "potassium_mg": ("potassium", 1_000),
    "vitamin_c_mg": ("vitamin-c", 1_000),
    "b12_ug": ("vitamin-b12", 1_000_000),
}
_LONGEST_NAME = 200  # characters
_LONGEST_CODE = 24  # digits
_MARKUP = re.compile(r"</?span\b[^<>]{0,40}>")
_GRAMS = re.compile(r"\d\s*(?:g|gr|gram|grams|grammes)\b", re.IGNORECASE)
_WEIGHT_AFTER = re.compile(r"(?<=\S) *\([\d.,]+ *(?:g|grm)\)$", re.IGNORECASE)  # it is said again
_MILLILITRES = re.compile(r"\d\s*(?:ml|cl|dl|l|litre|liter|fl\.? ?oz)\b", re.IGNORECASE)

Json = Mapping[str, Any]


def product_record(product: Json, origin: Origin) -> Record | str:
    """Return the record of a product, or why it can't be one.

    A product with an impossible figure is left out as a whole: it was typed by anybody, and what else was typed with
    it is no better.
    """
    code = str(product.get("code") or "").strip()
    if not (code.isascii() and code.isdecimal()) or len(code) > _LONGEST_CODE:
        return f"its code {code[:_LONGEST_CODE]!r} isn't a barcode"
    if fault := _not_offered(product):
        return fault
    title = _line(_text(product, "product_name") or _text(product, "generic_name"))
    if not title:
        return f"product {code} has no name"
    facts = _facts(_nutriments(product.get("nutriments")))
    if fault := implausible(facts):
        return f"product {code}: {fault}"
    return _record(product, code, title, facts, origin)


def _record(product: Json, code: str, title: str, facts: Mapping[str, float], origin: Origin) -> Record:
    serving = _line(product.get("serving_size"))
    basis = "100 ml" if _is_liquid(product, serving) else "100 g"
    grams = amount(product.get("serving_quantity")) if _GRAMS.search(serving) else None
    portion_g = grams if grams is not None and 0 < grams < 100_000 else None
    says, label, stated = _contents(product)
    brand = _line(str(product.get("brands") or "").split(",")[0])
    if portion_g is not None:
        serving = _WEIGHT_AFTER.sub("", serving)
    passage = Passage(
        id=f"{Kind.FOOD}:off-{code}",
        kind=Kind.FOOD,
        title=title,
        text=food_text(title, facts, basis, serving, portion_g),
        facts=facts,
        basis=basis,
        # How heavy 100 ml are isn't known, so what rules go by 100 g can't be answered.
        per_100g=facts if basis == "100 g" else {},
        portion=serving,
        portion_g=portion_g,
        source=f"Open Food Facts, {code}",
        names=(brand,) if brand and brand.casefold() not in title.casefold() else (),
    )
    modified = product.get("last_modified_t")
    return Record(
        passage,
        origin,
        says,
        label=label,
        stated=stated,
        key=f"off:{code}",
        modified=int(modified) if isinstance(modified, int | float) and math.isfinite(modified) else None,
    )


def _not_offered(product: Json) -> str | None:
    if product.get("obsolete") in {True, "on"}:
        return "it is withdrawn"
    sort = product.get("product_type") or "food"
    return None if sort == "food" else f"it is no food but {str(sort)[:40]!r}"


def _contents(product: Json) -> tuple[Says, str, tuple[str, ...]]:
    """Return how to read its contents, the label, and what tags and other languages' labels name.

    A tag that nobody can read is one more piece of the label, which makes the contents unknown.
    """
    tags = [tag for name in ("allergens_tags", "traces_tags") for tag in product.get(name) or () if tag]
    said = off_tags().read(tag for tag in tags if isinstance(tag, str))
    label = _text(product, "ingredients_text")
    stated = set(said.ids)
    for other in set(_texts(product, "ingredients_text")) - {label}:
        stated.update(mention.ingredient for mention in lexicon().find(other))
    if not label:
        return Says.NOTHING, "", tuple(sorted(stated))
    return Says.LIST, "\n".join((label, *said.unknown)), tuple(sorted(stated))


def _text(product: Json, name: str) -> str:
    """Return the English text of a field, else the one in the product's main language."""
    value = product.get(name)
    if isinstance(value, list):
        by_language: dict[str, str] = {}
        for item in value:
            if isinstance(item, dict) and (text := _string(item.get("text"))):
                by_language.setdefault(str(item.get("lang")), text)
        return by_language.get("en") or by_language.get("main") or next(iter(by_language.values()), "")
    english = product.get(f"{name}_en")
    return _string(english) or _string(value)


def _texts(product: Json, name: str) -> tuple[str, ...]:
    """Return the texts of a field in all languages."""
    value = product.get(name)
    if isinstance(value, list):
        return tuple(_string(item.get("text")) for item in value if isinstance(item, dict))
    return tuple(
        _string(text)
        for key, text in product.items()
        if key == name or (key.startswith(f"{name}_") and len(key) == len(name) + 3)
    )


def _string(value: object) -> str:
    """Return a text without the markup that the Parquet export puts around allergens."""
    return _MARKUP.sub("", value).strip() if isinstance(value, str) else ""


def _line(value: object) -> str:
    return " ".join(_string(value).split())[:_LONGEST_NAME].strip()


def _nutriments(value: object) -> Callable[[str], float | None]:
    """Return what gives a nutrient's amount in 100 g, whichever way the export writes them."""
    if isinstance(value, list):
        by_name = {item.get("name"): item.get("100g") for item in value if isinstance(item, dict)}
        return lambda name: _short(amount(by_name.get(name)))
    given = value if isinstance(value, dict) else {}
    return lambda name: _short(amount(given.get(f"{name}_100g")))


def _short(value: float | None) -> float | None:
    """Drop what single precision adds: 0.300000012 is 0.3."""
    return value if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _facts(nutriment: Callable[[str], float | None]) -> dict[str, float]:
    facts: dict[str, float] = {}
    energy = nutriment("energy-kcal")
    if energy is None:
        joules = nutriment("energy-kj")
        joules = nutriment("energy") if joules is None else joules
        energy = None if joules is None else round(joules / _KJ, 1)
    if energy is not None:
        facts["energy_kcal"] = energy
    for figure, (name, factor) in _FIGURES.items():
        value = nutriment(name)
        if value is None and figure == "sodium_mg":
            salt = nutriment("salt")
            value = None if salt is None else salt / _SALT
        if value is not None:
            facts[figure] = float(f"{value * factor:.6g}")
    return facts


def _is_liquid(product: Json, serving: str) -> bool:
    """Whether figures are per 100 ml: Open Food Facts calls both the same, and the pack's size tells them apart."""
    if product.get("product_quantity_unit") in {"ml", "cl", "l"}:
        return True
    if _MILLILITRES.search(_string(product.get("quantity"))):
        return True
    return bool(_MILLILITRES.search(serving)) and not _GRAMS.search(serving)
