"""The picture of a chart: small bar charts, one for each figure, with one colour and number for each food.

Colours are those of Okabe and Ito ("Color universal design", 2008), which colour-blind people tell apart; the numbers
under the bars do without colours.
"""

import asyncio
import io
import threading
from typing import TYPE_CHECKING

from bot.assistant.charts import SHOWN, Chart
from bot.assistant.composing.parts import computed_text
from bot.assistant.words import nutrient_name
from bot.messages import say
from retrieval.knowledge.documents import NUTRIENTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
SIZE_PX = (1200, 900)

_DPI = 120
_COLUMNS = 3
_LONGEST_LABEL = 52
_HEADROOM = 1.2  # for the figures above the bars
_DRAWING = threading.Lock()
"""matplotlib's fonts and settings are shared, and no two threads may use them at once."""


async def picture_of(chart: Chart) -> bytes:
    """Return the chart as a PNG of `SIZE_PX`, drawn in a thread."""
    return await asyncio.to_thread(_png, chart)


def description(chart: Chart) -> str:
    """Return what the picture shows in words, a line for each food."""
    return "\n".join(plate.in_words for plate in chart.plates)


def figure_of(chart: Chart) -> "Figure":
    """Draw the chart."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE_PX[0] / _DPI, SIZE_PX[1] / _DPI), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(SHOWN) // _COLUMNS, _COLUMNS, squeeze=False)
    for axis, nutrient in zip(axes.flat, SHOWN, strict=True):
        _draw_bars(axis, chart, nutrient)
    figure.suptitle(say("chart_title"), fontsize=17, fontweight="bold", y=0.975)
    handles, _ = axes.flat[0].get_legend_handles_labels()
    labels = [f"{number}  {_short(plate.label)}" for number, plate in enumerate(chart.plates, start=1)]
    figure.legend(
        handles,
        [_plain(label) for label in labels],
        loc="lower center",
        ncols=2 if len(labels) > 3 else 1,
        fontsize=12,
        frameon=False,
        bbox_to_anchor=(0.5, 0.01),
    )
    figure.subplots_adjust(left=0.05, right=0.98, top=0.87, bottom=0.2, wspace=0.16, hspace=0.4)
    return figure


def _draw_bars(axis: "Axes", chart: Chart, nutrient: str) -> None:
    places = range(1, len(chart.plates) + 1)
    amounts = [plate.amounts.get(nutrient) for plate in chart.plates]
    for place, amount, colour in zip(places, amounts, COLOURS, strict=False):
        bar = axis.bar(
            place, amount or 0.0, width=0.7, color=colour, edgecolor="black", linewidth=0.6, label=str(place)
        )
        axis.bar_label(bar, [_plain(_over_bar(nutrient, amount))], padding=3, fontsize=11)
    name, unit = nutrient_name(nutrient), NUTRIENTS[nutrient][1]
    axis.set_title(_plain(f"{name[:1].upper()}{name[1:]} ({unit})"), fontsize=13)
    axis.set_ylim(0, max((amount or 0.0 for amount in amounts), default=0.0) * _HEADROOM or 1.0)
    axis.set_xlim(0.4, len(chart.plates) + 0.6)
    axis.set_xticks(list(places), [str(place) for place in places], fontsize=12)
    axis.set_yticks([])
    axis.tick_params(bottom=False)
    axis.spines[["top", "right", "left"]].set_visible(False)


def _over_bar(nutrient: str, amount: float | None) -> str:
    if amount is None:
        return say("chart_no_figure").replace(" ", "\n")
    return computed_text(nutrient, amount).rpartition(" ")[0]  # the unit is in the title


def _png(chart: Chart) -> bytes:
    with _DRAWING:
        buffer = io.BytesIO()
        told = {"Title": say("chart_title"), "Description": description(chart), "Software": "Platewise"}
        figure_of(chart).savefig(buffer, format="png", dpi=_DPI, metadata=told)
        return buffer.getvalue()


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _plain(text: str) -> str:
    """Return a text that matplotlib doesn't read as mathematics."""
    return text.replace("$", r"\$")
