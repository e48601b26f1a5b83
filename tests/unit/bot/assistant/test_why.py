"""Why an answer is as it is, told to the person who got it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from bot.assistant.answer_lines import ANSWER_LINES
from bot.assistant.leaks import misattributed
from bot.assistant.why import explain
from bot.messages import say, speaking
from bot.store.conversations import Turn, TurnRecord
from bot.store.tables import TurnStatus
from retrieval.diet.preferences import Restrictions

LENTILS = {
    "id": "food:lentils",
    "kind": "food",
    "title": "Lentils, cooked",
    "source": "USDA",
    "score": 0.8312,
}
TOFU = {"id": "food:tofu", "kind": "food", "title": "Tofu, firm", "source": "", "score": 0.4}
RECORD = TurnRecord(
    answer="Cooked lentils have 9.02 g of protein [1].",
    intent="lookup",
    preferences={"allergies": ["peanuts"], "diets": ["vegan"]},
    passages=(LENTILS, TOFU),
    model="small-model",
    adapter="ours-3",
    prompt_tokens=900,
    completion_tokens=20,
    cached_tokens=512,
    timings={"understand": 3.0, "search": 25.0, "model": 810.0, "guard": 2.0, "total": 840.0},
    guard_status="passed",
)
TURN = Turn(
    id=1,
    conversation_id=1,
    update_id=1,
    status=TurnStatus.ANSWERED,
    question="and its protein?",
    preferences={},
    consent_improve=False,
    received_at=datetime(2026, 5, 3, tzinfo=UTC),
    message_ids=(),
    record=RECORD,
    error_id=None,
    answered_at=None,
    meant="How much protein is in cooked lentils?",
)


def told(turn: Turn) -> str:
    return "\n".join(line for section in explain(turn) for line in (section.heading, *section.lines))


def with_reasons(*reasons: str, status: str = "composed") -> Turn:
    return replace(TURN, record=replace(RECORD, guard_status=status, guard_reasons=reasons))


def test_everything_that_counted_is_told() -> None:
    text = told(TURN)
    for part in (
        "How much protein is in cooked lentils?",
        "allergy to peanuts",
        "vegan",
        "[1] Lentils, cooked (USDA), relevance 0.83, cited",
        "[2] Tofu, firm, relevance 0.4",
        "small-model",
        "ours-3",
        "512",
        "0.84 s in all",
        say("why_guard_passed"),
    ):
        assert part in text
    assert "Tofu, firm, relevance 0.4, cited" not in text


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("model: http://10.0.0.1:8001: no answer in time", "couldn't be reached"),
        ("'12 g' is in no passage that the sentence speaks of", "12 g"),
        ("names 'gnudi', which no passage does", "gnudi"),
        ("cites passage [7], which doesn't exist", "7"),
        ("asked for peanut butter: contains peanuts", "peanut butter"),
        ("doesn't give the figure that was asked for (iron)", "iron"),
        ("something new", "something new"),
    ],
)
def test_the_guards_reasons_are_told_in_words(reason: str, part: str) -> None:
    text = told(with_reasons(reason))
    assert part in text
    assert "http" not in text


OF_THE_GUARD = (
    *(entry["reason"] for entry in yaml.safe_load(ANSWER_LINES.read_text(encoding="utf-8"))),
    *misattributed("As you're vegan, your son may have it.", "What can I eat?", Restrictions(), ()),
    "speaks of a severe reaction without naming the emergency number",
    "the words of that language can't be checked",
    "says nothing",
    "cites passages in an unreadable way",
    "names 'gnudi', which no passage does",
    "contains tahini → sesame",
)


@pytest.mark.parametrize("reason", OF_THE_GUARD)
def test_no_reason_is_told_in_english_to_somebody_who_speaks_spanish(reason: str) -> None:
    with speaking("es"):
        text = told(with_reasons(reason))
        other = say("why_reason_other", reason="").strip()
    assert reason not in text
    assert other not in text


@pytest.mark.parametrize("status", ["passed", "repaired", "composed", "refused"])
def test_every_verdict_has_its_words_in_both_languages(status: str) -> None:
    english = told(with_reasons("cites no passage", status=status))
    with speaking("es"):
        spanish = told(with_reasons("cites no passage", status=status))
    assert say(f"why_guard_{status}") in english
    assert not set(english.splitlines()) & set(spanish.splitlines()) - {LENTILS["title"]}


def test_an_answer_without_model_or_passages_is_explained_too() -> None:
    bare = TurnRecord("Hello!", intent="small_talk", guard_status="composed", guard_reasons=("fixed answer",))
    text = told(replace(TURN, meant=None, record=bare))
    assert say("why_nothing_found") in text
    assert say("why_no_preferences") in text
    assert say("why_fixed") in text


def test_a_turn_without_an_answer_has_no_explanation() -> None:
    assert explain(replace(TURN, record=None)) == ()
