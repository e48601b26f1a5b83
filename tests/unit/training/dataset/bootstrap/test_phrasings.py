"""How made-up people say things, and to which split a phrasing, a food or a person belongs."""

import random
import re

import pytest

from retrieval.knowledge.catalogue import load_catalogue, passages
from training.dataset.bootstrap.datafiles import answer_words, phrasings, words
from training.dataset.bootstrap.phrasing import Voice, with_slips
from training.dataset.bootstrap.splits import SPLITS, family, lines_of, may_show, split_of


@pytest.mark.parametrize(
    "prefixes",
    [("figure",), ("compare",), ("choice",), ("recipe", "follow_steps"), ("plan",), ("state",)],
)
def test_common_questions_are_asked_in_forty_ways_and_more(prefixes: tuple[str, ...]) -> None:
    ways = {line for name, lines in phrasings().items() if name.startswith(prefixes) for line in lines}
    assert len(ways) >= 40


def test_a_phrasing_belongs_to_one_split_and_each_split_has_some() -> None:
    for name, lines in phrasings().items():
        parts = [set(lines_of(split, name, lines)) for split in SPLITS]
        assert all(parts)
        assert sum(map(len, parts)) == len(set(lines))
        assert set().union(*parts) == set(lines)


def test_every_phrasing_can_be_said() -> None:
    slots = {
        name: "x"
        for lines in phrasings().values()
        for line in lines
        for name in re.findall(r"\{(\w+)\}", line)
    }
    for split in SPLITS:
        voice = Voice(random.Random(1), split)
        for name in phrasings():
            for _each in range(20):
                assert "{" not in voice.ask(name, **slots)


def test_a_sentence_that_begins_with_a_slot_begins_with_a_capital() -> None:
    voice = Voice(random.Random(3), "train")
    said = {voice.plainly("figure", food="cooked lentils", nutrient="protein") for _each in range(300)}
    assert any(text.startswith("Cooked lentils") for text in said)
    assert not any(text.startswith("cooked") for text in said)


def test_slips_keep_first_letters_and_seldom_touch_what_is_to_be_kept() -> None:
    text, rng = "how much protein is there in lentils", random.Random(5)
    slipped = [with_slips(rng, text, ("lentils",)) for _each in range(500)]

    assert len(set(slipped)) > 10
    assert all([word[0] for word in item.split()] == [word[0] for word in text.split()] for item in slipped)
    assert sum("lentils" not in item for item in slipped) < 60


def test_kinds_of_one_food_are_in_one_split() -> None:
    known = {passage.id: passage for passage in passages(load_catalogue())}
    assert family(known["food:lentils-cooked"]) == family(known["food:lentils-dry"])


def test_the_catalogue_is_shared_out_by_the_shares() -> None:
    documents = passages(load_catalogue())
    splits = [split_of(family(document)) for document in documents]
    assert 0.74 < splits.count("train") / len(splits) < 0.86
    assert splits.count("test") / len(splits) > 0.06
    assert splits.count("validation") / len(splits) > 0.06


def test_test_may_show_what_train_knows_and_train_nothing_of_test() -> None:
    assert may_show("test", "train")
    assert may_show("validation", "train")
    assert not may_show("train", "validation")
    assert not may_show("train", "test")
    assert not may_show("validation", "test")


def test_few_lines_are_said_by_everybody() -> None:
    assert all(lines_of(split, "greeting", ["hi", "hello"]) == ("hi", "hello") for split in SPLITS)


def test_a_line_keeps_its_split_when_others_are_added() -> None:
    # The held-out lines are the first by hash: another line may push one into train, never one out of train.
    before = set(lines_of("train", "figure", phrasings()["figure"][:-1]))
    after = set(lines_of("test", "figure", phrasings()["figure"]))
    assert len(before & after) <= 1


def test_words_and_answers_are_complete() -> None:
    assert len(words()["elsewhere"]) >= 30
    assert len(words()["medical"]) >= 20
    assert all(answer_words().values())
