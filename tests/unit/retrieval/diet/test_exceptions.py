"""Allergies to a group with foods that are fine: 'tree nuts except almonds'."""

import pytest

from retrieval.diet.exceptions import narrows
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Preferences, Restrictions
from retrieval.diet.violations import violations
from retrieval.prompt import describe_preferences

NUTS_BUT_ALMONDS = Restrictions(allergies=frozenset({"tree_nuts"}), exceptions=frozenset({"almond"}))


@pytest.mark.parametrize("fine", ["almond", "almond_milk", "marzipan"])
def test_the_exception_and_what_is_made_of_it_alone_are_permitted(fine: str) -> None:
    assert permits([fine], {}, NUTS_BUT_ALMONDS).answer is Answer.YES
    assert not violations(f"Have some {fine.replace('_', ' ')}.", NUTS_BUT_ALMONDS)


@pytest.mark.parametrize("kept_out", ["walnut", "pesto", "praline", "trail_mix", "nut_butter", "tree_nuts"])
def test_other_foods_of_the_group_and_mixtures_are_not(kept_out: str) -> None:
    assert permits([kept_out], {}, NUTS_BUT_ALMONDS).answer is Answer.NO
    assert permits(["almond", kept_out], {}, NUTS_BUT_ALMONDS).answer is Answer.NO


@pytest.mark.parametrize("text", ["Have some mixed nuts.", "Add walnuts.", "Any nuts will do."])
def test_a_word_for_the_group_may_be_any_of_it(text: str) -> None:
    assert violations(text, NUTS_BUT_ALMONDS)


def test_an_allergy_to_one_thing_is_never_narrowed() -> None:
    milk = Restrictions(allergies=frozenset({"milk"}), exceptions=frozenset({"butter"}))
    assert permits(["butter"], {}, milk).answer is Answer.NO
    assert not narrows("butter", "milk")
    assert not narrows("tree_nuts", "tree_nuts")
    assert not narrows("carrot", "tree_nuts")


def test_a_person_reads_the_exception_and_it_survives_storage() -> None:
    known = Preferences(allergies=frozenset({"tree_nuts"}), exceptions=frozenset({"almond"}))
    assert "but almond" in describe_preferences(known)
    assert Preferences.from_dict(known.as_dict()) == known
    assert "exceptions" not in Preferences(allergies=frozenset({"tree_nuts"})).as_dict()
