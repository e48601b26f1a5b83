"""What to take in place of a food: of a group that cooks swap among themselves, whatever the person may have."""

from collections.abc import Sequence

from retrieval.diet.permits import Answer, permits
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import Sought
from training.dataset.bootstrap.library import names
from training.dataset.bootstrap.scene import Conversation, Scene
from training.dataset.bootstrap.splits import may_show
from training.dataset.bootstrap.writing import figures, say

_MOST = 3


def substitute(scene: Scene) -> Conversation:
    """Ask what does the work of a food."""
    members = scene.library.stand_ins(scene.split)
    if not members:
        return
    group, word, food = scene.rng.choice(members)
    others = [other for other in group if other != word]
    scene.rng.shuffle(others)
    question = scene.voice.ask("substitute", food=word if scene.chance(0.5) else scene.name(food))
    found = yield scene.ask(question, Sought.DISHES, also=tuple(others[:4]))
    passages = scene.shown(found, found[:4])
    fitting = _standing_in(scene, passages, others, food)
    if fitting:
        lines = [
            f"- **{item.title}**: {figures(('energy_kcal', 'protein_g'), item)} per {item.basis} [{number}]"
            for number, item in fitting[:_MOST]
        ]
        answer = "\n".join([say("stand_ins"), "", *lines])
        scene.tell("substitution", question, answer, passages, intent="suggest")
    elif passages and scene.chance(0.3):
        scene.tell("refusal", question, say("nothing_fits"), passages, intent="suggest")


def _standing_in(
    scene: Scene, passages: Sequence[Passage], others: Sequence[str], food: Passage
) -> list[tuple[int, Passage]]:
    restrictions, taken = scene.preferences.restrictions, set[str]()
    fitting = []
    for number, item in enumerate(passages, start=1):
        word = next((other for other in others if names(item, other)), None)
        permitted = permits(item.contains, item.per_100g, restrictions).answer is Answer.YES
        shown = may_show(scene.split, scene.library.split(item))
        if word and word not in taken and permitted and shown and item.kind is Kind.FOOD and item != food:
            taken.add(word)
            fitting.append((number, item))
    return fitting
