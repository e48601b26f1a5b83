"""When is what was found no answer? The judgement over a search's evidence."""

from dataclasses import replace

import pytest

from retrieval.relevance import Evidence, evidence, is_relevant, score

LENTILS = ["Lentils, cooked. brown lentils. boiled lentils", "Red lentils, dry. masoor dal"]


def weigh(question: str, documents: list[str] = LENTILS, similarity: float = 0.5) -> Evidence:
    return evidence(question, documents, similarity=similarity, bm25=5.0, dishes=False)


def test_how_a_question_asks_counts_for_nothing() -> None:
    assert weigh("how many calories are there in lentils please?").covered == 1.0
    assert weigh("a quick dinner idea").covered == 1.0, "no word of its own: nothing that could be missing"


def test_a_misspelt_word_is_found_and_another_word_is_not() -> None:
    assert weigh("lentisl with masor").seen == 1.0
    assert weigh("lentils with haggis").seen == 0.5


def test_covered_is_by_one_document_and_seen_by_all() -> None:
    found = weigh("boiled masoor")
    assert (found.covered, found.seen) == (0.5, 1.0)


@pytest.mark.parametrize(
    "question", ["can my dog eat lentils", "cheapest lentils to buy", "how to grow lentils"]
)
def test_other_matters_are_noticed(question: str) -> None:
    assert weigh(question).elsewhere == 1.0


def test_a_nutrient_that_no_figures_tell_is_noticed() -> None:
    assert weigh("copper in lentils").uncarried == 1.0
    assert weigh("iron in lentils").uncarried == 0.0


def test_each_piece_of_evidence_pulls_in_its_direction() -> None:
    found = weigh("lentils")
    assert is_relevant(found)
    for worse in (
        replace(found, similarity=0.1),
        replace(found, covered=0.0, seen=0.0),
        replace(found, elsewhere=1.0),
        replace(found, uncarried=1.0),
    ):
        assert score(worse) < score(found)
    assert not is_relevant(replace(found, similarity=0.2, covered=0.0, seen=0.0))
