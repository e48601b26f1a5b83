"""Check that a catalogue is true, safe and complete.

    .venv/bin/python -m tools.check_catalogue [FOLDER]

Prints one line for each fault and returns 1 when there is one; the last line counts what was checked. What the
loader refuses (an unknown food in a recipe, an id used twice in a file) is a fault as well.

Two files of the catalogue list what looks like a fault and isn't, each row with its reason. A row that excuses
nothing is a fault itself.

- `energy_exceptions.csv` (`id,reason`): foods whose energy doesn't follow from their nutrients.
- `label_exceptions.csv` (`document,word,brings,reason`): words that elsewhere bring allergens or properties which
  aren't in this document. `document` is `food:ID`, `recipe:ID`, or `recipe` for all recipes, since their
  ingredients are listed in full; `word` is a lexicon id, or `category` for a food unlike others of its category.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import suitable_diets
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.rules import ALLERGENS, PROPERTIES, rules
from retrieval.diet.violations import violations
from retrieval.errors import BadInputError
from retrieval.knowledge.catalogue import (
    BUNDLED,
    Catalogue,
    load_catalogue,
    recipe_contains,
    recipe_facts,
    recipe_facts_per_100g,
)
from retrieval.knowledge.datafiles import Category
from retrieval.knowledge.documents import Food, Note, Recipe

MINIMUM = {"foods": 800, "recipes": 200, "notes": 80}

TOLERANCE_KCAL, TOLERANCE_SHARE = 12, 0.12
"""Energy may differ by the larger of the two: USDA uses specific factors for each food."""

SHORTEST_NOTE, LONGEST_NOTE = 80, 180  # words
OLDEST_SOURCE = 1990
_MAIN = ("protein_g", "fat_g", "carbohydrate_g")
_PARTS = {"saturated_fat_g": "fat_g", "sugar_g": "carbohydrate_g", "fibre_g": "carbohydrate_g"}

ALWAYS_TAGGED = (Diet.VEGAN, Diet.VEGETARIAN, Diet.GLUTEN_FREE)
"""Diets that people search recipes by: what suits one says so. A vegan recipe needn't say vegetarian too."""

CATEGORY_BRINGS = {
    Category.FISH: {"fish"},
    Category.DAIRY: {"milk"},
    Category.EGG: {"eggs"},
    Category.SOY: {"soybeans"},
    Category.SHELLFISH: {"crustaceans", "molluscs"},
    Category.MEAT: {"meat"},
    Category.POULTRY: {"poultry"},
}
"""What a food of a category holds at least one of."""

PLANTS = frozenset("vegetable fruit legume grain seed nut soy".split())
"""Categories whose foods are vegan."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """A row of label_exceptions.csv: in `document`, `word` doesn't bring what is in `brings`."""

    document: str
    word: str
    brings: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Excuses:
    """All rows of label_exceptions.csv; `used` gathers those that a check needed."""

    rows: tuple[Excuse, ...] = ()
    used: set[Excuse] = field(default_factory=set)

    def left(self, document: str, word: str, brings: Iterable[str]) -> set[str]:
        """Return what of `brings` no row excuses."""
        left = set(brings)
        for row in self.rows:
            if (
                row.word == word
                and row.document in (document, document.partition(":")[0])
                and left & row.brings
            ):
                self.used.add(row)
                left -= row.brings
        return left


def main(words: Sequence[str]) -> int:
    """Check this catalogue, or the bundled one; print every fault and return 1 when there is one."""
    folder = Path(words[0]) if words else BUNDLED
    try:
        catalogue = load_catalogue(folder)
        found = [*faults(catalogue, folder, datetime.now(UTC).date()), *size_faults(catalogue)]
    except BadInputError as error:
        print(error)
        return 1
    for fault in found:
        print(fault)
    excused = len(read_energy_exceptions(folder)) + len(read_excuses(folder).rows)
    print(
        f"{len(catalogue.foods)} foods, {len(catalogue.recipes)} recipes, {len(catalogue.notes)} notes, "
        f"{excused} exceptions; faults: {len(found)}"
    )
    return 1 if found else 0


def faults(catalogue: Catalogue, folder: Path, today: date) -> Iterator[str]:
    """Yield every fault of the catalogue in `folder` except its size. Raises `BadInputError` for a bad file."""
    excuses = read_excuses(folder)
    yield from energy_faults(catalogue, read_energy_exceptions(folder))
    yield from weight_faults(catalogue)
    yield from food_label_faults(catalogue, excuses)
    yield from recipe_label_faults(catalogue, excuses)
    yield from excuse_faults(excuses)
    yield from diet_tag_faults(catalogue)
    yield from nutrition_tag_faults(catalogue)
    yield from note_faults(catalogue, today)
    yield from identity_faults(catalogue, folder)


def size_faults(catalogue: Catalogue) -> Iterator[str]:
    """Yield the kinds of document of which there are too few to ship."""
    for kind, least in MINIMUM.items():
        if (count := len(getattr(catalogue, kind))) < least:
            yield f"{kind}: {count}, at least {least} are promised"


def energy_faults(catalogue: Catalogue, exceptions: dict[str, str]) -> Iterator[str]:
    """Yield foods whose energy doesn't follow from their nutrients, and exceptions that aren't ones.

    4 kcal for protein and available carbohydrate, 2 for fibre, which USDA counts in carbohydrate, 9 for fat
    (Regulation (EU) 1169/2011, Annex XIV). Alcohol, 7 kcal, has no column: what holds it is an exception.
    """
    wrong = {food.id: fault for food in catalogue.foods if (fault := _energy_fault(food))}
    known = {food.id for food in catalogue.foods}
    for key, fault in wrong.items():
        if key not in exceptions:
            yield f"foods.csv: {key}: {fault}; mend the figures or list it in energy_exceptions.csv"
    for key, reason in exceptions.items():
        if key not in known:
            yield f"energy_exceptions.csv: {key}: there is no such food; drop the row"
        elif key not in wrong:
            yield f"energy_exceptions.csv: {key}: its energy agrees; drop the row"
        elif not reason:
            yield f"energy_exceptions.csv: {key}: give the reason"


def _energy_fault(food: Food) -> str:
    facts = food.facts
    if missing := [key for key in ("energy_kcal", *_MAIN) if key not in facts]:
        return f"no {missing[0]}, so that its energy can't be checked"
    energy, fibre = facts["energy_kcal"], facts.get("fibre_g", 0.0)
    expected = 4 * facts["protein_g"] + 4 * (facts["carbohydrate_g"] - fibre) + 2 * fibre + 9 * facts["fat_g"]
    if abs(energy - expected) <= max(TOLERANCE_KCAL, TOLERANCE_SHARE * energy):
        return ""
    return f"{energy:g} kcal, but its nutrients give {expected:.0f}"


def weight_faults(catalogue: Catalogue) -> Iterator[str]:
    """Yield foods whose parts outweigh the whole (grams per 100 g, with room for rounding)."""
    for food in catalogue.foods:
        facts = food.facts
        whole = sum(facts.get(key, 0.0) for key in _MAIN)
        if whole > 101:
            yield f"foods.csv: {food.id}: protein, fat and carbohydrate weigh {whole:.1f} g of 100 g"
        for part, of in _PARTS.items():
            if part in facts and of in facts and facts[part] > facts[of] + 0.5:
                yield f"foods.csv: {food.id}: {part} {facts[part]:g} is more than {of} {facts[of]:g}"


def food_label_faults(catalogue: Catalogue, excuses: Excuses) -> Iterator[str]:
    """Yield foods whose title, names or category say more than their `contains`."""
    for food in catalogue.foods:
        if food.contains is None:
            continue
        document = f"food:{food.id}"
        for name in (food.title, *food.names):
            yield from _text_faults(document, name, food.contains, ALLERGENS, excuses)
        if left := excuses.left(document, "category", _against_category(food, food.contains)):
            yield f"{document}: category {food.category}, but its contents say otherwise: {_listed(left)}"


def _against_category(food: Food, contains: Iterable[str]) -> set[str]:
    found = hazards(contains)
    expected = CATEGORY_BRINGS.get(Category(food.category), set())
    extra = found & animal() if food.category in PLANTS else set()
    return extra if not expected or found & expected else extra | expected


def recipe_label_faults(catalogue: Catalogue, excuses: Excuses) -> Iterator[str]:
    """Yield recipes of unknown contents, and titles, names and steps that name what the list lacks."""
    foods = {food.id: food for food in catalogue.foods}
    for recipe in catalogue.recipes:
        document = f"recipe:{recipe.id}"
        if recipe_contains(recipe, foods) is None:
            unknown = {line.food for line in recipe.ingredients if foods[line.food].contains is None}
            yield f"{document}: the contents of {_listed(unknown)} aren't known; use another food"
            continue
        listed = _listed_ids(recipe, foods)
        texts = [(name, ALLERGENS) for name in recipe.names]
        texts += [(text, ALLERGENS | PROPERTIES) for text in (recipe.title, *recipe.steps)]
        for text, among in texts:
            yield from _text_faults(document, text, listed, among, excuses)
        yield from _step_faults(document, recipe, listed)


def _listed_ids(recipe: Recipe, foods: dict[str, Food]) -> set[str]:
    used = [foods[line.food] for line in recipe.ingredients]
    listed = {mention.ingredient for food in used for mention in lexicon().find(food.title)}
    listed.update(recipe_contains(recipe, foods) or ())
    if any(food.category == Category.FAT for food in used):
        listed.add("vegetable_oil")  # 'the oil'
    return listed


def _step_faults(document: str, recipe: Recipe, listed: set[str]) -> Iterator[str]:
    allowed = {*lexicon().contents(listed).ingredients, "water"}
    for step in recipe.steps:
        for mention in lexicon().find(step):
            if mention.ingredient not in allowed:
                yield f"{document}: the step '{step}' uses '{mention.name}', which isn't in the list"


def _text_faults(
    document: str, text: str, listed: Iterable[str], among: frozenset[str], excuses: Excuses
) -> Iterator[str]:
    """Yield what of `among` the words of `text` bring, `listed` doesn't, and no row excuses.

    What the text itself takes back ("vegan pancakes", "egg-free") doesn't count.
    """
    known = hazards(listed)
    for mention in lexicon().find(text):
        extra = {item for item in hazards([mention.ingredient]) - known if item in among}
        extra = {item for item in extra if not _taken_back(text, item)}
        if left := excuses.left(document, mention.ingredient, extra):
            yield (
                f"{document}: '{text}' says {mention.ingredient}, which brings {_listed(left)}, and the contents "
                "don't; mend one of them or list it in label_exceptions.csv"
            )


def _taken_back(text: str, brings: str) -> bool:
    return brings in ALLERGENS and not violations(text, Restrictions(allergies=frozenset({brings})))


def excuse_faults(excuses: Excuses) -> Iterator[str]:
    """Yield rows that excused nothing; call it after the checks that use `excuses`."""
    for row in excuses.rows:
        if row not in excuses.used:
            yield f"label_exceptions.csv: {row.document}, {row.word}: it excuses nothing; drop the row"
        if not row.reason:
            yield f"label_exceptions.csv: {row.document}, {row.word}: give the reason"


def hazards(ids: Iterable[str]) -> set[str]:
    """Return the allergens and properties that make somebody avoid foods of the ingredients `ids`."""
    contents = lexicon().contents(ids)
    return {*contents.allergens, *contents.properties}


def animal() -> frozenset[str]:
    """Return the allergens and properties that aren't vegan, or may not be."""
    vegan = rules()[Diet.VEGAN]
    return vegan.excludes | vegan.asks


def diet_tag_faults(catalogue: Catalogue) -> Iterator[str]:
    """Yield recipes tagged with a diet they don't suit, or without one of `ALWAYS_TAGGED` that they do."""
    foods = {food.id: food for food in catalogue.foods}
    for recipe in catalogue.recipes:
        suits = suitable_diets(recipe_contains(recipe, foods), recipe_facts_per_100g(recipe, foods))
        for diet in Diet:
            tag = diet.value.replace("_", "-")
            if tag in recipe.tags and diet not in suits:
                yield f"recipe:{recipe.id}: tagged {tag}, which it isn't"
        implied = {Diet.VEGETARIAN} if Diet.VEGAN in suits else set()
        for diet in ALWAYS_TAGGED:
            tag = diet.value.replace("_", "-")
            if diet in suits - implied and tag not in recipe.tags:
                yield f"recipe:{recipe.id}: suits {tag}; add the tag"


def nutrition_tag_faults(catalogue: Catalogue) -> Iterator[str]:
    """Yield recipes whose claims their figures don't carry.

    Protein: 12 and 20 % of energy, fibre: 3 g per 100 kcal (Regulation (EC) 1924/2006, Annex).
    """
    foods = {food.id: food for food in catalogue.foods}
    for recipe in catalogue.recipes:
        facts = recipe_facts(recipe, foods)
        energy = facts.get("energy_kcal") or float("inf")
        protein, fibre = facts.get("protein_g", 0.0) * 4 / energy, facts.get("fibre_g", 0.0) * 100 / energy
        for tag, amount, least in (
            ("source-of-protein", protein, 0.12),
            ("high-protein", protein, 0.20),
            ("high-fibre", fibre, 3.0),
        ):
            if tag in recipe.tags and amount < least:
                yield f"recipe:{recipe.id}: tagged {tag}, but {amount:.2f} is under {least:g}"


def note_faults(catalogue: Catalogue, today: date) -> Iterator[str]:
    """Yield notes that are too short or long, can't be found by a name, or have an odd year or review date."""
    for note in catalogue.notes:
        reviewed, words = date.fromisoformat(note.reviewed), len(note.text.split())
        if not SHORTEST_NOTE <= words <= LONGEST_NOTE:
            yield f"{note.id}.md: {words} words; {SHORTEST_NOTE} to {LONGEST_NOTE} are wanted"
        if not note.names:
            yield f"{note.id}.md: no names; add what people call it"
        if not OLDEST_SOURCE <= note.year <= today.year:
            yield f"{note.id}.md: its source is of {note.year}; expected {OLDEST_SOURCE} to {today.year}"
        if reviewed > today:
            yield f"{note.id}.md: reviewed on {note.reviewed}, which is in the future"
        if reviewed.year < note.year:
            yield f"{note.id}.md: reviewed on {note.reviewed}, before its source of {note.year}"


def identity_faults(catalogue: Catalogue, folder: Path) -> Iterator[str]:
    """Yield ids used twice, titles used twice by one kind of document, and files that nobody reads."""
    kinds: list[Sequence[Food | Recipe | Note]] = [catalogue.foods, catalogue.recipes, catalogue.notes]
    for value in _repeated(item.id for documents in kinds for item in documents):
        yield f"the id '{value}' is used twice; documents of all kinds must differ in it"
    for documents in kinds:
        for value in _repeated(item.title.casefold() for item in documents):
            yield f"the title '{value}' is used twice; people couldn't tell the two apart"
    for place, suffix in (("recipes", ".yaml"), ("notes", ".md")):
        for path in sorted((folder / place).glob("*")):
            if path.suffix != suffix:
                yield f"{place}/{path.name}: nobody reads it; files here end with {suffix}"


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def read_energy_exceptions(folder: Path) -> dict[str, str]:
    """Return food id → reason of energy_exceptions.csv; empty without the file."""
    return dict(_rows(folder / "energy_exceptions.csv", ("id", "reason")))


def read_excuses(folder: Path) -> Excuses:
    """Return the rows of label_exceptions.csv; none without the file."""
    columns = ("document", "word", "brings", "reason")
    return Excuses(
        tuple(
            Excuse(document, word, frozenset(brings.split("|")), reason)
            for document, word, brings, reason in _rows(folder / "label_exceptions.csv", columns)
        )
    )


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[list[str]]:
    """Yield the rows of a list. Raises `BadInputError` for other columns or a row for the same thing twice."""
    if not path.exists():
        return
    seen: set[tuple[str, ...]] = set()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != columns:
            raise BadInputError(f"{path.name}, line 1: the columns must be {','.join(columns)}")
        for row in reader:
            key = tuple(row[: max(1, len(columns) - 2)])
            if len(row) != len(columns) or key in seen:
                raise BadInputError(
                    f"{path.name}, line {reader.line_num}: not {len(columns)} cells, or listed twice"
                )
            seen.add(key)
            yield row


def _listed(items: Iterable[str]) -> str:
    return ", ".join(sorted(items))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
