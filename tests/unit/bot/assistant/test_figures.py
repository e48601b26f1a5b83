import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.figures import figures


@pytest.mark.parametrize(
    ("text", "amount", "dimension", "nutrient"),
    [
        ("9.02 g of protein", 9.02, "mass", "protein_g"),
        ("Protein: 9.02 g", 9.02, "mass", "protein_g"),
        ("1,200 mg sodium", 1.2, "mass", "sodium_mg"),
        ("9,5 g of fibre", 9.5, "mass", "fibre_g"),
        ("2.4 µg of vitamin B12", 2.4e-6, "mass", "b12_ug"),
        ("116 kcal", 116, "energy", "energy_kcal"),
        ("485 kJ", 485 / 4.184, "energy", "energy_kcal"),
        ("100 grams", 100, "mass", None),
        ("35 minutes", 35, "time", None),
        ("11.6%", 11.6, "percent", None),
        ("a 30-minute soup", 30, "time", None),
        ("0.4 g of saturated fat", 0.4, "mass", "saturated_fat_g"),
    ],
)
def test_reads_amount_unit_and_nutrient(
    text: str, amount: float, dimension: str, nutrient: str | None
) -> None:
    (figure,) = figures(text)
    assert figure.amount == pytest.approx(amount)
    assert (figure.dimension, figure.nutrient) == (dimension, nutrient)


@pytest.mark.parametrize("text", ["", "5 lentils", "B12", "E306", "version 2.0", "[1]", "24/7", "a gram"])
def test_numbers_without_a_unit_are_no_figures(text: str) -> None:
    assert figures(text) == ()


def test_a_figure_belongs_to_the_nutrient_beside_it() -> None:
    text = "Cooked lentils have 9.02 g of protein, 0.38 g fat and fibre of 7.9 g."
    assert [item.nutrient for item in figures(text)] == ["protein_g", "fat_g", "fibre_g"]


@pytest.mark.parametrize(
    ("written", "agrees"), [("9 g", True), ("9.0 g", True), ("9.02 g", True), ("9.1 g", False)]
)
def test_rounding_to_the_written_digits_is_allowed_and_no_more(written: str, agrees: bool) -> None:
    assert figures(written)[0].agrees_with(9.02) is agrees


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing_and_offsets_are_right(text: str) -> None:
    for item in figures(text):
        assert text[item.start : item.end] == item.text
