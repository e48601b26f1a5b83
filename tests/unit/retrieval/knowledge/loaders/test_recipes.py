"""Folders of Markdown recipes: what is taken from them, and what is left out with a reason."""

import os
import pickle
from pathlib import Path

import pytest

from retrieval.errors import BadInputError
from retrieval.knowledge.contents import contents_of
from retrieval.knowledge.documents import Kind, Record, Says
from retrieval.knowledge.loaders.loader import Fault
from retrieval.knowledge.loaders.recipe_text import RecipeText
from retrieval.knowledge.loaders.recipes import RecipesLoader, recognised
from retrieval.knowledge.loaders.recipes_markdown import read_markdown_recipe

SAMPLE = Path(__file__).parents[6] / "shared" / "data" / "recipes" / "public-domain-recipes"

SOUP = """---
title: "Leek soup"
date: 2023-05-04
tags: ['soup', 'french']
author: Jo
---

![leeks](/pix/leeks.webp)

A soup for cold days.

- ⏲️ Prep time: 10 min
- 🍽️ Servings: 4

## Ingredients

- 3 leeks
- 1 l [water](/water)
- Topping:
  - 50 g butter
  - **chives** (optional)

## Directions

1. Slice the leeks.
   - Wash them first.
2. Simmer for 20 minutes, and serve with mustard.
"""


def load(path: Path) -> tuple[RecipesLoader, list[Record], list[Fault]]:
    loader = recognised(path)
    assert loader is not None
    parsed = [loader.parse(pickle.loads(pickle.dumps(batch))) for batch in loader.batches()]  # noqa: S301
    records = [record for part in parsed for record in part.records]
    return loader, records, [fault for part in parsed for fault in part.faults]


def read(body: str) -> RecipeText:
    recipe = read_markdown_recipe(f"---\ntitle: Dish\n---\n{body}", "dish.md")
    assert recipe is not None
    return recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "My recipes"
    root.mkdir()
    (root / "leek-soup.md").write_text(SOUP, encoding="utf-8")
    return root


def test_a_recipe_becomes_one_passage_in_the_layout_of_the_bundled_ones(folder: Path) -> None:
    loader, [record], faults = load(folder)
    passage = record.passage
    assert (passage.id, passage.kind) == ("recipe:my-recipes-leek-soup", Kind.RECIPE)
    assert passage.title == "Leek soup"
    assert passage.text.splitlines() == [
        "Leek soup. Prep time: 10 min; Servings: 4.",
        "Tags: soup, french.",
        "A soup for cold days.",
        "Ingredients: 3 leeks; 1 l water. Topping: 50 g butter; chives (optional).",
        "Steps: 1. Slice the leeks. Wash them first. 2. Simmer for 20 minutes, and serve with mustard.",
    ]
    assert passage.source == "My recipes, leek-soup.md (by Jo)"
    assert (passage.facts, passage.basis, passage.contains) == ({}, "", None)
    assert not faults
    assert loader.complete


def test_the_label_is_the_ingredient_lines_and_nothing_else(folder: Path) -> None:
    _, [record], _ = load(folder)
    assert record.says is Says.LINES
    assert record.label == "3 leeks\n1 l water\n50 g butter\nchives (optional)"


def test_what_only_the_directions_name_is_contained_as_well(folder: Path) -> None:
    _, [record], _ = load(folder)
    assert "mustard" in record.stated
    assert "mustard" in contents_of(record.says, record.label, record.stated).ids


def test_an_introduction_that_speaks_of_other_foods_is_left_out(folder: Path) -> None:
    text = SOUP.replace("A soup for cold days.", "Some fry bacon with it.\n\nA soup for cold days.")
    (folder / "leek-soup.md").write_text(text, encoding="utf-8")
    _, [record], _ = load(folder)
    assert "bacon" not in record.passage.text
    assert "bacon" not in record.stated
    assert "cold days" in record.passage.text


def test_release_is_the_newest_date_and_the_licence_is_that_of_the_file(folder: Path) -> None:
    (folder / "older.md").write_text(SOUP.replace("2023-05-04", "2021-01-01"), encoding="utf-8")
    (folder / "LICENSE").write_text("MIT License\n\nPermission is hereby granted, free of charge, ...\n")
    loader, _, faults = load(folder)
    assert loader.origins[0].id == "recipes-my-recipes"
    assert (loader.origins[0].release, loader.origins[0].licence) == ("2023-05-04", "MIT")
    assert not faults


def test_a_licence_in_front_matter_counts_only_when_all_agree(folder: Path) -> None:
    assert load(folder)[0].origin.licence == "unknown"
    (folder / "leek-soup.md").write_text(SOUP.replace("author: Jo", "license: CC0-1.0"), encoding="utf-8")
    assert load(folder)[0].origin.licence == "CC0-1.0"


@pytest.mark.parametrize(
    "heading",
    [
        "## Ingredients",
        "# Zutaten",
        "### Ingrédients :",
        "## Ingredients (4 servings)",
        "**Ingredients**",
        "Ingredients:",
    ],
)
def test_headings_of_ingredients_are_recognised_in_their_variants(heading: str) -> None:
    assert read(f"{heading}\n\n- 2 eggs\n- salt\n\n## Method\n\nWhisk.").lines == ("2 eggs", "salt")


def test_ingredients_under_several_headings_are_all_taken() -> None:
    recipe = read(
        "## Ingredients\n### For the dough\n* 200 g flour\n### Filling\n* 2 apples\n\n"
        "## Spice blend\n- 1 tsp cinnamon\n- 1 pinch nutmeg\n\n## Directions\nBake."
    )
    assert [(group.name, group.lines) for group in recipe.groups] == [
        ("For the dough", ("200 g flour",)),
        ("Filling", ("2 apples",)),
        ("Spice blend", ("1 tsp cinnamon", "1 pinch nutmeg")),
    ]


def test_a_table_of_ingredients_is_read_row_by_row() -> None:
    recipe = read(
        "## Ingredients\n\n| Amount | What |\n|---|---|\n| 200 g | flour |\n| 2 | eggs |\n\n## Method\n\nMix."
    )
    assert recipe.lines == ("200 g flour", "2 eggs")


def test_ingredients_in_a_sentence_are_cut_so_that_none_hides() -> None:
    recipe = read(
        "## Ingredients\n\nAll you need is flour, some durian paste, water and a little salt.\n\n## Method\n\nMix."
    )
    assert recipe.lines == (
        "All you need is flour",
        "some durian paste",
        "water and a little salt",
    )


def test_a_remark_beside_the_list_is_no_ingredient() -> None:
    recipe = read(
        "## Ingredients\n\n- 2 eggs\n\nSide note: fresh ones taste better. Trust me.\n\n## Method\n\nWhisk."
    )
    assert recipe.lines == ("2 eggs",)
    assert recipe.remarks == ("Side note: fresh ones taste better. Trust me.",)


def test_comments_scripts_and_invisible_characters_don_t_get_in(folder: Path) -> None:
    text = SOUP.replace("A soup", "<!-- peanuts -->\n<script>peanuts()</script>\n\nA so\u200bu\u202ep")
    (folder / "leek-soup.md").write_text(text, encoding="utf-8")
    _, [record], _ = load(folder)
    assert "peanuts" not in record.passage.text
    assert "A soup for cold days." in record.passage.text


def test_what_is_no_recipe_is_left_out_with_the_reason(folder: Path) -> None:
    (folder / "_index.md").write_text("---\ntitle: All recipes\n---\n\n## Newest\n\nHave a look.")
    (folder / "latin1.md").write_bytes(SOUP.replace("leeks", "crème").encode("latin-1", "replace"))
    (folder / "broken.md").write_text("---\ntitle: [\n---\n\n## Ingredients\n\n- 1 egg")
    (folder / "bytes.md").write_bytes(b"## Ingredients\n\0\0")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    (folder / ".hidden.md").write_text("x")
    _, records, faults = load(folder)
    assert len(records) == 1
    whys = {fault.where: fault.why for fault in faults}
    assert set(whys) == {"_index.md", "latin1.md, line 8", "broken.md", "bytes.md"}
    assert "--as documents" in whys["_index.md"]
    assert "UTF-8" in whys["latin1.md, line 8"]
    assert "front matter" in whys["broken.md"]


def test_without_a_title_the_name_of_the_file_is_it(folder: Path) -> None:
    (folder / "leek-soup.md").write_text("## Ingredients\n\n- 1 leek", encoding="utf-8")
    assert load(folder)[1][0].passage.title == "Leek soup"


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(SOUP, encoding="utf-8")
    (folder / "secret.md").symlink_to(outside / "secret.md")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "pipe.md")
    _, records, faults = load(folder)
    assert len(records) == 1
    assert [fault.where for fault in faults] == ["linked", "pipe.md", "secret.md"]


def test_names_that_look_alike_get_different_ids(folder: Path) -> None:
    for name in ("leek soup.md", "Leek_Soup.md", "汤.md", "鱼.md"):
        (folder / name).write_text(SOUP, encoding="utf-8")
    _, records, _ = load(folder)
    assert len({record.passage.id for record in records}) == 5
    assert all(record.passage.id.isascii() for record in records)


def test_a_folder_without_recipes_isn_t_one(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Thawing\n\nThaw in the refrigerator.")
    assert recognised(tmp_path) is None
    with pytest.raises(BadInputError, match="no recipe"):
        recognised(tmp_path, asked=True)


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/data isn't here")
def test_the_public_domain_recipes_are_read_all_but_the_index() -> None:
    loader, records, faults = load(SAMPLE)
    assert len(records) == 205
    assert [fault.where for fault in faults] == ["_index.md"]
    assert loader.origin.release >= "2025"
    assert all(record.label and record.passage.text.count("Steps: ") == 1 for record in records)
    banana = next(record for record in records if record.passage.id.endswith("-banana-bread"))
    assert "1/4 cup crushed walnuts" in banana.label
    assert "Spices" not in banana.label
