"""What a text really recommends, and what it only keeps away, in hundreds of wordings.

The texts stand in `recommending.yaml` and `excluding.yaml`. A text of the second kind that is found costs a repaired
sentence; one of the first kind that isn't found may cost much more. So the second never make up for the first.
"""

from pathlib import Path

import pytest
import yaml

from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.violations import violations

HERE = Path(__file__).parent
RECOMMENDING: dict[str, list[tuple[str, str]]] = yaml.safe_load(
    (HERE / "recommending.yaml").read_text("utf-8")
)
EXCLUDING: dict[str, list[str]] = yaml.safe_load((HERE / "excluding.yaml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("allergy", "text", "found"),
    [(allergy, text, found) for allergy, rows in RECOMMENDING.items() for text, found in rows],
)
def test_what_a_text_recommends_is_found_with_its_restriction_and_reason(
    allergy: str, text: str, found: str
) -> None:
    against = violations(text, Restrictions(allergies=frozenset({allergy})))
    words = found.split("|")  # a name of the lexicon may hold more: "salted peanuts"
    assert len(against) == len(words)
    assert all(word in violation.mention.name for word, violation in zip(words, against, strict=True))
    for violation in against:
        assert violation.restriction == allergy
        assert violation.reason.endswith(allergy.replace("_", " "))


@pytest.mark.parametrize(
    ("allergy", "text"), [(allergy, text) for allergy, texts in EXCLUDING.items() for text in texts]
)
def test_what_a_text_keeps_away_is_let_through(allergy: str, text: str) -> None:
    assert violations(text, Restrictions(allergies=frozenset({allergy}))) == ()


@pytest.mark.parametrize(
    ("text", "diet", "found"),
    [
        ("Skip the tofu and have the ham.", Diet.VEGAN, ["ham"]),
        ("Don't leave out the bacon.", Diet.HALAL, ["bacon"]),
        ("A non-vegan cheese.", Diet.VEGAN, ["cheese"]),
        ("Why not a beer?", Diet.HALAL, ["beer"]),
        ("Ba<i>con</i> and eggs.", Diet.HALAL, ["Ba<i>con"]),
        ("Leave out the bacon.", Diet.HALAL, []),
        ("A vegan cheese.", Diet.VEGAN, []),
    ],
)
def test_diets_are_held_in_the_same_way(text: str, diet: Diet, found: list[str]) -> None:
    against = violations(text, Restrictions(diets=frozenset({diet})))
    assert [violation.mention.name for violation in against] == found
    assert {violation.restriction for violation in against} <= {diet.value}


def test_a_disguised_word_is_reported_once_and_in_its_place() -> None:
    text = "Rice, then pea**nuts** &amp; che\nese."
    found = violations(text, Restrictions(allergies=frozenset({"peanuts", "milk"})))
    assert [(item.restriction, item.reason, item.mention.name) for item in found] == [
        ("peanuts", "contains peanuts", "pea**nuts"),
        ("milk", "contains cheese → milk", "che\nese"),
    ]
    assert all(text[item.mention.start : item.mention.end] == item.mention.name for item in found)


def test_a_food_that_is_only_known_by_its_own_name_is_kept_away_too() -> None:
    dragon = Restrictions(allergies=frozenset({"dragon tear"}))
    assert not violations("Skip the dragon tears.", dragon)
    assert violations("Don't skip the dragon tears.", dragon)
