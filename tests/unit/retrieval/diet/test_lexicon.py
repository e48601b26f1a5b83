"""Ingredients are found where a text names them, and bring what they bring."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.diet.lexicon import LEXICON, Lexicon, lexicon, read_lexicon
from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.diet.rules import rules
from retrieval.diet.violations import violations
from retrieval.diet.words import split
from retrieval.errors import BadInputError

HEADER = "id,names,parents,carries,source\n"

# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Turkish
IN_TEN_LANGUAGES = {
    "celery": "celery|Sellerie|céleri|apio|sedano|aipo|selderij|seler|сельдерей|kereviz",
    "gluten": "gluten|Gluten|gluten|gluten|glutine|glúten|gluten|glutenu|глютен|glüten",
    "crustaceans": "crustaceans|Krebstiere|crustacés|crustáceos|crostacei|crustáceos|schaaldieren|skorupiaki"
    "|ракообразные|kabuklular",
    "eggs": "eggs|Eier|œufs|huevos|uova|ovos|eieren|jajka|яйца|yumurta",
    "fish": "fish|Fisch|poisson|pescado|pesce|peixe|vis|ryby|рыба|balık",  # noqa: RUF001
    "lupin": "lupin|Lupinen|lupin|altramuces|lupini|tremoço|lupine|łubin|люпин|acı bakla",  # noqa: RUF001
    "milk": "milk|Milch|lait|leche|latte|leite|melk|mleko|молоко|süt",
    "molluscs": "molluscs|Weichtiere|mollusques|moluscos|molluschi|moluscos|weekdieren|mięczaki|моллюски|yumuşakçalar",
    "mustard": "mustard|Senf|moutarde|mostaza|senape|mostarda|mosterd|gorczyca|горчица|hardal",
    "peanuts": "peanuts|Erdnüsse|cacahuètes|cacahuetes|arachidi|amendoins|pinda's|orzeszki ziemne|арахис|yer fıstığı",  # noqa: RUF001
    "sesame": "sesame|Sesam|sésame|sésamo|sesamo|gergelim|sesamzaad|sezam|кунжут|susam",
    "soybeans": "soybeans|Soja|soja|soja|soia|soja|soja|soja|соя|soya",
    "sulphites": "sulphites|Sulfite|sulfites|sulfitos|solfiti|sulfitos|sulfieten|siarczyny|сульфиты|sülfit",
    "tree_nuts": "tree nuts|Nüsse|noix|frutos secos|frutta a guscio|nozes|noten|orzechy|орехи|kuruyemiş",
}

DIETS_IN_TEN_LANGUAGES = {
    Diet.VEGAN: "plant-based|vegane|végétalienne|vegana|vegano|veganas|plantaardig|wegańska|веган|veganım",  # noqa: RUF001
    Diet.VEGETARIAN: "veggie|Vegetarierin|végétarienne|vegetariana|vegetariano|sem carne|vegetariër|wegetarianka"
    "|вегетарианка|vejetaryen",
    Diet.GLUTEN_FREE: "Gluten Free|glutenfrei|sans gluten|sin gluten|senza glutine|sem glúten|glutenvrij|bezglutenowy"
    "|без глютена|glutensiz",
    Diet.DAIRY_FREE: "dairy-free|laktosefrei|sans lactose|sin lactosa|senza lattosio|sem lactose|lactosevrij"
    "|bez laktozy|без лактозы|laktozsuz",
    Diet.LOW_CARB: "keto|kohlenhydratarm|cétogène|bajo en carbohidratos|chetogenica|cetogênica|koolhydraatarm"
    "|niskowęglowodanowa|низкоуглеводная|ketojenik",
    Diet.HALAL: "halal|régime halal|comida halal|halalowy|халяль|helal",
    Diet.KOSHER: "kosher|koscher|casher|kasher|koosjer|koszerny|кошерный|koşer",
}

LOOKALIKES = [
    ("coconut milk and coconut cream", {"coconut"}, frozenset()),
    ("almond milk", {"almond"}, {"tree_nuts"}),
    ("oat milk", {"oat"}, {"gluten"}),
    ("soya milk", {"soybeans"}, {"soybeans"}),
    ("oat milk latte", {"oat"}, {"gluten"}),
    ("peanut butter", {"peanuts"}, {"peanuts"}),
    ("sunflower butter", {"sunflower_seed"}, frozenset()),
    ("buckwheat flour", {"buckwheat"}, frozenset()),
    ("butter beans", {"butter_bean"}, frozenset()),
    ("butternut squash", {"pumpkin"}, frozenset()),
    ("eggplant and egg plant", {"aubergine"}, frozenset()),
    ("nutmeg", {"nutmeg"}, frozenset()),
    ("water chestnuts", {"water_chestnut"}, frozenset()),
    ("tiger nuts", {"tiger_nut"}, frozenset()),
    ("cocoa butter", {"cocoa"}, frozenset()),
    ("shea butter", {"shea_butter"}, frozenset()),
    ("vegan cheese", {"vegan_cheese"}, frozenset()),
    ("dairy-free yoghurt", {"vegan_yoghurt"}, frozenset()),
    ("cream of tartar", {"baking_powder"}, frozenset()),
    ("rice noodles", {"rice"}, frozenset()),
    ("corn tortillas", {"corn"}, frozenset()),
    ("gluten-free oats", {"gluten_free_oat"}, frozenset()),
    ("gluten-free pasta", {"gluten_free_pasta"}, frozenset()),
    ("tamari", {"soybeans"}, {"soybeans"}),
    ("oyster mushrooms", {"mushroom"}, frozenset()),
    ("beefsteak tomatoes", {"tomato"}, frozenset()),
    ("kidney beans", {"kidney_bean"}, frozenset()),
    ("rice vinegar", {"vinegar"}, frozenset()),
    ("fully refined soybean oil", {"soybean_oil"}, frozenset()),
    ("chickpeas", {"chickpea"}, frozenset()),
    ("horseradish", {"horseradish"}, frozenset()),
]

COMPOUNDS = [
    ("mayonnaise", {"eggs", "mustard"}),
    ("pesto", {"milk", "tree_nuts"}),
    ("Worcestershire sauce", {"fish", "gluten"}),
    ("soy sauce", {"soybeans", "gluten"}),
    ("miso", {"soybeans", "gluten"}),
    ("marzipan", {"tree_nuts"}),
    ("beer", {"gluten"}),
    ("malt", {"gluten"}),
    ("seitan", {"gluten"}),
    ("rye flour", {"gluten"}),
    ("spelt", {"gluten"}),
    ("macaroni", {"gluten"}),
    ("gingerbread", {"gluten"}),
    ("tahini", {"sesame"}),
    ("houmous", {"sesame"}),
    ("ghee", {"milk"}),
    ("Gruyère", {"milk"}),
    ("satay", {"peanuts", "soybeans", "gluten"}),
    ("surimi", {"fish", "crustaceans", "eggs"}),
    ("oyster sauce", {"molluscs", "gluten", "soybeans"}),
    ("Thai curry paste", {"crustaceans", "fish"}),
    ("kimchi", {"fish", "crustaceans"}),
    ("lecithin", {"soybeans"}),
    ("Nutella", {"tree_nuts", "milk"}),
    ("trail mix", {"tree_nuts", "peanuts"}),
    ("wine", {"sulphites"}),
    ("pizza", {"gluten", "milk"}),
    ("lactose-free milk", {"milk"}),
    ("stock cube", {"celery", "gluten"}),
    ("pine nuts", {"tree_nuts"}),
]


def allergens_in(text: str) -> frozenset[str]:
    known = lexicon()
    return known.contents(mention.ingredient for mention in known.find(text)).allergens


def test_the_lexicon_covers_at_least_five_hundred_ingredients_and_fifteen_hundred_names() -> None:
    known = lexicon()
    rows = LEXICON.read_text(encoding="utf-8").splitlines()[1:]
    assert len(known) >= 500
    assert sum(len(known[row.partition(",")[0]].names) for row in rows) >= 1_500


@pytest.mark.parametrize("allergen", list(Allergen))
def test_every_allergen_is_found_in_ten_languages(allergen: Allergen) -> None:
    for name in IN_TEN_LANGUAGES[allergen].split("|"):
        assert allergen.value in allergens_in(f"… {name}!"), name
        assert allergen.value in lexicon().contents([lexicon().resolve(name) or ""]).allergens, name


@pytest.mark.parametrize("diet", list(DIETS_IN_TEN_LANGUAGES))
def test_diets_are_found_in_ten_languages(diet: Diet) -> None:
    for name in DIETS_IN_TEN_LANGUAGES[diet].split("|"):
        assert [(found, text_range) for found, *text_range in lexicon().find_diets(f"({name})")] == [
            (diet, [1, 1 + len(name)])
        ]
        assert lexicon().diet(name) is diet


def test_every_diet_is_found_by_its_own_name() -> None:
    assert all(lexicon().diet(diet.value.replace("_", "-")) is diet for diet in Diet)
    assert lexicon().diet("carnivore") is None


@pytest.mark.parametrize(("text", "holds", "allergens"), LOOKALIKES)
def test_lookalikes_are_what_they_are(text: str, holds: set[str], allergens: set[str]) -> None:
    known = lexicon()
    found = known.contents(mention.ingredient for mention in known.find(text))
    assert holds <= found.ingredients
    assert found.allergens == allergens


@pytest.mark.parametrize(("text", "allergens"), COMPOUNDS)
def test_compound_foods_bring_what_they_usually_contain(text: str, allergens: set[str]) -> None:
    assert len(lexicon().find(text)) == 1
    assert allergens <= allergens_in(text)


@pytest.mark.parametrize(
    "text", ["blood sugar", "for the sake of taste", "a nutshell", "milky", "stock up on rice cookers"]
)
def test_words_that_only_look_like_food_are_not_found(text: str) -> None:
    assert lexicon().find(text) == ()


EVERYTHING = Restrictions(diets=frozenset(Diet), allergies=frozenset(Allergen))


@pytest.mark.parametrize(
    "text",
    [
        "Set a stock pot on the hob and a cookie sheet in the pizza oven.",
        "Start the egg timer, and have the butter knife and the milk frother at hand.",
        "Fish out the bay leaf, and slice it with a pizza cutter.",
        "He is nuts about running, works for peanuts, and it's a piece of cake.",
        "Squeeze it through a nut milk bag into the gravy boat.",
        "Shape balls the size of a walnut in a muffin tin.",
        "Use the rice cooker, the salad spinner or the waffle maker.",
    ],
)
def test_tools_and_sayings_recommend_no_food(text: str) -> None:
    assert violations(text, EVERYTHING) == ()


@pytest.mark.parametrize(
    ("text", "allergy"),
    [
        ("Serve a piece of cake.", "eggs"),
        ("Oily fish like sardines are good.", "fish"),
        ("Stir in two vegetable stock pots.", "celery"),
        ("Beef with broccoli", "beef"),
        ("Bake a cookie.", "gluten"),
        ("Spread butter with a knife.", "milk"),
        ("Try a banana smoothie.", "milk"),
    ],
)
def test_food_in_nearly_the_same_words_is_still_found(text: str, allergy: str) -> None:
    assert violations(text, Restrictions(allergies=frozenset({allergy})))


@pytest.mark.parametrize(
    ("text", "diet"),
    [
        ("Try a banana smoothie.", Diet.VEGAN),
        ("Have some eggnog.", Diet.HALAL),
        ("End with a pudding.", Diet.GLUTEN_FREE),
    ],
)
def test_a_word_that_may_mean_what_a_diet_leaves_out_is_not_recommended(text: str, diet: Diet) -> None:
    assert violations(text, Restrictions(diets=frozenset({diet})))


@pytest.mark.parametrize(
    ("label", "allergen"),
    [
        *(
            (word, "milk")
            for word in "Molkenprotein|Wheyproteinkonzentrat|lactosérum|suero de leche|siero di latte".split(
                "|"
            )
        ),
        *(
            (word, "milk")
            for word in "Magermilchpulver|beurre concentré|burro|karnemelk|caséinate de sodium".split("|")
        ),
        *(
            (word, "gluten")
            for word in "Weizenprotein|froment|harina de trigo|farina di grano tenero|tarwebloem".split("|")
        ),
        *(
            (word, "gluten")
            for word in "Gerstenmalzextrakt|orge malté|extracto de malta|Paniermehl|semoule".split("|")
        ),
        *(
            (word, "eggs")
            for word in "Volleipulver|Hühnereiweiß|jaune d'œuf|clara de huevo|albume|eigeel".split("|")
        ),
        *(
            (word, "soybeans")
            for word in "Sojaprotein|lécithine de soja|lecitina de soja|farina di soia|sojalecithine".split(
                "|"
            )
        ),
        *((word, "fish") for word in "morue|Sardellen|anchois|merluza|acciughe|kabeljauw".split("|")),
        *((word, "crustaceans") for word in "écrevisses|Flusskrebse|langostinos".split("|")),
        *((word, "molluscs") for word in "Tintenfisch|palourdes|almejas|seppie".split("|")),
        *(
            (word, "tree_nuts")
            for word in "Haselnussmark|poudre d'amandes|pasta di nocciole|noix de macadamia".split("|")
        ),
        *(
            (word, "peanuts")
            for word in "Erdnussmus|pâte d'arachide|aceite de cacahuete|arachideolie".split("|")
        ),
        *((word, "celery") for word in "Selleriesamen|sel de céleri|sedano rapa".split("|")),
        *((word, "mustard") for word in "Senfsaat|graines de moutarde|semi di senape|mosterdzaad".split("|")),
        *((word, "sesame") for word in "Sesamsaat|purée de sésame|semillas de sésamo".split("|")),
        *((word, "lupin") for word in "Lupinenmehl|farine de lupin|harina de altramuz".split("|")),
        *(
            (word, "sulphites")
            for word in "Natriummetabisulfit|métabisulfite de potassium|metabisulfito sódico".split("|")
        ),
    ],
)
def test_the_words_of_labels_in_other_languages_are_found(label: str, allergen: str) -> None:
    assert allergen in allergens_in(f"x ({label}), y")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A PEANUT-BUTTER sandwich", ["PEANUT-BUTTER", "sandwich"]),
        ("p\u200beanuts & tahi\u0301ni", ["p\u200beanuts", "tahi\u0301ni"]),
        ("crème   fraîche", ["crème   fraîche"]),
        ("almond, milk", ["almond", "milk"]),
        ("almond\nmilk", ["almond", "milk"]),
        ("🥜 or 🥛", ["🥜", "🥛"]),
        ("\u0440\u0435anut", ["\u0440\u0435anut"]),  # two Cyrillic letters
        ("\uff30\uff25\uff21\uff2e\uff35\uff34", ["\uff30\uff25\uff21\uff2e\uff35\uff34"]),
    ],
)
def test_mentions_are_found_at_their_place_however_they_are_written(text: str, found: list[str]) -> None:
    mentions = lexicon().find(text)
    assert [mention.name for mention in mentions] == found
    assert all(text[mention.start : mention.end] == mention.name for mention in mentions)


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.sampled_from(["peanut", "butter", " ", "-", "œufs", "Nüsse", "\u200b", "\u0301", "\n"]),
        )
    ).map("".join)
)
def test_any_text_can_be_searched_and_places_are_right(text: str) -> None:
    last = 0
    for mention in lexicon().find(text):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.name
        assert lexicon().resolve(mention.name) == mention.ingredient
        last = mention.end


@given(st.text())
def test_any_text_can_be_searched_for_diets(text: str) -> None:
    for diet, start, end in lexicon().find_diets(text):
        assert lexicon().diet(text[start:end]) is diet


def test_every_name_is_found_as_its_own_ingredient() -> None:
    known = lexicon()
    for row in LEXICON.read_text(encoding="utf-8").splitlines()[1:]:
        item = known[row.partition(",")[0]]
        if item.id == "no_food":
            continue
        for name in item.names:
            assert known.resolve(name) == item.id, name
            assert split(name), name


def test_resolve_takes_whole_names_only() -> None:
    assert lexicon().resolve("Groundnuts") == "peanuts"
    assert lexicon().resolve("peanuts please") is None
    assert lexicon().resolve("") is None


def test_suggest_offers_what_was_probably_meant() -> None:
    assert lexicon().suggest("strawbrry")[0] == "strawberry"
    assert lexicon().suggest("qqqqq") == ()


def test_an_unknown_ingredient_is_named_with_what_was_probably_meant() -> None:
    with pytest.raises(BadInputError, match="unknown ingredient 'chedar': did you mean cheddar"):
        lexicon().contents(["chedar"])
    with pytest.raises(KeyError):
        lexicon()["chedar"]
    assert "chedar" not in lexicon()
    assert "cheddar" in lexicon()


def test_an_allergy_to_a_word_for_several_things_is_an_allergy_to_each() -> None:
    assert lexicon().allergies("shellfish") == {"crustaceans", "molluscs"}
    assert lexicon().allergies("almond") == {"almond"}


def read(tmp_path: Path, rows: str, header: str = HEADER) -> Lexicon:
    file = tmp_path / "lexicon.csv"
    file.write_text(header + rows, encoding="utf-8")
    return read_lexicon(file, rules())


def test_what_is_inherited_can_be_lacking(tmp_path: Path) -> None:
    known = read(tmp_path, "milk,,,high_fodmap,\nbutter,,milk,-high_fodmap,\nbutter_cake,,butter,gluten,\n")
    contents = known.contents(["butter_cake"])
    assert contents.ingredients == {"butter_cake", "butter", "milk"}
    assert contents.allergens == {"milk", "gluten"}
    assert contents.properties == frozenset()


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("a,,b,,\n", "line 2: 'a' has the unknown parent 'b'"),
        ("a,,,,\nb,,a,sugary,\n", "line 3: 'b' carries 'sugary'"),
        ("a,,b,,\nb,,a,,\n", "'a' is its own ancestor: a → b → a"),
        ("a,x,,,\nb,X,,,\n", "line 3: the name 'X' belongs to 'a' (line 2)"),
        ("a,,,,\na,,,,\n", "line 3: 'a' is already on line 2"),
        ("a,,\n", "line 2: 3 columns"),
        ("A b,,,,\n", "line 2: 'A b' is no id"),
        ("a,,,-milk,\n", "line 2: 'a' lacks 'milk'"),
        ("a,,,~b,\n", "line 2: 'a' may be 'b'"),
        ("a,…,,,\n", "line 2: the name '…' has no letters"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_line(tmp_path: Path, rows: str, complaint: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read(tmp_path, rows)
    assert str(caught.value).startswith("lexicon.csv ")
    assert complaint in str(caught.value)


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="line 1: the columns must be"):
        read(tmp_path, "", header="id,names\n")
