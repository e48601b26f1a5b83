"""FoodData Central's zips in their three layouts, and SR Legacy in one table."""

import csv
import io
import pickle
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Record, Says
from retrieval.knowledge.loaders import usda_store
from retrieval.knowledge.loaders.loader import Fault, Loader
from retrieval.knowledge.loaders.usda import recognised
from retrieval.knowledge.loaders.usda_records import FACT_COLUMNS
from retrieval.knowledge.loaders.usda_rules import USDA_RULES, read_usda_rules

DATA = Path(__file__).parents[6] / "shared" / "data" / "usda"
FOUNDATION = "FoodData_Central_foundation_food_csv_2024-10-31"

Table = tuple[Sequence[str], Iterable[Sequence[object]]]

FOOD: Table = (
    ("fdc_id", "data_type", "description", "food_category_id", "publication_date"),
    [
        (1, "foundation_food", "Lentils, mature seeds, raw", 16, "2020-01-02"),
        (2, "foundation_food", "Soup, of the house", 6, "2020-01-02"),
        (3, "sample_food", "LENTILS, A SAMPLE", 16, "2020-01-02"),
        (4, "foundation_food", "Lentils, an older row", 16, "2019-01-02"),
    ],
)
CATEGORIES: Table = (
    ("id", "code", "description"),
    [(16, "1600", "Legumes and Legume Products"), (6, "0600", "Soups, Sauces, and Gravies")],
)
NUTRIENTS: Table = (
    ("id", "fdc_id", "nutrient_id", "amount"),
    [
        (1, 1, 1003, "24.6"),
        (2, 3, 1003, "1"),
        (3, 2, 2047, "70"),
        (4, 1, 2047, "350"),
        (5, 1, 2048, "340"),
        (6, 1, 2033, "10.7"),
        (7, 1, 9999, "5"),
        (8, 1, 1093, ""),
    ],
)
PORTIONS: Table = (
    (
        *("id", "fdc_id", "seq_num", "amount", "measure_unit_id", "portion_description", "modifier"),
        "gram_weight",
    ),
    [(1, 1, 2, "1.0", 1001, "", "", 12), (2, 1, 1, "0.5", 1000, "", "chopped", 96)],
)
UNITS: Table = (("id", "name"), [(1000, "cup"), (1001, "tablespoon"), (9999, "undetermined")])


def foundation(**changes: Table | None) -> dict[str, Table]:
    tables: dict[str, Table | None] = {
        "foundation_food": (("fdc_id", "NDB_number", "footnote"), [(1, 16069, ""), (2, "", "")]),
        "food": FOOD,
        "food_category": CATEGORIES,
        "food_nutrient": NUTRIENTS,
        "food_portion": PORTIONS,
        "measure_unit": UNITS,
        **changes,
    }
    return {name: table for name, table in tables.items() if table is not None}


def text_of(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows(table[1])
    return text.getvalue()


def zipped(folder: Path, tables: dict[str, Table], name: str = FOUNDATION) -> Path:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in tables.items():
            archive.writestr(f"{name}/{table}.csv", text_of(rows))
    return path


def load(path: Path) -> tuple[dict[str, Record], list[Fault], Loader]:
    loader = recognised(path)
    assert loader is not None
    loader = pickle.loads(pickle.dumps(loader))  # noqa: S301 - our own
    records: list[Record] = []
    faults: list[Fault] = []
    share = 0.0
    for batch in loader.batches():
        assert share <= batch.share <= 1
        share = batch.share
        parsed = loader.parse(pickle.loads(pickle.dumps(batch)))  # noqa: S301 - our own
        records += parsed.records
        faults += [*batch.faults, *parsed.faults]
    return {record.key: record for record in records}, faults, loader


def test_foundation_foods_come_joined_and_only_the_current_ones(tmp_path: Path) -> None:
    records, faults, loader = load(zipped(tmp_path, foundation()))
    assert faults == []
    assert list(records) == ["fdc:1", "fdc:2"]
    lentils = records["fdc:1"]
    passage = lentils.passage
    assert passage.id == "food:fdc-1"
    assert passage.facts == {"energy_kcal": 340, "protein_g": 24.6, "fibre_g": 10.7}
    assert passage.text == (
        "Lentils, mature seeds, raw. Per 100 g: energy 340 kcal, protein 24.6 g, fibre 10.7 g. "
        "Portion: 0.5 cup chopped (96 g)."
    )
    assert passage.source == "USDA Foundation Foods 2024-10-31, FDC 1"
    assert (lentils.says, lentils.label) == (Says.NAME, "Lentils, mature seeds, raw")
    assert lentils.modified == 1577923200
    assert records["fdc:2"].says is Says.NOTHING
    assert loader.complete
    assert [(origin.id, origin.release, origin.licence) for origin in loader.origins] == [
        ("usda-foundation", "2024-10-31", "public domain (CC0)")
    ]


def test_tables_in_any_order_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usda_store, "_TICK", 2)
    turned: Table = (NUTRIENTS[0], list(reversed(list(NUTRIENTS[1]))))
    before, _, _ = load(zipped(tmp_path, foundation()))
    after, _, _ = load(zipped(tmp_path, foundation(food_nutrient=turned)))
    assert before == after


def test_sr_legacy_without_its_figures_enters_without_them_and_never_replaces(tmp_path: Path) -> None:
    tables = foundation(
        foundation_food=None, food_nutrient=None, sr_legacy_food=(("fdc_id", "NDB_number"), [(1, 16069)])
    )
    name = "FoodData_Central_sr_legacy_food_csv_2018-04"
    records, faults, loader = load(zipped(tmp_path, tables, name))
    assert faults == []
    record = records["fdc:1"]
    assert record.passage.facts == {}
    assert record.passage.text == "Lentils, mature seeds, raw. Portion: 0.5 cup chopped (96 g)."
    assert record.modified == 0
    assert not loader.complete
    assert loader.origins[0].release == "2018-04"


def test_a_portion_may_carry_its_unit_in_the_modifier(tmp_path: Path) -> None:
    portions: Table = (PORTIONS[0], [(1, 1, 1, "1", 9999, "", "cup", 192)])
    records, _, _ = load(zipped(tmp_path, foundation(food_portion=portions)))
    assert (records["fdc:1"].passage.portion, records["fdc:1"].passage.portion_g) == ("1 cup", 192)


BRANDED_COLUMNS = (
    *("fdc_id", "brand_owner", "brand_name", "subbrand_name", "gtin_upc", "ingredients", "serving_size"),
    *(
        "serving_size_unit",
        "household_serving_fulltext",
        "branded_food_category",
        "modified_date",
        "short_description",
    ),
)
BRANDED: Table = (
    BRANDED_COLUMNS,
    [
        (
            7,
            "Acme Foods",
            "ACME",
            "",
            "00",
            "WHEAT FLOUR, SALT",
            "30",
            "g",
            "1 ONZ",
            "Crackers",
            "2020-09-22",
            "",
        ),
        (8, "Acme Foods", "", "", "01", "", "240", "ml", "", "Drinks", "", ""),
    ],
)


def test_branded_foods_carry_label_brand_and_serving(tmp_path: Path) -> None:
    tables = {
        "branded_food": BRANDED,
        "food": (
            FOOD[0],
            [(7, "branded_food", "SALTED CRACKERS", "", ""), (8, "branded_food", "Lemon Drink", "", "")],
        ),
        "food_nutrient": (NUTRIENTS[0], [(1, 7, 1008, "433.3333"), (2, 8, 1008, "40")]),
    }
    records, faults, loader = load(zipped(tmp_path, tables, "FoodData_Central_branded_food_csv_2025-04-24"))
    assert faults == []
    crackers = records["fdc:7"]
    assert crackers.passage.title == "Salted Crackers"
    assert crackers.passage.names == ("Acme", "Acme Foods")
    assert (crackers.passage.portion, crackers.passage.portion_g) == ("1 oz", 30)
    assert crackers.passage.per_100g == {"energy_kcal": 433.3}
    assert (crackers.says, crackers.label) == (Says.LIST, "WHEAT FLOUR, SALT")
    drink = records["fdc:8"]
    assert (drink.passage.basis, drink.passage.per_100g, drink.passage.portion_g) == ("100 ml", {}, None)
    assert (drink.says, drink.modified) == (Says.NOTHING, None)
    assert loader.complete


def test_the_branded_table_alone_names_foods_by_category_and_brand(tmp_path: Path) -> None:
    name = "FoodData_Central_branded_food_csv_sample"
    records, _, loader = load(zipped(tmp_path, {"branded_food": BRANDED}, name))
    assert records["fdc:7"].passage.title == "Crackers, Acme"
    assert records["fdc:7"].passage.source == "USDA Branded Foods sample, FDC 7"
    assert not loader.complete


@pytest.mark.parametrize(
    ("nutrient", "amount", "why"),
    [
        (1003, "-1", "-1"),
        (1003, "101", "101"),
        (2047, "951", "951"),
        (1003, "nan", "number"),
        (1003, "x", "number"),
    ],
)
def test_an_impossible_figure_leaves_its_food_out(
    tmp_path: Path, nutrient: int, amount: str, why: str
) -> None:
    nutrients: Table = (NUTRIENTS[0], [(1, 1, nutrient, amount), (2, 2, 2047, "70")])
    records, faults, _ = load(zipped(tmp_path, foundation(food_nutrient=nutrients)))
    assert list(records) == ["fdc:2"]
    (fault,) = faults
    assert fault.where.endswith("foundation_food.csv, line 2")
    assert why in fault.why


def test_bad_rows_are_listed_with_their_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f_csv_2024-10-31.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in foundation(foundation_food=None).items():
            archive.writestr(f"{name}.csv", text_of(table))
        archive.writestr("foundation_food.csv", '"fdc_id","n"\n"x",""\n"1"\n"4" "","a"\n"2",""\n"5",""\n')
    records, faults, _ = load(path)
    assert list(records) == ["fdc:2"]
    assert [(fault.where.rpartition(" ")[2], fault.why.split(" (")[0]) for fault in faults] == [
        ("3", "has 1 columns instead of 2"),
        ("4", "not a CSV row"),
        ("2", "its fdc_id 'x' isn't a number"),
        ("6", "it has no description"),
    ]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (foundation(food=None), "food.csv is missing"),
        (foundation(foundation_food=None), "has none of"),
        (foundation(food=(("fdc", "name"), [])), "food.csv, line 1: column 'fdc_id' is missing"),
        (foundation(food_nutrient=(("fdc_id", "amount"), [])), "column 'nutrient_id' is missing"),
    ],
)
def test_a_zip_that_lacks_what_it_needs_is_refused(
    tmp_path: Path, tables: dict[str, Table], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        recognised(zipped(tmp_path, tables))


def test_a_nutrient_in_another_unit_is_refused(tmp_path: Path) -> None:
    tables = foundation(nutrient=(("id", "name", "unit_name"), [(1093, "Sodium, Na", "G")]))
    with pytest.raises(BadInputError, match="1093 is in G, not MG"):
        load(zipped(tmp_path, tables))


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, foundation())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadInputError, match="not a complete zip"):
        recognised(path)


def test_a_member_of_zeros_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("food.csv", text_of(FOOD))
        archive.writestr("foundation_food.csv", bytes(40 * 2**20))
    with pytest.raises(BadInputError, match=r"foundation_food\.csv"):
        recognised(path)


def facts_table(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "facts.csv"
    path.write_text(
        text_of((FACT_COLUMNS, [[row.get(name, "") for name in FACT_COLUMNS] for row in rows])), "utf-8"
    )
    return path


def test_sr_legacy_in_one_table_is_read(tmp_path: Path) -> None:
    lentils = {
        "fdc_id": 172421,
        "description": "Lentils, mature seeds, cooked",
        "kcal": 116,
        "carb_g": 20.13,
        "category": "Legumes and Legume Products",
        "portion_desc": "1 cup",
        "portion_g": 198,
    }
    records, faults, loader = load(facts_table(tmp_path, lentils, {**lentils, "fdc_id": 2, "kcal": -1}))
    record = records["fdc:172421"]
    assert record.passage.facts == {"energy_kcal": 116, "carbohydrate_g": 20.13}
    assert record.passage.source == "USDA SR Legacy 2018-04, FDC 172421"
    assert record.passage.portion_g == 198
    assert record.modified is not None
    assert [fault.where for fault in faults] == ["facts.csv, line 3"]
    assert (loader.origins[0].id, loader.complete) == ("usda-sr-legacy", True)


def test_a_table_with_another_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "food.csv"
    path.write_text(text_of(FOOD), "utf-8")
    with pytest.raises(BadInputError, match="'category' is missing"):
        recognised(path)


def test_other_files_are_not_recognised(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    text = tmp_path / "notes.csv"
    text.write_text("a,b\n1,2\n", "utf-8")
    assert [recognised(path) for path in (other, text, tmp_path)] == [None, None, None]


def test_rules_with_a_figure_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "usda.yaml"
    file.write_text(USDA_RULES.read_text("utf-8").replace("protein_g", "proteins"), "utf-8")
    with pytest.raises(BadInputError, match="nutrients"):
        read_usda_rules(file)


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data isn't here")
@pytest.mark.parametrize(
    ("name", "count", "figures"),
    [(f"{FOUNDATION}.zip", 316, True), ("branded_food_sample.zip", 2999, False)],
)
def test_real_downloads_are_read(name: str, count: int, figures: bool) -> None:
    records, faults, _ = load(DATA / name)
    assert (len(records), len(faults)) == (count, 3000 - count if "sample" in name else 0)
    energy = [record for record in records.values() if "energy_kcal" in record.passage.facts]
    assert (len(energy) > 0.9 * count) == figures


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data isn't here")
def test_real_sr_legacy_is_the_same_food_in_both_forms() -> None:
    zipped_foods, _, _ = load(DATA / "sr_legacy_2018-04_portions.zip")
    table, _, _ = load(DATA / "sr_legacy_facts.csv")
    assert len(table) == 7793
    assert zipped_foods.keys() == table.keys()
    lentils = table["fdc:172421"].passage
    assert (lentils.facts["protein_g"], lentils.portion_g) == (9.02, 198)
    assert zipped_foods["fdc:172421"].passage.portion_g == 198
