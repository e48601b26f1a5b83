from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.sentences import SentenceBuffer, split_sentences


def test_a_citation_belongs_to_the_sentence_before_it() -> None:
    text = "Lentils have 9.02 g of protein. [1] They are cheap. [2][3] Eat them."
    assert split_sentences(text) == (
        "Lentils have 9.02 g of protein. [1]",
        " They are cheap. [2][3]",
        " Eat them.",
    )


def test_a_decimal_point_ends_nothing_even_when_it_comes_alone() -> None:
    buffer = SentenceBuffer()
    assert [*buffer.add("It has 9."), *buffer.add("02 g of protein."), *buffer.add(" More")] == [
        "It has 9.02 g of protein."
    ]
    assert buffer.rest() == " More"


def test_lines_are_sentences() -> None:
    assert split_sentences("- tofu\n- tempeh\n- beans") == ("- tofu\n", "- tempeh\n", "- beans")


def test_the_number_of_a_list_item_ends_nothing() -> None:
    text = "Steps:\n1. Boil the rice. Drain it.\n2. **Serve** it."
    assert split_sentences(text) == ("Steps:\n", "1. Boil the rice.", " Drain it.", "\n", "2. **Serve** it.")


def test_an_abbreviation_ends_nothing_and_a_short_answer_does() -> None:
    assert split_sentences("Take pulses, e.g. lentils. Is it safe? No. Ask approx. 3 people.") == (
        "Take pulses, e.g. lentils.",
        " Is it safe?",
        " No.",
        " Ask approx. 3 people.",
    )


def test_headings_stand_alone_and_words_without_any_stop_come_whole() -> None:
    assert split_sentences("## Lentils\n\nThey are cheap") == ("## Lentils\n\n", "They are cheap")
    assert split_sentences("lentils are cheap and they keep") == ("lentils are cheap and they keep",)


@given(st.lists(st.text(alphabet="ab1. ![]\n", max_size=8)))
def test_nothing_is_lost_however_the_words_arrive(pieces: list[str]) -> None:
    buffer = SentenceBuffer()
    given_back = "".join(item for piece in pieces for item in buffer.add(piece)) + buffer.rest()
    assert given_back == "".join(pieces)


@given(st.text(alphabet="ab1. ![]\n", max_size=60), st.integers(1, 7))
def test_sentences_do_not_depend_on_how_the_words_arrive(text: str, size: int) -> None:
    buffer = SentenceBuffer()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    sentences = [item for piece in pieces for item in buffer.add(piece)]
    rest = buffer.rest()
    assert tuple(sentences + ([rest] if rest else [])) == split_sentences(text)
