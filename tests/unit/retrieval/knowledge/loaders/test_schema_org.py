"""schema.org/Recipe in JSON-LD: the shapes it comes in, and figures only where their unit is clear."""

import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Record, Says
from retrieval.knowledge.loaders.loader import Fault
from retrieval.knowledge.loaders.recipes import recognised
from retrieval.knowledge.loaders.schema_org import read_schema_recipe

PANCAKES: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Recipe",
    "name": "Oat pancakes",
    "url": "https://example.org/oat-pancakes",
    "author": {"@type": "Person", "name": "Ada"},
    "datePublished": "2022-01-02T10:00:00+01:00",
    "license": "CC-BY-4.0",
    "recipeYield": "4 servings",
    "prepTime": "PT10M",
    "totalTime": "P0DT1H30M",
    "keywords": "breakfast, quick",
    "recipeIngredient": ["200&nbsp;g <b>oats</b>", "3 eggs", "250 ml milk"],
    "recipeInstructions": [
        {
            "@type": "HowToSection",
            "name": "Batter",
            "itemListElement": [{"@type": "HowToStep", "text": "Blend."}],
        },
        {"@type": "HowToStep", "text": "Fry in butter."},
    ],
    "nutrition": {
        "@type": "NutritionInformation",
        "calories": "240 calories",
        "proteinContent": "9,5 g",
        "fatContent": "12",
        "sodiumContent": "1,200 mg",
        "sugarContent": "2-3 g",
        "servingSize": "1 bowl (250 g)",
    },
}


def load(path: Path) -> tuple[list[Record], list[Fault]]:
    loader = recognised(path)
    assert loader is not None
    parsed = [loader.parse(batch) for batch in loader.batches()]
    return [item for part in parsed for item in part.records], [
        item for part in parsed for item in part.faults
    ]


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def changed(**values: Any) -> dict[str, Any]:
    return {**PANCAKES, **values}


def test_a_recipe_becomes_one_passage(tmp_path: Path) -> None:
    [record], faults = load(write(tmp_path / "pancakes.json", PANCAKES))
    passage = record.passage
    assert passage.id == "recipe:pancakes-oat-pancakes"
    assert passage.text.splitlines() == [
        "Oat pancakes. Yield: 4 servings; Prep time: 10 minutes; Total time: 90 minutes.",
        "Tags: breakfast, quick.",
        "Per serving: energy 240 kcal, protein 9.5 g, sodium 1200 mg.",
        "Ingredients: 200 g oats; 3 eggs; 250 ml milk.",
        "Steps: 1. Batter: Blend. 2. Fry in butter.",
    ]
    assert passage.source == "https://example.org/oat-pancakes (by Ada)"
    assert (record.says, record.label) == (Says.LINES, "200 g oats\n3 eggs\n250 ml milk")
    assert "butter" in record.stated
    assert (record.origin.id, record.origin.release, record.origin.licence) == (
        "recipes-pancakes",
        "2022-01-02",
        "CC-BY-4.0",
    )
    assert not faults


def test_figures_are_taken_only_where_their_unit_is_clear(tmp_path: Path) -> None:
    [record], _ = load(write(tmp_path / "pancakes.json", PANCAKES))
    assert record.passage.facts == {"energy_kcal": 240.0, "protein_g": 9.5, "sodium_mg": 1200.0}
    assert (record.passage.basis, record.passage.portion_g) == ("serving", 250.0)
    assert record.passage.per_100g["energy_kcal"] == 96.0


@pytest.mark.parametrize(
    ("nutrition", "facts", "basis"),
    [
        ({"calories": 310}, {"energy_kcal": 310.0}, "serving"),
        ({"calories": "418.4 kJ"}, {"energy_kcal": 100.0}, "serving"),
        ({"sodiumContent": "0.5 g"}, {"sodium_mg": 500.0}, "serving"),
        ({"calories": "90 kcal", "servingSize": "100 g"}, {"energy_kcal": 90.0}, "100 g"),
        ({"proteinContent": "1,000 g", "fatContent": "<1 g", "calories": "99999 kcal"}, {}, ""),
        ({"calories": "a lot", "fatContent": None, "fiberContent": ["2 g"]}, {}, ""),
        ("low", {}, ""),
    ],
)
def test_units_are_converted_and_doubtful_figures_left_out(
    nutrition: object, facts: dict[str, float], basis: str
) -> None:
    recipe = read_schema_recipe(changed(nutrition=nutrition))
    assert (recipe.facts, recipe.basis) == (facts, basis)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda recipe: [recipe],
        lambda recipe: {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, recipe]},
        lambda recipe: {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": recipe}]},
        lambda recipe: {**recipe, "@type": ["NewsArticle", "http://schema.org/Recipe"]},
    ],
)
def test_a_recipe_is_found_in_lists_graphs_and_pages(tmp_path: Path, wrap: Any) -> None:
    [record], _ = load(write(tmp_path / "page.jsonld", wrap(PANCAKES)))
    assert record.passage.title == "Oat pancakes"


def test_a_recipe_embedded_in_a_web_page_is_read_from_its_script(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><html><head><script type=\'application/ld+json\'>{"@type": "WebSite"}</script>'
        f'<script type="application/ld+json">{json.dumps(PANCAKES)}</script></head><body><p>Ads</p></body></html>'
    )
    [record], _ = load(page)
    assert record.passage.title == "Oat pancakes"
    assert "Ads" not in record.passage.text


@pytest.mark.parametrize(
    ("instructions", "steps"),
    [
        ("Blend.\nFry.", ("Blend.", "Fry.")),
        ("<ol><li>Blend <i>well</i>.</li><li>Fry.</li></ol>", ("Blend well.", "Fry.")),
        (["Blend.", "Fry."], ("Blend.", "Fry.")),
        ({"@type": "HowToStep", "name": "Blend"}, ("Blend",)),
        (None, ()),
    ],
)
def test_instructions_are_read_in_all_their_shapes(instructions: object, steps: tuple[str, ...]) -> None:
    assert read_schema_recipe(changed(recipeInstructions=instructions)).steps == steps


def test_ingredients_in_one_text_are_cut_at_lines_or_commas() -> None:
    assert read_schema_recipe(changed(recipeIngredient="2 eggs\n1,5 l milk")).lines == (
        "2 eggs",
        "1,5 l milk",
    )
    assert read_schema_recipe(changed(recipeIngredient="2 eggs, milk; durian")).lines == (
        "2 eggs",
        "milk",
        "durian",
    )


def test_one_bad_recipe_doesn_t_stop_the_others(tmp_path: Path) -> None:
    bad = [
        changed(name=""),
        changed(recipeIngredient=[]),
        changed(recipeIngredient=[["x"]]),
        changed(recipeInstructions=7),
    ]
    records, faults = load(write(tmp_path / "all.json", [PANCAKES, *bad]))
    assert len(records) == 1
    assert [fault.where for fault in faults] == [f"all.json, recipe {number}" for number in (2, 3, 4, 5)]
    assert "recipeIngredient" in faults[1].why


def test_recipes_of_one_name_keep_their_own_ids(tmp_path: Path) -> None:
    records, _ = load(write(tmp_path / "all.json", [PANCAKES, changed(url="https://example.org/other")]))
    assert len({record.passage.id for record in records}) == 2


def test_a_folder_may_hold_both_forms(tmp_path: Path) -> None:
    write(tmp_path / "pancakes.json", PANCAKES)
    write(tmp_path / "package.json", {"name": "a site"})
    (tmp_path / "soup.md").write_text("# Soup\n\n## Ingredients\n\n- 1 leek\n\n## Method\n\nBoil.")
    records, faults = load(tmp_path)
    assert {record.passage.title for record in records} == {"Oat pancakes", "Soup"}
    assert [fault.where for fault in faults] == ["package.json"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PANCAKES)[:-9],
        '{"@type": "Recipe", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"@type": "Recipe", "x": ' + "9" * 5_000 + "}",
    ],
)
def test_broken_json_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(BadInputError, match=r"^broken\.json.* JSON") as caught:
        recognised(path)
    assert "\n" not in str(caught.value)


def test_other_json_is_no_recipe(tmp_path: Path) -> None:
    assert recognised(write(tmp_path / "other.json", {"@type": "Person", "name": "Ada"})) is None
