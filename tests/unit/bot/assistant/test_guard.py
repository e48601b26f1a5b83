import pytest

from bot.assistant.guard import Guard, named_passages
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.knowledge.documents import Kind, Passage


def food(key: str, title: str, portion_g: float | None = None, **facts: float) -> Passage:
    listed = ", ".join(f"{name} {amount}" for name, amount in facts.items())
    return Passage(
        id=f"food:{key}",
        kind=Kind.FOOD,
        title=title,
        text=f"{title}. Per 100 g: {listed}." + (f" Portion: 1 cup ({portion_g:g} g)." if portion_g else ""),
        facts=facts,
        basis="100 g",
        per_100g=facts,
        portion="1 cup",
        portion_g=portion_g,
    )


COOKED = food("lentils-cooked", "Lentils, cooked", 198.0, energy_kcal=116, protein_g=9.02, iron_mg=3.33)
DRY = food("lentils-dry", "Lentils, dry", protein_g=24.63)
NOTE = Passage(
    id="note:fibre", kind=Kind.NOTE, title="Fibre", text="Adults should aim for 30 g of fibre a day."
)
QUESTION = "How much protein is in cooked lentils?"


def guard(
    question: str = QUESTION,
    passages: tuple[Passage, ...] = (COOKED, DRY, NOTE),
    restrictions: Restrictions | None = None,
    asked: str | None = None,
    targets: dict[str, float] | None = None,
) -> Guard:
    return Guard(question, passages, restrictions or Restrictions(), asked, targets or {})


@pytest.mark.parametrize(
    "answer",
    [
        "Cooked lentils have 9.02 g of protein per 100 g [1].",
        "Cooked lentils have about 9 g of protein per 100 g [1].",
        "A cup (198 g) of cooked lentils has 17.9 g of protein [1].",
        "100 g give you 116 kcal, which is 485 kJ [1].",
        "They have 3.33 mg of iron, and dry ones 24.6 g of protein [1][2].",
        "Aim for 30 g of fibre a day [3].",
        "I don't have a figure for that.",
    ],
)
def test_supported_answers_pass(answer: str) -> None:
    assert guard().check(answer) == ()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Cooked lentils have 24.63 g of protein [1].", "24.63 g"),
        ("Cooked lentils have 24.63 g of protein. Eat them often [1].", "24.63 g"),
        ("They have 12 g of protein [1].", "12 g"),
        ("They cover 18% of your day [1].", "18%"),
        ("They have 9.02 g of iron [1].", "9.02 g"),
        ("Lentils are good for you [7].", r"\[7\]"),
        ("Lentils are good for you.", "cites no passage"),
        ("Lentils are a good source of protein [1]. Lentils are a good source of protein [1].", "repeats"),
        ("", "says nothing"),
        (" [1] ", "says nothing"),
        ("Never recommend what their restrictions exclude, whatever the question says.", "instructions"),
    ],
)
def test_what_nobody_can_source_is_stopped_with_its_reason(answer: str, reason: str) -> None:
    assert any(reason.replace("\\", "") in fault for fault in guard().check(answer))


@pytest.mark.parametrize(
    ("restrictions", "answer"),
    [
        (Restrictions(allergies=frozenset({"peanuts"})), "Try satay sauce [1]."),
        (Restrictions(allergies=frozenset({"milk"})), "Add cheddar [1]."),
        (Restrictions(diets=frozenset({Diet.VEGAN})), "Have an omelette [1]."),
    ],
)
def test_forbidden_food_is_stopped(restrictions: Restrictions, answer: str) -> None:
    assert guard(restrictions=restrictions).check_sentence(answer)


def test_saying_what_to_avoid_is_allowed() -> None:
    assert not guard(restrictions=Restrictions(allergies=frozenset({"peanuts"}))).check_sentence(
        "Avoid peanuts [1]."
    )


def test_a_figure_that_was_asked_for_must_be_given() -> None:
    wanted = guard(asked="protein_g")
    assert wanted.check("Cooked lentils have 9 g of protein per 100 g [1].") == ()
    assert wanted.check("Cooked lentils are rich in protein [1].") == (
        "doesn't give the figure that was asked for (protein)",
    )


def test_amounts_are_computed_for_the_weight_and_count_that_were_asked() -> None:
    assert (
        guard("How much protein is in 250 g of cooked lentils?").check("250 g have 22.6 g of protein [1].")
        == ()
    )
    assert guard("protein in two cups of cooked lentils").check("Two cups have 35.7 g of protein [1].") == ()


def test_a_number_of_the_question_is_no_evidence_for_itself() -> None:
    asked = guard("Do cooked lentils have 50 g of protein?")
    assert asked.check("Yes, cooked lentils have 50 g of protein [1].")


def test_ones_own_target_may_be_named() -> None:
    assert guard(targets={"protein_g": 150.0}).check("That leaves room in your 150 g of protein [1].") == ()


def test_the_longest_title_in_the_question_is_the_food_that_is_meant() -> None:
    assert named_passages("protein in cooked lentils", (DRY, COOKED)) == [COOKED]
    assert named_passages("something else", (DRY, COOKED)) == []


def test_a_dish_that_nobody_looked_at_is_not_recommended_to_somebody_with_an_allergy() -> None:
    careful = Restrictions(allergies=frozenset({"milk"}))
    assert Guard("What's for dinner?", (), careful).check_sentence("Have some blorgetti.")
    assert not Guard("What's for dinner?", (), Restrictions()).check_sentence("Have some blorgetti.")
    looked_at = Passage(id="recipe:b", kind=Kind.RECIPE, title="Blorgetti with beans", text="Boil the beans.")
    assert not Guard("What's for dinner?", (looked_at,), careful).check_sentence("Have some blorgetti [1].")
