"""What a label says: everything is accounted for, or the contents are unknown."""

import csv
import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.diet.lexicon import lexicon
from retrieval.errors import BadInputError
from retrieval.knowledge.contents import Found, contents_of
from retrieval.knowledge.documents import Says
from retrieval.knowledge.labelwords import LABEL_WORDS, read_label_words
from retrieval.knowledge.loaders.off_tags import off_tags

DATA = Path(__file__).parents[5] / "shared" / "data"
OFF = DATA / "openfoodfacts" / "openfoodfacts-products-sample.jsonl.gz"
BRANDED = DATA / "usda" / "branded_food_sample.zip"


def read(label: str, says: Says = Says.LIST, stated: tuple[str, ...] = ()) -> Found:
    return contents_of(says, label, stated)


def allergens(found: Found) -> frozenset[str]:
    return lexicon().contents(found.ids).allergens


@pytest.mark.parametrize(
    ("label", "ids"),
    [
        ("Wheat flour, sugar, palm oil (12 %), salt.", {"wheat_flour", "sugar", "vegetable_oil", "salt"}),
        ("INGREDIENTS: TOMATOES (60%), WATER, CITRIC ACID", {"tomato", "water", "fruit_pectin"}),
        ("Emulsifier: soya lecithin", {"lecithin"}),
        ("sugar, emulsifiers (471, 322)", {"sugar", "emulsifier_e471", "lecithin"}),
        ("rice, colour (E 120), acid (INS 330)", {"rice", "carmine", "fruit_pectin"}),
        ("Cola [water, caramel color, yellow #5]", {"soft_drink", "water", "food_colouring"}),
        ("Organic oats*, sea salt. *from organic farming", {"oat", "salt"}),
        ("potatoes, contains 2% or less of: dried onion, salt", {"potato", "onion", "salt"}),
        ("sugar, cocoa butter. May contain traces of hazelnuts", {"sugar", "cocoa_butter", "hazelnut"}),
        ("SUN- DRIED TOMATOES, MONO- AND DIGLYCERIDES", {"tomato", "emulsifier_e471"}),
        ('water, <span class="allergen">milk</span>', {"water", "milk"}),
        ("Farine de _blé_, sel, eau", {"wheat_flour", "wheat"}),
    ],
)
def test_a_label_of_known_words_is_known(label: str, ids: set[str]) -> None:
    found = read(label)
    assert found.unmatched == ()
    assert set(found.ids) >= ids - {"wheat"}


@pytest.mark.parametrize(
    ("label", "piece"),
    [
        ("sugar, zebra paste, salt", "zebra paste"),
        ("sugar and zebra, salt", "sugar and zebra"),
        ("salt, zebra sauce (contains milk, sugar)", "zebra sauce"),
        ("salt, zebra sauce (milk)", "zebra sauce"),
        ("salt, zebra sauce (sugar, water", "zebra sauce"),
        ("salt, crust (sugar, zebra)", "zebra"),
        ("salt, vegetables", "vegetables"),
        ("salt, natural extract", "natural extract"),
        ("salt, e999999", "e999999"),
        ("salt, hydrolyzed protein", "hydrolyzed protein"),
        ("", ""),
        ("Ingredients:", ""),
        ("see pack", "see pack"),
    ],
)
def test_a_piece_that_nothing_accounts_for_makes_it_unknown(label: str, piece: str) -> None:
    found = read(label)
    assert not found.known
    assert piece in found.unmatched


def test_what_a_bracket_lists_in_full_needs_no_name_of_its_own() -> None:
    found = read("Zebra crust (rice flour, water), salt")
    assert found.known
    assert found.ids == ("rice", "salt", "water")


@pytest.mark.parametrize(
    ("label", "allergen"),
    [
        ("rice, free from milk", "milk"),
        ("beef free from milk", "milk"),
        ("milk free of hormones", "milk"),
        ("rice. No added milk.", "milk"),
        ("coconut\nmilk", "milk"),
        ("coconut, milk", "milk"),
        ("salt (<1%) milk powder, sugar (>2%)", "milk"),
        ("cheddar cheese", "milk"),
        ("malt extract", "gluten"),
        ("rye flour", "gluten"),
        ("barley flakes", "gluten"),
        ("seitan", "gluten"),
        ("multigrain flakes", "gluten"),
        ("soy sauce", "gluten"),
        ("soy sauce", "soybeans"),
        ("sodium caseinate", "milk"),
        ("expeller pressed soybean oil", "soybeans"),
        ("salt, spices", "mustard"),
        ("salt, spices", "celery"),
        ("sodium bisulfite", "sulphites"),
        ("e223", "sulphites"),
        ("albumen", "eggs"),
        ("tahini", "sesame"),
        ("fish sauce", "fish"),
        ("made in a facility that also processes peanuts", "peanuts"),
        ("rice (may contain: almonds)", "tree_nuts"),
    ],
)
def test_an_allergen_is_never_missed(label: str, allergen: str) -> None:
    assert allergen in allergens(read(label))


def test_a_claim_of_its_own_names_no_food_and_clears_none() -> None:
    assert "milk" not in allergens(read("rice. Milk-free."))
    assert "milk" in allergens(read("rice, whey. Milk-free."))


def test_what_looks_like_an_allergen_and_is_none_is_not_one() -> None:
    label = (
        "caramel colour, coconut milk, cocoa butter, water chestnuts, corn flour, buckwheat, cream of tartar"
    )
    assert allergens(read(label)) == frozenset()


def test_stated_ids_are_always_in_it() -> None:
    for says in Says:
        assert "milk" in read("rice", says, ("milk",)).ids


def test_a_stated_id_outside_the_lexicon_is_refused() -> None:
    with pytest.raises(BadInputError, match="zebra"):
        read("rice", stated=("zebra",))


def test_a_source_that_says_nothing_leaves_it_unknown() -> None:
    assert not read("rice", Says.NOTHING).known


def test_ids_are_all_of_it() -> None:
    assert read("", Says.IDS, ("rice",)) == Found(("rice",), ())


def test_prose_contains_what_it_speaks_of() -> None:
    found = read("Peanuts are legumes, and zebras aren't.", Says.TEXT)
    assert found.known
    assert "peanuts" in found.ids


@pytest.mark.parametrize(
    "line",
    [
        "2 cups flour, sifted",
        "- 200 g of butter",
        "1 1/2 tbsp olive oil or butter",
        "4 boneless, skinless chicken breasts",
        "½ tsp salt and pepper to taste",
        "1 can chickpeas (drained and rinsed)",
    ],
)
def test_a_recipe_line_with_a_food_is_known(line: str) -> None:
    assert read(line, Says.LINES).known


@pytest.mark.parametrize(
    "line",
    [
        "2 cups zebra",
        "1 tbsp butter or zebra fat",
        "1 spoon of zebra and salt",
        "zebra, with salt (optional)",
    ],
)
def test_a_recipe_line_without_one_is_unmatched_even_when_optional(line: str) -> None:
    found = read(f"2 cups rice\n{line}", Says.LINES)
    assert found.unmatched == (line,)


def test_a_recipe_without_lines_is_unknown() -> None:
    assert not read("\n", Says.LINES).known


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Lentils, mature seeds, cooked, boiled, with salt", ("lentil", "salt")),
        ('Beef, round, separable lean only, trimmed to 0" fat, raw', ("beef",)),
        ("Fish, salmon, Atlantic, wild, raw", ("salmon",)),
        ("Carrots, frozen, unprepared", ("carrot",)),
    ],
)
def test_the_name_of_one_ingredient_is_its_contents(name: str, ids: tuple[str, ...]) -> None:
    assert read(name, Says.NAME) == Found(ids, ())


@pytest.mark.parametrize(
    "name",
    [
        "Turkey, breast, with added solution, raw",
        "Chicken, ground, with additives, raw",
        "Vegetables, mixed, canned",
        "Potatoes, mashed, home-prepared",
        "Salad dressing, mayonnaise",
        "Zebra, raw",
        "Raw",
    ],
)
def test_a_name_that_may_hold_more_is_unknown(name: str) -> None:
    assert not read(name, Says.NAME).known


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.sampled_from(sorted(Says)))
def test_any_text_can_be_read(label: str, says: Says) -> None:
    found = read(label, says, ("milk",))
    assert "milk" in found.ids
    assert all(key in lexicon() for key in found.ids)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["rice", "sugar", "milk", "zebra", "spices (dried)", "crust (rye, salt)"]), min_size=1
    )
)
def test_more_pieces_never_make_a_label_safer(pieces: list[str]) -> None:
    part, whole = read(", ".join(pieces[:-1])), read(", ".join(pieces))
    assert set(part.ids) <= set(whole.ids)
    assert set(filter(None, part.unmatched)) <= set(whole.unmatched)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("harmless:\n", "harmless:\n  - milk sugar\n"), "names milk"),
        (("alone:\n", "alone:\n  - butter\n"), "names a food"),
        (("alone:\n", "alone:\n  - two-words\n"), "isn't one word"),
        (("names:\n", "names:\n  zebra: [zebra]\n"), "no id of the lexicon"),
        (("harmless:\n", "harmless:\n  - niacin\n"), "twice"),
        (("vague: [", "vague: [zebra, "), "no id of the lexicon"),
        (("vague:", "vage:"), "exactly the keys"),
    ],
)
def test_label_words_that_could_hide_something_are_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(LABEL_WORDS.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(BadInputError, match=message):
        read_label_words(file, lexicon())


@pytest.mark.skipif(not OFF.exists(), reason="../shared/data isn't here")
def test_real_products_carry_every_allergen_that_label_or_tags_name() -> None:
    grains = re.compile(r"\b(?:wheat|barley|rye)\b(?!\s*grass)", re.IGNORECASE)
    with gzip.open(OFF, "rt", encoding="utf-8") as file:
        products = [json.loads(line) for line in file]
    known = 0
    for product in products:
        label = product.get("ingredients_text_en") or product.get("ingredients_text") or ""
        said = off_tags().read([*(product.get("allergens_tags") or ()), *(product.get("traces_tags") or ())])
        assert said.unknown == ()
        found = read(label, Says.LIST, said.ids)
        assert allergens(found) >= lexicon().contents(said.ids).allergens
        if grains.search(label):
            assert "gluten" in allergens(found), label
        known += found.known
    assert known >= 260


@pytest.mark.skipif(not BRANDED.exists(), reason="../shared/data isn't here")
def test_most_real_labels_are_understood_in_full() -> None:
    with zipfile.ZipFile(BRANDED) as archive, archive.open(archive.namelist()[0]) as raw:
        labels = [row["ingredients"] for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))]
    some = labels[::3]
    assert sum(read(label).known for label in some) >= 0.8 * len(some)
