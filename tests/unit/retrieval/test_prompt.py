from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.diet.preferences import Diet, Preferences, Settings
from retrieval.knowledge.documents import Kind, Passage
from retrieval.prompt import HISTORY_BLOCK, Exchange, build_prompt

PASSAGES = tuple(
    Passage(id=f"food:{number}", kind=Kind.FOOD, title=f"Food {number}", text=f"Food {number}. " + "x" * 300)
    for number in range(5)
)
KNOWN = Preferences(
    diets=frozenset({Diet.VEGAN}), allergies=frozenset({"tree_nuts"}), dislikes=("coriander",)
)


def test_what_stays_the_same_comes_first_and_the_question_last() -> None:
    history = [Exchange("Hello?", "Hello.")]
    prompt = build_prompt("And lentils?", KNOWN, PASSAGES, history)
    assert [message["role"] for message in prompt.messages] == ["system", "user", "assistant", "user"]
    system, last = prompt.messages[0]["content"], prompt.messages[-1]["content"]
    assert "tree nut" in system.lower()
    assert "vegan" in system.lower()
    assert last.endswith("Question: And lentils?")
    assert "[1] Food 0" in last


def test_the_next_turn_begins_with_the_same_words() -> None:
    first = build_prompt("One?", KNOWN, PASSAGES[:2], [])
    second = build_prompt("Two?", KNOWN, PASSAGES[2:], [Exchange("One?", "Yes.")])
    assert first.messages[0] == second.messages[0]


def test_history_is_dropped_in_blocks_oldest_first_then_the_weakest_passage() -> None:
    history = [Exchange(f"question {number}", "y" * 300) for number in range(10)]
    prompt = build_prompt("Now?", KNOWN, PASSAGES, history, budget=1500)
    assert 0 < prompt.history < 10
    assert (10 - prompt.history) % HISTORY_BLOCK == 0
    assert prompt.messages[-2]["content"] == "y" * 300
    assert prompt.passages == PASSAGES
    tight = build_prompt("Now?", KNOWN, PASSAGES, history, budget=700)
    assert tight.history == 0
    assert tight.passages == PASSAGES[: len(tight.passages)]
    assert len(tight.passages) < len(PASSAGES)


@given(st.text(max_size=300), st.integers(0, 12), st.integers(100, 4000))
def test_the_question_and_the_restrictions_are_never_dropped(question: str, turns: int, budget: int) -> None:
    history = [Exchange("q" * 100, "a" * 200)] * turns
    prompt = build_prompt(question, KNOWN, PASSAGES, history, budget=budget)
    assert prompt.messages[-1]["content"].endswith(question)
    assert "tree nut" in prompt.messages[0]["content"].lower()
    assert prompt.tokens <= budget or not (prompt.history or prompt.passages)


def test_the_model_is_told_the_language_at_the_end_of_what_stays_the_same() -> None:
    english = build_prompt("And lentils?", KNOWN, PASSAGES)
    for tag, asked in (("es", "Answer in Spanish, "), ("pt-BR", "Answer in Portuguese (Brazil), ")):
        told = build_prompt("¿Y lentejas?", replace(KNOWN, settings=Settings(language=tag)), PASSAGES)
        system = told.messages[0]["content"]
        assert system.startswith(english.messages[0]["content"])
        assert asked in system.removeprefix(english.messages[0]["content"])


@pytest.mark.parametrize("tag", ["en", "en-GB", "", "no language at all", "xx"])
def test_an_english_prompt_says_nothing_of_languages(tag: str) -> None:
    plain = build_prompt("And lentils?", KNOWN, PASSAGES)
    assert "Answer in" not in plain.messages[0]["content"]
    assert build_prompt("And lentils?", replace(KNOWN, settings=Settings(language=tag)), PASSAGES) == plain


def test_where_others_read_along_the_model_is_told_to_keep_the_person_out_of_it() -> None:
    shared = replace(KNOWN, settings=Settings(shared=True))
    alone, aloud = (build_prompt("And lentils?", known, PASSAGES) for known in (KNOWN, shared))
    assert "Others read your answer" in aloud.messages[0]["content"]
    assert "Others read" not in str(alone.messages)
    assert aloud.messages[1:] == alone.messages[1:]
    assert type(KNOWN).from_dict(shared.as_dict()) == shared
    assert "shared" not in KNOWN.as_dict()["settings"]
