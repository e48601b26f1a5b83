"""The check of the catalogue: a sound one passes, and each fault is found and named."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retrieval.knowledge.catalogue import load_catalogue
from retrieval.knowledge.datafiles import FOOD_COLUMNS
from tools.check_catalogue import MINIMUM, faults, main

TODAY = date(2026, 11, 22)

NOTHING = dict.fromkeys(FOOD_COLUMNS, "")
FIGURES = {"fat_g": "0", "fibre_g": "0", "sodium_mg": "5", "sugar_g": "0", "saturated_fat_g": "0"}
FOODS = {
    "rice-dry": NOTHING
    | FIGURES
    | {"title": "Rice, dry", "names": "pudding rice", "category": "grain", "contains": "rice"}
    | {"energy_kcal": "360", "protein_g": "7", "carbohydrate_g": "80", "fat_g": "1"},
    "milk": NOTHING
    | FIGURES
    | {"title": "Milk", "category": "dairy", "contains": "milk"}
    | {"energy_kcal": "61", "protein_g": "3", "carbohydrate_g": "5", "fat_g": "3", "saturated_fat_g": "2"},
    "beer": NOTHING
    | FIGURES
    | {"title": "Beer", "category": "drink", "contains": "beer"}
    | {"energy_kcal": "43", "protein_g": "0.5", "carbohydrate_g": "3.5"},
}
RECIPE = """\
id: milk-rice
title: Milk rice
names: [rice pudding]
servings: 2
minutes: 30
cuisine: Any
meal: dessert
tags: [vegetarian, gluten-free]
ingredients:
  - {food: rice-dry, grams: 100, amount: some}
  - {food: milk, grams: 500, amount: some}
steps:
  - Simmer the rice in the milk.
"""
NOTE = f"""\
---
id: fibre
title: Fibre
names: [roughage]
organisation: WHO
document: A guideline
year: 2023
reviewed: 2026-11-01
avoids: []
---

{"word " * 80}
"""
ENERGY = "id,reason\nbeer,alcohol has no column\n"
LABELS = """\
document,word,brings,reason
food:rice-dry,pudding,eggs|gluten|milk,sold for puddings
recipe,pudding,eggs|gluten,the list shows what is in it
"""


class Sources:
    """The files of a small catalogue; change what is to be wrong, then `write`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.foods = {key: {**row} for key, row in FOODS.items()}
        self.texts = {
            "recipes/milk-rice.yaml": RECIPE,
            "notes/fibre.md": NOTE,
            "energy_exceptions.csv": ENERGY,
            "label_exceptions.csv": LABELS,
        }

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.texts[name]
        self.texts[name] = self.texts[name].replace(old, new)

    def write(self) -> Path:
        for name, text in self.texts.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        with (self.folder / "foods.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, FOOD_COLUMNS)
            table.writeheader()
            for key, row in self.foods.items():
                table.writerow(row | {"id": key, "fdc_id": "1", "release": "SR Legacy 2018-04"})
        return self.folder

    def faults(self) -> list[str]:
        folder = self.write()
        return list(faults(load_catalogue(folder), folder, TODAY))


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path)


def test_a_sound_catalogue_has_no_fault(sources: Sources) -> None:
    assert sources.faults() == []


RICE, MILK = "rice-dry", "milk"
YAML, MD, ENERGY_CSV, LABELS_CSV = (
    "recipes/milk-rice.yaml",
    "notes/fibre.md",
    "energy_exceptions.csv",
    "label_exceptions.csv",
)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda it: it.foods[RICE].update(energy_kcal="200"),
            "rice-dry: 200 kcal, but its nutrients give 357",
        ),
        (lambda it: it.foods[RICE].update(fibre_g="40"), "rice-dry: 360 kcal, but its nutrients give 277"),
        (lambda it: it.foods[RICE].update(fat_g=""), "rice-dry: no fat_g"),
        (lambda it: it.replace(ENERGY_CSV, "beer", "mead"), "mead: there is no such food"),
        (lambda it: it.foods["beer"].update(energy_kcal="16"), "beer: its energy agrees; drop the row"),
        (lambda it: it.replace(ENERGY_CSV, "alcohol has no column", ""), "beer: give the reason"),
        (lambda it: it.foods[MILK].update(carbohydrate_g="99"), "weigh 105.0 g of 100 g"),
        (lambda it: it.foods[MILK].update(saturated_fat_g="4"), "saturated_fat_g 4 is more than fat_g 3"),
        (lambda it: it.foods[MILK].update(sugar_g="9"), "sugar_g 9 is more than carbohydrate_g 5"),
        (lambda it: it.foods[RICE].update(title="Egg rice"), "food:rice-dry: 'Egg rice' says eggs"),
        (lambda it: it.foods[RICE].update(names="pudding rice|soy rice"), "'soy rice' says soybeans"),
        (lambda it: it.foods[MILK].update(contains="oat_milk"), "milk: category dairy, but"),
        (lambda it: it.foods[RICE].update(contains="rice|honey"), "category grain, but its contents"),
        (lambda it: it.replace(YAML, "Milk rice", "Almond rice"), "'Almond rice' says almond"),
        (
            lambda it: it.replace(YAML, "[rice pudding]", "[rice pudding, sesame rice]"),
            "'sesame rice' says sesame",
        ),
        (
            lambda it: it.replace(YAML, "in the milk", "in the milk with salt"),
            "uses 'salt', which isn't in the list",
        ),
        (
            lambda it: it.foods[MILK].update(contains=""),
            "recipe:milk-rice: the contents of milk aren't known",
        ),
        (
            lambda it: it.replace(LABELS_CSV, "recipe,pudding", "recipe,cake"),
            "recipe, cake: it excuses nothing",
        ),
        (
            lambda it: it.replace(LABELS_CSV, "sold for puddings", ""),
            "food:rice-dry, pudding: give the reason",
        ),
        (
            lambda it: it.replace(YAML, "[vegetarian,", "[vegan, vegetarian,"),
            "milk-rice: tagged vegan, which",
        ),
        (lambda it: it.replace(YAML, "[vegetarian,", "[low-carb, vegetarian,"), "milk-rice: tagged low-carb"),
        (lambda it: it.replace(YAML, ", gluten-free", ""), "milk-rice: suits gluten-free; add the tag"),
        (
            lambda it: it.replace(YAML, "[vegetarian,", "[high-protein, vegetarian,"),
            "tagged high-protein, but 0.13",
        ),
        (
            lambda it: it.replace(YAML, "[vegetarian,", "[high-fibre, vegetarian,"),
            "tagged high-fibre, but 0.00",
        ),
        (lambda it: it.replace(MD, "word word", "word"), "fibre.md: 40 words"),
        (lambda it: it.replace(MD, "[roughage]", "[]"), "fibre.md: no names"),
        (lambda it: it.replace(MD, "year: 2023", "year: 2027"), "fibre.md: its source is of 2027"),
        (lambda it: it.replace(MD, "2026-11-01", "2026-11-23"), "which is in the future"),
        (lambda it: it.replace(MD, "2026-11-01", "2022-11-01"), "before its source of 2023"),
        (
            lambda it: it.foods.update({"fibre": it.foods["beer"] | {"energy_kcal": "16"}}),
            "the id 'fibre' is used",
        ),
        (lambda it: it.foods[RICE].update(title="MILK"), "the title 'milk' is used twice"),
        (lambda it: it.texts.update({"notes/iron.txt": NOTE}), "notes/iron.txt: nobody reads it"),
    ],
)
def test_each_fault_is_found(sources: Sources, change: Callable[[Sources], None], fault: str) -> None:
    change(sources)
    found = sources.faults()
    assert any(fault in line for line in found), found


def test_what_a_name_takes_back_is_no_fault(sources: Sources) -> None:
    sources.foods[RICE]["names"] = "pudding rice|dairy-free cream rice"
    assert sources.faults() == []


def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = main([str(folder)])
    return code, capsys.readouterr().out.splitlines()


def test_faults_are_printed_and_counted(
    sources: Sources, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in MINIMUM:
        monkeypatch.setitem(MINIMUM, kind, 1)
    counts = "3 foods, 1 recipes, 1 notes, 3 exceptions; faults: "
    assert run(sources.write(), capsys) == (0, [counts + "0"])
    sources.foods[RICE]["energy_kcal"] = "200"
    code, lines = run(sources.write(), capsys)
    assert (code, len(lines), lines[-1]) == (1, 2, counts + "1")


def test_too_few_documents_are_a_fault(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(sources.write(), capsys)
    assert code == 1
    assert lines[:3] == [
        "foods: 3, at least 800 are promised",
        "recipes: 1, at least 200 are promised",
        "notes: 1, at least 80 are promised",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda it: it.replace(YAML, "food: milk", "food: cream"), "unknown food 'cream'"),
        (
            lambda it: it.replace(LABELS_CSV, "document,", "doc,"),
            "label_exceptions.csv, line 1: the columns must be",
        ),
        (
            lambda it: it.replace(ENERGY_CSV, "column\n", "column\nbeer,again\n"),
            "line 3: not 2 cells, or listed twice",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(
    sources: Sources, capsys: pytest.CaptureFixture[str], change: Callable[[Sources], None], line: str
) -> None:
    change(sources)
    code, lines = run(sources.write(), capsys)
    assert code == 1
    assert len(lines) == 1
    assert line in lines[0]
