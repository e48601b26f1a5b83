"""Question + preferences + passages + history → chat messages.

The one prompt: the bot serves with it, datasets train on it, comparisons judge by it. What stays the same from turn to
turn comes first (system, preferences, history as it was said), so that the model server's prefix cache is hit;
the passages and the question, which are new each time, are the last message.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, Preferences
from retrieval.knowledge.documents import Passage

HISTORY_BLOCK = 4
"""Exchanges dropped at a time: dropping one each turn would move the prefix every turn, and never hit the cache."""

CHARACTERS_PER_TOKEN = 3.0
"""English in a 49k vocabulary has 4 to 4.5; 3 leaves room for figures, names and other languages."""


class Message(TypedDict):
    """A chat message of the OpenAI protocol."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was asked, and the answer as it was given."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages, and which passages made it into them: citation [n] is `passages[n - 1]`."""

    messages: tuple[Message, ...]
    passages: tuple[Passage, ...]
    history: int
    tokens: int


def estimate_tokens(text: str) -> int:
    """Return a cautious estimate of the tokens in `text`, without a tokenizer."""
    return int(len(text) / CHARACTERS_PER_TOKEN) + 4


def build_prompt(
    question: str,
    preferences: Preferences,
    passages: Sequence[Passage] | None,
    history: Sequence[Exchange] = (),
    *,
    budget: int = 3000,
    count_tokens: Callable[[str], int] = estimate_tokens,
) -> Prompt:
    """Render the messages within `budget` tokens.

    When there is too much, the oldest history goes first, in blocks of `HISTORY_BLOCK` exchanges, then the weakest
    passage; the system message, the preferences and the question always stay. `passages` None is for a model that
    answers from what it was trained on: nothing is said of passages, where an empty list says that none was found.
    """
    kept_history, kept = list(history), list(passages or ())
    while True:
        messages = _messages(question, preferences, None if passages is None else kept, kept_history)
        tokens = sum(count_tokens(message["content"]) for message in messages)
        if tokens <= budget or not (kept_history or kept):
            return Prompt(tuple(messages), tuple(kept), len(kept_history), tokens)
        if kept_history:
            del kept_history[:HISTORY_BLOCK]
        else:
            kept.pop()


def describe_preferences(preferences: Preferences) -> str:
    """Return what is known about the person, one line each; empty when nothing is."""
    lines = []
    if preferences.allergies:
        lines.append(f"Allergies: {_allergies(preferences)}.")
    if preferences.diets:
        lines.append(f"Diets: {', '.join(label(item) for item in sorted(preferences.diets))}.")
    if preferences.likes:
        lines.append(f"Likes: {', '.join(label(item) for item in preferences.likes)}.")
    if preferences.dislikes:
        lines.append(f"Dislikes: {', '.join(label(item) for item in preferences.dislikes)}.")
    if preferences.targets:
        lines.append(
            f"Aims: {', '.join(target_label(*item) for item in sorted(preferences.targets.items()))}."
        )
    return "\n".join(lines)


def _allergies(preferences: Preferences) -> str:
    listed = ", ".join(label(item) for item in sorted(preferences.allergies))
    fine = " and ".join(label(item) for item in sorted(preferences.exceptions))
    return f"{listed} (but {fine} may be eaten)" if fine else listed


def label(item: str) -> str:
    """Return how a person reads a diet's or an ingredient's id: `tree_nuts` → 'tree nuts'."""
    return lexicon()[item].names[0] if item in lexicon() else item.replace("_", " ")


def target_label(target: str, amount: float) -> str:
    """Return a target in words: 'protein 150 g a day', 'height 178 cm'."""
    unit = target.rsplit("_", 1)[1].replace("ug", "µg")
    per_day = "" if target in ("weight_kg", "height_cm") else " a day"
    return f"{TARGETS[target]} {amount:g} {unit}{per_day}"


@cache
def system_sentences() -> tuple[str, ...]:
    """Return the system message's longer sentences in lower case, by which a leak of it is recognised."""
    sentences = (part.strip("- .").casefold() for part in re.split(r"(?<=[.:])\s", _system()))
    return tuple(sentence for sentence in sentences if len(sentence) > 35)


def _messages(
    question: str, preferences: Preferences, passages: Sequence[Passage] | None, history: Sequence[Exchange]
) -> list[Message]:
    known = describe_preferences(preferences) or "Nothing is known yet."
    rules = _system() if passages is not None else _system_without_passages()
    system = f"{rules}\n\nAbout this person:\n{known}{_language(preferences.settings.language)}"
    if preferences.settings.shared:
        system += _SHARED
    messages: list[Message] = [{"role": "system", "content": system}]
    for exchange in history:
        messages.append({"role": "user", "content": exchange.question})
        messages.append({"role": "assistant", "content": exchange.answer})
    last = question if passages is None else _last_message(question, passages)
    messages.append({"role": "user", "content": last})
    return messages


def _last_message(question: str, passages: Sequence[Passage]) -> str:
    found = "\n\n".join(f"[{number}] {passage.text}" for number, passage in enumerate(passages, start=1))
    return f"Passages:\n{found or '(nothing was found)'}\n\nQuestion: {question}"


_SHARED = (
    "\n\nOthers read your answer, too. Never mention what this person can't eat, likes, dislikes or aims at."
)


@cache
def _language(tag: str) -> str:
    """Return what asks for an answer in a language (IETF tag); nothing for English, and for what isn't known."""
    if tag.partition("-")[0] == "en":
        return ""
    from babel import Locale, UnknownLocaleError  # imported here: English needs none of it

    try:
        name = Locale.parse(tag, sep="-").english_name
    except (ValueError, UnknownLocaleError):
        return ""
    return f"\n\nAnswer in {name}, whatever language the passages are in."


@cache
def _system() -> str:
    return (Path(__file__).parent / "data" / "system.md").read_text(encoding="utf-8").strip()


@cache
def _system_without_passages() -> str:
    path = Path(__file__).parent / "data" / "system_without_passages.md"
    return path.read_text(encoding="utf-8").strip()
