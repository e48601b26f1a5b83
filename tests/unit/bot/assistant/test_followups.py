"""What a follow-up means, by labelled examples; what means what it says stays as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.assistant.followups import Cited, Earlier, may_follow_up, resolve
from bot.assistant.intents import Intent
from bot.messages import speaking

EXAMPLES = {"en": Path(__file__).parent / "followups.yaml", "es": Path(__file__).parent / "followups_es.yaml"}
ENOUGH = {"en": (60, 25), "es": (35, 10)}
WANTED = 0.95


class Example(NamedTuple):
    earlier: tuple[Earlier, ...]
    asked: str
    meant: frozenset[str] | None


@pytest.fixture(params=EXAMPLES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language that has examples, spoken while the test runs."""
    with speaking(request.param):
        yield request.param


def read_examples(language: str) -> list[Example]:
    conversations = yaml.safe_load(EXAMPLES[language].read_text(encoding="utf-8"))
    return [
        Example(
            tuple(earlier_turn(turn) for turn in conversation["earlier"]),
            asked,
            frozenset(meant.split("|")) if meant else None,
        )
        for conversation in conversations
        for asked, meant in conversation["asked"].items()
    ]


def earlier_turn(turn: dict[str, Any]) -> Earlier:
    cited = tuple(Cited(title.rstrip("*"), recipe=title.endswith("*")) for title in turn["cited"])
    return Earlier(turn["question"], Intent(turn["intent"]), cited)


def meant(example: Example) -> str | None:
    found = resolve(example.asked, example.earlier)
    return None if found is None else found.question


def is_right(example: Example) -> bool:
    found = meant(example)
    return found is None if example.meant is None else found in example.meant


def test_most_follow_ups_are_written_out_right(language: str) -> None:
    examples = [example for example in read_examples(language) if example.meant is not None]
    wrong = {example.asked: meant(example) for example in examples if not is_right(example)}
    assert len(examples) >= ENOUGH[language][0]
    assert len(wrong) <= (1 - WANTED) * len(examples), wrong


def test_what_means_what_it_says_stays_as_it_is(language: str) -> None:
    examples = [example for example in read_examples(language) if example.meant is None]
    assert len(examples) >= ENOUGH[language][1]
    assert {example.asked: meant(example) for example in examples if not is_right(example)} == {}


def test_history_is_read_for_every_follow_up(language: str) -> None:
    examples = read_examples(language)
    missed = [example.asked for example in examples if meant(example) and not may_follow_up(example.asked)]
    assert missed == []


def test_something_else_asks_for_what_was_not_given() -> None:
    dinner = Earlier("What can I have for dinner?", Intent.SUGGEST, (Cited("Lentil dal", recipe=True),))
    found = resolve("something else?", [dinner])
    assert found is not None
    assert found.others


def test_english_is_still_read_where_spanish_is_spoken() -> None:
    recipe = Earlier("Give me a recipe with chickpeas.", Intent.RECIPE)
    with speaking("es"):
        found = resolve("and with chicken?", [recipe])
    assert found is not None
    assert found.question == "Give me a recipe with chicken?"


@pytest.mark.parametrize("asked", ["und mit Huhn?", "et avec du poulet ?", "e con il pollo?"])
def test_what_no_rule_reads_means_what_it_says(asked: str) -> None:
    recipe = Earlier("Give me a recipe with chickpeas.", Intent.RECIPE)
    assert resolve(asked, [recipe]) is None


@pytest.mark.parametrize(
    "text",
    ["", "?", "…", "🥑", "x" * 5000, "and " * 60, "number " * 30, "the the the?", "¿¿¿y???", "y " * 60],
)
@pytest.mark.usefixtures("language")
def test_strange_text_means_what_it_says(text: str) -> None:
    dinner = Earlier("What can I have for dinner?", Intent.SUGGEST, (Cited("Lentil dal", recipe=True),))
    assert resolve(text, [dinner]) is None
