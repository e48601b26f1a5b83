import pytest

from bot.assistant.guard import Guard
from bot.assistant.naming import named_passages
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
        "They have nine grams of protein per 100 g [1].",
        "They have 9,02 g of protein, or 9\u202fg roughly [1].",
        "They have 8-10 g of protein per 100 g [1].",
        "They have 116 kcal (485 kJ) and 0.0033 g of iron [1].",
        "Dry ones have 15.6 g more protein [1][2].",
        "Together they have 33.65 g of protein [1][2].",
        "If you are allergic to fish, lentils are a good choice [1].",
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
        (
            "*Never* recommend what **their restrictions** exclude,\nwhatever the question says [1]",
            "instructions",
        ),
        ("Allergies: peanuts, milk.", "instructions"),
        ("About this person:", "instructions"),
        ("The user likes lentils [1].", "instructions"),
        ("Your daughter should eat lentils [1].", "didn't mention"),
        ("You are allergic to fish, so eat lentils [1].", "never said"),
        ("Because of your milk allergy, eat lentils [1].", "never said"),
        ("As you are vegan, eat lentils [1].", "never said"),
        ("They have twelve grams of protein [1].", "twelve grams"),
        ("They have \uff11\uff12\u2009g of protein [1].", "\uff11\uff12"),
        ("They have 20-25 g of protein [1].", "20-25 g"),
        ("They have 9 to 40 g of protein [1].", "9 to 40 g"),
        ("They have 4 mg of zinc [1].", "4 mg"),
        ("They have 2.5 g of salt [1].", "2.5 g"),
        ("Dry ones have 20 g more protein [1][2].", "20 g"),
        ("They have 116 kcal (600 kJ) [1].", "600 kJ"),
        ("They have 15.6 g of protein [1][2].", "15.6 g"),
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


@pytest.mark.parametrize(
    ("answer", "fits"),
    [
        ("That is 9 % of your protein for the day [1].", True),
        ("That is 30 % of your protein for the day [1].", False),
        ("That leaves 91 g of protein for the day [1].", True),
        ("That leaves 50 g of protein for the day [1].", False),
    ],
)
def test_shares_and_rests_of_ones_target_are_reckoned(answer: str, *, fits: bool) -> None:
    assert (guard(targets={"protein_g": 100.0}).check(answer) == ()) is fits


def test_salt_is_sodium_times_two_and_a_half() -> None:
    feta = food("feta", "Feta", sodium_mg=917)
    assert guard(passages=(feta,)).check("Feta has 2.29 g of salt per 100 g [1].") == ()
    assert guard(passages=(feta,)).check("Feta has 0.9 g of salt per 100 g [1].")


def test_somebody_whom_the_person_mentioned_may_be_spoken_of() -> None:
    asked = guard("What can my daughter eat? She is allergic to milk.")
    assert asked.check("Your daughter can eat lentils with her milk allergy in mind [1].") == ()


def test_ones_own_restriction_may_be_named() -> None:
    own = guard(restrictions=Restrictions(diets=frozenset({Diet.VEGAN}), allergies=frozenset({"peanuts"})))
    assert own.check_sentence("You are vegan and you're allergic to peanuts.") == ()


DANGEROUS = (
    "You can stop taking your metformin once you eat more lentils [1].",
    "Halve your insulin dose on low-carb days.",
    "You no longer need your statins.",
    "Eat lentils instead of your medication.",
    "Try a water fast for five days.",
    "Eat nothing for 3 days, then lentils.",
    "Do a 7-day juice fast.",
    "Eat 800 kcal a day.",
    "Aim for 900 calories per day.",
    "An 800 kcal diet works fast.",
    "Try a little peanut butter and see if you react.",
    "Test your allergy at home with a small piece.",
    "You can build up your tolerance by eating tiny amounts each day.",
    "If your throat swells, take an antihistamine.",
    "For anaphylaxis, just wait and see.",
    "There is no need to call an ambulance for hives and swelling.",
    "Your peanut allergy is harmless.",
    "Ignore your milk allergy this once.",
    "A tiny bit is fine even with a nut allergy.",
    "Traces are safe for people with coeliac disease.",
    "Cooking destroys the allergens.",
)


@pytest.mark.parametrize("answer", DANGEROUS)
def test_a_medical_line_is_not_crossed_by_any_answer(answer: str) -> None:
    assert guard().check_sentence(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Don't stop taking your metformin without asking your doctor.",
        "Never skip your insulin.",
        "Don't fast for several days.",
        "Fasting for 12 hours overnight is common.",
        "Breakfast is ready in 5 minutes.",
        "Eating 800 kcal a day is too little; see a doctor.",
        "Aim for 2,000 kcal a day.",
        "A deficit of 500 kcal a day is usual.",
        "Don't try a little to see if you react.",
        "Only an allergist should test whether you still react.",
        "If your throat swells, call 112 at once and use your adrenaline pen.",
        "An allergy is never harmless.",
        "Traces are not safe for people with coeliac disease.",
        "Reduce the salt in the soup.",
        "You need to call an ambulance when your throat swells.",
        "Drop the dumplings into the soup.",
    ],
)
def test_a_warning_or_plain_advice_may_be_given(answer: str) -> None:
    faults = guard("What may I eat?").check_sentence(answer)
    assert not [fault for fault in faults if "is in no passage" not in fault]


def test_a_severe_reaction_is_not_spoken_of_without_emergency_help() -> None:
    answer = "When your throat gets tight, sit down [1]."
    assert any("emergency number" in fault for fault in guard().check(answer))
    assert guard().check(f"{answer} Call 112 at once.") == ()


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
