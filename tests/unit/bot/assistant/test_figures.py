import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.figures import SALT, figures


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


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("nine grams", 9),
        ("Twenty-Five grams", 25),
        ("one hundred and twenty g", 120),
        ("two point five grams", 2.5),
        ("a hundred grams", 100),
        ("9\u2009g", 9),
        ("9\u202fg", 9),
        ("\uff19\u3000\uff47", 9),
        ("9\u200b0 g", 90),
        ("\u0669 g", 9),
        ("9,02 g", 9.02),
        ("0,125 g", 0.125),
        (".5 g", 0.5),
        ("1\u202f200 g", 1200),
        ("1 200 g", 1200),
        ("1\u00bd kg", 1500),
        ("1/2 kg", 500),
        ("half a kilo", 500),
        ("9.02g/portion", 9.02),
        ("9 \u0433", 9),
        ("3 oz", 85.0486),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, amount: float) -> None:
    (figure,) = figures(text)
    assert figure.amount == pytest.approx(amount)


@pytest.mark.parametrize(
    "text", ["20-25 g", "20\u201325 g", "20 to 25 g", "between 20 and 25 g", "20\u201125 g"]
)
def test_a_narrow_range_is_one_figure_that_holds_what_lies_in_it(text: str) -> None:
    (figure,) = figures(text)
    assert [figure.agrees_with(amount) for amount in (19.0, 20.0, 22.6, 25.0, 26.0)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_wide_range_is_two_figures() -> None:
    assert [item.amount for item in figures("10-40 g of protein")] == [10, 40]


def test_large_units_are_not_rounded_away() -> None:
    assert not figures("1 kg")[0].agrees_with(1400)
    assert not figures("1 cup")[0].agrees_with(300)


def test_a_nutrient_in_the_name_of_a_food_is_no_nutrient() -> None:
    assert figures("200 g of fat-free yoghurt")[0].nutrient is None


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


@pytest.mark.parametrize(
    ("text", "nutrients"),
    [
        ("Tienen 9,02 g de proteína por 100 g.", ["protein_g", None]),
        ("3,3 mg de hierro por cada 100 g", ["iron_mg", None]),
        ("Hierro: 3,3 mg", ["iron_mg"]),
        ("2 g más de grasas saturadas", ["saturated_fat_g"]),
        ("1,5 g de sal, 20 g de hidratos de carbono", [SALT, "carbohydrate_g"]),
    ],
)
def test_figures_of_a_spanish_answer_are_said_of_their_nutrients(
    text: str, nutrients: list[str | None]
) -> None:
    assert [figure.nutrient for figure in figures(text)] == nutrients
