"""What is left out of a dataset, and on which side the rest is."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import BadInputError
from tests.unit.training.dataset.rows import row
from training.dataset.decontamination import Contamination, bundled, questions_of
from training.dataset.duplicates import Signatures
from training.dataset.quality import Quality, fault_of
from training.dataset.schema import Guard, Row
from training.dataset.splitting import SPLITS, split_of

BENCH = Path(__file__).resolve().parents[4] / "bench"
ANSWER = "Cooked lentils have 9.02 g of protein per 100 g [1]. They keep well in the fridge for a few days."


def clusters(folder: Path, *rows: Row) -> list[int]:
    with Signatures(folder) as signatures:
        for item in rows:
            signatures.add_row(item)
        return signatures.clusters().tolist()


@pytest.mark.parametrize(
    "question",
    [
        "How much protein do cooked lentils have?",
        "how much protein do cooked lentils have",
        "How much protien do cooked lentils have?",
        "Hi! How much protein do cooked lentils have?",
    ],
)
def test_what_says_the_same_is_one_cluster(tmp_path: Path, question: str) -> None:
    first = row(1, question="How much protein do cooked lentils have?", answer=ANSWER)
    assert clusters(tmp_path, first, row(2, question=question, answer=ANSWER)) == [0, 0]


def test_another_figure_or_another_food_is_no_copy(tmp_path: Path) -> None:
    asked = "How much protein do cooked lentils have?"
    found = clusters(
        tmp_path,
        row(1, question=asked, answer=ANSWER),
        row(2, question=asked, answer=ANSWER.replace("9.02", "19.2")),
        row(
            3,
            question="How much iron does raw spinach have?",
            answer="Raw spinach has 2.71 mg of iron per 100 g.",
        ),
    )
    assert found == [0, 1, 2]


def test_the_same_question_under_other_restrictions_is_no_copy(tmp_path: Path) -> None:
    mild, strict = ({"allergies": allergies} for allergies in ([], ["milk"]))
    one = row(1, question="What is for dinner?", answer=ANSWER, preferences=mild)
    other = row(2, question="What is for dinner?", answer=ANSWER, preferences=strict)
    again = row(3, question="What is for dinner?", answer=ANSWER, preferences=strict)
    assert clusters(tmp_path, one, other, again) == [0, 1, 1]


def test_every_question_of_the_evaluation_sets_is_found_however_it_is_written() -> None:
    sets = bundled(BENCH)
    contamination = Contamination.of(sets)
    questions = [question.text for item in sets for question in questions_of(item)]
    assert len(questions) > 500
    missed = [
        text
        for text in questions
        for written in (
            text,
            text.upper() if text.isascii() else text,
            f"Hello! {text.rstrip('?.! ')}...",
            f"{text}\nThank you.",
        )
        if contamination.match(written) is None
    ]
    assert missed == []


def test_an_ordinary_question_holds_no_evaluation_question() -> None:
    contamination = Contamination.of(bundled(BENCH))
    assert (
        contamination.match("My neighbour brought us a basket of quinces: can they be frozen whole?") is None
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"guard": Guard(status="refused")}, "guard refused"),
        ({"guard": None}, "guard did not pass"),
        ({"stopped": True}, "stopped"),
        ({"answer": "Yes."}, "answer too short"),
        ({"question": "x" * 5_000}, "question too long"),
        ({"answer": "Варёная чечевица содержит девять граммов белка."}, "answer in another script"),
        ({}, None),
    ],
)
def test_why_a_row_is_not_good_enough(fields: dict[str, object], reason: str | None) -> None:
    assert fault_of(row(1, **fields)) == reason


def test_refused_answers_are_taken_on_request_alone() -> None:
    assert fault_of(row(1, guard=Guard(status="refused")), Quality(refused=True)) is None


def test_people_stay_on_their_side_and_sides_get_their_shares() -> None:
    people = [f"{number:032x}" for number in range(4_000)]
    sides = [split_of(person, "salt") for person in people]
    assert sides == [split_of(person, "salt") for person in people]
    assert sides != [split_of(person, "another salt") for person in people]
    shares = np.array([sides.count(split) / len(people) for split in SPLITS])
    assert np.abs(shares - [0.9, 0.05, 0.05]).max() < 0.015


def test_more_for_training_moves_nobody_into_an_evaluation() -> None:
    larger = {"train": 0.94, "validation": 0.03, "test": 0.03}
    for number in range(2_000):
        before, after = split_of(f"{number:x}", "s"), split_of(f"{number:x}", "s", larger)
        assert after in ("train", before) or (before, after) == ("test", "validation")


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(BadInputError, match="add up to 1"):
        split_of("a", "salt", {"train": 0.5})
