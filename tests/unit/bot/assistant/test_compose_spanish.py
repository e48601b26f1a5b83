"""Composed answers in Spanish: the same passages, nothing forbidden, and no English but what the sources say."""

import re
from itertools import pairwise

import pytest

from bot.assistant.compose import Need, compose
from bot.assistant.fixed import describe_known, fixed_answer, left_out_notice, notices
from bot.assistant.understand import Change, Intent, understand
from bot.messages import say, speaking
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Diet, Preferences
from retrieval.diet.violations import violations
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind, Passage

KNOWN = tuple(passages(load_catalogue()))
BY_ID = {passage.id: passage for passage in KNOWN}
PROFILES = {
    "nobody": Preferences(),
    "nuts": Preferences(allergies=frozenset({"peanuts", "tree_nuts"})),
    "milk and eggs": Preferences(allergies=frozenset({"milk", "eggs"})),
    "seafood and sesame": Preferences(allergies=frozenset({"fish", "crustaceans", "molluscs", "sesame"})),
    "vegan": Preferences(diets=frozenset({Diet.VEGAN})),
    "kosher with tastes": Preferences(diets=frozenset({Diet.KOSHER}), likes=("lentil",), dislikes=("tofu",)),
}
OURS = re.compile(
    r"\b(?:per (?:100 g|serving)|serving|protein|energy|fat|fibre|sodium|these fit|like|less than|more than|against"
    r"|cups?|ingredients:|steps:|unknown|about the same|I have)\b",
    re.IGNORECASE,
)


def permitted(who: Preferences) -> list[Passage]:
    return [
        passage
        for passage in KNOWN
        if permits(passage.contains, passage.per_100g, who.restrictions).answer is Answer.YES
    ]


@pytest.mark.parametrize("who", PROFILES.values(), ids=PROFILES.keys())
@pytest.mark.parametrize("intent", list(Intent))
def test_the_same_is_composed_in_spanish_and_nothing_forbidden(intent: Intent, who: Preferences) -> None:
    """Some forty documents of each kind, for every profile that they are permitted to."""
    fine = permitted(who)[list(Intent).index(intent) :: 31]
    for one, other in pairwise(fine):
        question = f"¿Cuánta proteína tienen {one.title} y {other.title}?"
        need = Need(question, intent, "protein_g", who)
        english = compose(need, [one, other])
        with speaking("es"):
            spanish = compose(need, [one, other])
        assert spanish.passages == english.passages
        assert violations(spanish.text, who.restrictions) == violations(english.text, who.restrictions)
        assert re.findall(r"\[\d+\]", spanish.text) == re.findall(r"\[\d+\]", english.text)


@pytest.mark.parametrize("intent", [Intent.LOOKUP, Intent.COMPARE, Intent.SUGGEST, Intent.PLAN])
def test_our_own_words_are_spanish(intent: Intent) -> None:
    dishes = [passage for passage in KNOWN if passage.kind is not Kind.NOTE]
    for one, other in zip(dishes[::17], dishes[5::17], strict=False):
        with speaking("es"):
            text = compose(
                Need(f"{one.title}, {other.title}", intent, "iron_mg", Preferences()), [one, other]
            ).text
        for name in (one.title, other.title, one.portion, other.portion):
            text = text.replace(name, "")
        assert not OURS.search(text), text


def test_a_figure_in_spanish() -> None:
    need = Need("How much protein is in cooked lentils?", Intent.LOOKUP, "protein_g", Preferences())
    with speaking("es"):
        text = compose(need, [BY_ID["food:lentils-cooked"]]).text
    assert text == "**Lentils, cooked**: proteínas 9,02 g por 100 g, 17,9 g en 1 taza (198 g) [1]"


def test_a_recipe_in_spanish_keeps_the_words_of_its_source() -> None:
    found = next(
        passage for passage in KNOWN if passage.kind is Kind.RECIPE and "Italian dinner" in passage.text
    )
    with speaking("es"):
        text = compose(Need("receta", Intent.RECIPE, None, Preferences()), [found]).text
    assert "cena de cocina italiana, " in text
    assert " raciones, " in text
    assert "Por ración: energía " in text
    assert found.text.split("Ingredients: ")[1].split("; ")[0] in text


def test_nothing_found_names_no_restriction_in_spanish_either() -> None:
    with speaking("es"):
        assert compose(Need("satay", Intent.SUGGEST, None, PROFILES["nuts"]), []).text == say(
            "nothing_found_for"
        )
        assert not violations(say("nothing_found_for"), PROFILES["nuts"].restrictions)


def test_what_was_noted_is_said_in_spanish() -> None:
    understood = understand("Soy alérgico a los cacahuetes y vegano. ¿Qué ceno?")
    with speaking("es"):
        (said,) = notices(understood)
        assert said.startswith("Anotado: alergia a cacahuetes")
        left_out = left_out_notice(
            violations("Try tahini.", Preferences(allergies=frozenset({"sesame"})).restrictions)
        )
        assert left_out == "He dejado fuera tahini: contiene tahini → sésamo."


def test_what_is_known_is_said_in_spanish() -> None:
    known = Preferences(
        diets=frozenset({Diet.GLUTEN_FREE}),
        allergies=frozenset({"tree_nuts", "strawberry"}),
        exceptions=frozenset({"almond"}),
        likes=("lentil",),
        targets={"protein_g": 120.0, "weight_kg": 71.5},
    )
    with speaking("es"):
        assert describe_known(known).splitlines()[2:] == [
            "- Alergias: fresa, frutos de cáscara (pero puedes comer almendras).",
            "- Dietas: sin gluten.",
            "- Te gusta: lentejas.",
            "- Objetivos: proteínas 120 g al día, peso corporal 71,5 kg.",
        ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Se me está hinchando la garganta después de comer gambas", "112"),
        ("me cuesta respirar, he comido cacahuetes", "112"),
        ("creo que tengo un shock anafiláctico", "112"),
        ("se me hinchan los labios", "112"),
        ("Me provoco el vómito", "findahelpline.com"),
        ("me obligo a vomitar después de cenar", "findahelpline.com"),
        ("no he comido nada en tres días", "findahelpline.com"),
        ("qué laxantes sirven para adelgazar", "findahelpline.com"),
        ("tengo miedo a comer", "findahelpline.com"),
        ("quiero una dieta de 800 calorías al día", "1200 kcal"),
        ("Estoy embarazada, ¿puedo comer sushi?", "matrona"),
        ("¿qué puedo comer si doy el pecho?", "matrona"),
        ("Tomo Sintrom, ¿puedo comer espinacas?", "farmacéutico"),
        ("¿puedo beber leche con los antibióticos?", "farmacéutico"),
        ("¿afecta el pomelo a mi medicación?", "farmacéutico"),
    ],
)
def test_a_medical_matter_in_spanish_gets_its_answer_in_spanish(text: str, said: str) -> None:
    with speaking("es"):
        fixed = fixed_answer(text, understand(text), Preferences())
    assert fixed is not None
    assert said in fixed.text


@pytest.mark.parametrize(
    "text",
    [
        "No estoy embarazada",
        "Me muero de hambre, ¿qué ceno?",
        "Una receta para el desayuno de tres días",
        "¿Cuánta proteína tienen las lentejas?",
        "pollo sin antibióticos",
        "Soy alérgico a los cacahuetes",
        "¿Es un plato para chuparse los labios?",
        "Quiero perder 5 kg",
        "unas 1800 calorías al día",
    ],
)
def test_a_plain_question_in_spanish_is_no_medical_matter(text: str) -> None:
    fixed = fixed_answer(text, understand(text), Preferences())
    assert fixed is None or "red line" not in fixed.verdict.reasons[0]


def test_a_change_is_said_in_spanish_to_the_letter() -> None:
    with speaking("es"):
        assert say("noted", changes="x") == "Anotado: x."
        assert say("no_longer", changes="x") == "ya no: x"
    assert not Change()
