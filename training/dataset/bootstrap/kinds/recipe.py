"""A recipe within restrictions: by its name, with a food, for a meal; its steps when it is long."""

from retrieval.diet.lexicon import lexicon
from retrieval.knowledge.documents import Passage
from retrieval.search import Sought
from training.dataset.bootstrap.kinds.choice import ingredients_of
from training.dataset.bootstrap.scene import Conversation, Scene, called
from training.dataset.bootstrap.writing import about_recipe, cuisine_of, meal_of, recipe, recipe_steps, say


def cook(scene: Scene) -> Conversation:
    """Ask for a recipe."""
    dish = scene.dish(lambda item: bool(about_recipe(item)))
    if dish is None:
        return
    if scene.chance(0.65):
        yield from _named(scene, dish)
    else:
        yield from _wished(scene, dish)


def _named(scene: Scene, dish: Passage) -> Conversation:
    name = scene.name(dish)
    question = scene.voice.ask("recipe_named", dish=name)
    found = yield scene.ask(question, Sought.DISHES, own=True)
    absent = scene.chance(0.1)  # somebody's wish that isn't there: the nearest one, and it is said
    passages = scene.shown([item for item in found if not absent or item is not dish], found[:1])
    places = [place for place in called(name, passages) if about_recipe(passages[place])]
    if dish in passages:
        if dish in [passages[place] for place in places]:
            yield from _give(scene, question, passages, passages.index(dish))
        return
    near = next((place for place, item in enumerate(passages) if about_recipe(item)), None)
    if near is not None and not places:
        yield from _give(scene, question, passages, near, exact=False)


def _wished(scene: Scene, dish: Passage) -> Conversation:
    ingredients = ingredients_of(dish)
    ingredient = scene.rng.choice(ingredients) if ingredients else None
    if ingredient and scene.chance(0.6):
        question = scene.voice.ask("recipe_food", food=lexicon()[ingredient].names[0])
    else:
        ingredient = None
        question = scene.voice.ask("recipe_kind", cuisine=cuisine_of(dish), meal=meal_of(dish))
    found = yield scene.ask(question, Sought.DISHES, own=True)
    passages = scene.shown(found, [dish])
    for place, item in enumerate(passages):
        if about_recipe(item) and _fits(item, question, ingredient, dish):
            yield from _give(scene, question, passages, place)
            return


def _fits(item: Passage, question: str, ingredient: str | None, dish: Passage) -> bool:
    if ingredient:
        return ingredient in lexicon().contents(item.contains or ()).everything
    asked = question.casefold()
    right_cuisine = cuisine_of(dish).casefold() not in asked or cuisine_of(item) == cuisine_of(dish)
    return right_cuisine and meal_of(item) == meal_of(dish)


def _give(
    scene: Scene, question: str, passages: tuple[Passage, ...], place: int, *, exact: bool = True
) -> Conversation:
    if (written := recipe(passages[place], place + 1)) is None:
        return
    text, whole = written
    answer = text if exact else f"{say('recipe_near')}\n\n{text}"
    if not scene.tell("recipe", question, answer, passages, intent="recipe") or whole:
        return
    if (steps := recipe_steps(passages[place], place + 1)) is not None:
        meant = f"What are the steps of {passages[place].title}?"
        follow = scene.voice.ask("follow_steps")
        scene.tell("recipe", follow, steps, passages, intent="recipe", meant=meant)
    yield from ()
