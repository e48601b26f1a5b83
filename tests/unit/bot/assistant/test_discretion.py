import pytest

from bot.assistant.discretion import discreet, read_wordings
from bot.store.conversations import TurnRecord
from retrieval.diet.preferences import Diet, Preferences

PEANUTS = Preferences(allergies=frozenset({"peanuts"}))
VEGAN = Preferences(diets=frozenset({Diet.VEGAN}))
PROTEIN = "What has a lot of protein?"


def public(
    answer: str,
    preferences: Preferences = PEANUTS,
    *,
    question: str = PROTEIN,
    intent: str = "suggest",
    reasons: tuple[str, ...] = (),
) -> str | None:
    record = TurnRecord(
        answer=answer,
        notices=("Noted: allergy to peanuts.",),
        preferences=preferences.as_dict(),
        intent=intent,
        guard_reasons=reasons,
    )
    return discreet(question, record)


@pytest.mark.parametrize(
    "spoken",
    [
        "They are safe with your peanut allergy.",
        "They have no peanuts.",
        "I left out the foods you told me about.",
        "Since you're allergic to nuts, skip the trail mix.",
        "You can't eat satay.",
        "You don't like coriander.",
        "That is half of your daily protein target.",
        "They suit your vegan diet.",
        "Son seguras con tu alergia a los cacahuetes.",
        "No puedes comer satay.",
        "Eres alérgica a los cacahuetes.",
        "He dejado fuera el satay.",
    ],
)
def test_a_sentence_about_the_asker_is_left_out_and_the_rest_stays(spoken: str) -> None:
    assert (
        public(f"Lentils have 9 g [1]. {spoken} Tofu has 17 g [2].")
        == "Lentils have 9 g [1]. Tofu has 17 g [2]."
    )


@pytest.mark.parametrize(
    "answer",
    [
        "Cooked lentils have 9.02 g of protein per 100 g [1].",
        "You can soak them overnight [1].",
    ],
)
def test_an_answer_that_says_nothing_of_the_asker_stays_as_it_is(answer: str) -> None:
    assert public(answer) == answer


def test_what_the_question_itself_names_may_be_named() -> None:
    asked = "How much protein do peanuts have?"
    assert public("Peanuts have 26 g [1].", question=asked) == "Peanuts have 26 g [1]."
    assert public("Hummus is vegan [1].", VEGAN, question="Is hummus vegan?") == "Hummus is vegan [1]."
    assert public("Hummus is vegan [1]. It has 8 g [1].", VEGAN) == "It has 8 g [1]."


def test_a_question_about_a_food_says_nothing_of_an_allergy_to_it() -> None:
    asked = "Can I have peanut butter?"
    told = "Peanut butter has 22 g [1]. A peanut allergy forbids it [1]."
    assert public(told, question=asked) == "Peanut butter has 22 g [1]."
    assert public(told, question=f"{asked} I'm allergic.") == told


def test_what_cites_a_title_that_gives_it_away_goes_with_it() -> None:
    record = TurnRecord(
        answer="Read labels [1]. Tofu has 17 g [2].",
        preferences=PEANUTS.as_dict(),
        passages=({"title": "Peanut allergy: what to look for"}, {"title": "Tofu, raw"}),
    )
    assert discreet(PROTEIN, record) == "Tofu has 17 g [2]."


def test_free_from_names_an_allergy_too() -> None:
    milk = Preferences(allergies=frozenset({"milk"}))
    assert public("Dairy-free yoghurt has 4 g [1]. Tofu has 17 g [2].", milk) == "Tofu has 17 g [2]."


def test_liking_is_taken_out_of_a_line_that_stays() -> None:
    answer = "These fit:\n\n- **Dal** (25 minutes; with lentils, which you like): 9 g per 100 g [1]"
    assert public(answer) == "These fit:\n\n- **Dal** (25 minutes): 9 g per 100 g [1]"


def test_when_the_answer_itself_goes_nothing_is_left_for_the_group() -> None:
    assert public("These fit what I know:\n\n- Peanut-free bar: 9 g [1]") is None
    assert public("Your allergies are noted.") is None


@pytest.mark.parametrize("intent", ["show_preferences", "open_preferences"])
def test_answers_about_preferences_are_never_for_the_group(intent: str) -> None:
    assert public("This is what I know: …", intent=intent) is None


def test_of_the_red_lines_only_the_emergency_is_answered_aloud() -> None:
    assert public("Call 112 now.", reasons=("red line: anaphylaxis",)) == "Call 112 now."
    assert public("Please talk to somebody.", reasons=("red line: eating_disorder",)) is None


def test_the_shipped_wordings_can_be_read() -> None:
    assert read_wordings().personal
