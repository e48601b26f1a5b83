"""Charts: which foods, and what the picture shows of them."""

import asyncio
import io

import pytest
from matplotlib.colors import to_hex
from PIL import Image

from bot.assistant.chart_picture import COLOURS, SIZE_PX, description, figure_of, picture_of
from bot.assistant.charts import SHOWN, Chart, LeftOut, Plate, foods_in
from bot.messages import speaking
from retrieval.errors import BadInputError

LENTILS = Plate(
    "Lentils, cooked",
    "1 cup",
    198,
    {
        "energy_kcal": 229.68,
        "protein_g": 17.86,
        "carbohydrate_g": 39.86,
        "fat_g": 0.75,
        "fibre_g": 15.64,
        "sodium_mg": 3.96,
    },
)
TOFU = Plate("Tofu, firm $5", "", 100, {"energy_kcal": 144.0, "protein_g": 17.3, "sodium_mg": 0.0})
CHART = Chart((LENTILS, TOFU), (LeftOut("peanuts", "contains peanuts"),), ("unobtainium",))


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("lentils, tofu, chicken", ("lentils", "tofu", "chicken")),
        ("lentils and tofu", ("lentils", "tofu")),
        ("lentils vs tofu?", ("lentils", "tofu")),
        ("macaroni and cheese, tofu", ("macaroni and cheese", "tofu")),
        ("lentils, tofu, and  chicken.", ("lentils", "tofu", "chicken")),
        ("tofu, tofu", ("tofu",)),
        ("Lentils, cooked, tofu", ("cooked Lentils", "tofu")),
        ("a;b\nc", ("a", "b", "c")),
    ],
)
def test_foods_are_read_from_a_list(text: str, foods: tuple[str, ...]) -> None:
    assert foods_in(text) == foods


@pytest.mark.parametrize("text", ["", "  ", ",,,", "a,b,c,d,e,f,g", "x" * 61])
def test_bad_lists_get_one_clear_line(text: str) -> None:
    with pytest.raises(BadInputError) as raised:
        foods_in(text)
    assert str(raised.value)
    assert "\n" not in str(raised.value)


def test_each_figure_has_a_bar_for_each_food_in_its_colour() -> None:
    figure = figure_of(CHART)
    assert len(figure.axes) == len(SHOWN)
    for axis, nutrient in zip(figure.axes, SHOWN, strict=True):
        heights = [bar.get_height() for bar in axis.patches]
        assert heights == [plate.amounts.get(nutrient, 0.0) for plate in CHART.plates]
        assert [to_hex(bar.get_facecolor()).upper() for bar in axis.patches] == list(COLOURS[:2])
    protein = figure.axes[SHOWN.index("protein_g")]
    assert protein.get_title() == "Protein (g)"
    assert [text.get_text() for text in protein.texts] == ["17.9", "17.3"]


def test_what_is_not_known_is_said_and_is_no_zero() -> None:
    axes = figure_of(CHART).axes
    assert [text.get_text() for text in axes[SHOWN.index("fat_g")].texts] == ["0.75", "no\nfigure"]
    assert [text.get_text() for text in axes[SHOWN.index("sodium_mg")].texts] == ["3.96", "0"]


def test_the_legend_says_what_a_portion_is() -> None:
    (legend,) = figure_of(CHART).legends
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels[0] == "1  Lentils, cooked (1 cup, 198 g)"
    assert "(100 g)" in labels[1]


@pytest.mark.parametrize("number", [1, 2, 6])
async def test_the_picture_is_a_png_of_one_size_whatever_it_shows(number: int) -> None:
    chart = Chart(tuple(LENTILS for _ in range(number)))
    picture = await picture_of(chart)
    image = await asyncio.to_thread(Image.open, io.BytesIO(picture))
    image.load()
    assert (image.format, image.size) == ("PNG", SIZE_PX)
    assert image.info["Description"] == description(chart)
    assert await picture_of(chart) == picture


def test_words_say_what_the_bars_show() -> None:
    assert "Lentils, cooked (1 cup, 198 g): energy 230 kcal, protein 17.9 g" in description(CHART)
    with speaking("es"):
        assert "proteínas 17,9 g" in description(CHART)


def test_in_a_group_nobody_learns_why_a_food_is_left_out() -> None:
    assert "contains peanuts" in CHART.notes(shared=False)[0]
    assert "contains" not in CHART.notes(shared=True)[0]
