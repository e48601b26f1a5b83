"""What the person writes in each language, and what the scripted model answers."""

from dataclasses import dataclass

CHART = "lentils, tofu, chicken"


@dataclass(frozen=True, slots=True)
class Words:
    """What the person writes, and in `..._shows` what must be in the bot's words then."""

    rather_not: str
    question: str
    question_shows: str
    allergy_and_taste: str
    allergy_shows: str
    taste_shows: str
    aims: str
    snack: str
    snack_shows: str
    correction: str
    correction_shows: str
    chart: str
    chart_shows: str
    dinner: str


WORDS = {
    "en": Words(
        rather_not="rather not",
        question="How much protein is in cooked lentils?",
        question_shows="9.02 g",
        allergy_and_taste="and kiwi, but I love tofu",
        allergy_shows="kiwi",
        taste_shows="likes tofu",
        aims="1800 kcal, 90 g protein",
        snack="What snack has a lot of protein?",
        snack_shows="chickpeas",
        correction="Actually, I'm allergic to chickpeas, too",
        correction_shows="allergy to chickpea",
        chart=CHART,
        chart_shows="21.8 g",
        dinner="What can I have for dinner?",
    ),
    "es": Words(
        rather_not="mejor no",
        question="¿Cuánta proteína tienen las lentejas cocidas?",
        question_shows="9,02 g",
        allergy_and_taste="y kiwi, pero me encanta el tofu",
        allergy_shows="kiwi",
        taste_shows="tofu",
        aims="1800 kcal, 90 g de proteína",
        snack="¿Qué tentempié tiene mucha proteína?",
        snack_shows="garbanzos",
        correction="En realidad también soy alérgica a los garbanzos",
        correction_shows="garbanzo",
        chart="lentejas, tofu, pollo",
        chart_shows="21,8 g",
        dinner="¿Qué puedo cenar?",
    ),
}

_EDAMAME = "Edamame with chilli and lime has 18.5 g of protein per serving [1]."

SCRIPTED = {
    WORDS["en"].question: (
        "Cooked lentils have 9.02 g of protein per 100 g [1]. A cup of 198 g has 17.9 g [1].",
    ),
    WORDS["en"].snack: (
        f"{_EDAMAME} Crunchy roasted chickpeas have 11.1 g per serving [2].",
        f"{_EDAMAME} Baked tofu bites have 17.9 g per serving [2].",
    ),
}
"""Its answers to a question, first to last; the last one again after that. To all else it says nothing."""
