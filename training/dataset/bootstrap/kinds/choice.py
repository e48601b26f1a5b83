"""What can I eat: for a meal, with much of something, with an ingredient, quickly, from a cuisine; and what else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import Sought
from training.dataset.bootstrap.datafiles import words
from training.dataset.bootstrap.scene import Conversation, Said, Scene
from training.dataset.bootstrap.writing import about_recipe, cuisine_of, meal_of, minutes_of, option_line, say

MOST_OPTIONS = 3
_NUTRIENTS = ("protein_g", "fibre_g", "iron_mg", "calcium_mg", "potassium_mg", "vitamin_c_mg")


@dataclass(frozen=True, slots=True)
class _Wish:
    """A question, and which dishes answer it. `nutrient` is what they should have much of."""

    question: str
    fits: Callable[[Passage], bool]
    nutrient: str | None = None


def choose(scene: Scene) -> Conversation:
    """Wish for something to eat, then perhaps for something else."""
    wish = _wish(scene)
    found = yield scene.ask(wish.question, Sought.DISHES, own=True)
    passages = scene.shown(found, found[:3])
    answer = options(scene, passages, wish.fits, wish.nutrient)
    if answer is None or not scene.tell("choice", wish.question, answer, passages, intent="suggest"):
        return
    if scene.chance(0.25):
        yield from _something_else(scene, wish, scene.turns[-1])


def options(
    scene: Scene,
    passages: Sequence[Passage],
    fits: Callable[[Passage], bool],
    nutrient: str | None = None,
    *,
    intro: str | None = None,
) -> str | None:
    """Return the dishes that fit and hold nothing disliked, most of a nutrient first; `None` when there is none."""
    chosen = [
        (number, item)
        for number, item in enumerate(passages, start=1)
        if item.kind is Kind.RECIPE
        and about_recipe(item)
        and fits(item)
        and not holding(item, scene.preferences.dislikes)
    ]
    if nutrient:
        chosen = [pair for pair in chosen if nutrient in pair[1].facts]
        chosen.sort(key=lambda pair: -pair[1].facts[nutrient])
    if not chosen:
        return None
    likes = scene.preferences.likes
    lines = [
        option_line(
            item,
            [nutrient] if nutrient else [],
            [name_of_taste(taste) for taste in holding(item, likes)],
            number,
        )
        for number, item in chosen[:MOST_OPTIONS]
    ]
    return "\n".join([intro or _intro(scene, nutrient), "", *lines])


def name_of_taste(taste: str) -> str:
    """Return what a taste is called."""
    return lexicon()[taste].names[0] if taste in lexicon() else taste


def holding(passage: Passage, tastes: Sequence[str]) -> list[str]:
    """Return those of `tastes` (lexicon ids or names) that are in a dish."""
    known = lexicon()
    everything = known.contents(passage.contains or ()).everything
    keys = {taste: taste if taste in known else known.resolve(taste) for taste in tastes}
    return [taste for taste, key in keys.items() if key is not None and key in everything]


def _intro(scene: Scene, nutrient: str | None) -> str:
    if nutrient:
        return say("options_nutrient", nutrient=words()["nutrients"][nutrient][0])
    return say("options_intro" if scene.preferences else "options_plain")


def _wish(scene: Scene) -> _Wish:
    voice, rng = scene.voice, scene.rng
    meal = rng.choice(words()["meals"])
    form = rng.random()
    if form < 0.34:
        return _Wish(voice.ask("choice_meal", meal=meal), lambda dish: meal_of(dish) == meal)
    if form < 0.44:
        return _Wish(voice.ask("choice_any"), lambda _dish: True)
    if form < 0.6:
        nutrient = rng.choice(_NUTRIENTS)
        question = voice.ask("choice_nutrient", meal=meal, nutrient=voice.nutrient(nutrient))
        return _Wish(question, lambda dish: meal_of(dish) == meal, nutrient)
    if form < 0.76:
        ingredient = _ingredient(scene)
        question = voice.ask("choice_ingredient", food=name_of_taste(ingredient))
        return _Wish(question, lambda dish: bool(holding(dish, [ingredient])))
    if form < 0.88:
        minutes = rng.choice((10, 15, 20, 25, 30))
        question = voice.ask("choice_quick", minutes=str(minutes), meal=meal)
        named = meal in question.lower()
        return _Wish(
            question,
            lambda dish: (minutes_of(dish) or 999) <= minutes and (not named or meal_of(dish) == meal),
        )
    dish = scene.dish(lambda item: bool(about_recipe(item)))
    cuisine = cuisine_of(dish) if dish else "Italian"
    question = voice.ask("choice_cuisine", cuisine=cuisine, meal=meal)
    named = meal in question.lower()
    return _Wish(question, lambda dish: cuisine_of(dish) == cuisine and (not named or meal_of(dish) == meal))


def _ingredient(scene: Scene) -> str:
    """Return an ingredient of a dish that the person may have."""
    dish = scene.dish(lambda item: bool(ingredients_of(item)))
    return scene.rng.choice(ingredients_of(dish)) if dish else "lentil"


def ingredients_of(dish: Passage) -> list[str]:
    """Return what somebody may want to cook with of what is in a dish."""
    return [item for item in dish.contains or () if item not in words()["everywhere"]]


def _something_else(scene: Scene, wish: _Wish, before: Said) -> Conversation:
    """Ask again: what was given before isn't given again."""
    question = scene.voice.ask("follow_else")
    found = yield scene.ask(before.meant or before.question, Sought.DISHES, own=True)
    given = [item for item in before.passages if f"**{item.title}**" in before.answer]
    passages = scene.shown([item for item in found if item not in given])
    if (answer := options(scene, passages, wish.fits, wish.nutrient)) is not None:
        scene.tell("choice", question, answer, passages, intent="suggest", meant=before.question)
