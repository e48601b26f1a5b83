"""Another answer isn't the same answer."""

from datetime import UTC, datetime

import pytest

from bot.assistant.compose import compose
from bot.assistant.composing.parts import Need
from bot.assistant.given import Given
from bot.assistant.intents import Intent
from bot.store.conversations import Turn, TurnRecord
from bot.store.tables import TurnStatus
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import Kind, Passage

PASSAGES = tuple(
    Passage(f"recipe:{name}", Kind.RECIPE, name, f"{name}.") for name in ("Dal", "Chilli", "Soup")
)
LENTILS = Passage(
    "food:lentils",
    Kind.FOOD,
    "Lentils, cooked",
    "Lentils, cooked.",
    facts={"protein_g": 9.02, "energy_kcal": 116.0},
    basis="100 g",
    per_100g={"protein_g": 9.02, "energy_kcal": 116.0},
    names=("cooked lentils",),
    contains=("lentil",),
)
LOOKUP = Need("How much protein is in cooked lentils?", Intent.LOOKUP, "protein_g", Preferences())


def turn(answer: str | None) -> Turn:
    record = TurnRecord(answer, passages=[item.as_dict() for item in PASSAGES]) if answer else None
    now = datetime(2026, 5, 3, tzinfo=UTC)
    return Turn(1, 1, None, TurnStatus.ANSWERED, "Dinner?", {}, False, now, (), record, None, now)


def test_what_was_cited_comes_last_and_the_rest_keeps_its_order() -> None:
    given = Given.by([turn("Have dal [1] or soup [3], or a thing that isn't there [9].")])
    assert [passage.title for passage in given.last(PASSAGES)] == ["Chilli", "Dal", "Soup"]


@pytest.mark.parametrize(
    ("text", "said"), [("Have dal [1].", True), ("Have  dal\n[1].", True), ("Have chilli [2].", False)]
)
def test_the_same_words_are_the_same_answer(text: str, said: bool) -> None:
    assert Given.by([turn("Have dal [1].\n\n_Composed._")]).says(text) is said


def test_nothing_given_is_nothing_said() -> None:
    assert not Given.by([turn(None)])
    assert not Given().says("Have dal.")


def test_a_composed_answer_takes_another_form() -> None:
    first = compose(LOOKUP, [LENTILS])
    second = compose(LOOKUP, [LENTILS], said=lambda text: text == first.text)
    assert "9.02" in first.text
    assert second.text != first.text
    assert "energy" in second.text
