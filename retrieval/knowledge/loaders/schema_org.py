"""Recipes as schema.org/Recipe in JSON-LD, in a file of its own or embedded in a page.

What the properties mean: https://schema.org/Recipe and https://schema.org/NutritionInformation.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.files import one_line
from retrieval.knowledge.loaders.markdown import html_text
from retrieval.knowledge.loaders.recipe_text import Group, RecipeText

Json = Mapping[str, Any]
"""A JSON object of the source."""

_DEPTH = 12  # of what stands around a recipe: a graph, a list, a page

_NUTRIENTS: Mapping[str, tuple[str, str]] = {
    "calories": ("energy_kcal", "kcal"),
    "proteinContent": ("protein_g", "g"),
    "fatContent": ("fat_g", "g"),
    "carbohydrateContent": ("carbohydrate_g", "g"),
    "fiberContent": ("fibre_g", "g"),
    "sugarContent": ("sugar_g", "g"),
    "saturatedFatContent": ("saturated_fat_g", "g"),
    "sodiumContent": ("sodium_mg", "mg"),
}
"""Property → figure and its unit."""

_UNITS: Mapping[str, tuple[str, float]] = {
    "kcal": ("kcal", 1.0),
    "cal": ("kcal", 1.0),  # labels in English write the kilocalorie so
    "calorie": ("kcal", 1.0),
    "calories": ("kcal", 1.0),
    "kilocalories": ("kcal", 1.0),
    "kj": ("kcal", 1 / 4.184),
    "g": ("mass", 1.0),
    "gr": ("mass", 1.0),
    "gram": ("mass", 1.0),
    "grams": ("mass", 1.0),
    "mg": ("mass", 0.001),
    "milligram": ("mass", 0.001),
    "milligrams": ("mass", 0.001),
}
"""Unit → what it measures, and how many kilocalories or grams one is."""

_GRAMS: Mapping[str, float] = {"g": 1.0, "mg": 0.001}
_MOST: Mapping[str, float] = {"kcal": 10_000.0, "g": 1_000.0, "mg": 50_000.0}
"""More than this in one serving is a slip of the source, and left out."""

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_QUANTITY = re.compile(r"(?P<number>\d+(?:[.,]\d+)*) ?(?P<unit>[a-zA-Z]*)(?: [a-zA-Z ]{1,30})?")
_WEIGHT = re.compile(r"(?<![\d.,])(?P<number>\d+(?:[.,]\d{1,2})?) ?(?:g|grams?)\b(?! ?/)", re.IGNORECASE)
_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?(?:T(?:(?P<hours>\d{1,5}(?:\.\d+)?)H)?"
    r"(?:(?P<minutes>\d{1,6}(?:\.\d+)?)M)?(?:\d{1,8}(?:\.\d+)?S)?)?"
)
_SCRIPT = re.compile(r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMES = (("prepTime", "Prep time"), ("cookTime", "Cook time"), ("totalTime", "Total time"))
_TAGS = ("recipeCategory", "recipeCuisine", "keywords")


def recipes_in_json(text: str, name: str) -> tuple[Json, ...]:
    """Return every Recipe object in a JSON text, in order, however deep in lists, graphs and pages.

    Raises `BadInputError`, which calls the file `name`, for text that is no JSON.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInputError(f"{name}, line {error.lineno}: broken JSON ({error.msg})") from error
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets as deep
        raise BadInputError(f"{name}: JSON with a number too long or nested too deeply") from None
    return tuple(_recipes(data, _DEPTH))


def recipes_in_page(text: str, name: str) -> tuple[Json, ...]:
    """Return every Recipe object embedded in an HTML page. Raises `BadInputError` for broken JSON in it."""
    return tuple(
        recipe for script in _scripts(text) if "Recipe" in script for recipe in recipes_in_json(script, name)
    )


def _scripts(page: str) -> Iterator[str]:
    """Yield the content of every script of linked data, in one pass whatever the page."""
    place = 0
    while (opened := _SCRIPT.search(page, place)) is not None:
        place = page.find("</script", opened.end())
        if place < 0:
            return
        yield page[opened.end() : place]


def read_schema_recipe(data: Json) -> RecipeText:
    """Return the Recipe object `data` as a recipe.

    Raises `BadInputError` when it has no name or no ingredients, or one of its properties isn't what it should be.
    """
    title = _line(data.get("name"), "name")
    if not title:
        raise BadInputError("a recipe without a name")
    lines = tuple(_ingredients(data.get("recipeIngredient", data.get("ingredients"))))
    if not lines:
        raise BadInputError(f"'{title[:80]}' has no recipeIngredient")
    basis, portion_g = _serving(data.get("nutrition"))
    facts = dict(_facts(data.get("nutrition")))
    return RecipeText(
        title=title,
        groups=(Group(name="", lines=lines),),
        steps=tuple(_steps(data.get("recipeInstructions"), _DEPTH)),
        names=tuple(_lines(data.get("alternateName"), "alternateName")),
        about=tuple(_about(data)),
        tags=tuple(dict.fromkeys(tag for key in _TAGS for tag in _tags(data.get(key), key))),
        description=tuple(_texts(data.get("description"))),
        facts=facts,
        basis=basis if facts else "",
        portion_g=portion_g,
        author=", ".join(_names(data.get("author"))),
        date=max((found.group() for found in map(_date, _dates(data)) if found), default=""),
        licence=", ".join(_names(data.get("license"))),
    )


def address(data: Json) -> str:
    """Return the web address that a Recipe object gives for itself, '' for none."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = data.get(key)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str) and value.startswith(("https://", "http://")):
            return one_line(value)[:300]
    return ""


def _recipes(data: object, depth: int) -> Iterator[Json]:
    if depth == 0:
        return
    if isinstance(data, dict):
        if "Recipe" in _types(data):
            yield data
            return
        data = list(data.values())
    if isinstance(data, list):
        for value in data:
            yield from _recipes(value, depth - 1)


def _types(data: Json) -> frozenset[str]:
    """Return the names of an object's types, without 'https://schema.org/' or 'schema:'."""
    value = data.get("@type")
    values = value if isinstance(value, list) else [value]
    return frozenset(re.split(r"[/:#]", item)[-1] for item in values if isinstance(item, str))


def _ingredients(value: object) -> Iterator[str]:
    """Yield the lines of ingredients; one text is cut at its lines, or else at its commas."""
    if isinstance(value, str):
        lines = tuple(_texts(value))
        yield from lines if len(lines) > 1 else (part for line in lines for part in _comma_parts(line))
    elif value is not None:
        yield from _lines(value, "recipeIngredient")


def _comma_parts(line: str) -> Iterator[str]:
    for part in re.split(r"[,;](?!\d)", line):
        if part.strip():
            yield part.strip()


def _steps(value: object, depth: int) -> Iterator[str]:
    """Yield the steps of a text, a HowToStep, a HowToSection, or lists of these."""
    if value is None or value == "":
        return
    if depth == 0:
        raise BadInputError("recipeInstructions nested too deeply")
    if isinstance(value, str):
        yield from _texts(value)
    elif isinstance(value, list):
        for item in value:
            yield from _steps(item, depth - 1)
    elif not isinstance(value, dict):
        raise BadInputError("recipeInstructions is neither text nor steps")
    elif "itemListElement" in value or "item" in value:
        inner = list(_steps(value.get("itemListElement", value.get("item")), depth - 1))
        heading = _line(value.get("name"), "the name of a section")
        yield from (f"{heading}: {step}" if heading and not n else step for n, step in enumerate(inner))
    else:
        text = " ".join(_texts(value.get("text"))) or _line(value.get("name"), "the name of a step")
        if text:
            yield text


def _about(data: Json) -> Iterator[str]:
    servings = next(iter(_lines(data.get("recipeYield", data.get("yield")), "recipeYield")), "")
    if servings:
        yield f"Serves {servings}" if servings.isdecimal() else f"Yield: {servings}"
    for key, label in _TIMES:
        minutes = _minutes(data.get(key))
        if minutes:
            yield f"{label}: {minutes} minutes"


def _minutes(value: object) -> int:
    """Return an ISO 8601 duration in minutes; 0 for none, and for what isn't one."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return 0
    days, hours, minutes = (float(match[key] or 0) for key in ("days", "hours", "minutes"))
    return round((days * 24 + hours) * 60 + minutes)


def _facts(nutrition: object) -> Iterator[tuple[str, float]]:
    """Yield the figures whose unit is stated; 'calories' states its own."""
    if not isinstance(nutrition, dict):
        return
    for key, (figure, unit) in _NUTRIENTS.items():
        value = nutrition.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value} kcal" if unit == "kcal" else ""
        amount = _amount(value, unit) if isinstance(value, str) else None
        if amount is not None and amount <= _MOST[unit]:
            yield figure, round(amount, 2)


def _amount(text: str, unit: str) -> float | None:
    """Return the quantity `text` in `unit` ('1,200 mg' of g → 1.2); `None` when it isn't clear."""
    match = _QUANTITY.fullmatch(one_line(text))
    if match is None:
        return None
    written = match["unit"].lower() or ("kcal" if unit == "kcal" else "")
    measure, factor = _UNITS.get(written, ("", 0.0))
    number = _number(match["number"], small_unit=written in {"mg", "kcal", "calories", "cal", "kj"})
    if number is None or measure != ("kcal" if unit == "kcal" else "mass"):
        return None
    return number * factor / _GRAMS.get(unit, 1.0)


def _number(text: str, *, small_unit: bool) -> float | None:
    """Return a number written with a decimal point or comma.

    '1,200' is a thousand of a small unit, and unclear for grams.
    """
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", "")) if small_unit else None
    text = text.replace(",", ".")
    return float(text) if text.count(".") <= 1 else None


def _serving(nutrition: object) -> tuple[str, float | None]:
    """Return what figures are per, and the grams of a serving where its size names exactly one weight."""
    size = nutrition.get("servingSize") if isinstance(nutrition, dict) else None
    weights = _WEIGHT.findall(size) if isinstance(size, str) else []
    grams = float(weights[0].replace(",", ".")) if len(weights) == 1 else 0.0
    if not 1 <= grams <= 3_000:
        return "serving", None
    return ("100 g", None) if grams == 100 else ("serving", grams)


def _dates(data: Json) -> tuple[object, ...]:
    return data.get("dateModified"), data.get("datePublished"), data.get("dateCreated")


def _date(value: object) -> re.Match[str] | None:
    return _DATE.match(value) if isinstance(value, str) else None


def _tags(value: object, key: str) -> Iterator[str]:
    for line in _lines(value, key):
        yield from (tag.strip() for tag in line.split(",") if tag.strip())


def _names(value: object) -> Iterator[str]:
    """Yield the names of people, organisations or licences, given as text or as objects."""
    for item in value if isinstance(value, list) else [value]:
        found = item.get("name", item.get("url")) if isinstance(item, dict) else item
        if isinstance(found, str) and found.strip():
            yield one_line(html.unescape(found))


def _line(value: object, key: str) -> str:
    return " ".join(_lines(value, key))


def _lines(value: object, key: str) -> Iterator[str]:
    """Yield a text, or each of a list of texts or of things with a name, as one line.

    Raises `BadInputError`, which names the property `key`, for anything else.
    """
    for item in value if isinstance(value, list) else [value]:
        text = item.get("text", item.get("name", item.get("@value"))) if isinstance(item, dict) else item
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = f"{text:g}"
        if text is not None and not isinstance(text, str):
            raise BadInputError(f"{key} isn't text")
        line = " ".join(_texts(text))
        if line:
            yield line


def _texts(value: object) -> Iterable[str]:
    """Return the lines of a text that may be HTML, with its entities resolved."""
    if not isinstance(value, str):
        return ()
    text = html.unescape(value)
    text = html_text(text) if re.search(r"<[a-zA-Z!/]", text) else text
    return [line for line in map(one_line, text.splitlines()) if line]
