"""What a person may choose from, and why it suits them."""

import re
from collections.abc import Sequence

from bot.assistant.composing.advice import advice
from bot.assistant.composing.parts import Composed, Need, cited_from, figures_line, numbered
from bot.assistant.understand import Intent
from bot.assistant.words import basis_text, both, food_name, nutrient_name, recipe_line
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words

MOST_OPTIONS = 5
ENOUGH = 2
"""So many options without anything disliked, and those with it are left out."""


def options(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """List what fits, what is liked said so, with the figures that help to choose; a note that answers stands first."""
    dishes = [passage for passage in passages if passage.kind is not Kind.NOTE]
    shown = _of_the_meal_first(need, _without_disliked(need, dishes))[:MOST_OPTIONS]
    if not shown:
        return None
    listed = numbered(shown, lambda passage: _line(need, passage), bullet="- ")
    text = f"{_intro(need)}\n\n{listed.text}"
    told = advice(need, _note_that_answers(need, passages), sentences=2, cite_figures=True)
    if told is None:
        return Composed(text, listed.passages)
    return Composed(
        f"{told.text}\n\n{cited_from(text, len(told.passages) + 1)}", told.passages + listed.passages
    )


def about_recipe(passage: Passage) -> str:
    """Return what a recipe's first line says of it: 'Italian dinner, serves 4, 20 minutes'; empty when it doesn't."""
    found = _ABOUT.match(passage.text.removeprefix(passage.title))
    return found[1] if passage.kind is Kind.RECIPE and found else ""


_MEALS = frozenset({"breakfast", "lunch", "dinner", "snack", "dessert", "side", "drink"})
_ABOUT = re.compile(r"\.\s+([^.\n]*\bserves \d+[^.\n]*)\.")


def _note_that_answers(need: Need, passages: Sequence[Passage]) -> Sequence[Passage]:
    """Return the first passage when it is a note that is called like what is sought; a plan wants dishes only."""
    words = significant_words(need.question)
    return [
        note
        for note in passages[:1]
        if need.intent is Intent.SUGGEST and words & significant_words(" ".join((note.title, *note.names)))
    ]


def _intro(need: Need) -> str:
    if need.nutrient:
        return say("options_nutrient", nutrient=nutrient_name(need.nutrient))
    return say("options_intro") if need.preferences else say("options_plain")


def _of_the_meal_first(need: Need, dishes: Sequence[Passage]) -> list[Passage]:
    """Return the dishes with those for the meal that the question names first, else in their order: tastes count."""
    words = significant_words(need.question) & _MEALS
    return (
        sorted(dishes, key=lambda dish: not words & significant_words(about_recipe(dish)))
        if words
        else [*dishes]
    )


def _without_disliked(need: Need, dishes: Sequence[Passage]) -> list[Passage]:
    fine = [dish for dish in dishes if not _tastes_in(dish, need.preferences.dislikes)]
    return fine if len(fine) >= ENOUGH else [*fine, *(dish for dish in dishes if dish not in fine)]


def _tastes_in(passage: Passage, tastes: Sequence[str]) -> list[str]:
    """Return those of `tastes` that are in a dish, or that its title names."""
    words = lexicon()
    everything = words.contents(passage.contains or ()).everything
    keys = {taste: words.resolve(taste) for taste in tastes}
    return [taste for taste, key in keys.items() if key is not None and key in everything]


def _line(need: Need, passage: Passage) -> str:
    wanted = dict.fromkeys([*need.nutrients[:2], "energy_kcal", "protein_g"])
    about = [recipe_line(about_recipe(passage))] if about_recipe(passage) else []
    if liked := _tastes_in(passage, need.preferences.likes):
        about.append(say("option_liked", names=both(food_name(item) for item in liked)))
    figures, basis = figures_line(wanted, passage), basis_text(passage.basis)
    if about:
        return say("option_recipe", title=passage.title, about="; ".join(about), figures=figures, basis=basis)
    return say("option", title=passage.title, figures=figures, basis=basis)
