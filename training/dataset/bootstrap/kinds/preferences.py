"""What somebody says of their eating, noted; and a question in the same breath, answered by it."""

from dataclasses import replace

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences, parse_diet
from retrieval.prompt import label, target_label
from retrieval.search import Sought
from training.dataset.bootstrap.datafiles import words
from training.dataset.bootstrap.kinds.choice import name_of_taste, options
from training.dataset.bootstrap.people import draw_allergies, draw_targets, suits
from training.dataset.bootstrap.scene import Conversation, Scene
from training.dataset.bootstrap.splits import lines_of
from training.dataset.bootstrap.writing import meal_of, say


def take(scene: Scene) -> Conversation:
    """State preferences; in a third of the cases with a question that they decide."""
    statements, changes = [], []
    for _each in range(scene.rng.choice((1, 1, 1, 2, 2, 3))):
        if (said := _statement(scene)) is not None and said[1] not in changes:
            statements.append(said[0])
            changes.append(said[1])
    if not statements:
        return
    told = " ".join(_sentence(item) for item in statements)
    if scene.chance(0.35):
        yield from _with_question(scene, told)
        return
    answer = say("noted", changes=", ".join(changes))
    scene.tell("preferences", told, answer, intent="state")


def _with_question(scene: Scene, told: str) -> Conversation:
    meal = scene.rng.choice(words()["meals"])
    asked = scene.voice.plainly("choice_meal", meal=meal)
    question = scene.voice.ask("tell_before_question", statement=told, question=asked)
    found = yield scene.ask(question, Sought.DISHES, own=True)
    passages = scene.shown(found, found[:3])
    answer = options(scene, passages, lambda dish: meal_of(dish) == meal)
    if answer is not None:
        scene.tell("preferences", question, answer, passages, intent="suggest")


def _sentence(text: str) -> str:
    return text if text[-1:] in ".?!" else f"{text}."


def _statement(scene: Scene) -> tuple[str, str] | None:
    """Return what is said and how it is noted; the person's preferences have it from here on."""
    rng, known = scene.rng, scene.preferences
    kind = rng.random()
    if kind < 0.3:
        return _diet(scene, known)
    if kind < 0.62:
        return _allergy(scene, known)
    if kind < 0.9:
        return _taste(scene, known, likes=kind > 0.78)
    amounts = draw_targets(rng)
    target = min(amounts)
    scene.become(replace(known, targets={**known.targets, target: amounts[target]}))
    name, amount = (
        target_label(target, amounts[target]).removesuffix(" a day").rsplit(" ", 2)[0],
        amounts[target],
    )
    unit = target.rsplit("_", 1)[1]
    said = scene.voice.plainly("state_target", amount=f"{amount:g} {unit}", nutrient=name)
    return said, target_label(target, amounts[target])


def _diet(scene: Scene, known: Preferences) -> tuple[str, str] | None:
    names = words()["diets"]
    diet = scene.rng.choice(sorted(names))
    if parse_diet(diet) in known.diets or len(known.diets) > 1:
        return None
    scene.become(replace(known, diets=known.diets | {parse_diet(diet)}))
    return scene.voice.plainly("state_diet", diet=scene.rng.choice(names[diet])), label(diet)


def _allergy(scene: Scene, known: Preferences) -> tuple[str, str] | None:
    (allergy,) = draw_allergies(scene.rng, 1)
    if allergy in known.allergies or len(known.allergies) > 2:
        return None
    scene.become(replace(known, allergies=known.allergies | {allergy}))
    return scene.voice.plainly("state_allergy", food=label(allergy)), f"allergy to {label(allergy)}"


def _taste(scene: Scene, known: Preferences, *, likes: bool) -> tuple[str, str] | None:
    tastes = [word for word in words()["tastes"] if word in lexicon() or lexicon().resolve(word)]
    taste = scene.rng.choice(lines_of(scene.split, "tastes", tastes))
    if taste in (*known.likes, *known.dislikes) or not suits(taste, known.restrictions):
        return None
    name = name_of_taste(taste)
    if likes:
        scene.become(replace(known, likes=(*known.likes, taste)))
        return scene.voice.plainly("state_like", food=name), f"likes {name}"
    scene.become(replace(known, dislikes=(*known.dislikes, taste)))
    return scene.voice.plainly("state_dislike", food=name), f"dislikes {name}"
