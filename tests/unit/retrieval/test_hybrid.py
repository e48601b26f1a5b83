"""Fusing two legs, and what feedback adds to a question: pure arithmetic."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.hybrid import RRF_K, Method, Ranking, feedback, fuse, rocchio

FUSIONS = [Ranking(method) for method in (Method.RRF, Method.Z_SCORE, Method.CONVEX)]
LEGS = st.lists(
    st.tuples(st.floats(-1.0, 1.0, width=16), st.one_of(st.just(0.0), st.floats(0.5, 40.0, width=16))),
    min_size=1,
    max_size=20,
).map(np.array)


@given(legs=LEGS, ranking=st.sampled_from(FUSIONS))
def test_a_document_that_is_better_in_both_legs_never_ranks_lower(legs: np.ndarray, ranking: Ranking) -> None:
    similarities, bm25 = legs.T
    scores = fuse(similarities, bm25, ranking)
    assert np.isfinite(scores).all()
    better = (similarities[:, None] > similarities) & (bm25[:, None] > bm25)
    assert (scores[:, None] - scores)[better].min(initial=0.0) >= -1e-9


@given(legs=LEGS, factor=st.floats(0.1, 10.0), ranking=st.sampled_from(FUSIONS))
def test_the_scale_of_bm25_does_not_matter(legs: np.ndarray, factor: float, ranking: Ranking) -> None:
    similarities, bm25 = legs.T
    assert fuse(similarities, bm25 * factor, ranking) == pytest.approx(fuse(similarities, bm25, ranking))


@pytest.mark.parametrize("method", [Method.Z_SCORE, Method.CONVEX])
def test_all_weight_on_one_leg_gives_its_order(method: Method) -> None:
    similarities, bm25 = np.array([0.9, 0.1, 0.5]), np.array([1.0, 9.0, 4.0])
    assert np.argmax(fuse(similarities, bm25, Ranking(method, weight=1.0))) == 0
    assert np.argmax(fuse(similarities, bm25, Ranking(method, weight=0.0))) == 1


def test_rrf_adds_reciprocal_ranks_and_nothing_for_a_document_without_the_words() -> None:
    scores = fuse(np.array([0.9, 0.8, 0.7]), np.array([0.0, 3.0, 5.0]), Ranking(Method.RRF))
    expected = [1 / (RRF_K + 1), 1 / (RRF_K + 2) + 1 / (RRF_K + 2), 1 / (RRF_K + 3) + 1 / (RRF_K + 1)]
    assert scores == pytest.approx(expected)


def test_convex_adds_the_cosine_as_it_is_and_bm25_as_a_share_of_the_best() -> None:
    scores = fuse(np.array([0.5, 0.4]), np.array([2.0, 8.0]), Ranking(weight=0.7))
    assert scores == pytest.approx([0.7 * 0.5 + 0.3 * 0.25, 0.7 * 0.4 + 0.3])


def test_full_text_alone_finds_only_what_has_the_words() -> None:
    scores = fuse(np.array([0.9, 0.1]), np.array([0.0, 2.0]), Ranking(Method.TEXT))
    assert scores.tolist() == [-np.inf, 2.0]


@pytest.mark.parametrize("method", list(Method))
def test_nothing_found_is_no_error(method: Method) -> None:
    assert fuse(np.empty(0), np.empty(0), Ranking(method)).shape == (0,)


def test_feedback_trusts_the_best_most_and_leaves_out_what_was_not_found() -> None:
    best, shares = feedback(np.array([0.4, -np.inf, 0.8, 0.6]), 5)
    assert best.tolist() == [2, 3, 0]
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] > shares[1] > shares[2] > 0.0


def test_feedback_of_documents_without_merit_is_shared_evenly() -> None:
    assert feedback(np.array([-1.0, -2.0]), 2)[1].tolist() == [0.5, 0.5]


def test_rocchio_turns_the_question_towards_the_best_and_keeps_its_length() -> None:
    asked = np.array([1.0, 0.0], np.float32)
    aim = rocchio(asked, np.array([[0.0, 1.0], [1.0, 0.0]], np.float32), np.array([1.0, 0.0]), 1.0)
    assert aim == pytest.approx([2**-0.5, 2**-0.5])
    assert rocchio(asked, -asked[None], np.array([1.0]), 1.0).tolist() == [0.0, 0.0]


def test_a_ranking_refuses_numbers_without_sense() -> None:
    for wrong in ({"weight": 1.5}, {"candidates": 0}, {"feedback": -1}, {"expansion_weight": -0.1}):
        with pytest.raises(ValueError, match=r"weight|feedback"):
            replace(Ranking(), **wrong)
