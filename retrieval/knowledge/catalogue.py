"""The catalogue: foods, recipes and notes, loaded and checked, with their figures and passages."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.datafiles import read_foods, read_notes, read_recipes
from retrieval.knowledge.documents import NUTRIENTS, Food, Kind, Note, Passage, Recipe
from retrieval.knowledge.food_text import figures_text, food_text

BUNDLED = Path(__file__).parent / "data"
"""The folder of the catalogue that ships with Platewise."""

_LEXICON = Path(__file__).parents[1] / "diet" / "data"

_DECIMALS: Mapping[str, int] = {
    "energy_kcal": 0,
    "sodium_mg": 0,
    "calcium_mg": 0,
    "potassium_mg": 0,
    "b12_ug": 2,
}
"""Decimals of computed figures; all others have one: the inputs are not more exact than that."""

_TRACE = 0.01
"""An ingredient under this share of a recipe's weight may lack a figure: it hardly moves the sum."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All documents of one catalogue.

    `digest` is the SHA-256 of its files and of the lexicon's: it changes when any of them changes.
    """

    foods: tuple[Food, ...]
    recipes: tuple[Recipe, ...]
    notes: tuple[Note, ...]
    digest: str


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Load and check the catalogue in `folder`; without it, the one that ships with Platewise.

    Raises `BadInputError` with file and line for anything that is missing, malformed, or names a food
    or a lexicon id that doesn't exist. A folder without recipes or notes is fine.
    """
    root = folder or BUNDLED
    known = lexicon()
    foods = read_foods(root / "foods.csv", known)
    return Catalogue(
        foods=foods,
        recipes=read_recipes(root / "recipes", {food.id for food in foods}),
        notes=read_notes(root / "notes", known),
        digest=_digest(root, _LEXICON),
    )


def recipe_facts(recipe: Recipe, foods: Mapping[str, Food]) -> dict[str, float]:
    """Return the figures per serving, in the units of `NUTRIENTS`, summed over the raw ingredients.

    A figure is there only where every ingredient's food has it; ingredients under 1 % of the recipe's
    weight may lack it. What boils away or stays in the pan is not taken off.
    """
    return _scaled(recipe, foods, 1 / recipe.servings)


def recipe_facts_per_100g(recipe: Recipe, foods: Mapping[str, Food]) -> dict[str, float]:
    """Return the figures per 100 g of ingredients as they go into the pot, water included where listed."""
    return _scaled(recipe, foods, 100 / _weight(recipe))


def recipe_contains(recipe: Recipe, foods: Mapping[str, Food]) -> tuple[str, ...] | None:
    """Return the lexicon ids of everything in the recipe, sorted; `None` when one food's are unknown."""
    ids: set[str] = set()
    for ingredient in recipe.ingredients:
        contains = foods[ingredient.food].contains
        if contains is None:
            return None
        ids.update(contains)
    return tuple(sorted(ids))


def note_contains(note: Note) -> tuple[str, ...]:
    """Return the lexicon ids that the note speaks of, sorted, without what it `avoids`.

    Left out is also whatever descends from an id in `avoids` or carries it as an allergen or property:
    a note that avoids `milk` may name butter.
    """
    words = lexicon()
    mentioned = {mention.ingredient for mention in words.find(f"{note.title}. {note.text}")}
    return tuple(
        sorted(item for item in mentioned if words.contents([item]).everything.isdisjoint(note.avoids))
    )


def passages(catalogue: Catalogue) -> tuple[Passage, ...]:
    """Return every document as one passage, with text that reads well for a person and for a model."""
    return tuple(_passages(catalogue))


def _passages(catalogue: Catalogue) -> Iterator[Passage]:
    foods = {food.id: food for food in catalogue.foods}
    yield from map(_food_passage, catalogue.foods)
    for recipe in catalogue.recipes:
        yield _recipe_passage(recipe, foods)
    yield from map(_note_passage, catalogue.notes)


def _food_passage(food: Food) -> Passage:
    return Passage(
        id=f"{Kind.FOOD}:{food.id}",
        kind=Kind.FOOD,
        title=food.title,
        text=food_text(food.title, food.facts, "100 g", food.portion, food.portion_g),
        facts=food.facts,
        basis="100 g",
        per_100g=food.facts,
        portion=food.portion,
        portion_g=food.portion_g,
        source=f"USDA {food.release}, FDC {food.fdc_id}",
        names=food.names,
        contains=None if food.contains is None else tuple(sorted(food.contains)),
    )


def _recipe_passage(recipe: Recipe, foods: Mapping[str, Food]) -> Passage:
    facts = recipe_facts(recipe, foods)
    ingredients = "; ".join(
        f"{foods[line.food].title}, {line.grams:g} g ({line.amount})" for line in recipe.ingredients
    )
    releases = sorted({foods[line.food].release for line in recipe.ingredients})
    lines = [
        f"{recipe.title}. {recipe.cuisine} {recipe.meal}, serves {recipe.servings}, {recipe.minutes} minutes.",
        f"Tags: {', '.join(recipe.tags)}." if recipe.tags else "",
        f"Per serving: {figures_text(facts)}.",
        f"Ingredients: {ingredients}.",
        "Steps: " + " ".join(f"{number}. {step}" for number, step in enumerate(recipe.steps, 1)),
    ]
    return Passage(
        id=f"{Kind.RECIPE}:{recipe.id}",
        kind=Kind.RECIPE,
        title=recipe.title,
        text="\n".join(line for line in lines if line),
        facts=facts,
        basis="serving",
        per_100g=recipe_facts_per_100g(recipe, foods),
        portion="serving",
        portion_g=round(_weight(recipe) / recipe.servings, 1),
        source=f"Platewise recipe, figures from USDA {', '.join(releases)}",
        names=recipe.names,
        contains=recipe_contains(recipe, foods),
    )


def _note_passage(note: Note) -> Passage:
    return Passage(
        id=f"{Kind.NOTE}:{note.id}",
        kind=Kind.NOTE,
        title=note.title,
        text=note.text,
        source=f"{note.organisation}, {note.document}, {note.year}",
        names=note.names,
        contains=note_contains(note),
    )


def _scaled(recipe: Recipe, foods: Mapping[str, Food], factor: float) -> dict[str, float]:
    trace = _TRACE * _weight(recipe)
    facts: dict[str, float] = {}
    for key in NUTRIENTS:
        if any(key not in foods[line.food].facts and line.grams >= trace for line in recipe.ingredients):
            continue
        total = sum(foods[line.food].facts.get(key, 0.0) * line.grams / 100 for line in recipe.ingredients)
        facts[key] = round(total * factor, _DECIMALS.get(key, 1))
    return facts


def _weight(recipe: Recipe) -> float:
    return sum(line.grams for line in recipe.ingredients)


def _digest(*folders: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(folders):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
