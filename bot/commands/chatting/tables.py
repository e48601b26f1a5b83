"""Figures of an answer's foods as a table for the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from bot.assistant.answer import Answer
from bot.assistant.composing.parts import MAIN_FIGURES, amount_text, computed_text
from bot.assistant.figures import nutrients_named
from bot.assistant.guard import GuardStatus
from bot.assistant.understand import Intent
from bot.assistant.words import basis_text, nutrient_name, portion_text
from bot.messages import say
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage

MOST_FOODS = 4
_ROOMY = 10_000


def figures_table(answer: Answer) -> Table | None:
    """Return the figures that an answer is about: foods side by side, or one food's card; `None` for other answers."""
    foods = [(number, passage) for number, passage in answer.cited if passage.per_100g][:MOST_FOODS]
    intent = answer.understanding.intent
    if intent is Intent.COMPARE and len(foods) > 1:
        return _side_by_side(answer, foods)
    if intent is Intent.LOOKUP and answer.understanding.nutrient is None and len(foods) == 1:
        return _card(*foods[0])
    return None


def fits(table: Table, console: Console) -> bool:
    """Whether a table can be shown without cutting its words."""
    # Measured with room for everything: a width that is too small is what the answer would be, else.
    roomy = console.options.update(max_width=_ROOMY)
    return Measurement.get(console, roomy, table).minimum <= console.width


def beside_table(answer: Answer) -> str:
    """Return the answer's text without what its table shows: the lines of a comparison that was composed."""
    if answer.guard.status is not GuardStatus.COMPOSED or answer.understanding.intent is not Intent.COMPARE:
        return answer.full_text
    return "\n".join(line for line in answer.full_text.splitlines() if not line.startswith("- "))


def _side_by_side(answer: Answer, foods: Sequence[tuple[int, Passage]]) -> Table:
    named = nutrients_named(answer.question) | {answer.understanding.nutrient}
    wanted = [nutrient for nutrient in NUTRIENTS if nutrient in named] or list(MAIN_FIGURES)
    table = Table(title=say("table_basis", basis="100 g"), title_justify="left")
    table.add_column("")
    for number, passage in foods:
        table.add_column(Text(f"{passage.title} [{number}]"), justify="right")
    for nutrient in wanted:
        amounts = [passage.per_100g.get(nutrient) for _number, passage in foods]
        if any(amount is not None for amount in amounts):
            table.add_row(nutrient_name(nutrient), *(_amount(nutrient, amount) for amount in amounts))
    return table


def _card(number: int, passage: Passage) -> Table:
    table = Table(title=Text(f"{passage.title} [{number}]"), title_justify="left")
    table.add_column("")
    table.add_column(say("table_basis", basis=basis_text("100 g")), justify="right")
    weight = passage.portion_g if passage.kind is Kind.FOOD else None
    if weight:
        table.add_column(Text(portion_text(passage.portion)), justify="right")
    for nutrient in NUTRIENTS:
        if (amount := passage.per_100g.get(nutrient)) is None:
            continue
        held = [computed_text(nutrient, amount * weight / 100)] if weight else []
        table.add_row(nutrient_name(nutrient), amount_text(nutrient, amount), *held)
    return table


def _amount(nutrient: str, amount: float | None) -> str:
    return say("compare_unknown") if amount is None else amount_text(nutrient, amount)
