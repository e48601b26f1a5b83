"""`/chart` in the terminal: the figures of portions side by side as bars, which any width has room for."""

from collections.abc import Sequence

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.assistant.charts import SHOWN, Plate
from bot.assistant.composing.parts import computed_text
from bot.assistant.words import nutrient_name
from bot.messages import say

_COLOURS = ("blue", "yellow", "green", "magenta", "cyan", "red")
"""Beside the numbers of the foods, so that nobody has to tell colours apart."""


def bars(plates: Sequence[Plate]) -> RenderableType:
    """Return one block of bars for each figure, as their units differ, and a key to the foods' numbers."""
    keys = [Text(f"{number}  {plate.label}") for number, plate in enumerate(plates, start=1)]
    said = {
        (nutrient, number): _said(nutrient, plate)
        for nutrient in SHOWN
        for number, plate in enumerate(plates, start=1)
    }
    width = max(map(len, said.values()), default=0)
    blocks: list[RenderableType] = []
    for nutrient in SHOWN:
        blocks.append(Text(nutrient_name(nutrient), style="bold"))
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(justify="right", no_wrap=True, min_width=width)
        most = max((plate.amounts.get(nutrient, 0.0) for plate in plates), default=0.0)
        for number, plate in enumerate(plates, start=1):
            colour = _COLOURS[(number - 1) % len(_COLOURS)]
            bar = Bar(most or 1.0, 0, plate.amounts.get(nutrient, 0.0), color=colour)
            table.add_row(str(number), bar, Text(said[nutrient, number]))
        blocks.append(table)
    return Group(Text(say("chart_title"), style="bold"), *keys, *blocks)


def _said(nutrient: str, plate: Plate) -> str:
    amount = plate.amounts.get(nutrient)
    return say("chart_no_figure") if amount is None else computed_text(nutrient, amount)
