"""What a note says about the question, in its own words."""

import re
from collections.abc import Sequence
from itertools import takewhile

from bot.assistant.composing.parts import Composed, Need
from bot.assistant.figures import figures
from bot.assistant.guard import Guard
from bot.assistant.sentences import split_sentences
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Restrictions
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words

SENTENCES = 6
LONGEST = 800
"""Characters."""

LEADING = 3
"""Of so many notes at the head of the passages, the one whose title has most of the question's words is taken."""

MOST_NAMES = 14
_FIRST_BONUS = 1
_GOES_ON = re.compile(
    r"(?:it|they|them|this|that|these|those|so|one of|some|most|others?|both|all|another)\b", re.IGNORECASE
)


def advice(
    need: Need, passages: Sequence[Passage], *, sentences: int = SENTENCES, cite_figures: bool = False
) -> Composed | None:
    """Give what the best note says of the question, when a note is what answers best.

    A note may name what a person must not eat, to tell them how to avoid it. What it says in a way that could be read
    as advice to eat it is left out; the names that it gives an allergen are then listed as what to avoid. With
    `cite_figures`, each sentence with a figure cites the note: other passages stand beside it.
    """
    leading = list(takewhile(lambda passage: passage.kind is Kind.NOTE, passages))[:LEADING]
    words = significant_words(need.question)
    for note in sorted(leading, key=lambda note: -len(significant_words(note.title) & words)):
        if told := _told(need, note, sentences):
            cited = [f"{item} [1]" if cite_figures and figures(item) else item for item in told[:-1]]
            text = " ".join((*cited, told[-1]))
            return Composed(f"{_heading(need, note)}{text} [1]", (note,))
    return None


def _heading(need: Need, note: Passage) -> str:
    """Return the note's title, unless it could be read as a recommendation to somebody who avoids what it names."""
    title = say("advice", title=note.title)
    return "" if _guard(need, note).check_sentence(title) else f"{title}\n\n"


def _told(need: Need, note: Passage, limit: int) -> list[str]:
    restrictions = need.preferences.restrictions
    paragraphs = [
        [" ".join(item.split()) for item in split_sentences(" ".join(paragraph.split()))]
        for paragraph in note.text.split("\n\n")
    ]
    guard = _guard(need, note)
    fine = [_fit(paragraph, guard) for paragraph in paragraphs]
    chosen = _most_telling(need.question, [paragraph for paragraph in fine if paragraph], limit)
    if limit == SENTENCES and (hidden := _names_to_avoid(note, restrictions)):
        chosen = [*chosen[: limit - 1], say("advice_avoid", names=", ".join(hidden))]
    return chosen


def _guard(need: Need, note: Passage) -> Guard:
    return Guard(need.question, (note,), need.preferences.restrictions)


def _fit(sentences: Sequence[str], guard: Guard) -> list[str]:
    """Return what may be told, without what only continues a sentence that may not ("It hides in …")."""
    kept: list[str] = []
    left_out = False
    for sentence in sentences:
        if guard.check_sentence(sentence) or (left_out and _GOES_ON.match(sentence)):
            left_out = True
        elif sentence:
            kept.append(sentence)
            left_out = False
    return kept


def _most_telling(question: str, paragraphs: Sequence[Sequence[str]], limit: int) -> list[str]:
    """Return sentences from the beginning of a paragraph on: the first one unless another has more of the question."""
    words = significant_words(question)
    best: list[str] = []
    best_score = -1
    for start in range(len(paragraphs)):
        told: list[str] = []
        for sentence in [item for paragraph in paragraphs[start:] for item in paragraph][:limit]:
            if told and sum(map(len, told)) + len(sentence) > LONGEST:
                break
            told.append(sentence)
        score = len(significant_words(" ".join(told)) & words) + _FIRST_BONUS * (start == 0)
        if score > best_score:
            best, best_score = told, score
    return best


def _names_to_avoid(note: Passage, restrictions: Restrictions) -> list[str]:
    """Return the other names and hiding places of a person's allergen that a note about that allergen gives."""
    about = {mention.ingredient for mention in lexicon().find(note.title)} & restrictions.allergies
    if not about:
        return []
    found = violations(note.text, Restrictions(allergies=frozenset(about)))
    return list(dict.fromkeys(item.mention.name.casefold() for item in found))[:MOST_NAMES]
