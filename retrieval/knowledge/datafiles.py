"""Reads and checks the files of a catalogue: foods.csv, recipes/*.yaml and notes/*.md.

Every error is a `BadInputError` that names the file, the line and the mend.
"""

import csv
import io
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS, Food, Note, Recipe, RecipeIngredient


class Category(StrEnum):
    """What sort of food something is, for browsing and for plans."""

    LEGUME = "legume"
    SOY = "soy"
    GRAIN = "grain"
    BREAD = "bread"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    NUT = "nut"
    SEED = "seed"
    DAIRY = "dairy"
    EGG = "egg"
    MEAT = "meat"
    POULTRY = "poultry"
    FISH = "fish"
    SHELLFISH = "shellfish"
    FAT = "fat"
    SWEET = "sweet"
    SNACK = "snack"
    DRINK = "drink"
    SAUCE = "sauce"
    DISH = "dish"
    SPICE = "spice"
    BAKING = "baking"


class Meal(StrEnum):
    """When a recipe is eaten."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"
    SNACK = "snack"
    DESSERT = "dessert"
    SIDE = "side"
    DRINK = "drink"


FOOD_COLUMNS = (
    *("id", "title", "names", "category", "contains", "portion", "portion_g", "fdc_id", "release"),
    *NUTRIENTS,
)
"""The columns of foods.csv, in order. Lists are separated by `|`; an empty figure is unknown."""


def read_foods(path: Path, known: Container[str]) -> tuple[Food, ...]:
    """Return the foods of `path`; `known` holds the lexicon ids that `contains` may name."""
    foods: dict[str, Food] = {}
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey=_EXTRA)
    if tuple(reader.fieldnames or ()) != FOOD_COLUMNS:
        raise BadInputError(f"{path.name}, line 1: {_header_fault(reader.fieldnames or ())}")
    for row in reader:
        where = f"{path.name}, line {reader.line_num}"
        food = _food(row, where, known)
        if food.id in foods:
            raise BadInputError(f"{where}: id {food.id!r} is used twice; ids must differ")
        foods[food.id] = food
    return tuple(foods.values())


def read_recipes(folder: Path, foods: Container[str]) -> tuple[Recipe, ...]:
    """Return the recipes of `folder`, one file each; `foods` holds the food ids they may use."""
    return tuple(_recipe(path, foods) for path in sorted(folder.glob("*.yaml")))


def read_notes(folder: Path, known: Container[str]) -> tuple[Note, ...]:
    """Return the notes of `folder`, one file each; `known` holds the lexicon ids `avoids` may name."""
    return tuple(_note(path, known) for path in sorted(folder.glob("*.md")))


class _LineLoader(yaml.CSafeLoader):
    """Safe YAML that remembers in each mapping, under `_LINE`, the line where it starts."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping


_LINE = "__line__"
_EXTRA = "__extra__"


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}; a catalogue needs this file") from None
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path.name}: not UTF-8 at byte {error.start}; save it as UTF-8") from None


def _header_fault(names: Sequence[str]) -> str:
    if missing := [column for column in FOOD_COLUMNS if column not in names]:
        return f"column '{missing[0]}' is missing"
    return f"the columns must be exactly: {','.join(FOOD_COLUMNS)}"


def _food(row: Mapping[str, Any], where: str, known: Container[str]) -> Food:
    if _EXTRA in row or None in row.values():
        raise BadInputError(f"{where}: expected {len(FOOD_COLUMNS)} cells; quote text that holds commas")
    for column in ("id", "title", "release"):
        if not row[column].strip():
            raise BadInputError(f"{where}: '{column}' is empty; every food needs one")
    if row["category"] not in list(Category):
        raise BadInputError(
            f"{where}: unknown category {row['category']!r}; use one of: {', '.join(Category)}"
        )
    if not row["fdc_id"].isdecimal():
        raise BadInputError(f"{where}: 'fdc_id' is {row['fdc_id']!r}, not a whole number")
    portion_g = _number(row["portion_g"], "portion_g", where)
    if (portion_g is None) == bool(row["portion"]) or portion_g == 0:
        raise BadInputError(f"{where}: 'portion' and 'portion_g' (above 0) go together; fill or empty both")
    facts = {column: _number(row[column], column, where) for column in NUTRIENTS}
    contains = _split(row["contains"])
    _check_ids(contains, known, where, "contains")
    return Food(
        id=row["id"],
        title=row["title"],
        names=_split(row["names"]),
        category=Category(row["category"]),
        contains=contains or None,
        portion=row["portion"],
        portion_g=portion_g,
        fdc_id=int(row["fdc_id"]),
        release=row["release"],
        facts={column: value for column, value in facts.items() if value is not None},
    )


def _number(cell: str, column: str, where: str) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInputError(f"{where}: '{column}' is {cell!r}, not a number; leave it empty when unknown")
    if value < 0:
        raise BadInputError(f"{where}: '{column}' is {cell}; a figure can't be negative")
    return value


def _split(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split("|") if item.strip())


def _check_ids(ids: tuple[str, ...], known: Container[str], where: str, column: str) -> None:
    for item in ids:
        if item not in known:
            raise BadInputError(f"{where}: '{column}' names {item!r}, which is not in the lexicon")


def _recipe(path: Path, foods: Container[str]) -> Recipe:
    data = _Fields(_yaml(_text(path), path, 0), path)
    data.check_id()
    meal = data.text("meal")
    if meal not in list(Meal):
        raise data.fault(f"unknown meal '{meal}'; use one of: {', '.join(Meal)}")
    return Recipe(
        id=data.text("id"),
        title=data.text("title"),
        names=data.words("names"),
        servings=data.whole("servings"),
        minutes=data.whole("minutes"),
        cuisine=data.text("cuisine"),
        meal=Meal(meal),
        tags=data.words("tags"),
        ingredients=tuple(_ingredients(data, path, foods)),
        steps=data.words("steps", needed=True),
    )


def _ingredients(data: "_Fields", path: Path, foods: Container[str]) -> Iterator[RecipeIngredient]:
    for item in data.items("ingredients"):
        line = _Fields(item, path)
        food, grams = line.text("food"), item.get("grams")
        if food not in foods:
            raise line.fault(f"unknown food '{food}'; use an id of foods.csv")
        if isinstance(grams, bool) or not isinstance(grams, int | float) or not 0 < grams < math.inf:
            raise line.fault(f"'grams' of '{food}' must be a number above 0, not {grams!r}")
        yield RecipeIngredient(food=food, grams=float(grams), amount=line.text("amount"))


def _note(path: Path, known: Container[str]) -> Note:
    text = _text(path)
    _, opening, rest = text.partition("---\n")
    front, closing, body = rest.partition("\n---\n")
    if not text.startswith("---\n") or not opening or not closing:
        raise BadInputError(f"{path.name}, line 1: bad front matter; it must stand between two lines '---'")
    data = _Fields(_yaml(front, path, 1), path)
    data.check_id()
    reviewed = data.value("reviewed")
    if not isinstance(reviewed, date):
        raise data.fault(f"'reviewed' must be a date such as 2026-11-01, not {reviewed!r}")
    avoids = data.words("avoids")
    _check_ids(avoids, known, data.where, "avoids")
    if not body.strip():
        raise data.fault("the note has no text")
    return Note(
        id=data.text("id"),
        title=data.text("title"),
        names=data.words("names"),
        organisation=data.text("organisation"),
        document=data.text("document"),
        year=data.whole("year"),
        reviewed=reviewed.isoformat(),
        avoids=avoids,
        text="\n\n".join(" ".join(paragraph.split()) for paragraph in body.strip().split("\n\n")),
    )


def _yaml(text: str, path: Path, lines_before: int) -> dict[str, Any]:
    loader = _LineLoader(text)
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 1 + lines_before
        raise BadInputError(f"{path.name}, line {line}: not valid YAML: {error.problem}") from None
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise BadInputError(f"{path.name}, line {1 + lines_before}: expected 'key: value' lines")
    data[_LINE] += lines_before
    return data


class _Fields:
    """The fields of one YAML mapping, each checked as it is taken."""

    def __init__(self, data: Mapping[str, Any], path: Path) -> None:
        self._data = data
        self._path = path
        self.where = f"{path.name}, line {data[_LINE]}"

    def fault(self, problem: str) -> BadInputError:
        return BadInputError(f"{self.where}: {problem}")

    def value(self, key: str) -> Any:
        if key not in self._data:
            raise self.fault(f"'{key}' is missing")
        return self._data[key]

    def text(self, key: str) -> str:
        value = self.value(key)
        if not isinstance(value, str | int | float) or not str(value).strip():
            raise self.fault(f"'{key}' is empty or no text")
        return str(value).strip()

    def whole(self, key: str) -> int:
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.fault(f"'{key}' must be a whole number above 0, not {value!r}")
        return value

    def words(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fault(f"'{key}' must be a list of texts")
        if needed and not value:
            raise self.fault(f"'{key}' is empty")
        return tuple(value)

    def items(self, key: str) -> list[dict[str, Any]]:
        value = self.value(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.fault(f"'{key}' must be a list with at least one entry")
        return value

    def check_id(self) -> None:
        if self.text("id") != self._path.stem:
            raise self.fault(f"id '{self.text('id')}' must be the file's name, '{self._path.stem}'")
