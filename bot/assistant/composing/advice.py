"""What a note says about the question, in its own words."""

from collections.abc import Sequence

from bot.assistant.answer_lines import crossed_lines
from bot.assistant.composing.parts import Composed, Need
from bot.assistant.sentences import split_sentences
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Restrictions
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words

SENTENCES = 5
LONGEST = 700
"""Characters."""


def advice(need: Need, passages: Sequence[Passage], *, sentences: int = SENTENCES) -> Composed | None:
    """Give what the best note says of the question, when a note is what answers best.

    A note may name what a person must not eat, to tell them how to avoid it. What it says in a way that could be read
    as advice to eat it is left out; the names that it gives an allergen are then listed as what to avoid.
    """
    for note in passages[:1]:
        if note.kind is Kind.NOTE and (text := _told(need, note, sentences)):
            return Composed(f"{say('advice', title=note.title)}\n\n{text} [1]", (note,))
    return None


def _told(need: Need, note: Passage, limit: int) -> str:
    restrictions = need.preferences.restrictions
    whole = [" ".join(item.split()) for item in split_sentences(note.text)]
    fine = [item for item in whole if item and not _unfit(item, restrictions)]
    chosen = _most_telling(need.question, fine, limit)
    hidden = _names_to_avoid(note, [item for item in whole if item not in fine], restrictions)
    if hidden and limit == SENTENCES:
        chosen = [*chosen[: limit - 1], say("advice_avoid", names=", ".join(hidden))]
    return " ".join(chosen)


def _unfit(sentence: str, restrictions: Restrictions) -> bool:
    return bool(violations(sentence, restrictions)) or bool(crossed_lines(sentence))


def _most_telling(question: str, sentences: Sequence[str], limit: int) -> list[str]:
    """Return neighbouring sentences that share most words with the question, as many as fit; the first of equals."""
    words = significant_words(question)
    best: list[str] = []
    best_score = -1
    for start in range(len(sentences)):
        window: list[str] = []
        for sentence in sentences[start : start + limit]:
            if window and sum(map(len, window)) + len(sentence) > LONGEST:
                break
            window.append(sentence)
        score = len(significant_words(" ".join(window)) & words)
        if score > best_score:
            best, best_score = window, score
    return best


def _names_to_avoid(note: Passage, left_out: Sequence[str], restrictions: Restrictions) -> list[str]:
    """Return the other names and hiding places of a person's allergen that a note about that allergen gives."""
    about = {mention.ingredient for mention in lexicon().find(note.title)} & restrictions.allergies
    if not about:
        return []
    found = violations("\n".join(left_out), Restrictions(allergies=frozenset(about)))
    return list(dict.fromkeys(item.mention.name.casefold() for item in found))
