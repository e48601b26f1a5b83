"""Words of a text are compared without what hides them, and know where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.diet.words import fold, name_variants, split


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("PEANUT", "peanut"),
        ("Crème", "creme"),
        ("cre\u0300me", "creme"),
        ("p\u200bea\u00adnut", "peanut"),
        ("\uff50\uff45\uff41\uff4e\uff55\uff54", "peanut"),
        ("p\u0435\u0430nut", "peanut"),  # two Cyrillic letters
        ("œuf", "oeuf"),
        ("Nuß", "nuss"),
        ("FISTIĞI", "fistigi"),
        ("\u1d18\u1d07\u1d00\u0274\u1d1c\u1d1b", "peanut"),  # small capitals
        ("\u24df\u24d4\u24d0\u24dd\u24e4\u24e3", "peanut"),  # in circles
        ("\U0001f17f\U0001f174\U0001f170\U0001f17d\U0001f184\U0001f183", "peanut"),  # on badges
        ("\u03c1\u03b5\u03b1\u03b7ut", "peanut"),  # four Greek letters
        ("pe\u115fa\u2800n\U000e0061ut", "peanut"),  # a Korean filler, a blank in Braille, a tag
        ("pe\u0345a\u1dc4nut", "peanut"),
        ("bird's", "birds"),
        ("bird\u2019s", "birds"),
    ],
)
def test_fold_undoes_what_keeps_a_word_from_being_recognised(written: str, compared: str) -> None:
    assert [word for word, _, _ in split(written)] == [compared]


def test_words_never_run_over_digits_marks_or_footnotes() -> None:
    assert [word for word, _, _ in split("E120: milk² & nuts_50%")] == [
        "e",
        "120",
        "milk",
        "and",
        "nuts",
        "50",
    ]


@given(st.text())
def test_each_word_is_the_folded_text_at_its_place(text: str) -> None:
    last = 0
    for word, start, end in split(text):
        assert last <= start < end <= len(text)
        assert word == fold(text[start:end])
        last = end


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_ascii_takes_the_same_way_as_all_other_text(text: str) -> None:
    # A footnote sign switches to the pattern for all alphabets without being a word itself.
    assert split(text) == split(text + " ¹")


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("berry", "berries"),
        ("radish", "radishes"),
        ("tomato", "tomatoes"),
        ("avocado", "avocados"),
        ("loaf", "loaves"),
        ("almond", "almonds"),
    ],
)
def test_regular_plurals_come_by_themselves(name: str, plural: str) -> None:
    assert (plural,) in name_variants(name)


def test_only_the_last_word_of_a_name_takes_the_plural() -> None:
    assert name_variants("Pine Nut") == (("pine", "nut"), ("pine", "nuts"))
