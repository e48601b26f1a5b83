"""What a note says about its subject, in its own words."""

from retrieval.knowledge.documents import Passage
from retrieval.search import Sought
from retrieval.words import significant_words
from training.dataset.bootstrap.scene import Conversation, Scene, fault_of
from training.dataset.bootstrap.writing import sentences

_MOST, _LONGEST = 3, 420
"""Sentences, and characters."""


def advise(scene: Scene) -> Conversation:
    """Ask about a note's subject."""
    note = scene.note()
    if note is None:
        return
    topic = scene.name(note)
    question = scene.voice.ask("advice", topic=topic)
    found = yield scene.ask(question, Sought.ANYTHING)
    passages = scene.shown(found, [note])
    if note not in passages:
        return
    told = _told(scene, note, topic)
    if told:
        number = passages.index(note) + 1
        answer = " ".join(f"{sentence} [{number}]" for sentence in told)
        scene.tell("advice", question, answer, passages, intent="question")


def _told(scene: Scene, note: Passage, topic: str) -> list[str]:
    """Return the first sentences of the paragraph that has most of the topic's words, the first one in doubt."""
    wanted = significant_words(topic)
    paragraphs = [sentences(part) for part in note.text.split("\n\n")]
    ranked = sorted(
        range(len(paragraphs)),
        key=lambda at: (-len(significant_words(" ".join(paragraphs[at])) & wanted) - (at == 0), at),
    )
    told: list[str] = []
    for sentence in paragraphs[ranked[0]] if ranked else []:
        if len(told) == _MOST or sum(map(len, told)) + len(sentence) > _LONGEST:
            break
        if fault_of(sentence, [note], scene.preferences) is not None:
            return told  # what follows may lean on what is left out
        told.append(sentence)
    return told
