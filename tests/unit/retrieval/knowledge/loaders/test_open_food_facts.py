"""Open Food Facts' exports, as JSON lines and as Parquet."""

import gzip
import json
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrieval.diet.lexicon import lexicon
from retrieval.errors import BadInputError
from retrieval.knowledge.contents import contents_of
from retrieval.knowledge.documents import Record, Says
from retrieval.knowledge.loaders.loader import Fault, Loader
from retrieval.knowledge.loaders.off_tags import OFF_TAGS, read_off_tags
from retrieval.knowledge.loaders.open_food_facts import recognised

DATA = Path(__file__).parents[6] / "shared" / "data" / "openfoodfacts"

PRODUCT: dict[str, Any] = {
    "code": "3012345678901",
    "lang": "fr",
    "product_name": "Biscuits au beurre",
    "product_name_en": "Butter biscuits",
    "brands": "Maison Test, Autre",
    "ingredients_text": "Farine de blé, beurre, sel",
    "ingredients_text_en": "Wheat flour, butter, salt",
    "allergens_tags": ["en:gluten", "en:milk"],
    "traces_tags": ["en:nuts"],
    "serving_size": "2 biscuits (25 g)",
    "serving_quantity": "25",
    "last_modified_t": 1_700_000_000,
    "nutriments": {
        "energy_100g": 2000,
        "proteins_100g": 7,
        "fat_100g": 20,
        "carbohydrates_100g": 65,
        "salt_100g": 1,
        "calcium_100g": 0.05,
        "vitamin-b12_100g": 0.0000005,
        "fiber_100g": "",
    },
}


def lines(folder: Path, *rows: dict[str, Any] | str, name: str = "products.jsonl.gz") -> Path:
    path = folder / name
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    return path


def parquet(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "food.parquet"
    nutriment = pa.struct([("name", pa.string()), ("100g", pa.float32()), ("unit", pa.string())])
    text = pa.list_(pa.struct([("lang", pa.string()), ("text", pa.string())]))
    schema = pa.schema(
        [
            *((name, text) for name in ("product_name", "ingredients_text")),
            *((name, pa.string()) for name in ("code", "brands", "serving_size", "serving_quantity")),
            *((name, pa.list_(pa.string())) for name in ("allergens_tags", "traces_tags")),
            ("nutriments", pa.list_(nutriment)),
            ("last_modified_t", pa.int64()),
        ]
    )
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
    return path


def as_parquet_row(product: dict[str, Any]) -> dict[str, Any]:
    def texts(name: str) -> list[dict[str, str]]:
        english = product[f"{name}_en"]
        marked = english.replace("butter", '<span class="allergen">butter</span>')
        pairs = [("main", product[name]), ("fr", product[name]), ("en", marked), ("en", english)]
        return [{"lang": lang, "text": text} for lang, text in pairs]

    amounts = {
        key.removesuffix("_100g"): value for key, value in product["nutriments"].items() if value != ""
    }
    return {
        **product,
        "product_name": texts("product_name"),
        "ingredients_text": texts("ingredients_text"),
        "nutriments": [{"name": name, "100g": value, "unit": "g"} for name, value in amounts.items()],
    }


def load(path: Path) -> tuple[list[Record], list[Fault], Loader]:
    loader = recognised(path)
    assert loader is not None
    records: list[Record] = []
    faults: list[Fault] = []
    for batch in loader.batches():
        parsed = loader.parse(pickle.loads(pickle.dumps(batch)))  # noqa: S301 - our own
        records += parsed.records
        faults += [*batch.faults, *parsed.faults]
    return records, faults, pickle.loads(pickle.dumps(loader))  # noqa: S301 - our own


def one(folder: Path, **changes: Any) -> Record:
    (record,), faults, _ = load(lines(folder, {**PRODUCT, **changes}))
    assert faults == []
    return record


def fault_of(folder: Path, **changes: Any) -> str:
    records, (fault,), _ = load(lines(folder, {**PRODUCT, **changes}))
    assert records == []
    assert fault.where == "products.jsonl.gz, line 1"
    return fault.why


def test_a_product_comes_in_english_with_its_figures_in_our_units(tmp_path: Path) -> None:
    record = one(tmp_path)
    passage = record.passage
    assert passage.id == "food:off-3012345678901"
    assert (passage.title, passage.names) == ("Butter biscuits", ("Maison Test",))
    assert passage.facts == {
        "energy_kcal": 478,
        "protein_g": 7,
        "fat_g": 20,
        "carbohydrate_g": 65,
        "sodium_mg": 400,
        "calcium_mg": 50,
        "b12_ug": 0.5,
    }
    assert passage.text.endswith("Portion: 2 biscuits (25 g).")
    assert passage.source == "Open Food Facts, 3012345678901"
    assert (record.says, record.label) == (Says.LIST, "Wheat flour, butter, salt")
    assert {"gluten", "milk", "tree_nuts"} <= set(record.stated)
    assert (record.origin.licence, record.modified) == ("ODbL 1.0, DbCL 1.0", 1_700_000_000)


def test_both_exports_give_the_same_product(tmp_path: Path) -> None:
    (from_lines,), _, first = load(lines(tmp_path, PRODUCT))
    (from_parquet,), _, second = load(parquet(tmp_path, as_parquet_row(PRODUCT)))
    assert from_parquet == from_lines
    assert (first.kind, second.kind, first.complete, second.complete) == (
        *["open-food-facts"] * 2,
        False,
        False,
    )


def test_kilocalories_and_sodium_win_over_what_they_are_computed_from(tmp_path: Path) -> None:
    nutriments = {"energy-kcal_100g": 400, "energy_100g": 9, "sodium_100g": 0.1, "salt_100g": 9}
    assert one(tmp_path, nutriments=nutriments).passage.facts == {"energy_kcal": 400, "sodium_mg": 100}


def test_what_is_sold_by_volume_is_per_100_ml_and_has_no_figures_per_100_g(tmp_path: Path) -> None:
    passage = one(tmp_path, serving_size="1 glass (200 ml)").passage
    assert (passage.basis, passage.per_100g, passage.portion_g) == ("100 ml", {}, None)
    assert "Per 100 ml:" in passage.text


def test_without_tags_only_the_label_tells(tmp_path: Path) -> None:
    untagged: dict[str, Any] = {"allergens_tags": [], "traces_tags": None}
    for label in ("rye bread", "spelt flakes", "malt"):
        record = one(tmp_path, ingredients_text=label, ingredients_text_en=label, **untagged)
        found = contents_of(record.says, record.label, record.stated)
        assert "gluten" in lexicon().contents(found.ids).allergens
    unlabelled = one(tmp_path, ingredients_text="", ingredients_text_en="", **untagged)
    assert not contents_of(unlabelled.says, unlabelled.label, unlabelled.stated).known


def test_what_another_language_names_counts_too(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        ingredients_text="Riz, noisettes",
        ingredients_text_en="Rice",
        allergens_tags=[],
        traces_tags=[],
    )
    assert "hazelnut" in record.stated


def test_a_tag_that_nobody_can_read_makes_the_contents_unknown(tmp_path: Path) -> None:
    known, unknown = one(tmp_path), one(tmp_path, allergens_tags=["en:milk", "xx:zebra-milk-dust"])
    assert contents_of(known.says, known.label, known.stated).known
    found = contents_of(unknown.says, unknown.label, unknown.stated)
    assert not found.known
    assert "milk" in found.ids


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"product_name": "", "product_name_en": None}, "no name"),
        ({"code": "../../etc"}, "isn't a barcode"),
        ({"code": None}, "isn't a barcode"),
        ({"nutriments": {"fat_100g": 120}}, "fat_g is 120"),
        ({"nutriments": {"energy-kcal_100g": 2000}}, "energy_kcal is 2000"),
        ({"nutriments": {"proteins_100g": -1}}, "protein_g is -1"),
        ({"nutriments": {"proteins_100g": "lots"}}, "isn't a number"),
        ({"nutriments": {"fat_100g": 60, "carbohydrates_100g": 60}}, "are 120 g"),
        ({"product_type": "beauty"}, "no food"),
        ({"obsolete": "on"}, "withdrawn"),
    ],
)
def test_a_bad_product_is_left_out_as_a_whole(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    assert why in fault_of(tmp_path, **changes)


def test_bad_lines_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    deep = "[" * 100_000
    nan = json.dumps(PRODUCT).replace("2000", "NaN")
    records, faults, _ = load(lines(tmp_path, '{"code": "1', PRODUCT, "", "[1]", deep, nan, name="p.jsonl"))
    assert len(records) == 1
    assert sorted(fault.where for fault in faults) == [f"p.jsonl, line {number}" for number in (1, 4, 5, 6)]


def test_a_line_of_fifty_megabytes_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path, PRODUCT, '{"code": "' + "1" * 50 * 2**20 + '"}', name="p.jsonl")
    loader = recognised(path)
    assert loader is not None
    with pytest.raises(BadInputError, match=r"p\.jsonl, line 2: longer than 16 MB"):
        list(loader.batches())


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(json.dumps(PRODUCT).encode() + b'\n{"code": "2", "product_name": "M\xfcsli"}\n')
    with pytest.raises(BadInputError, match=r"p\.jsonl, line 2: not UTF-8"):
        load(path)


@pytest.mark.parametrize("form", ["lines", "parquet"])
def test_a_truncated_export_is_refused(tmp_path: Path, form: str) -> None:
    rows = [{**PRODUCT, "code": str(number**9)} for number in range(200)]
    path = lines(tmp_path, *rows) if form == "lines" else parquet(tmp_path, *map(as_parquet_row, rows))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(BadInputError, match=path.name):
        load(path)


def test_a_parquet_file_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "food.parquet"
    pq.write_table(pa.table({"code": ["1"], "product_name": ["x"]}), path)
    with pytest.raises(BadInputError, match="'ingredients_text' is missing"):
        recognised(path)


def test_other_files_are_not_recognised(tmp_path: Path) -> None:
    other = tmp_path / "corpus.jsonl"
    other.write_text('{"_id": "1", "text": "x"}\n', "utf-8")
    table = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [1]}), table)
    zeros = tmp_path / "zeros.jsonl.gz"
    zeros.write_bytes(gzip.compress(bytes(2**24)))
    assert [recognised(path) for path in (other, table, zeros, tmp_path)] == [None] * 4


def test_tags_with_an_id_outside_the_lexicon_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "tags.yaml"
    file.write_text(OFF_TAGS.read_text("utf-8").replace("  milk:", "  zebra:"), "utf-8")
    with pytest.raises(BadInputError, match="'zebra' is no id"):
        read_off_tags(file, lexicon())


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data isn't here")
def test_real_exports_are_read_alike() -> None:
    first, faults, _ = load(DATA / "openfoodfacts-products-sample.jsonl.gz")
    second, _, _ = load(DATA / "food-sample.parquet")
    assert (len(first), len(faults)) == (489, 11)
    assert [record.passage.id for record in first] == [record.passage.id for record in second]
    assert [record.label for record in first] == [record.label for record in second]
