from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.datafiles import read_data
from bot.assistant.wording import distance, plain, sentences
from retrieval.errors import BadInputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I\u2019m  ALLERGIC", "i am allergic"),
        ("I can't, won't and don't", "i can not, will not and do not"),
        ("pea\u200bnuts", "peanuts"),
        ("p\u0435\u0430nuts", "peanuts"),
        ("<b>milk</b>", "milk"),
        ("milk &amp; eggs", "milk & eggs"),
        ("alergic", "allergic"),
        ("soooo allergicccc", "soo allergic"),
        ("Erdnussallergie", "erdnuss allergie"),
        ("my daughter's allergic", "my daughter is allergic"),
        ("my daughter's allergy", "my daughter's allergy"),
        ("vegetables", "vegetables"),
        ("3 < 5", "3 < 5"),
    ],
)
def test_text_becomes_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_sentences_end_at_full_stops_but_not_inside_numbers() -> None:
    found = list(sentences("i need 1.5 g of salt. is that much? ok"))
    assert [sentence.text for sentence in found] == ["i need 1.5 g of salt", "is that much", "ok"]
    assert [sentence.question for sentence in found] == [False, True, False]


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [("peanuts", "penuts", 1), ("milk", "mlik", 1), ("milk", "milk", 0), ("egg", "peanut", 3)],
)
def test_slips_are_counted_up_to_the_limit(left: str, right: str, slips: int) -> None:
    assert distance(left, right, 2) == slips


@given(st.text(max_size=12), st.text(max_size=12))
def test_slips_are_the_same_both_ways(left: str, right: str) -> None:
    assert distance(left, right, 2) == distance(right, left, 2)


@given(st.text())
def test_the_words_of_every_sentence_come_from_the_text(text: str) -> None:
    words = plain(text)
    assert all(sentence.text in words for sentence in sentences(words))


@pytest.mark.parametrize(
    ("content", "complaint"), [("a: 1", "check: b"), ("- a", "exactly the keys"), ("a: [", "can't be read")]
)
def test_a_wrong_data_file_is_named_with_what_is_wrong(content: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError, match=rf"rules\.yaml.*{complaint}"):
        read_data("rules.yaml", {"a", "b"}, tmp_path)


def test_a_missing_data_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"none\.yaml"):
        read_data("none.yaml", {"a"}, tmp_path)
