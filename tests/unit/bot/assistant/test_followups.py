"""What a follow-up means, by labelled examples; what means what it says stays as it is."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from bot.assistant.followups import Cited, Earlier, may_follow_up, resolve
from bot.assistant.intents import Intent

EXAMPLES = Path(__file__).parent / "followups.yaml"
WANTED = 0.95


class Example(NamedTuple):
    earlier: tuple[Earlier, ...]
    asked: str
    meant: frozenset[str] | None


def read_examples() -> list[Example]:
    conversations = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
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


def test_most_follow_ups_are_written_out_right() -> None:
    examples = [example for example in read_examples() if example.meant is not None]
    wrong = {example.asked: meant(example) for example in examples if not is_right(example)}
    assert len(examples) >= 60
    assert len(wrong) <= (1 - WANTED) * len(examples), wrong


def test_what_means_what_it_says_stays_as_it_is() -> None:
    examples = [example for example in read_examples() if example.meant is None]
    assert len(examples) >= 25
    assert {example.asked: meant(example) for example in examples if not is_right(example)} == {}


def test_history_is_read_for_every_follow_up() -> None:
    missed = [
        example.asked for example in read_examples() if meant(example) and not may_follow_up(example.asked)
    ]
    assert missed == []


def test_something_else_asks_for_what_was_not_given() -> None:
    dinner = Earlier("What can I have for dinner?", Intent.SUGGEST, (Cited("Lentil dal", recipe=True),))
    found = resolve("something else?", [dinner])
    assert found is not None
    assert found.others


@pytest.mark.parametrize(
    "text", ["", "?", "…", "🥑", "x" * 5000, "and " * 60, "number " * 30, "the the the?"]
)
def test_strange_text_means_what_it_says(text: str) -> None:
    dinner = Earlier("What can I have for dinner?", Intent.SUGGEST, (Cited("Lentil dal", recipe=True),))
    assert resolve(text, [dinner]) is None
