"""Answers that hold because they are put together from figures and words of the passages they cite.

Their forms are those of the bot's composed answers (`bot/assistant/composing`), so that what a model learns to write
and what is given in its place read alike. No sums in them but where somebody asks about an amount: a small model can
copy a figure, and can't multiply.
"""

import re
from collections.abc import Iterable, Sequence

from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage
from training.dataset.bootstrap.datafiles import answer_words

MAIN_FIGURES = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fibre_g")

LONGEST = 1000
"""Characters of a whole recipe in an answer: some 280 tokens, and a served answer may have 300."""

NEAR = 0.02
"""Figures that differ by less than this share of the larger are about the same."""

_ABOUT = re.compile(r"\.\s+([^.\n]*\bserves \d+, (\d+) minutes?)\.")
_PARTS = re.compile(r"\nIngredients: (?P<ingredients>[^\n]+)\nSteps: (?P<steps>.+)", re.DOTALL)
_STEP = re.compile(r"(?:^|(?<=[.!?])\s)(?=\d{1,2}\. \S)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z'‘“\"])")


def say(name: str, **slots: object) -> str:
    """Return one of our own sentences."""
    return answer_words()[name].format(**slots)


def amount(nutrient: str, value: float) -> str:
    """Return a figure with its unit: '9.02 g', '38,758 mg'."""
    return f"{_grouped(f'{value:.6g}')} {NUTRIENTS[nutrient][1]}"


def computed(nutrient: str, value: float) -> str:
    """Return a computed figure, with no more digits than its inputs have."""
    return f"{_grouped(f'{value:.0f}' if value >= 100 else f'{value:.3g}')} {NUTRIENTS[nutrient][1]}"


def figures(names: Iterable[str], passage: Passage) -> str:
    """Return the figures of `names` that are known, as labels list them: 'protein 9.02 g, fat 0.38 g'."""
    listed = (name for name in dict.fromkeys(names) if name in passage.facts)
    return ", ".join(f"{NUTRIENTS[name][0]} {amount(name, passage.facts[name])}" for name in listed)


def figure_line(passage: Passage, names: Iterable[str], number: int) -> str:
    """Return '**Lentils, cooked**: protein 9.02 g per 100 g [1]'."""
    return f"**{passage.title}**: {figures(names, passage)} per {passage.basis} [{number}]"


def card_line(passage: Passage, number: int) -> str:
    """Return a food's or dish's main figures."""
    return f"**{passage.title}**, per {passage.basis}: {figures(MAIN_FIGURES, passage)} [{number}]"


def amount_line(passage: Passage, nutrient: str, grams: float, asked: str, number: int) -> str:
    """Return the figure for the grams that somebody asked about, and what it was computed from."""
    held, base = passage.per_100g[nutrient] * grams / 100, passage.per_100g[nutrient]
    figure = f"{NUTRIENTS[nutrient][0]} {computed(nutrient, held)}"
    return f"**{passage.title}**: {figure} in {asked}, computed from {amount(nutrient, base)} per 100 g [{number}]"


def option_line(passage: Passage, names: Iterable[str], liked: Sequence[str], number: int) -> str:
    """Return a line of a list to choose from, with what helps to choose."""
    wanted = dict.fromkeys([*names, "energy_kcal", "protein_g"])
    about = [about_recipe(passage)] if about_recipe(passage) else []
    about += [f"with {' and '.join(liked)}, which you like"] if liked else []
    title = f"**{passage.title}** ({'; '.join(about)})" if about else f"**{passage.title}**"
    return f"- {title}: {figures(wanted, passage)} per {passage.basis} [{number}]"


def comparison(items: Sequence[tuple[Passage, int]], nutrient: str, *, least: bool = False) -> str:
    """Tell which food has more (or less) of a nutrient per 100 g; `items` are passages with their numbers."""
    ordered = sorted(items, key=lambda item: item[0].per_100g[nutrient], reverse=not least)
    name = NUTRIENTS[nutrient][0]
    if len(ordered) > 2:
        head = f"{'Least' if least else 'Most'} {name}: **{ordered[0][0].title}**"
        return "\n".join([f"{head} [{ordered[0][1]}]", *(f"- {_held(item, nutrient)}" for item in ordered)])
    (one, first), (other, second) = ordered
    more, less = one.per_100g[nutrient], other.per_100g[nutrient]
    if abs(more - less) <= NEAR * max(more, less):
        return (
            f"About the same {name}: {amount(nutrient, more)} per 100 g in **{one.title}** [{first}], "
            f"{amount(nutrient, less)} in **{other.title}** [{second}]"
        )
    return (
        f"**{one.title}** has {'less' if least else 'more'} {name}: {amount(nutrient, more)} per 100 g [{first}], "
        f"against {amount(nutrient, less)} in **{other.title}** [{second}]"
    )


def about_recipe(passage: Passage) -> str:
    """Return 'Italian dinner, serves 4, 20 minutes'; empty for what isn't a recipe, or one in another's form."""
    found = _ABOUT.search(passage.text.partition("\n")[0]) if passage.kind is Kind.RECIPE else None
    return found[1] if found else ""


def meal_of(passage: Passage) -> str:
    """Return the meal that a recipe is for: 'dinner'; empty when it doesn't say."""
    return about_recipe(passage).partition(",")[0].rpartition(" ")[2]


def cuisine_of(passage: Passage) -> str:
    """Return a recipe's cuisine: 'West African'; empty when it doesn't say."""
    return about_recipe(passage).partition(",")[0].rpartition(" ")[0]


def minutes_of(passage: Passage) -> int | None:
    """Return how long a recipe takes."""
    found = _ABOUT.search(passage.text.partition("\n")[0]) if passage.kind is Kind.RECIPE else None
    return int(found[2]) if found else None


def recipe(passage: Passage, number: int) -> tuple[str, bool] | None:
    """Return a recipe, and whether its steps are in it: where it is long they come when they are asked for.

    `None` for a recipe in another's form, which doesn't tell its parts.
    """
    parts = _PARTS.search(passage.text)
    if parts is None or not about_recipe(passage):
        return None
    lines = [
        f"**{passage.title}** ({about_recipe(passage)}) [{number}]",
        f"Per serving: {figures((*MAIN_FIGURES, 'sodium_mg'), passage)}.",
        "",
        f"Ingredients: {parts['ingredients'].rstrip('.')} [{number}]",
    ]
    whole = "\n".join([*lines, "", "Steps:", *_steps(parts["steps"], number)])
    if len(whole) <= LONGEST:
        return whole, True
    return "\n".join([*lines, "", "Ask me for the steps."]), False


def recipe_steps(passage: Passage, number: int) -> str | None:
    """Return a recipe's steps; `None` where it has none in our form, or too many to write."""
    if (parts := _PARTS.search(passage.text)) is None:
        return None
    text = "\n".join([f"Steps of **{passage.title}** [{number}]:", *_steps(parts["steps"], number)])
    return text if len(text) <= LONGEST else None


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph."""
    return [item.strip() for item in _SENTENCE.split(" ".join(text.split())) if item.strip()]


def _steps(text: str, number: int) -> list[str]:
    """Return the steps; those with figures cite the recipe, since they may name a food that stands beside it."""
    steps = [step.strip() for step in _STEP.split(text) if step.strip()]
    return [f"{step} [{number}]" if re.search(r"\d", step.partition(". ")[2]) else step for step in steps]


def _held(item: tuple[Passage, int], nutrient: str) -> str:
    passage, number = item
    figure = f"{NUTRIENTS[nutrient][0]} {amount(nutrient, passage.per_100g[nutrient])}"
    return f"**{passage.title}**: {figure} per 100 g [{number}]"


def _grouped(number: str) -> str:
    whole, point, decimals = number.partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.isdigit() else number
