"""What a path is, by its content; and one clear line for what is nothing that we know."""

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.recognise import KINDS, recognise

DATA = Path(__file__).parents[6] / "shared" / "data"

RECIPE = "# Soup\n\n## Ingredients\n\n- 1 leek\n\n## Method\n\nBoil it."
JSON_LD = json.dumps({"@type": "Recipe", "name": "Soup", "recipeIngredient": ["1 leek"]})
NOTE = "# Thawing\n\nThaw in the refrigerator."


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("soup.md", RECIPE, "recipes"),
        ("soup", JSON_LD, "recipes"),
        ("soup.txt", JSON_LD, "recipes"),
        ("soup.html", f'<html><script type="application/ld+json">{JSON_LD}</script></html>', "recipes"),
        ("thawing.md", NOTE, "documents"),
        ("thawing", NOTE, "documents"),
        ("thawing.txt", "<!DOCTYPE html><html><body><p>Thaw.</p></body></html>", "documents"),
    ],
)
def test_the_content_decides_and_not_the_name(tmp_path: Path, name: str, content: str, kind: str) -> None:
    assert recognise(put(tmp_path / name, content)).kind == kind


def test_a_folder_with_a_recipe_is_a_folder_of_recipes_and_the_rest_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "soup.md", RECIPE)
    put(tmp_path / "sub" / "thawing.md", NOTE)
    loader = recognise(tmp_path)
    [batch] = loader.batches()
    parsed = loader.parse(batch)
    assert loader.kind == "recipes"
    assert [record.passage.title for record in parsed.records] == ["Soup"]
    assert [(fault.where, "--as documents" in fault.why) for fault in parsed.faults] == [
        ("sub/thawing.md", True)
    ]
    assert recognise(tmp_path, kind="documents").kind == "documents"


def test_a_folder_of_documents_is_recognised(tmp_path: Path) -> None:
    put(tmp_path / "thawing.md", NOTE)
    assert recognise(tmp_path).kind == "documents"


def test_a_link_that_was_named_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "real" / "thawing.md", NOTE)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert recognise(tmp_path / "link").origins[0].id == "documents-thawing"


def test_a_folder_with_links_out_of_it_reads_nothing_outside(tmp_path: Path) -> None:
    put(tmp_path / "outside.md", RECIPE)
    inside = tmp_path / "inside"
    put(inside / "thawing.md", NOTE)
    (inside / "outside.md").symlink_to(tmp_path / "outside.md")
    loader = recognise(inside)
    [batch] = loader.batches()
    assert loader.kind == "documents"
    assert [(fault.where, fault.why[:6]) for fault in batch.faults] == [("outside.md", "a link")]


def refused(path: Path, kind: str | None = None) -> str:
    with pytest.raises(BadInputError) as caught:
        recognise(path, kind)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_path_that_is_nothing_says_so(tmp_path: Path) -> None:
    assert "doesn't exist" in refused(tmp_path / "nothing")
    assert "is empty" in refused(put(tmp_path / "empty.md", ""))
    (tmp_path / "hollow").mkdir()
    assert "is empty" in refused(tmp_path / "hollow")
    os.mkfifo(tmp_path / "pipe")
    assert "neither a file nor a folder" in refused(tmp_path / "pipe")
    assert "neither a file nor a folder" in refused(Path("/dev/null"))
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    assert "can't be read" in refused(tmp_path / "ring")
    assert "can't be read" in refused(tmp_path / ("x" * 300))
    assert "can't be read" in refused(tmp_path / "a\0b")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zeros.md", b"\0" * 1_000_000),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("table.csv", "name;amount\nflour;200\n"),
        ("data.json", '{"a": 1}'),
        ("data.yaml", "a: 1\n"),
        ("spaces.txt", "  \n\n "),
    ],
)
def test_what_is_nothing_known_lists_what_is(tmp_path: Path, name: str, content: str | bytes) -> None:
    message = refused(put(tmp_path / name, content))
    for word in ("USDA", "Open Food Facts", "recipes", "documents"):
        assert word in message


def test_a_zip_of_other_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    refused(path)
    put(path, path.read_bytes()[:-30])
    refused(path)


def test_a_kind_that_doesn_t_exist_names_those_that_do(tmp_path: Path) -> None:
    message = refused(put(tmp_path / "soup.md", RECIPE), "recipe")
    assert all(kind in message for kind in KINDS)


@pytest.mark.parametrize("kind", ["usda", "open-food-facts", "recipes"])
def test_a_file_that_isn_t_of_the_kind_that_was_asked_for_is_refused(tmp_path: Path, kind: str) -> None:
    refused(put(tmp_path / "thawing.md", NOTE), kind)


def test_asked_for_documents_any_text_is_one(tmp_path: Path) -> None:
    assert recognise(put(tmp_path / "soup.md", RECIPE), "documents").kind == "documents"
    assert recognise(put(tmp_path / "notes.log", NOTE), "documents").kind == "documents"
    refused(put(tmp_path / "picture.png", b"\x89PNG\0"), "documents")


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data isn't here")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("usda/FoodData_Central_foundation_food_csv_2024-10-31.zip", "usda"),
        ("usda/branded_food_sample.zip", "usda"),
        ("openfoodfacts/openfoodfacts-products-sample.jsonl.gz", "open-food-facts"),
        ("openfoodfacts/food-sample.parquet", "open-food-facts"),
        ("recipes/public-domain-recipes", "recipes"),
        ("recipes/public-domain-recipes/apple-strudel.md", "recipes"),
        ("README.md", "documents"),
    ],
)
def test_the_real_data_is_recognised(name: str, kind: str) -> None:
    assert recognise(DATA / name).kind == kind


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data isn't here")
def test_a_folder_with_tables_beside_other_things_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "thawing.md", NOTE)
    products = gzip.decompress((DATA / "openfoodfacts/openfoodfacts-products-sample.jsonl.gz").read_bytes())
    put(tmp_path / "sub" / "products.jsonl", products)
    assert "one by one" in refused(tmp_path)
