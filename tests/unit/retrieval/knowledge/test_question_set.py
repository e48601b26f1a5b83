"""What our own questions promise: every answer is in the catalogue that ships, and the asker may have it."""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Restrictions, parse_diet
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind, Passage

FOLDER = Path(__file__).parents[4] / "bench" / "data" / "questions"
SPLITS = ("dev", "test")
KINDS = {"figure", "comparison", "recipe", "restricted", "advice", "label", "safety", "unanswerable"}
ADVICE_HAS_NO_FIGURES = {"sugar_g": 0.0, "carbohydrate_g": 0.0, "sodium_mg": 0.0}


@dataclass(frozen=True, slots=True)
class Question:
    """One line of `queries.jsonl`."""

    id: str
    text: str
    kind: str
    split: str
    restrictions: Restrictions


def read_question(line: str) -> Question:
    data = json.loads(line)
    meta = data["metadata"]
    restrictions = Restrictions(
        diets=frozenset(parse_diet(diet) for diet in meta.get("diets", ())),
        allergies=frozenset(meta.get("allergies", ())),
    )
    return Question(data["_id"], data["text"], meta["kind"], meta["split"], restrictions)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    lines = (FOLDER / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [read_question(line) for line in lines]


@pytest.fixture(scope="module")
def answers() -> dict[str, list[tuple[str, str, int]]]:
    """Return split → (question, document, score) of its qrels."""
    found = {}
    for split in SPLITS:
        with (FOLDER / "qrels" / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            found[split] = [(row["query-id"], row["corpus-id"], int(row["score"])) for row in rows]
    return found


@pytest.fixture(scope="module")
def shipped() -> dict[str, Passage]:
    return {passage.id: passage for passage in passages(load_catalogue())}


def test_there_are_enough_questions_of_every_kind(questions: list[Question]) -> None:
    counts = Counter(question.kind for question in questions)
    assert set(counts) == KINDS
    assert counts.total() - counts["unanswerable"] >= 200
    assert counts["unanswerable"] >= 40
    for kind in KINDS:
        halves = Counter(question.split for question in questions if question.kind == kind)
        assert set(halves) == set(SPLITS)
        assert abs(halves["dev"] - halves["test"]) <= 2, kind


def test_no_question_stands_twice(questions: list[Question]) -> None:
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.text.casefold() for question in questions}) == len(questions)


def test_exactly_the_answerable_questions_have_answers_and_in_their_own_split(
    questions: list[Question], answers: dict[str, list[tuple[str, str, int]]]
) -> None:
    for split in SPLITS:
        answered = {question for question, _document, score in answers[split] if score == 2}
        assert answered == {item.id for item in questions if item.split == split} - {
            item.id for item in questions if item.kind == "unanswerable"
        }
        assert {question for question, _document, _score in answers[split]} == answered
        assert {score for _question, _document, score in answers[split]} == {1, 2}


def test_every_answer_is_a_document_that_ships_and_is_named_once(
    answers: dict[str, list[tuple[str, str, int]]], shipped: dict[str, Passage]
) -> None:
    pairs = [(question, document) for split in SPLITS for question, document, _score in answers[split]]
    assert sorted({document for _question, document in pairs} - shipped.keys()) == []
    assert [pair for pair, count in Counter(pairs).items() if count > 1] == []


def test_every_answer_is_permitted_for_the_one_who_asks(
    questions: list[Question], answers: dict[str, list[tuple[str, str, int]]], shipped: dict[str, Passage]
) -> None:
    askers = {question.id: question for question in questions}
    refused = []
    for question, document, _score in answers["dev"] + answers["test"]:
        passage, asker = shipped[document], askers[question]
        facts = ADVICE_HAS_NO_FIGURES if passage.kind is Kind.NOTE else passage.per_100g
        verdict = permits(passage.contains, facts, asker.restrictions)
        if verdict.answer is not Answer.YES:
            refused.append(f"{asker.text}: {document} {verdict.reason}")
    assert refused == []


def test_who_asks_under_restrictions_states_them(questions: list[Question]) -> None:
    assert [item.text for item in questions if item.kind == "restricted" and not item.restrictions] == []
