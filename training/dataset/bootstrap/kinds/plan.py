"""A day's meals, or some days' dinners, from what was found; with an ingredient where one is named."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.knowledge.documents import Passage
from retrieval.search import Sought
from training.dataset.bootstrap.kinds.choice import holding, ingredients_of, name_of_taste
from training.dataset.bootstrap.scene import Conversation, Scene
from training.dataset.bootstrap.writing import about_recipe, meal_of, option_line, say

_MEALS = ("breakfast", "lunch", "dinner")
_SHOWN_WITH: dict[str, tuple[str, ...]] = {
    "breakfast": ("breakfast",),
    "lunch": ("lunch", "dinner"),
    "dinner": ("dinner", "lunch"),
}
"""A lunch may be a dinner, and the other way round; breakfast is breakfast."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is planned: the question, the meal on each line and its label, the ingredient that was named, if any."""

    question: str
    meals: Sequence[tuple[str, str]]
    intro: str
    searched: tuple[str, ...]
    ingredient: str | None
    everywhere: bool
    """Whether each dish must hold the ingredient; else one does."""


def plan(scene: Scene) -> Conversation:
    """Ask for a plan of one day or of some evenings."""
    wanted = _day(scene) if scene.chance(0.65) else _evenings(scene)
    found = yield scene.ask(wanted.question, Sought.DISHES, own=True, also=wanted.searched)
    passages = scene.shown(found, found)
    if (dishes := _chosen(scene, wanted, passages)) is None:
        return
    lines = [
        f"- {label}: {option_line(dish, (), (), passages.index(dish) + 1).removeprefix('- ')}"
        for (label, _meal), dish in zip(wanted.meals, dishes, strict=True)
    ]
    intro = say(wanted.intro if scene.preferences else f"{wanted.intro}_plain")
    scene.tell("plan", wanted.question, "\n".join([intro, "", *lines]), passages, intent="plan")


def _day(scene: Scene) -> _Plan:
    ingredient, named = _ingredient(scene)
    question = scene.voice.ask("plan_day_with", theme=named) if ingredient else scene.voice.ask("plan_day")
    searched = tuple(f"{meal} {named}".strip() for meal in _MEALS)
    meals = [(meal.capitalize(), meal) for meal in _MEALS]
    return _Plan(question, meals, "plan_day", searched, ingredient, everywhere=False)


def _evenings(scene: Scene) -> _Plan:
    days = scene.rng.choice((2, 3, 3, 4))
    ingredient, named = _ingredient(scene)
    if ingredient:
        question = scene.voice.ask("plan_days_with", days=str(days), theme=named)
    else:
        question = scene.voice.ask("plan_days", days=str(days))
    meals = [(f"Day {day}", "dinner") for day in range(1, days + 1)]
    return _Plan(question, meals, "plan_days", (f"dinner {named}".strip(),), ingredient, everywhere=True)


def _ingredient(scene: Scene) -> tuple[str | None, str]:
    """Return an ingredient and its name; often none."""
    dish = scene.dish(lambda item: bool(ingredients_of(item))) if scene.chance(0.7) else None
    if dish is None:
        return None, ""
    ingredient = scene.rng.choice(ingredients_of(dish))
    return ingredient, name_of_taste(ingredient)


def _chosen(scene: Scene, wanted: _Plan, passages: Sequence[Passage]) -> list[Passage] | None:
    """Return a dish for each meal, nothing disliked and nothing twice; `None` when they aren't there."""
    free = [item for item in passages if about_recipe(item) and not holding(item, scene.preferences.dislikes)]
    if wanted.ingredient:
        fitting = [item for item in free if holding(item, [wanted.ingredient])]
        free = fitting if wanted.everywhere else [*fitting, *(item for item in free if item not in fitting)]
        if not fitting:
            return None
    chosen: list[Passage] = []
    for _label, meal in wanted.meals:
        kinds = _SHOWN_WITH[meal]
        dish = next(
            (item for kind in kinds for item in free if meal_of(item) == kind and item not in chosen), None
        )
        if dish is None:
            return None
        chosen.append(dish)
    if wanted.ingredient and not any(holding(dish, [wanted.ingredient]) for dish in chosen):
        return None
    return chosen
