"""The diets' rules are complete, sourced, and refused when wrong."""

from pathlib import Path

import pytest

from retrieval.diet.preferences import Diet
from retrieval.diet.rules import DIETS, read_rules, rules
from retrieval.errors import BadInputError


def test_every_diet_has_a_rule_with_names_and_a_source() -> None:
    assert set(rules()) == set(Diet)
    assert all(rule.names and rule.source for rule in rules().values())


def test_every_diet_excludes_something_or_limits_a_figure() -> None:
    assert all(rule.excludes or rule.at_most for rule in rules().values())


def test_vegan_leaves_out_all_that_vegetarian_leaves_out() -> None:
    assert rules()[Diet.VEGAN].excludes > rules()[Diet.VEGETARIAN].excludes


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("excludes: [gluten]", "excludes: [glutten]", "gluten_free: 'glutten' is neither"),
        ("excludes: [gluten]", "forbids: [gluten]", "gluten_free: unknown key 'forbids'"),
        ("gluten_free:", "glutenless:", "must have exactly the diets vegan"),
        ("  source: The Vegan Society", "  asks: The Vegan Society", "vegan"),
        ("vegan:", "vegan: [", "not valid YAML"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = DIETS.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "diets.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"diets\.yaml") as caught:
        read_rules(file)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)
