"""What a link may hold: a question that says nothing about who presses it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.deep_links import question_in, says_something_about_the_person


def payload(text: bytes) -> str:
    return "q_" + base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize("text", ["Is honey vegan?", "¿Y el tofu?", "How much iron is in raw spinach?"])
def test_a_question_comes_out_as_it_went_in(text: str) -> None:
    assert question_in(payload(text.encode())) == text


@pytest.mark.parametrize(
    "given",
    [
        "",
        "q",
        "q_",
        "q_%%%",
        "q_a",
        "prefs",
        payload(b"\xff\xfe"),
        payload(b"  "),
        payload(b"a\x00b"),
        payload("\u202eevil".encode()),
        payload(b"x" * 60),
    ],
)
def test_anything_else_is_no_question(given: str) -> None:
    assert question_in(given) is None


@given(st.text(max_size=80))
def test_no_payload_fails(text: str) -> None:
    for given_payload in (text, f"q_{text}"):
        question = question_in(given_payload)
        assert question is None or question.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "I'm vegan. Dinner?",
        "I'm not vegan any more",
        "I can eat nuts again",
        "My goal is 800 kcal",
        "My son is allergic to nuts",
    ],
)
def test_a_statement_in_a_link_is_recognised(text: str) -> None:
    assert says_something_about_the_person(text)


def test_a_question_in_a_link_is_no_statement() -> None:
    assert not says_something_about_the_person("How much protein is in cooked lentils?")
