"""What the bundled catalogue promises: true figures, safe labels, enough of everything."""

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.knowledge.catalogue import (
    BUNDLED,
    Catalogue,
    load_catalogue,
    note_contains,
    passages,
    recipe_contains,
    recipe_facts,
    recipe_facts_per_100g,
)
from retrieval.knowledge.documents import NUTRIENTS, Food, Kind, Note, Passage, Recipe, RecipeIngredient
from tools.check_catalogue import animal, faults, hazards

USDA = Path(__file__).parents[5] / "shared" / "data" / "usda" / "sr_legacy_facts.csv"
USDA_COLUMNS = {
    "energy_kcal": "kcal",
    "carbohydrate_g": "carb_g",
    "saturated_fat_g": "satfat_g",
    "vitamin_c_mg": "vitc_mg",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def foods(catalogue: Catalogue) -> dict[str, Food]:
    return {food.id: food for food in catalogue.foods}


@pytest.fixture(scope="module")
def by_id(catalogue: Catalogue) -> dict[str, Passage]:
    return {passage.id: passage for passage in passages(catalogue)}


def recipe_hazards(recipe: Recipe, foods: dict[str, Food]) -> set[str]:
    contains = recipe_contains(recipe, foods)
    assert contains is not None, recipe.id
    return hazards(contains)


# ---- enough of everything


def test_the_shipped_catalogue_has_no_fault(catalogue: Catalogue) -> None:
    assert list(faults(catalogue, BUNDLED, datetime.now(UTC).date())) == []


def test_every_kind_of_eater_finds_recipes(catalogue: Catalogue, foods: dict[str, Food]) -> None:
    found = {recipe.id: recipe_hazards(recipe, foods) for recipe in catalogue.recipes}
    common = {"tree_nuts", "peanuts", "soybeans", "gluten", "milk", "eggs"}
    assert sum(not item & animal() for item in found.values()) >= 15
    assert sum("gluten" not in item for item in found.values()) >= 10
    assert sum(not item & common for item in found.values()) >= 8
    assert sum("high_fodmap" not in item for item in found.values()) >= 5


def test_vegans_with_a_peanut_allergy_find_snacks_with_protein(
    catalogue: Catalogue, foods: dict[str, Food]
) -> None:
    snacks = [
        recipe.id
        for recipe in catalogue.recipes
        if recipe.meal == "snack"
        and recipe_facts(recipe, foods)["protein_g"] >= 8
        and not recipe_hazards(recipe, foods) & (animal() | {"peanuts"})
    ]
    assert len(snacks) >= 4, snacks


def test_every_meal_and_at_least_ten_cuisines_are_there(catalogue: Catalogue) -> None:
    assert {recipe.meal for recipe in catalogue.recipes} >= {
        "breakfast",
        "lunch",
        "dinner",
        "snack",
        "dessert",
    }
    assert len({recipe.cuisine for recipe in catalogue.recipes}) >= 10


# ---- true figures


def test_every_figure_is_the_one_of_usda(catalogue: Catalogue) -> None:
    if not USDA.exists():
        pytest.skip("../shared/data/usda/sr_legacy_facts.csv is not on this machine")
    with USDA.open(encoding="utf-8", newline="") as file:
        table = {row["fdc_id"]: row for row in csv.DictReader(file)}
    for food in catalogue.foods:
        row = table[str(food.fdc_id)]
        cells = {key: row[USDA_COLUMNS.get(key, key.replace("vitamin_c", "vitc"))] for key in NUTRIENTS}
        assert food.facts == {key: float(cell) for key, cell in cells.items() if cell}, food.id


def test_a_recipe_is_the_sum_of_its_foods(catalogue: Catalogue, foods: dict[str, Food]) -> None:
    """Roasted chickpeas, two servings, by hand from foods.csv."""
    recipe = next(item for item in catalogue.recipes if item.id == "roasted-chickpeas")
    # 304 g chickpeas, 13.5 g olive oil, 3 g paprika, 2 g cumin, 1 g salt
    energy = 3.04 * 138 + 0.135 * 884 + 0.03 * 282 + 0.02 * 375
    protein = 3.04 * 7.04 + 0.03 * 14.14 + 0.02 * 17.81
    assert recipe_facts(recipe, foods)["energy_kcal"] == round(energy / 2)
    assert recipe_facts(recipe, foods)["protein_g"] == round(protein / 2, 1)
    assert recipe_facts_per_100g(recipe, foods)["energy_kcal"] == round(energy * 100 / 323.5)


def plain_food(name: str, **facts: float) -> Food:
    return Food(
        id=name, title=name, names=(), category="spice", contains=(), portion="", portion_g=None,
        fdc_id=1, release="SR Legacy 2018-04", facts=facts,
    )  # fmt: skip


def plain_recipe(**grams: float) -> Recipe:
    lines = tuple(RecipeIngredient(food=food, grams=weight, amount="some") for food, weight in grams.items())
    return Recipe(
        id="mix", title="Mix", names=(), servings=2, minutes=5, cuisine="Any", meal="side", tags=(),
        ingredients=lines, steps=("Mix.",),
    )  # fmt: skip


def test_one_unknown_figure_makes_the_sum_unknown() -> None:
    foods = {"a": plain_food("a", iron_mg=2.0, energy_kcal=100), "b": plain_food("b", energy_kcal=50)}
    facts = recipe_facts(plain_recipe(a=100, b=100), foods)
    assert facts == {"energy_kcal": 75}


def test_a_pinch_may_lack_a_figure() -> None:
    foods = {"a": plain_food("a", iron_mg=2.0), "b": plain_food("b")}
    assert recipe_facts(plain_recipe(a=200, b=1.9), foods) == {"iron_mg": 2.0}
    assert recipe_facts(plain_recipe(a=200, b=2.1), foods) == {}


def test_nearly_all_recipes_state_energy_protein_and_sodium(
    catalogue: Catalogue, foods: dict[str, Food]
) -> None:
    for recipe in catalogue.recipes:
        facts = recipe_facts(recipe, foods)
        assert {"energy_kcal", "protein_g", "carbohydrate_g", "fat_g", "sodium_mg"} <= set(facts), recipe.id


# ---- safe labels


def test_a_recipe_with_an_unknown_food_is_unknown() -> None:
    unknown = Food("n", "N", (), "bread", None, "", None, 1, "SR Legacy 2018-04", {})
    assert recipe_contains(plain_recipe(n=1, a=1), {"n": unknown, "a": plain_food("a")}) is None


# ---- notes


@pytest.mark.parametrize(
    ("allergen", "note"),
    [
        (Allergen.CELERY, "celery-allergy"),
        (Allergen.CRUSTACEANS, "shellfish-two-allergens"),
        (Allergen.EGGS, "egg-allergy"),
        (Allergen.FISH, "fish-allergy"),
        (Allergen.GLUTEN, "coeliac-and-gluten"),
        (Allergen.LUPIN, "lupin-allergy"),
        (Allergen.MILK, "milk-names"),
        (Allergen.MOLLUSCS, "shellfish-two-allergens"),
        (Allergen.MUSTARD, "mustard-allergy"),
        (Allergen.PEANUTS, "peanut-allergy-labels"),
        (Allergen.SESAME, "sesame-allergy"),
        (Allergen.SOYBEANS, "soya-allergy"),
        (Allergen.SULPHITES, "sulphites"),
        (Allergen.TREE_NUTS, "tree-nut-allergy"),
    ],
)
def test_who_has_an_allergy_is_given_the_note_on_it(
    by_id: dict[str, Passage], allergen: Allergen, note: str
) -> None:
    restrictions = Restrictions(allergies=frozenset({allergen}))
    for name in (note, "reading-labels-allergens", "may-contain", "shared-kitchen", "loose-food-allergens"):
        verdict = permits(by_id[f"note:{name}"].contains, {}, restrictions)
        assert verdict.answer is Answer.YES, f"{name}: {verdict.reason}"


@pytest.mark.parametrize(
    ("diet", "notes"),
    [
        (Diet.VEGAN, "b12-vegan calcium-without-dairy vegan-pitfalls vegan-label-allergy honey-infants"),
        (Diet.VEGETARIAN, "vegetarian-labels"),
        (Diet.HALAL, "halal-labels pregnancy-foods alcohol"),
        (Diet.KOSHER, "kosher-labels"),
        (Diet.GLUTEN_FREE, "coeliac-and-gluten shared-kitchen wholegrain-label"),
        (Diet.DAIRY_FREE, "calcium-without-dairy milk-names"),
        (Diet.LOW_FODMAP, "low-fodmap low-fodmap-phases ibs-first-steps milk-allergy-or-lactose"),
        (Diet.DIABETIC, "diabetes-plate diabetes-carbohydrates sugar-names free-sugars"),
    ],
)
def test_who_keeps_a_diet_is_given_the_notes_on_it(by_id: dict[str, Passage], diet: Diet, notes: str) -> None:
    for name in notes.split():
        verdict = permits(
            by_id[f"note:{name}"].contains, {"sugar_g": 0.0}, Restrictions(diets=frozenset({diet}))
        )
        assert verdict.answer is Answer.YES, f"{name}: {verdict.reason}"


def test_a_note_contains_what_it_speaks_of() -> None:
    note = Note("n", "Eggs", (), "WHO", "A guide", 2020, "2026-11-01", ("milk",), "Eggs, butter and rice.")
    found = note_contains(note)
    assert "rice" in found
    assert "eggs" in hazards(found)
    assert "milk" not in hazards(found)


# ---- passages


def test_passages_read_well_and_name_their_source(by_id: dict[str, Passage]) -> None:
    lentils = by_id["food:lentils-cooked"]
    assert lentils.text.startswith("Lentils, cooked. Per 100 g: energy 116 kcal, protein 9.02 g, fat 0.38 g")
    assert lentils.text.endswith("Portion: 1 cup (198 g).")
    assert (lentils.basis, lentils.source) == ("100 g", "USDA SR Legacy 2018-04, FDC 172421")
    assert lentils.contains == ("lentil",)

    dal = by_id["recipe:red-lentil-dal"]
    assert dal.basis == "serving"
    assert "serves 4, 35 minutes" in dal.text
    assert "Red lentils, dry, 250 g (1 1/3 cups)" in dal.text
    assert "1. Rinse the red lentils" in dal.text

    salt = by_id["note:salt-and-sodium"]
    assert salt.source == "WHO, Guideline: sodium intake for adults and children, 2012"
    assert (salt.basis, dict(salt.facts)) == ("", {})


def test_every_document_is_one_passage_with_its_own_id(
    catalogue: Catalogue, by_id: dict[str, Passage]
) -> None:
    assert len(by_id) == len(catalogue.foods) + len(catalogue.recipes) + len(catalogue.notes)
    assert {passage.kind for passage in by_id.values()} == set(Kind)


def test_unknown_figures_are_left_out_of_the_text(by_id: dict[str, Passage]) -> None:
    assert "sugar" not in by_id["food:tempeh"].text
    assert "sugar_g" not in by_id["food:tempeh"].facts


def test_a_food_of_unknown_contents_stays_unknown(by_id: dict[str, Passage]) -> None:
    assert by_id["food:naan"].contains is None


# ---- loading


def test_the_digest_changes_with_any_file(tmp_path: Path, catalogue: Catalogue) -> None:
    copy = tmp_path / "data"
    shutil.copytree(BUNDLED, copy)
    assert load_catalogue(copy).digest == catalogue.digest
    note = copy / "notes" / "iron.md"
    note.write_text(note.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    assert load_catalogue(copy).digest != catalogue.digest


def test_the_digest_changes_with_the_lexicon(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lexicon.csv").write_text("id,names,parents,carries,source\n", encoding="utf-8")
    monkeypatch.setattr("retrieval.knowledge.catalogue._LEXICON", tmp_path)
    assert load_catalogue().digest != catalogue.digest
