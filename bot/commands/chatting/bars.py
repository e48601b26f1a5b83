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
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for nutrient in SHOWN:
        table.add_row("", Text(nutrient_name(nutrient), style="bold"), "")
        most = max((plate.amounts.get(nutrient, 0.0) for plate in plates), default=0.0)
        for number, plate in enumerate(plates):
            amount = plate.amounts.get(nutrient)
            said = say("chart_no_figure") if amount is None else computed_text(nutrient, amount)
            bar = Bar(most or 1.0, 0, amount or 0.0, color=_COLOURS[number % len(_COLOURS)])
            table.add_row(str(number + 1), bar, Text(said))
    return Group(Text(say("chart_title"), style="bold"), *keys, table)
