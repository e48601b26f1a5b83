"""How much of what is in a food or dish: one figure, two, the main ones, in an amount; and questions that follow."""

from collections.abc import Sequence

from retrieval.knowledge.documents import NUTRIENTS, Passage
from retrieval.search import Sought
from training.dataset.bootstrap.datafiles import words
from training.dataset.bootstrap.scene import Conversation, Scene, Step, called
from training.dataset.bootstrap.writing import amount_line, card_line, figure_line, figures, say

MOST_KINDS = 3
"""Raw, cooked, tinned: so many kinds of one food are told."""

_AMOUNTS = {"50 g": 50.0, "200 g": 200.0, "300 g": 300.0, "500 g": 500.0, "250 g": 250.0, "1 kg": 1000.0}
_ASKED = tuple(NUTRIENTS)
_WEIGHTS = (4, 6, 3, 3, 3, 3, 2, 3, 3, 3, 2, 2, 2)


def figures_of_foods(scene: Scene) -> Conversation:
    """Ask for a figure of a food, then perhaps for another figure of it, or the same of another food."""
    food, nutrient = scene.food(), draw_nutrient(scene)
    if food is None:
        return
    said = yield from _one(scene, food, nutrient)
    while said and len(scene.turns) < 4 and scene.chance(0.4):
        if scene.chance(0.5):
            said = yield from _another_figure(scene, food, nutrient)
        else:
            following = scene.food(lambda other: nutrient in other.facts)
            if following is None or following.id == food.id:
                return
            food = following
            said = yield from _another_food(scene, food, nutrient)


def draw_nutrient(scene: Scene) -> str:
    """Return what is asked for, protein and energy most."""
    return scene.rng.choices(_ASKED, _WEIGHTS)[0]


def answer_figures(name: str, passages: Sequence[Passage], wanted: Sequence[str]) -> str | None:
    """Return the figures of what a name means, every kind of it; `None` when the passages hold nothing called so."""
    meant = called(name, passages)[:MOST_KINDS]
    if not meant:
        return None
    known = [place for place in meant if wanted[0] in passages[place].facts]
    if not known:
        first = meant[0]
        name = NUTRIENTS[wanted[0]][0]
        return say("figure_unknown", nutrient=name, title=passages[first].title, number=first + 1)
    lines = [figure_line(passages[place], wanted, place + 1) for place in known]
    return listed(lines)


def listed(lines: Sequence[str]) -> str:
    """Return one line, or several kinds of one thing to choose from."""
    return lines[0] if len(lines) == 1 else "\n".join([say("which_kind"), *(f"- {line}" for line in lines)])


def _one(scene: Scene, food: Passage, nutrient: str) -> Step:
    form = scene.rng.random()
    if form < 0.12:
        return (yield from _two(scene, food))
    if form < 0.22:
        return (yield from _main(scene, food))
    if form < 0.32 and nutrient in food.per_100g and food.basis == "100 g":
        return (yield from _in_amount(scene, food, nutrient))
    if form < 0.44:
        dish = scene.dish()
        return False if dish is None else (yield from _of_dish(scene, dish, nutrient))
    name = scene.name(food)
    return (yield from _asked(scene, food, _question(scene, name, nutrient), name, wanted=[nutrient]))


def _question(scene: Scene, name: str, nutrient: str) -> str:
    if nutrient == "energy_kcal":
        return scene.voice.ask("figure_energy", food=name)
    return scene.voice.ask("figure", food=name, nutrient=scene.voice.nutrient(nutrient))


def _asked(
    scene: Scene, food: Passage, question: str, name: str, *, wanted: Sequence[str], meant: str | None = None
) -> Step:
    found = yield scene.ask(meant or question, Sought.FIGURES)
    passages = scene.shown(found, [food])
    if food not in passages or food not in [passages[place] for place in called(name, passages)]:
        return False
    answer = answer_figures(name, passages, wanted)
    if answer is None:
        return False
    kind = "clarification" if answer.startswith(say("which_kind")) else "figures"
    kind = "refusal" if answer.startswith("I have no") else kind
    return scene.tell(kind, question, answer, passages, intent="lookup", meant=meant)


def _two(scene: Scene, food: Passage) -> Step:
    first, second = scene.rng.sample([key for key in _ASKED if key in food.facts], 2)
    name = scene.name(food)
    question = scene.voice.ask(
        "figure_two", food=name, nutrient=scene.voice.nutrient(first), nutrient2=scene.voice.nutrient(second)
    )
    return (yield from _asked(scene, food, question, name, wanted=[first, second]))


def _main(scene: Scene, food: Passage) -> Step:
    name = scene.name(food)
    question = scene.voice.ask("figure_all", food=name)
    found = yield scene.ask(question, Sought.FIGURES)
    passages = scene.shown(found, [food])
    meant = called(name, passages)[:MOST_KINDS]
    if food not in [passages[place] for place in meant] or not figures(NUTRIENTS, food):
        return False
    answer = listed([card_line(passages[place], place + 1) for place in meant])
    kind = "figures" if len(meant) == 1 else "clarification"
    return scene.tell(kind, question, answer, passages, intent="lookup")


def _in_amount(scene: Scene, food: Passage, nutrient: str) -> Step:
    name, asked = scene.name(food), scene.rng.choice(sorted(_AMOUNTS))
    word = scene.voice.nutrient(nutrient)
    question = scene.voice.ask("figure_amount", food=name, nutrient=word, amount=asked)
    if asked not in question:
        return False  # slipped on the amount: then it is another one
    found = yield scene.ask(question, Sought.FIGURES)
    passages = scene.shown(found, [food])
    meant = [passages[place] for place in called(name, passages)]
    if meant != [food]:
        return False
    answer = amount_line(food, nutrient, _AMOUNTS[asked], asked, passages.index(food) + 1)
    return scene.tell("figures", question, answer, passages, intent="lookup")


def _of_dish(scene: Scene, dish: Passage, nutrient: str) -> Step:
    name = scene.name(dish)
    question = scene.voice.ask("figure_dish", dish=name, nutrient=scene.voice.nutrient(nutrient))
    return (yield from _asked(scene, dish, question, name, wanted=[nutrient]))


def _another_figure(scene: Scene, food: Passage, before: str) -> Step:
    nutrient = draw_nutrient(scene)
    if nutrient == before:
        return False
    word = scene.voice.nutrient(nutrient)
    question, name = scene.voice.ask("follow_nutrient", nutrient=word), scene.name(food)
    meant = scene.voice.plainly("figure", food=name, nutrient=word)
    return (yield from _asked(scene, food, question, name, wanted=[nutrient], meant=meant))


def _another_food(scene: Scene, food: Passage, nutrient: str) -> Step:
    name = scene.name(food)
    question = scene.voice.ask("follow_food", food=name)
    meant = scene.voice.plainly("figure", food=name, nutrient=words()["nutrients"][nutrient][0])
    return (yield from _asked(scene, food, question, name, wanted=[nutrient], meant=meant))
