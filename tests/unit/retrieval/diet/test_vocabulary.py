"""A dish that nobody has looked at is noticed; everyday words aren't."""

import pytest

from retrieval.diet.vocabulary import unfamiliar, words_of
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.knowledge.documents import Kind


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Cook rice and finish it with blorgetti.", ("blorgetti",)),
        ("Zwurbel and Blübermus, or a korimazushi!", ("Zwurbel", "Blübermus", "korimazushi")),
        ("Try bl**orgetti** or \uff42lorgetta.", ("blorgetti", "\uff42lorgetta")),
        ("Try tikka masala, or some masala.", ("masala",)),
    ],
)
def test_a_name_that_is_no_everyday_word_is_unfamiliar(text: str, strange: tuple[str, ...]) -> None:
    assert unfamiliar(text) == strange


@pytest.mark.parametrize(
    "text",
    [
        "Lentils are a tasty, filling source of protein: 9.02 g per 100 g [1].",
        "You'd soften the onions, stirring occasionally, then simmer them for twenty-five minutes.",
        "Unsweetened oat milk doesn't taste noticeably different in porridge, and it's cheaper.",
        "Flavoured, pasteurised and reheated leftovers are usually fine; refrigerate them quickly.",
        "Unfortunately none of these recipes suits you. Wholegrain pasta is the crunchier, healthier choice.",
    ],
)
def test_everyday_sentences_are_familiar(text: str) -> None:
    assert unfamiliar(text) == ()


def test_words_that_were_looked_at_are_allowed() -> None:
    assert unfamiliar("Blorgetti with spinach", words_of("Spinach blorgetti, boiled")) == ()


def test_our_own_notes_are_nearly_all_everyday_words() -> None:
    notes = [passage.text for passage in passages(load_catalogue()) if passage.kind is Kind.NOTE]
    words = sum(len(text.split()) for text in notes)
    assert sum(len(unfamiliar(text)) for text in notes) < words / 100
