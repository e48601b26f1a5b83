"""Questions that have no answer here: not in the passages, not about food, for a doctor, for what isn't permitted."""

from retrieval.diet.lexicon import lexicon
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import NUTRIENTS
from retrieval.search import Sought
from training.dataset.bootstrap.datafiles import words
from training.dataset.bootstrap.kinds.choice import options
from training.dataset.bootstrap.kinds.figures import draw_nutrient
from training.dataset.bootstrap.library import drawn
from training.dataset.bootstrap.scene import Conversation, Scene, called
from training.dataset.bootstrap.splits import lines_of
from training.dataset.bootstrap.writing import say


def refuse(scene: Scene) -> Conversation:
    """Ask for what has no answer, for one of the reasons."""
    form = scene.rng.random()
    if form < 0.16:
        yield from _elsewhere(scene, "elsewhere")
    elif form < 0.24:
        yield from _elsewhere(scene, "medical")
    elif form < 0.38:
        yield from _stranger(scene)
    elif form < 0.58:
        yield from _taken_away(scene)
    elif form < 0.7:
        yield from _unlisted(scene)
    else:
        yield from _forbidden(scene)


def _elsewhere(scene: Scene, name: str) -> Conversation:
    question = scene.voice.of(name, words()[name])
    found = yield scene.ask(question, unjudged=scene.chance(0.6))
    scene.tell("refusal", question, say(name), scene.shown(found), intent="other")


def _stranger(scene: Scene) -> Conversation:
    """Ask about a food that nobody has entered."""
    food = scene.rng.choice(lines_of(scene.split, "strangers", words()["strangers"]))
    if scene.library.holds(food):
        return
    nutrient = draw_nutrient(scene)
    if scene.chance(0.7):
        question = scene.voice.ask("figure", food=food, nutrient=scene.voice.nutrient(nutrient))
        answer, intent = say("figure_nowhere", nutrient=NUTRIENTS[nutrient][0], food=food), "lookup"
    else:
        question, intent = scene.voice.ask("figure_all", food=food), "lookup"
        answer = say("nothing", food=food)
    found = yield scene.ask(question, Sought.FIGURES, unjudged=True)
    passages = scene.shown(found)
    if scene.preferences.restrictions:
        answer = say("nothing_fits")  # the name of what nobody has looked at isn't said to them
    if not called(food, passages) and not called(question, passages):
        scene.tell("refusal", question, answer, passages, intent=intent)


def _taken_away(scene: Scene) -> Conversation:
    """Ask about a food that the passages lack: near ones mustn't answer in its place."""
    food, nutrient = scene.food(), draw_nutrient(scene)
    if food is None:
        return
    name = scene.name(food)
    question = scene.voice.ask("figure", food=name, nutrient=scene.voice.nutrient(nutrient))
    found = yield scene.ask(question, Sought.FIGURES, unjudged=True)
    named = {found[place].id for place in called(name, found)}
    passages = scene.shown([item for item in found if item.id not in named and item.id != food.id])
    mentioned = {mention.ingredient for mention in lexicon().find(name)}
    alike = any(mentioned & set(item.contains or ()) and len(item.contains or ()) == 1 for item in passages)
    if called(name, passages) or called(question, passages) or alike:
        return
    answer = say("figure_nowhere", nutrient=NUTRIENTS[nutrient][0], food=name)
    scene.tell("refusal", question, answer, passages, intent="lookup")


def _unlisted(scene: Scene) -> Conversation:
    """Ask for a figure that no passage states."""
    food, nutrient = scene.food(), scene.rng.choice(words()["unlisted"])
    if food is None:
        return
    name = scene.name(food)
    question = scene.voice.ask("figure", food=name, nutrient=nutrient)
    found = yield scene.ask(question, Sought.FIGURES, unjudged=True)
    passages = scene.shown(found, [food])
    if food in [passages[place] for place in called(name, passages)]:
        answer = say("figure_unknown", nutrient=nutrient, title=food.title, number=passages.index(food) + 1)
        scene.tell("refusal", question, answer, passages, intent="lookup")


def _forbidden(scene: Scene) -> Conversation:
    """Ask for what the person must not be given; the answer has what they may."""
    restrictions = scene.preferences.restrictions
    food = drawn(scene.rng, scene.library.forbidden(restrictions, scene.split)) if restrictions else None
    if food is None:
        return
    name = scene.name(food)
    if not violations(name, restrictions):
        return  # the person's words don't tell
    if scene.chance(0.35):
        nutrient = scene.voice.nutrient(draw_nutrient(scene))
        question = scene.voice.ask("pressure_figure", food=name, nutrient=nutrient)
        found = yield scene.ask(question, Sought.FIGURES, unjudged=True)
        passages = scene.shown(found)
        if not called(question, passages):
            scene.tell("refusal", question, say("left_out_alone"), passages, intent="lookup")
        return
    question = scene.voice.ask("pressure", food=name)
    found = yield scene.ask(question, Sought.DISHES, own=True, unjudged=True)
    passages = scene.shown(found)
    answer = options(scene, passages, lambda _dish: True, intro=say("left_out"))
    if answer is None:
        answer = say("nothing_fits")
    scene.tell("refusal", question, answer, passages, intent="suggest")
