"""No text is too strange, too long or too well disguised to be judged, and none takes long."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.diet.disguise import hides_words, reveal
from retrieval.diet.preferences import Allergen, Diet, Restrictions
from retrieval.diet.violations import violations

EVERYTHING = Restrictions(
    diets=frozenset(Diet), allergies=frozenset(allergen.value for allergen in Allergen) | {"strawberry"}
)
ALLERGIES = {
    "peanuts": "peanuts",
    "cheese": "milk",
    "prawns": "crustaceans",
    "tahini": "sesame",
    "almonds": "tree_nuts",
}
INVISIBLE = "\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u200e\u202e\u2060\u2800\u3164\ufe0f\ufeff\U000e0061"
# Cyrillic, Greek, Armenian, Latin small capitals, circled, full-width and bold letters.
LOOKALIKES = {
    "a": "\u0430\u0251\u03b1\u1d00\u24d0\uff41",
    "e": "\u0435\u03b5\u1d07\u24d4\U0001d41e",
    "h": "\u04bb\u0570\u24d7",
    "i": "\u0456\u0131\u03b9\u026a",
    "n": "\u03b7\u0578\u0274\u24dd",
    "o": "\u043e\u03bf\u0585\u1d0f",
    "p": "\u0440\u03c1\u1d18\u24df",
    "s": "\u0455\ua731\u24e2",
    "t": "\u0442\u03c4\u1d1b\u24e3",
}
MARKUP = ("**", "</b>", "<wbr>", "_", "`", "~~", "&shy;", "&#8203;", "<!-- x -->", "-\n", "\n", ".", "](x)")

foods = st.sampled_from(sorted(ALLERGIES))


def is_found(text: str, food: str) -> bool:
    return bool(violations(text, Restrictions(allergies=frozenset({ALLERGIES[food]}))))


@given(foods, st.data())
def test_invisible_characters_and_accents_hide_no_food(food: str, data: st.DataObject) -> None:
    accents = "".join(chr(code) for code in range(0x300, 0x36F) if unicodedata.category(chr(code)) == "Mn")
    marks = [data.draw(st.text(alphabet=INVISIBLE + accents, max_size=3)) for _ in food]
    written = "".join(letter + mark for letter, mark in zip(food, marks, strict=True))
    assert is_found(f"Eat {data.draw(st.text(alphabet=INVISIBLE, max_size=3))}{written} today.", food)


@given(foods, st.data())
def test_letters_that_look_alike_hide_no_food(food: str, data: st.DataObject) -> None:
    written = "".join(data.draw(st.sampled_from(letter + LOOKALIKES.get(letter, ""))) for letter in food)
    assert is_found(f"Eat {written} today.", food)


@given(foods, st.data())
def test_markup_in_a_word_hides_no_food(food: str, data: st.DataObject) -> None:
    middle = data.draw(st.integers(min_value=1, max_value=len(food) - 1))
    assert is_found(f"Eat {food[:middle]}{data.draw(st.sampled_from(MARKUP))}{food[middle:]} today.", food)


@given(foods, st.sampled_from([" ", "  ", "-", ".", "*", " - ", "\u00a0", "\n"]))
def test_letters_that_are_spaced_out_hide_no_food(food: str, gap: str) -> None:
    assert is_found(f"Eat {gap.join(food)}, please.", food)


@given(foods)
def test_html_entities_hide_no_food(food: str) -> None:
    assert is_found("Eat " + "".join(f"&#{ord(letter)};" for letter in food), food)
    assert is_found("Eat " + "".join(f"&#x{ord(letter):x};" for letter in food), food)


@given(
    st.text(
        alphabet=st.sampled_from("peanutPEA <>b/&#101;*_`~-\n.,\u200b\u0301\u0430\u24d0🥜014@$[]()"),
        max_size=60,
    )
)
def test_a_revealed_text_knows_where_each_character_comes_from(text: str) -> None:
    revealed = reveal(text)
    if revealed is None:
        return
    assert len(revealed.text) == len(revealed.starts) == len(revealed.ends)
    assert all(
        0 <= start <= end <= len(text) for start, end in zip(revealed.starts, revealed.ends, strict=True)
    )
    assert list(revealed.starts) == sorted(revealed.starts)


pieces = st.sampled_from(
    [
        *(
            "peanuts",
            "avoid ",
            "avoid peanuts, ",
            "no peanuts and ",
            "without peanuts, ",
            "may contain peanuts, ",
        ),
        *(
            "p e a ",
            "a-",
            "a\n",
            "pea**nuts** ",
            "peanutsauce ",
            "aB",
            "<b>",
            "<",
            "](",
            "&#101;",
            "&",
            "@a",
            "1",
        ),
        *(
            "🥜",
            "e\u0301",
            "a\u200b",
            "\u200b",
            "ﷺ",
            "\n- peanuts",
            "peanut-free ",
            "if you avoid peanuts, ",
            "_",
        ),
        *("not, ", "peanuts are out, ", "10 g of sugar ", "cheese without milk or ", " ", "\n", "word "),
    ]
)


@settings(deadline=None, max_examples=20)
@given(pieces, pieces)
def test_time_grows_with_the_length_of_a_text_and_not_faster(first: str, second: str) -> None:
    # Four times the text may take four times as long; a quadratic step would take sixteen times. What is too quick to
    # be measured well is left alone.
    short = (first + second) * (2_000 // len(first + second))
    quick, slow = (min(judging_time(text) for _ in range(2)) for text in (short, short * 4))
    assert slow < max(0.15, 10 * quick)


def judging_time(text: str) -> float:
    begin = time.process_time()
    violations(text, EVERYTHING)
    return time.process_time() - begin


@pytest.mark.parametrize(
    "text",
    [
        "🥜" * 4_000,
        "Eat well and drink water. " * 2_000 + "Have peanuts.",
        "<div>" * 2_000 + "peanuts" + "</div>" * 2_000,
        "<" * 10_000 + "peanuts",
        "e" + "\u0301" * 20_000 + " peanuts",
        "\u200b" * 20_000 + "peanuts",
        "avoid rice, " * 2_000 + "eat peanuts",
        "(" * 10_000 + "peanuts" + ")" * 10_000,
    ],
    ids=["emoji", "words", "html", "brackets", "accents", "invisible", "cues", "parentheses"],
)
def test_a_food_in_a_huge_text_is_found(text: str) -> None:
    assert is_found(text, "peanuts")


@pytest.mark.parametrize(
    "text",
    [
        "Have s\u200bo\u200by\u200ba tonight.",
        "Tonight: c-e-l-e-r-y s-o-u-p",
        "Go for b4k3w3ll today.",
        "Enjoy b\u00adl\u00ado\u00ado\u00add.",
        "&#115;&#101;&#112;",
        "I suggest gu**mbo** [1].",
        "Cook bl\u0430\u0441k risotto.",
    ],
)
def test_words_that_are_written_to_be_missed_are_noticed(text: str) -> None:
    assert hides_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "**Lentils** have 9.02 g of protein per 100 g [1].",
        "Vitamin B12, omega-3 and E471; a 200g tin, 2 x 4 cups, 1h30.",
        "P.S. I like it. Try e.g. U.S. tofu.",
        "Family meals \U0001f468\u200d\U0001f469\u200d\U0001f467 are fun.",
        "Cr\u00e8me fra\u00eeche, jalape\u00f1os and \u043c\u043e\u043b\u043e\u043a\u043e.",
    ],
)
def test_honest_sentences_hide_nothing(text: str) -> None:
    assert not hides_words(text)


@pytest.mark.parametrize(
    "text", ["E160a is a colour.", "It holds E472e, E450i and H2O.", "E 322 comes from soya."]
)
def test_a_number_of_an_additive_is_no_disguise(text: str) -> None:
    assert not hides_words(text)
