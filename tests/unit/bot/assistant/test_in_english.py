import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.assistant import hear
from bot.assistant.in_english import in_english
from bot.assistant.understand import Intent
from bot.messages import speaking
from retrieval.diet.preferences import Preferences


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("¿Cuánta proteína tienen las lentejas cocidas?", "how much protein in lentil cooked ?"),
        ("¿Qué tiene más hierro, el tofu o las espinacas?", "which has more iron , tofu or spinach ?"),
        ("Soy alérgico a los cacahuetes", "I am allergic to peanuts"),
        ("¿Cuántas calorías hay en 250 g de arroz integral?", "how much calories in 250 g brown rice ?"),
        ("¿Qué ceno?", "what can I have for dinner ?"),
        ("Capital Frankreichs", "Capital Frankreichs"),
    ],
)
def test_what_is_known_of_a_spanish_question_is_said_in_english(question: str, english: str) -> None:
    with speaking("es"):
        assert in_english(question) == english


def test_an_english_question_stays_as_it_is() -> None:
    assert in_english("How much protein is in cooked lentejas?") == "How much protein is in cooked lentejas?"


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("¿Qué puedo desayunar?", Intent.SUGGEST),
        ("¿Qué tiene más hierro, el tofu o las espinacas?", Intent.COMPARE),
        ("Recomiéndame una cena vegana", Intent.SUGGEST),
        ("Dame una receta con garbanzos", Intent.RECIPE),
        ("¿Cuánto hierro hay en las espinacas?", Intent.LOOKUP),
        ("hola, ¿qué tal?", Intent.QUESTION),
    ],
)
def test_what_a_spanish_question_wants_is_understood(question: str, intent: Intent) -> None:
    with speaking("es"):
        assert hear(question, Preferences()).understanding.intent is intent


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    with speaking("es"):
        in_english(text)
