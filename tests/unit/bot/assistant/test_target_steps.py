import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.redlines import LOWEST_ENERGY
from bot.assistant.target_steps import SCALES, steps_of, usual
from retrieval.diet.preferences import TARGETS


def test_every_target_can_be_stepped_from_where_it_starts() -> None:
    assert SCALES.keys() == TARGETS.keys()
    for target in TARGETS:
        assert len(steps_of(target, usual(target))) >= 3


def test_a_small_step_leads_to_a_round_number() -> None:
    assert [step.amount for step in steps_of("protein_g", 122)] == [97, 120, 125, 147]


def test_steps_never_lead_below_an_energy_that_needs_a_doctor() -> None:
    assert all(step.amount >= LOWEST_ENERGY for step in steps_of("energy_kcal", LOWEST_ENERGY))
    assert [step.amount for step in steps_of("energy_kcal", 900)] == [950, 1150]


@given(st.sampled_from(sorted(TARGETS)), st.floats(min_value=0.001, max_value=99_999))
def test_steps_stay_on_the_scale_and_go_where_they_say(target: str, amount: float) -> None:
    for step in steps_of(target, amount):
        assert step.amount > 0
        if step.sign.startswith("+"):
            assert amount < step.amount <= SCALES[target].highest
        else:
            assert SCALES[target].lowest <= step.amount < amount


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_stepping_down_ends_at_the_lowest(target: str) -> None:
    amount = usual(target)
    while downwards := [step.amount for step in steps_of(target, amount) if step.amount < amount]:
        amount = min(downwards)
    assert amount - SCALES[target].small < SCALES[target].lowest
