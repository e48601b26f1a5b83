"""Bad catalogue files are refused with the file, the line and the mend."""

import csv
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import BadInputError
from retrieval.knowledge.catalogue import load_catalogue
from retrieval.knowledge.datafiles import FOOD_COLUMNS, read_foods
from retrieval.knowledge.documents import Food

FOOD = dict.fromkeys(FOOD_COLUMNS, "1") | {
    "id": "lentils",
    "title": "Lentils, cooked",
    "names": "dal|lentil",
    "category": "legume",
    "contains": "lentil",
    "portion": "1 cup",
    "portion_g": "198",
    "release": "SR Legacy 2018-04",
}
RECIPE = """\
id: soup
title: Soup
names: [broth]
servings: 2
minutes: 20
cuisine: Any
meal: lunch
tags: []
ingredients:
  - {food: lentils, grams: 200, amount: 1 cup}
steps:
  - Warm it.
"""
NOTE = """\
---
id: fibre
title: Fibre
names: []
organisation: WHO
document: A guideline
year: 2023
reviewed: 2026-11-01
avoids: []
---

Eat more of it.
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small catalogue, with the given parts changed, and return its folder."""

    def writer(*foods: dict[str, str], recipe: str = RECIPE, note: str = NOTE) -> Path:
        for folder, name, text in (("recipes", "soup.yaml", recipe), ("notes", "fibre.md", note)):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / name).write_text(text, encoding="utf-8")
        with (tmp_path / "foods.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, FOOD_COLUMNS)
            table.writeheader()
            table.writerows(foods or (FOOD,))
        return tmp_path

    return writer


def test_a_small_catalogue_loads(write: Write) -> None:
    catalogue = load_catalogue(write(FOOD | {"iron_mg": "", "b12_ug": "0"}))
    (food,) = catalogue.foods
    assert food.names == ("dal", "lentil")
    assert "iron_mg" not in food.facts
    assert food.facts["b12_ug"] == 0
    assert catalogue.recipes[0].ingredients[0].grams == 200
    assert catalogue.notes[0].text == "Eat more of it."


def test_empty_contents_are_unknown_not_free(write: Write) -> None:
    assert load_catalogue(write(FOOD | {"contains": ""})).foods[0].contains is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"iron_mg": "much"}, "'iron_mg' is 'much', not a number"),
        ({"iron_mg": "nan"}, "'iron_mg' is 'nan', not a number"),
        ({"iron_mg": "inf"}, "'iron_mg' is 'inf', not a number"),
        ({"iron_mg": "-1"}, "can't be negative"),
        ({"category": "pulse"}, "unknown category 'pulse'"),
        ({"contains": "lentil|unobtainium"}, "'unobtainium', which is not in the lexicon"),
        ({"title": " "}, "'title' is empty"),
        ({"id": ""}, "'id' is empty"),
        ({"id": "lentils"}, "'lentils' is used twice"),
        ({"fdc_id": "12a"}, "'fdc_id' is '12a'"),
        ({"portion_g": ""}, "'portion' and 'portion_g'"),
        ({"portion": ""}, "'portion' and 'portion_g'"),
    ],
)
def test_a_bad_food_is_refused_with_its_line(write: Write, change: dict[str, str], message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        load_catalogue(write(FOOD, FOOD | {"id": "other"} | change))
    assert str(caught.value).startswith("foods.csv, line 3: ")
    assert message in str(caught.value)


def test_a_missing_column_is_named(write: Write) -> None:
    folder = write()
    table = folder / "foods.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("iron_mg", "iron"), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"foods\.csv, line 1: column 'iron_mg' is missing"):
        load_catalogue(folder)


@pytest.mark.parametrize("tail", [",9", None])
def test_a_row_with_too_many_or_too_few_cells_is_refused(write: Write, tail: str | None) -> None:
    folder = write()
    table = folder / "foods.csv"
    text = table.read_text(encoding="utf-8").rstrip()
    table.write_text(text + tail if tail else text.rpartition(",")[0], encoding="utf-8")
    with pytest.raises(BadInputError, match=r"foods\.csv, line 2: expected 22 cells"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("food: lentils", "food: dragon", "soup.yaml, line 10: unknown food 'dragon'"),
        ("grams: 200", "grams: -5", "soup.yaml, line 10: 'grams' of 'lentils' must be a number above 0"),
        ("grams: 200", "grams: .nan", "soup.yaml, line 10: 'grams' of 'lentils'"),
        ("grams: 200", "grams: .inf", "soup.yaml, line 10: 'grams' of 'lentils'"),
        ("amount: 1 cup", "amount: ''", "soup.yaml, line 10: 'amount' is empty"),
        ("title: Soup", "title: ''", "soup.yaml, line 1: 'title' is empty"),
        ("meal: lunch", "meal: tea", "soup.yaml, line 1: unknown meal 'tea'"),
        ("servings: 2", "servings: 0", "soup.yaml, line 1: 'servings' must be a whole number above 0"),
        ("minutes: 20\n", "", "soup.yaml, line 1: 'minutes' is missing"),
        ("id: soup", "id: stew", "soup.yaml, line 1: id 'stew' must be the file's name"),
        ("  - Warm it.", "  []", "soup.yaml, line 1: 'steps' is empty"),
        ("tags: []", "tags: [1]", "soup.yaml, line 1: 'tags' must be a list of texts"),
        ("tags: []", "tags: [", "soup.yaml, line "),
        (RECIPE, "- a\n", "soup.yaml, line 1: expected 'key: value' lines"),
    ],
)
def test_a_bad_recipe_is_refused_with_its_line(write: Write, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        load_catalogue(write(recipe=RECIPE.replace(old, new)))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("avoids: []", "avoids: [unobtainium]", "'avoids' names 'unobtainium'"),
        ("title: Fibre", "title: ", "fibre.md, line 2: 'title' is empty"),
        ("year: 2023", "year: soon", "'year' must be a whole number"),
        ("reviewed: 2026-11-01", "reviewed: lately", "'reviewed' must be a date"),
        ("---\nid", "id", "fibre.md, line 1: bad front matter"),
        ("avoids: []\n---\n", "avoids: []\n", "fibre.md, line 1: bad front matter"),
        ("names: []", "names: [", "fibre.md, line "),
        ("\nEat more of it.\n", "\n", "fibre.md, line 2: the note has no text"),
    ],
)
def test_a_bad_note_is_refused_with_its_line(write: Write, old: str, new: str, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        load_catalogue(write(note=NOTE.replace(old, new)))
    assert message in str(caught.value)


def test_a_folder_without_foods_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"foods\.csv: .*a catalogue needs this file"):
        load_catalogue(tmp_path)


def test_a_file_in_another_encoding_is_refused(write: Write) -> None:
    folder = write()
    (folder / "recipes" / "soup.yaml").write_bytes(RECIPE.replace("Soup", "Purée").encode("latin-1"))
    with pytest.raises(BadInputError, match=r"soup\.yaml: not UTF-8 at byte \d+; save it as UTF-8"):
        load_catalogue(folder)


def test_windows_line_ends_and_a_byte_order_mark_are_fine(write: Write) -> None:
    folder = write()
    note = folder / "notes" / "fibre.md"
    note.write_bytes(b"\xef\xbb\xbf" + NOTE.replace("\n", "\r\n").encode())
    assert load_catalogue(folder).notes[0].text == "Eat more of it."


@given(
    column=st.sampled_from(FOOD_COLUMNS),
    cell=st.text(st.characters(codec="utf-8"), max_size=12) | st.floats().map(str),
)
def test_whatever_a_cell_holds_it_loads_sound_or_is_refused_in_one_line(column: str, cell: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "foods.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, FOOD_COLUMNS)
            table.writeheader()
            table.writerow(FOOD | {column: cell})
        fault = ""
        foods: tuple[Food, ...] = ()
        try:
            foods = read_foods(path, {"lentil"})
        except BadInputError as error:
            fault = str(error)
    assert fault.startswith("foods.csv, line ") != bool(foods)
    assert len(fault.splitlines()) <= 1
    for food in foods:
        assert all(math.isfinite(value) and value >= 0 for value in food.facts.values())
        assert food.title.strip()
