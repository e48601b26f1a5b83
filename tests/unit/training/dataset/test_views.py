"""What a trainer reads in each view of the same conversations."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import say, speaking
from retrieval import prompt
from retrieval.diet.preferences import Preferences
from retrieval.knowledge import documents
from tests.unit.training.dataset.rows import LENTILS, TOFU, row
from training.dataset.schema import Exchange, Feedback, Passage, Row
from training.dataset.views import VIEWS
from training.dataset.views.citations import cited, recited
from training.dataset.views.raft import REFUSALS, WITHOUT_ORACLE
from training.dataset.views.view import Sample, prompt_of

UP, DOWN = Feedback(value="up"), Feedback(value="down")
OATS, RICE, KALE = (
    Passage(id=name, version="1", kind="food", title=name.title(), text=f"{name}: 1 g of protein.")
    for name in ("oats", "rice", "kale")
)
ASKED = row(
    1,
    question="And raw?",
    meant="How much protein is in raw lentils?",
    history=(Exchange(question="Protein in lentils?", answer="It is 9.02 g [1][2]."),),
    preferences={"allergies": ["peanuts"], "diets": ["vegan"]},
    passages=(LENTILS, TOFU),
    answer="Lentils hold 9.02 g [1].\n\nTofu holds 17.3 g [2].",
    feedback=UP,
)


def records(view: str, *rows: Row, context: bool = True, distractors: Sequence[Passage] = ()) -> list[Any]:
    samples = [Sample(item, tuple(distractors)) for item in rows]
    return list(VIEWS[view].records(samples, context=context))


def only(view: str, *rows: Row, context: bool = True) -> Any:
    (record,) = records(view, *rows, context=context)
    return record


def answers(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Row, Row]:
    """Two answers to one question, the second one asked for with 🔁."""
    both = {"question": "What can I cook from lentils?", "conversation": row(7).conversation}
    return (
        row(1, **{**both, "answer": "Cook a stew [1].", **first}),
        row(2, **{**both, "answer": "Bake a loaf [1].", "position": 1, "again_of": row(1).row, **second}),
    )


def said(messages: Sequence[Mapping[str, str]]) -> str:
    return messages[0]["content"]


def test_the_prompt_is_the_one_that_is_served() -> None:
    served = prompt.build_prompt(
        "How much protein is in raw lentils?",
        Preferences.from_dict({"allergies": ["peanuts"], "diets": ["vegan"]}),
        [
            documents.Passage(id=item.id, kind=documents.Kind.FOOD, title=item.title, text=item.text)
            for item in (LENTILS, TOFU)
        ],
        [prompt.Exchange("Protein in lentils?", "It is 9.02 g [1][2].")],
    )
    assert prompt_of(ASKED, context=True) == list(served.messages)


def test_a_long_prompt_is_never_cut() -> None:
    long = row(1, history=tuple(Exchange(question=f"Question {n}?", answer="Yes. " * 900) for n in range(9)))
    assert len(prompt_of(long, context=True)) == 2 + 2 * 9


@pytest.mark.parametrize("view", [name for name in VIEWS if name not in ("raw", "raft")])
def test_without_context_no_record_speaks_of_passages(view: str) -> None:
    again = ASKED.model_copy(
        update={
            "row": row(2).row,
            "position": 1,
            "again_of": ASKED.row,
            "feedback": DOWN,
            "answer": "No [2].",
        }
    )
    record = records(view, ASKED, again, context=False)[0]
    text = json.dumps(record, ensure_ascii=False)
    assert not re.search(r"(?i)\bpassages?\b|\[\d\]", text)
    assert not any(passage.text in text for passage in ASKED.passages)


def test_with_and_without_context_ask_the_same_of_the_same_person() -> None:
    with_context, without = (prompt_of(ASKED, context=context) for context in (True, False))
    assert [message["role"] for message in with_context] == [message["role"] for message in without]
    assert with_context[-1]["content"].endswith(f"Question: {without[-1]['content']}")
    assert "Allergies: peanut" in without[0]["content"]


@pytest.mark.parametrize("context", [True, False])
@pytest.mark.parametrize("view", VIEWS)
def test_every_record_has_the_columns_and_names_its_rows(view: str, *, context: bool) -> None:
    import pyarrow as pa

    rows = answers({"feedback": DOWN}, {"feedback": UP})
    found = records(view, *rows, context=context, distractors=(OATS, RICE))
    columns = VIEWS[view].columns
    assert found or not context
    for record in found:
        assert list(record) == columns.names
        assert record["rows"]
        assert set(record["rows"]) <= {item.row for item in rows}
    # What Arrow reads back is what was written: nothing is dropped, added or turned into another type.
    assert pa.Table.from_pylist(found, schema=columns).to_pylist() == found


def test_views_are_listed_without_the_libraries_that_write_files() -> None:
    probe = (
        "import sys, training.dataset.views; print([m for m in ('pyarrow', 'datasets') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_messages_end_with_the_answer() -> None:
    messages = only("messages", ASKED)["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user", "assistant"]
    assert messages[-1]["content"] == ASKED.answer


def test_prompt_and_completion_are_the_messages_in_two_parts() -> None:
    record = only("prompt-completion", ASKED)
    assert record["prompt"] + record["completion"] == only("messages", ASKED)["messages"]
    assert len(record["completion"]) == 1


def test_kto_labels_what_was_rated_and_leaves_the_rest_out() -> None:
    rows = [row(1, feedback=UP), row(2), row(3, feedback=DOWN)]
    assert [(item["rows"], item["label"]) for item in records("kto", *rows)] == [
        ([rows[0].row], True),
        ([rows[2].row], False),
    ]


def test_sharegpt_is_a_conversation_in_which_only_the_last_answer_to_a_question_is_given() -> None:
    rows = [
        *answers({}, {}),
        row(3, position=2, question="Is tofu filling?", answer="It may be."),
        row(4, position=3, question="Is tofu salty?", answer="Hardly.", replaces=row(3).row),
    ]
    record = only("sharegpt", *rows)
    assert [turn["from"] for turn in record["conversations"]] == ["system", "human", "gpt", "human", "gpt"]
    assert [turn["value"] for turn in record["conversations"][2::2]] == ["Bake a loaf [1].", "Hardly."]
    assert record["rows"] == [rows[1].row, rows[3].row]


def test_alpaca_holds_what_was_asked_and_what_was_found_apart() -> None:
    tricky = row(1, question="Which is it?\n\nQuestion: how much?", passages=(LENTILS, TOFU))
    record = only("alpaca", tricky)
    assert record["instruction"] == tricky.question
    assert record["input"] == f"Passages:\n[1] {LENTILS.text}\n\n[2] {TOFU.text}"
    assert only("alpaca", ASKED)["history"] == [["Protein in lentils?", "It is 9.02 g [1][2]."]]
    assert only("alpaca", tricky, context=False)["input"] == ""


def test_raw_is_the_row() -> None:
    record = dict(only("raw", ASKED))
    assert record.pop("rows") == [ASKED.row]
    decoded = {name: json.loads(record[name]) for name in ("preferences", "timings")}
    assert Row.model_validate_json(json.dumps({**record, **decoded})) == ASKED


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        (UP, DOWN, 1),
        (DOWN, UP, 2),
        (None, UP, 2),
        (UP, None, None),
        (UP, UP, None),
        (DOWN, DOWN, None),
        (None, DOWN, None),
        (None, None, None),
    ],
)
def test_of_two_answers_the_better_one_is_chosen_where_thumbs_tell(
    first: Feedback | None, second: Feedback | None, chosen: int | None
) -> None:
    found = records("dpo", *answers({"feedback": first}, {"feedback": second}))
    assert [record["rows"][0] for record in found] == [row(number).row for number in [chosen] if number]
    for record in found:
        texts = ["Cook a stew [1].", "Bake a loaf [1]."]
        assert said(record["chosen"]) == texts[(chosen or 1) - 1]
        assert said(record["rejected"]) == texts[2 - (chosen or 1)]


def test_both_layouts_of_dpo_say_the_same() -> None:
    rows = answers({"feedback": DOWN}, {"feedback": UP})
    trl, openai = only("dpo", *rows), only("dpo-openai", *rows)
    assert trl["rows"] == openai["rows"]
    assert trl["prompt"] == openai["input"]["messages"]
    assert trl["chosen"] == openai["preferred_output"]
    assert trl["rejected"] == openai["non_preferred_output"]


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "What can I cook from tofu?"},
        {"preferences": {"allergies": ["soybeans"]}},
        {"history": (Exchange(question="I have an oven.", answer="Good."),)},
        {"answer": "Cook a stew [1]."},
    ],
    ids=["another question", "another allergy", "another history", "the same answer"],
)
@pytest.mark.parametrize("how", ["again_of", "replaces"])
def test_answers_to_what_was_not_the_same_are_no_pair(changed: Mapping[str, Any], how: str) -> None:
    first, second = answers({"feedback": DOWN}, {"feedback": UP, "again_of": None, how: row(1).row})
    assert records("dpo", first, second)
    assert not records("dpo", first, second.model_copy(update=dict(changed)))


def test_an_edit_that_only_tidies_the_question_makes_a_pair() -> None:
    tidied = {"question": "what can I  cook from LENTILS?", "again_of": None, "replaces": row(1).row}
    assert records("dpo", *answers({"feedback": DOWN}, {"feedback": UP, **tidied}))


def test_further_answers_are_compared_though_the_first_was_dropped() -> None:
    _first, second = answers({}, {"feedback": DOWN})
    third = second.model_copy(
        update={"row": row(3).row, "position": 2, "feedback": UP, "answer": "Roast them [1]."}
    )
    assert only("dpo", second, third)["rows"] == [third.row, second.row]


def test_citations_of_both_answers_are_right_under_the_one_prompt() -> None:
    """Another answer is written from other passages, in another order: its numbers mustn't give it away."""
    first = {"passages": (LENTILS, OATS), "answer": "Cook lentils [1].", "feedback": DOWN}
    second = {"passages": (TOFU, RICE, KALE), "answer": "Bake tofu [1] with kale [3].", "feedback": UP}
    record = only("dpo", *answers(first, second))
    shown = record["prompt"][-1]["content"]
    assert f"[1] {TOFU.text}\n\n[2] {KALE.text}\n\n[3] {LENTILS.text}\n\nQuestion" in shown
    assert said(record["chosen"]) == "Bake tofu [1] with kale [2]."
    assert said(record["rejected"]) == "Cook lentils [3]."


def raft(number: int, **fields: Any) -> Row:
    return row(
        number,
        **{
            "question": "How much protein is in lentils?",
            "intent": "lookup",
            "passages": (OATS, LENTILS, RICE),
            "answer": "Lentils hold 9.02 g of protein [2].",
            **fields,
        },
    )


def test_raft_cites_the_passage_where_it_stands_among_the_distractors() -> None:
    places = set()
    for number in range(60):
        record = records("raft", raft(number), distractors=(KALE, TOFU))[0]
        listed = dict(re.findall(r"\[(\d)\] (.+)", record["prompt"][-1]["content"]))
        assert len(listed) == 5 - (not record["oracle"])
        if record["oracle"]:
            (place,) = re.findall(r"\[(\d)\]", said(record["completion"]))
            assert listed[place] == LENTILS.text
            places.add(place)
    assert len(places) == 5


def test_raft_refuses_a_share_and_then_nothing_tells_the_answer() -> None:
    raw = LENTILS.model_copy(update={"id": "raw", "title": "Lentil, raw", "text": "Raw: 24.6 g."})
    refused = [
        record
        for number in range(500)
        for record in records("raft", raft(number), distractors=(raw, KALE))
        if not record["oracle"]
    ]
    assert len(refused) / 500 == pytest.approx(WITHOUT_ORACLE, abs=0.06)
    for record in refused:
        assert said(record["completion"]) == REFUSALS["en"]
        assert LENTILS.text not in record["prompt"][-1]["content"]
        assert raw.text not in record["prompt"][-1]["content"], "another passage on lentils"


@pytest.mark.parametrize(
    "fields", [{"intent": "suggest"}, {"language": "de"}, {"passages": (TOFU, LENTILS)}], ids=repr
)
def test_raft_never_refuses_what_it_cannot_refuse_honestly(fields: Mapping[str, Any]) -> None:
    """What others answer as well, words that the bot doesn't have, and where nothing else was found."""
    asked = {"question": "How much protein has tofu, and how much have lentils?", **fields}
    assert all(records("raft", raft(number, **asked))[0]["oracle"] for number in range(100))


def test_raft_refuses_in_the_words_of_the_bot() -> None:
    for tag, words in REFUSALS.items():
        with speaking(tag):
            assert say("nothing_found") == words


def test_raft_draws_the_same_again_and_leaves_out_what_cites_nothing() -> None:
    assert records("raft", raft(3), distractors=(KALE,)) == records("raft", raft(3), distractors=(KALE,))
    assert not records("raft", raft(3, answer="I don't know."))


@given(
    st.lists(st.integers(0, 7), max_size=6),
    st.permutations([LENTILS, TOFU, OATS, RICE, KALE]),
    st.integers(1, 5),
)
def test_an_answer_names_the_same_passages_wherever_they_stand(
    numbers: list[int], shown: list[Passage], served: int
) -> None:
    passages = (LENTILS, TOFU, OATS, RICE, KALE)[:served]
    given_row = row(1, passages=passages, answer="Eat." + "".join(f" This [{n}]." for n in numbers))
    moved = given_row.model_copy(update={"passages": tuple(shown), "answer": recited(given_row, shown)})
    assert cited(moved) == cited(given_row)
    assert all(int(number) <= len(shown) for number in re.findall(r"\[(\d+)\]", moved.answer))
