"""Questions that don't say what they are about: the answer asks for it."""

from retrieval.knowledge.documents import NUTRIENTS
from retrieval.search import Sought
from training.dataset.bootstrap.kinds.figures import answer_figures, draw_nutrient
from training.dataset.bootstrap.scene import Conversation, Scene, called
from training.dataset.bootstrap.writing import say


def clarify(scene: Scene) -> Conversation:
    """Ask without naming the food; perhaps name it then."""
    if scene.chance(0.35):
        question = scene.voice.ask("vague_wish")
        found = yield scene.ask(question, unjudged=scene.chance(0.5))
        scene.tell("clarification", question, say("which_thing"), scene.shown(found), intent="question")
        return
    nutrient = draw_nutrient(scene)
    question = scene.voice.ask("vague_food", nutrient=scene.voice.nutrient(nutrient))
    found = yield scene.ask(question, Sought.FIGURES, unjudged=scene.chance(0.5))
    answer, passages = say("which_food", nutrient=NUTRIENTS[nutrient][0]), scene.shown(found)
    if called(question, passages) or not scene.tell(
        "clarification", question, answer, passages, intent="lookup"
    ):
        return
    food = scene.food(lambda item: nutrient in item.facts)
    if food is None or scene.chance(0.4):
        return
    name = scene.name(food)
    meant = scene.voice.plainly("figure", food=name, nutrient=scene.voice.nutrient(nutrient))
    found = yield scene.ask(meant, Sought.FIGURES)
    passages = scene.shown(found, [food])
    if food in [passages[place] for place in called(name, passages)]:
        figure = answer_figures(name, passages, [nutrient])
        if figure is not None:
            kind = "figures" if "\n" not in figure else "clarification"
            scene.tell(
                kind,
                scene.voice.ask("follow_food", food=name),
                figure,
                passages,
                intent="lookup",
                meant=meant,
            )
