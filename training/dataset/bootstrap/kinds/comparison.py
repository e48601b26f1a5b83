"""Which of two or three foods has more, or less, of something; and what both have where nothing is named."""

from collections.abc import Sequence

from retrieval.knowledge.documents import Passage
from retrieval.search import Sought
from training.dataset.bootstrap.kinds.figures import answer_figures, draw_nutrient
from training.dataset.bootstrap.scene import Conversation, Scene, called
from training.dataset.bootstrap.writing import card_line, comparison, say

_ALIKE = 3.0
"""Foods are compared whose energy is at most so many times apart: nobody weighs spinach against olive oil."""


def compare(scene: Scene) -> Conversation:
    """Ask for a comparison, now and then with a food that isn't there."""
    nutrient = draw_nutrient(scene)
    foods = _alike(scene, nutrient, 3 if scene.chance(0.18) else 2)
    if foods is None:
        return
    names = [scene.name(food) for food in foods]
    least = len(foods) == 2 and scene.chance(0.3)
    openly = len(foods) == 2 and not least and scene.chance(0.2)
    question = _question(scene, names, nutrient, least=least, openly=openly)
    found = yield scene.ask(question, Sought.FIGURES, also=tuple(names))
    left_out = foods[-1] if scene.chance(0.07) else None
    passages = scene.shown([item for item in found if item is not left_out], foods)
    meant = [_meant(name, food, passages) for name, food in zip(names, foods, strict=True)]
    there = [(passages[place], place + 1) for place in meant if place is not None]
    if len({item.id for item, _number in there}) != len(there) or (openly and len(there) < len(foods)):
        return
    if len(there) == len(foods):
        answer = _side_by_side(there) if openly else comparison(there, nutrient, least=least)
    elif len(foods) == 2 and len(there) == 1 and not called(names[meant.index(None)], passages):
        first = answer_figures(names[1 - meant.index(None)], passages, [nutrient])
        answer = f"{first}\n\n{say('one_only', food=names[meant.index(None)])}"
    else:
        return
    scene.tell("comparison", question, answer, passages, intent="compare")


def _alike(scene: Scene, nutrient: str, count: int) -> Sequence[Passage] | None:
    first = scene.food(lambda food: food.per_100g.get(nutrient, 0) > 0 and food.basis == "100 g")
    if first is None:
        return None
    chosen = [first]
    energy = first.per_100g.get("energy_kcal", 0.0)

    def fits(food: Passage) -> bool:
        other = food.per_100g.get("energy_kcal", 0.0)
        near = energy <= _ALIKE * other and other <= _ALIKE * energy
        return nutrient in food.per_100g and food not in chosen and food.basis == "100 g" and near

    while len(chosen) < count:
        if (food := scene.food(fits)) is None:
            return None
        chosen.append(food)
    return chosen


def _question(scene: Scene, names: Sequence[str], nutrient: str, *, least: bool, openly: bool) -> str:
    if openly:
        return scene.voice.ask("compare_open", food=names[0], other=names[1])
    word = scene.voice.nutrient(nutrient)
    if len(names) == 3:
        return scene.voice.ask("compare_three", food=names[0], other=names[1], third=names[2], nutrient=word)
    return scene.voice.ask(
        "compare_less" if least else "compare_more", food=names[0], other=names[1], nutrient=word
    )


def _meant(name: str, food: Passage, passages: Sequence[Passage]) -> int | None:
    """Return the place of the food, where its name means it."""
    places = [place for place in called(name, passages) if passages[place] == food]
    return places[0] if places else None


def _side_by_side(foods: Sequence[tuple[Passage, int]]) -> str:
    return "\n".join(f"- {card_line(food, number)}" for food, number in foods)
