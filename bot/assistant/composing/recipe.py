"""One recipe in full: servings, time, figures, ingredients, steps."""

import re
from collections.abc import Sequence

from bot.assistant.composing.options import about_recipe
from bot.assistant.composing.parts import MAIN_FIGURES, Composed, Need, figures_line
from bot.assistant.words import recipe_line
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words


def recipe(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Give the best recipe in full, and say so where it isn't quite what was asked for."""
    found = next((passage for passage in passages if passage.kind is Kind.RECIPE), None)
    if found is None:
        return None
    text = _whole(found)
    return Composed(text if _is_asked_for(need, found) else f"{say('recipe_near')}\n\n{text}", (found,))


_PARTS = re.compile(r"\nIngredients: (?P<ingredients>[^\n]+)\nSteps: (?P<steps>.+)", re.DOTALL)
_STEP = re.compile(r"(?:^|(?<=[.!?])\s)(?=\d{1,2}\. \S)")


def _whole(passage: Passage) -> str:
    parts, about = _PARTS.search(passage.text), about_recipe(passage)
    if parts is None or not about:
        return f"{passage.text} [1]"  # another's recipe, in its own form
    ingredients = parts["ingredients"].rstrip(".").split("; ")
    steps = [step.strip() for step in _STEP.split(parts["steps"]) if step.strip()]
    figures = figures_line((*MAIN_FIGURES, "sodium_mg"), passage)
    return "\n".join(
        [
            f"{say('recipe_head', title=passage.title, about=recipe_line(about))} [1]",
            *([say("recipe_figures", figures=figures)] if figures else []),
            "",
            say("recipe_ingredients"),
            *(f"- {line}" for line in ingredients),
            "",
            say("recipe_steps"),
            *steps,
        ]
    )


def _is_asked_for(need: Need, passage: Passage) -> bool:
    """Tell whether the recipe is, or has in it, any food that the question names; true where it names none."""
    words = lexicon()
    mentioned = {mention.ingredient for mention in words.find(need.question)}
    if not mentioned:
        return True
    names = significant_words(" ".join((passage.title, *passage.names)))
    everything = words.contents(passage.contains or ()).everything
    return bool(significant_words(need.question) & names) or bool(mentioned & everything)
