"""Dishes of the world's kitchens and words of nine languages, by what they hide."""

import pytest

from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.violations import violations

# What a person leaves out, an allergy or a diet: the dishes that hide it.
HIDING = {
    "peanuts": (
        "suya|domoda|kare-kare|paçoca|panang curry|salsa macha|rojak|borrelnootjes|puppy chow|mirchi ka salan"
    ),
    "tree_nuts": (
        "paneer makhani|Linzer torte|calissons|çerkez tavuğu|whole nut chocolate|kaju katli|"
        "baci perugina|cantucci|panellets|lebkuchen|gajar halwa"
    ),
    "milk": (
        "tartiflette|aligot|rasmalai|khachapuri|brigadeiros|pão de queijo|cullen skink|сырок|"
        "jameed|kajmak|airag|hazelnut yoghurt|tomato-based cream sauce"
    ),
    "eggs": (
        "menemen|tamagoyaki|zabaglione|Kaiserschmarrn|chawanmushi|pisco sour|lemon meringue pie|"
        "huevos rotos|kaya toast|fresh fettuccine"
    ),
    "gluten": "ramen|cannoli|Knödel|lahmacun|okonomiyaki|pączki|suppli|пирожки|булочка",
    "fish": (
        "vitello tonnato|brandade|bagna càuda|jansson's temptation|lutefisk|pissaladière|puttanesca|шпроты"
    ),
    "crustaceans": (
        "prawn toast|bánh xeo|har gow|crawfish étouffée|vatapá|ganjang gejang|fish stock|rebon|balchão"
    ),
    "molluscs": (
        "clams casino|pulpo a la gallega|takoyaki|spaghetti alle vongole|moules frites|clamato|akagai|lapas"
    ),
    "sesame": "barazek|tahini noodles|goma dare|pasteli|halva|хумус|tang yuan|gajak",
    "soybeans": (
        "mapo tofu|char siu pork|kitsune udon|yuba|laoganma|maggi seasoning|lomo saltado|"
        "Alpro drink|soybean sprouts"
    ),
    "mustard": "céleri rémoulade|kasundi|dijonnaise|shorshe ilish|sauce Robert|Cumberland sauce|panch phoron",
    "celery": "Suppengrün|pot-au-feu|włoszczyzna|osso buco|ribollita|coda alla vaccinara|ants on a log",
    "lupin": "tarwi|lupin flakes|termes|Altreier Kaffee",
    "sulphites": "glögg|coq au vin",
    Diet.VEGAN: "palatschinken|carbonara sauce|flammkuchen|honey wine|beef stroganoff|escargots",
    Diet.VEGETARIAN: (
        "cassoulet|holodets|haggis|fabada|marshmallows|steak tartare|chapulines|"
        "Parmigiano Reggiano|souse|larb gai|Cornish pasty"
    ),
    Diet.HALAL: (
        "caipirinha|black forest gateau|tonkotsu|żelki|guanciale|bigos|Weißwurst|irish coffee|"
        "pata negra|lardo|tiết canh|black pudding"
    ),
    Diet.KOSHER: (
        "lobster thermidor|eels|hasenpfeffer|hangtown oysters|jamón ibérico|drisheen|morcilla|"
        "dinuguan|svartsoppa|czernina|blood soup"
    ),
    Diet.GLUTEN_FREE: "pelmeni|seitan|fattoush|jajangmyeon|ribollita|freekeh|перловка",
}

HARMLESS = {
    "peanuts": "rice pudding|pea soup|coconut chips|chestnut purée|Thai basil chicken|sprouts",
    "tree_nuts": "coconut curry|nutmeg|water chestnuts|butternut squash|peanut|beurre noisette",
    "milk": (
        "soya yoghurt|cashew ricotta|almond feta|peanut butter|cocoa butter|latte di mandorle|"
        "tofu cream|coconut yoghurt|soya cream|oat crème fraîche|almond butter|macadamia cheese|"
        "coconut milk ice cream|oat-based custard|pickles"
    ),
    "eggs": "eggplant|egg-free mayonnaise|falafel|chocolate",
    "gluten": (
        "polenta|rice noodles|pan sin gluten|scallops|buckwheat|teff porridge|rice porridge|pão de queijo"
    ),
    "fish": "vegan tuna|bulgur|mushrooms|chicken fajitas",
    "crustaceans": "prunes|kimchi-free rice|krupnik|salmon sushi",
    "molluscs": "oyster mushrooms|rocky mountain oysters",
    "mustard": "custard|hazelnuts",
    Diet.VEGAN: "hummus|vegan cheesecake|glamorous salad|baba ghanoush",
    Diet.VEGETARIAN: (
        "glamorgan sausage|tofu steak|tempeh bacon|aubergine parmigiana|lentil moussaka|seitan steak"
    ),
    Diet.KOSHER: "blood oranges|food for your blood pressure|carrots for healthy blood sugar",
    Diet.HALAL: "hamburger buns|ginger tea|grape juice|winter squash",
}


def against(allergy_or_diet: str) -> Restrictions:
    if allergy_or_diet in set(Diet):
        return Restrictions(diets=frozenset({Diet(allergy_or_diet)}))
    return Restrictions(allergies=frozenset({allergy_or_diet}))


@pytest.mark.parametrize(
    ("dish", "restriction"),
    [
        ("gnudi", "milk"),
        ("saganaki", "milk"),
        ("kulfi", "milk"),
        ("clafoutis", "eggs"),
        ("zabaglione", "eggs"),
        ("okonomiyaki", "eggs"),
        ("fattoush", "gluten"),
        ("haggis", "gluten"),
        ("seitan", "gluten"),
        ("mafe", "peanuts"),
        ("pé de moleque", "peanuts"),
        ("baklava", "tree_nuts"),
        ("stollen", "tree_nuts"),
        ("bouillabaisse", "fish"),
        ("worcestershire sauce", "fish"),
        ("surimi", "fish"),
        ("vongole", "molluscs"),
        ("gambas al ajillo", "crustaceans"),
        ("halva", "sesame"),
        ("baba ganoush", "sesame"),
        ("miso soup", "soybeans"),
        ("edamame", "soybeans"),
        ("piccalilli", "mustard"),
        ("waldorf salad", "celery"),
        ("coq au vin", "halal"),
        ("sherry trifle", "halal"),
        ("chorizo", "kosher"),
        ("panna cotta", "vegetarian"),
        ("toad in the hole", "vegan"),
        ("Käse", "milk"),
        ("fromage", "milk"),
        ("huevos", "eggs"),
        ("jajecznica", "eggs"),
        ("орехи", "tree_nuts"),
        ("karides", "crustaceans"),
    ],
)
def test_what_a_dish_hides_is_found(dish: str, restriction: str) -> None:
    assert violations(f"Have some {dish}.", against(restriction)), dish


@pytest.mark.parametrize(
    ("food", "restriction"),
    [
        ("coconut milk", "milk"),
        ("cocoa butter", "milk"),
        ("butter beans", "milk"),
        ("aubergine", "eggs"),
        ("eggplant", "eggs"),
        ("buckwheat", "gluten"),
        ("nutmeg", "tree_nuts"),
        ("butternut squash", "tree_nuts"),
        ("water chestnuts", "tree_nuts"),
        ("almonds", "peanuts"),
        ("oyster mushrooms", "molluscs"),
        ("rice vinegar", "gluten"),
        ("ginger", "halal"),
        ("vegan cheese", "vegan"),
        ("tofu", "milk"),
    ],
)
def test_what_only_looks_alike_is_left_alone(food: str, restriction: str) -> None:
    assert not violations(f"Have some {food}.", against(restriction)), food


@pytest.mark.parametrize(("out", "dish"), [(out, dish) for out in HIDING for dish in HIDING[out].split("|")])
def test_a_dish_is_known_by_what_it_hides(out: str, dish: str) -> None:
    assert violations(f"Have {dish}, it is quick to make.", against(out))


@pytest.mark.parametrize(
    ("out", "dish"), [(out, dish) for out in HARMLESS for dish in HARMLESS[out].split("|")]
)
def test_a_look_alike_stays_harmless(out: str, dish: str) -> None:
    assert not violations(f"Have {dish}, it is quick to make.", against(out))


@pytest.mark.parametrize(
    "text",
    [
        "Make a list, and make it short.",
        "A series of short walks is a good start.",
        "Don't work for peanuts and see a film.",
        "Perch on a stool and stretch.",
        "Do ten pike push-ups.",
        "Check your spam folder.",
    ],
)
def test_everyday_words_are_no_food(text: str) -> None:
    everything = frozenset(
        {"peanuts", "tree_nuts", "milk", "eggs", "gluten", "fish", "crustaceans", "molluscs"}
    )
    strict = frozenset({Diet.VEGAN, Diet.HALAL, Diet.KOSHER, Diet.GLUTEN_FREE})
    assert not violations(text, Restrictions(allergies=everything, diets=strict))
