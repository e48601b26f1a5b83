"""What a message answers in the form, and which question comes next."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.consented import WORDING, improves, keeps
from bot.assistant.form import Form, Mark, Step
from bot.assistant.form_answers import Answered, read_answer
from bot.messages import languages, say, speaking
from bot.store.columns import utc_now
from bot.store.held import Decision
from bot.store.tables import Purpose
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences

NOBODY = Preferences()
_KIWI_AND_TOFU = {"allergies": ["kiwi"], "likes": ["tofu"]}


def at(step: Step) -> Form:
    """A form whose open question is `step`; those before were skipped."""
    before = list(Step)[: list(Step).index(step)]
    return Form(dict.fromkeys(before, Mark.SKIPPED))


def marks(step: Step, answered: Answered) -> dict[str, str]:
    """What a message has answered."""
    before = at(step).marks
    return {key: mark for key, mark in answered.form.marks.items() if before.get(key) != mark}


def test_questions_come_in_order_and_the_last_answer_closes() -> None:
    form, asked = Form(), []
    while (step := form.open_step) is not None:
        asked.append(step)
        form = form.marked({step: Mark.NONE})
    assert asked == list(Step)
    assert form.is_closed


def test_what_was_answered_is_not_asked_again_and_what_was_skipped_may_be() -> None:
    form = at(Step.DISLIKES).marked({Step.DIETS: Mark.NONE}).quit()
    assert form.open_step is None
    assert Step.DIETS not in form.unsaid
    again = form.again()
    assert again.open_step is Step.SERVICE
    assert again.marks == {Step.DIETS: Mark.NONE}


def test_a_form_survives_the_store_and_what_another_version_asked_is_left_out() -> None:
    form = at(Step.AIMS).shown(7, 8)
    assert Form.from_dict(form.as_dict()) == form
    assert Form.from_dict({"marks": {"shoe_size": "said", "diets": "perhaps"}}) == Form()


@pytest.mark.parametrize("text", ["none", "None.", "no", "nothing", "NONE!", "ninguna", "nada"])
@pytest.mark.parametrize("step", [Step.DIETS, Step.ALLERGIES, Step.DISLIKES, Step.AIMS])
def test_none_answers_the_open_question(text: str, step: Step) -> None:
    answered = read_answer(text, at(step), NOBODY)
    assert answered.taken
    assert marks(step, answered) == {step: Mark.NONE}
    assert not answered.change


def test_none_never_drops_what_is_known() -> None:
    known = Preferences.from_dict({"allergies": ["peanuts"]})
    answered = read_answer("none", at(Step.ALLERGIES), known)
    assert marks(Step.ALLERGIES, answered) == {Step.ALLERGIES: Mark.SAID}
    assert answered.kept == (Step.ALLERGIES,)
    assert not answered.change


@pytest.mark.parametrize(
    ("text", "granted"), [("yes", True), ("Sure!", True), ("no", False), ("claro", True)]
)
@pytest.mark.parametrize("step", [Step.SERVICE, Step.IMPROVEMENT])
def test_yes_and_no_decide_only_what_is_asked(text: str, granted: bool, step: Step) -> None:
    answered = read_answer(text, at(step), NOBODY)
    assert answered.consents == {step.purpose: granted}
    assert marks(step, answered) == {step: Mark.SAID}


@pytest.mark.parametrize(
    ("step", "text", "marked", "change"),
    [
        (
            Step.SERVICE,
            "vegan, allergic to nuts, 1800 kcal",
            {Step.DIETS: Mark.SAID, Step.ALLERGIES: Mark.SAID, Step.AIMS: Mark.SAID},
            {"diets": ["vegan"], "allergies": ["peanuts", "tree_nuts"], "targets": {"energy_kcal": 1800}},
        ),
        (
            Step.DIETS,
            "no allergies, but I hate olives",
            {Step.ALLERGIES: Mark.NONE, Step.DISLIKES: Mark.SAID},
            {"dislikes": ["olive"]},
        ),
        (
            Step.DIETS,
            "I have no diet or allergies",
            {Step.DIETS: Mark.NONE, Step.ALLERGIES: Mark.NONE},
            {},
        ),
        (
            Step.DIETS,
            "none, but I hate olives",
            {Step.DIETS: Mark.NONE, Step.DISLIKES: Mark.SAID},
            {"dislikes": ["olive"]},
        ),
        (Step.DIETS, "halal and low-carb", {Step.DIETS: Mark.SAID}, {"diets": ["halal", "low_carb"]}),
        (Step.ALLERGIES, "nuts", {Step.ALLERGIES: Mark.SAID}, {"allergies": ["peanuts", "tree_nuts"]}),
        (
            Step.ALLERGIES,
            "eggs, the milk & kiwi",
            {Step.ALLERGIES: Mark.SAID},
            {"allergies": ["eggs", "kiwi", "milk"]},
        ),
        (Step.ALLERGIES, "nueces y leche", {Step.ALLERGIES: Mark.SAID}, {"allergies": ["milk", "tree_nuts"]}),
        (Step.ALLERGIES, "no tengo alergias", {Step.ALLERGIES: Mark.NONE}, {}),
        (
            Step.DISLIKES,
            "mushrooms and cilantro",
            {Step.DISLIKES: Mark.SAID},
            {"dislikes": ["mushroom", "coriander"]},
        ),
        (Step.DISLIKES, "also allergic to fish", {Step.ALLERGIES: Mark.SAID}, {"allergies": ["fish"]}),
        (Step.ALLERGIES, "and kiwi, but I love tofu", {Step.ALLERGIES: Mark.SAID}, _KIWI_AND_TOFU),
        (Step.ALLERGIES, "y kiwi, pero me encanta el tofu", {Step.ALLERGIES: Mark.SAID}, _KIWI_AND_TOFU),
        (
            Step.ALLERGIES,
            "kiwi, 1800 kcal",
            {Step.ALLERGIES: Mark.SAID, Step.AIMS: Mark.SAID},
            {"allergies": ["kiwi"], "targets": {"energy_kcal": 1800}},
        ),
        (Step.ALLERGIES, "I love tofu, kiwi and mango", {}, {"likes": ["tofu", "kiwi", "mango"]}),
        (
            Step.ALLERGIES,
            "allergic to nuts, kiwi is fine",
            {Step.ALLERGIES: Mark.SAID},
            {"allergies": ["peanuts", "tree_nuts"]},
        ),
        (
            Step.DISLIKES,
            "olives, but I love tofu",
            {Step.DISLIKES: Mark.SAID},
            {"likes": ["tofu"], "dislikes": ["olive"]},
        ),
        (Step.AIMS, "1,800", {Step.AIMS: Mark.SAID}, {"targets": {"energy_kcal": 1800}}),
        (
            Step.AIMS,
            "energy 1800, protein 100",
            {Step.AIMS: Mark.SAID},
            {"targets": {"energy_kcal": 1800, "protein_g": 100}},
        ),
    ],
)
def test_answers_are_taken_in_any_order_and_several_at_once(
    step: Step, text: str, marked: dict[Step, Mark], change: dict[str, object]
) -> None:
    answered = read_answer(text, at(step), NOBODY)
    assert answered.taken
    assert marks(step, answered) == marked
    assert {key: value for key, value in answered.change.as_dict().items() if value} == change


@pytest.mark.parametrize(
    ("step", "text", "marked"),
    [
        (Step.DIETS, "How much protein is in lentils?", {}),
        (Step.ALLERGIES, "what is lupin?", {}),
        (Step.ALLERGIES, "tell me about lupin", {}),
        (Step.DISLIKES, "I'm tired today", {}),
        (Step.AIMS, "hello", {}),
        (Step.DIETS, "I'm vegan. What can I eat tonight?", {Step.DIETS: Mark.SAID}),
        (Step.DIETS, "No allergies. What can I eat tonight?", {Step.ALLERGIES: Mark.NONE}),
        (Step.ALLERGIES, "my daughter is allergic to nuts", {}),
        (Step.ALLERGIES, "my throat is swelling and I can't breathe", {}),
        (Step.AIMS, "800 kcal a day", {Step.AIMS: Mark.SAID}),
    ],
)
def test_what_asks_or_needs_more_is_left_to_a_turn(step: Step, text: str, marked: dict[Step, Mark]) -> None:
    answered = read_answer(text, at(step), NOBODY)
    assert not answered.taken
    assert marks(step, answered) == marked
    assert not answered.change  # the turn applies it
    assert not answered.consents


def test_what_takes_something_back_is_left_to_a_turn() -> None:
    known = Preferences.from_dict({"allergies": ["peanuts"], "diets": ["vegan"]})
    for text in ("I'm not allergic to peanuts any more", "I'm no longer vegan"):
        assert not read_answer(text, at(Step.DISLIKES), known).taken


@pytest.mark.parametrize("text", ["xyzzy", "xyzzy and milk", "I'm allergic to milk and xyzzy"])
def test_an_unknown_allergy_is_named_and_asked_about_again(text: str) -> None:
    answered = read_answer(text, at(Step.ALLERGIES), NOBODY)
    assert answered.taken
    assert [unknown.word for unknown in answered.unknown] == ["xyzzy"]
    assert answered.form.open_step is Step.ALLERGIES
    assert answered.change.allergies == ({"milk"} if "milk" in text else frozenset())


def test_an_unknown_allergy_in_a_list_is_asked_about_whatever_else_is_said() -> None:
    answered = read_answer("peanuts, blorbfruit, and I love tofu", at(Step.ALLERGIES), NOBODY)
    assert answered.change.allergies == {"peanuts"}
    assert [unknown.word for unknown in answered.unknown] == ["blorbfruit"]
    assert answered.form.open_step is Step.ALLERGIES


def test_a_closed_form_takes_nothing() -> None:
    closed = Form().quit()
    assert read_answer("none", closed, NOBODY) == Answered(closed)


@given(st.text(max_size=80), st.sampled_from(list(Step)))
def test_any_text_can_be_read(text: str, step: Step) -> None:
    answered = read_answer(text, at(step), NOBODY)
    assert answered.taken or (not answered.change and not answered.consents)
    # Nothing is forgotten that was answered before.
    assert at(step).marks.keys() <= answered.form.marks.keys()


@pytest.mark.parametrize("language", languages())
def test_the_usual_dislikes_are_foods_that_we_know(language: str) -> None:
    with speaking(language):
        foods = [food.strip() for food in say("form_usual_dislikes").split(",")]
    assert [lexicon().resolve(food.replace("_", " ")) for food in foods] == foods


# Consent.


def decided(*, service: bool | None = None, improvement: bool | None = None) -> dict[Purpose, Decision]:
    given = {Purpose.SERVICE: service, Purpose.IMPROVEMENT: improvement}
    return {
        purpose: Decision(purpose, granted, WORDING, utc_now())
        for purpose, granted in given.items()
        if granted is not None
    }


def test_not_said_keeps_conversations_and_improves_nothing() -> None:
    assert keeps({})
    assert not improves({})


def test_what_is_not_kept_improves_nothing() -> None:
    assert improves(decided(improvement=True))
    assert improves(decided(service=True, improvement=True))
    assert not improves(decided(service=False, improvement=True))
    assert not improves(decided(service=True, improvement=False))
    assert not keeps(decided(service=False, improvement=True))


def test_the_wording_has_the_name_that_decisions_are_stored_with() -> None:
    """Whoever changes what people decide on changes `WORDING`, too, and then this fingerprint."""
    asked = []
    for language in ("en", "es"):
        with speaking(language):
            asked += [say("consent_ask_service"), say("consent_ask_improvement"), say("consent_later")]
    assert (WORDING, hashlib.sha256("\n".join(asked).encode()).hexdigest()[:12]) == (
        "2026-11",
        "cfc7476db6c6",
    )
