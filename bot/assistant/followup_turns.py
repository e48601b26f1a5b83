"""What rules for follow-ups read: the turn that is gone on with, and the question cut up. Used by `followups`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.assistant.followup_words import food_phrases, is_food, joined, words
from bot.assistant.intents import Intent

FEW_WORDS = 4
"""So short a question with a question mark may stand for a part of the earlier one."""

MOST_NAMED = 4
"""Of so many things one can still speak as 'they'."""

CHOOSING = (Intent.SUGGEST, Intent.RECIPE, Intent.PLAN)
"""What asks for something to eat, and not about it."""

_LONGEST_FOOD = 5  # words


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that an answer cites: its title, and whether it is a recipe."""

    title: str
    recipe: bool = False

    @property
    def name(self) -> str:
        """The title as one says it: 'Lentils, cooked' is 'cooked lentils'."""
        return self.title if self.recipe else " ".join(reversed(self.title.split(", "))).lower()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answered turn: its question, written out if it was a follow-up itself, and what the answer cites, in order."""

    question: str
    intent: Intent
    cited: tuple[Cited, ...] = ()

    @property
    def stem(self) -> str:
        """The question without the sign at its end."""
        return self.question.strip().rstrip("?!. ")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a follow-up means. `others`: the same again, and not what was given before."""

    question: str
    others: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question cut up: `body` is what remains without fillers and the lead ("and …"), `led` whether it had one."""

    text: str
    body: str
    led: bool

    @property
    def is_question(self) -> bool:
        """Whether it asks, with or without a question mark."""
        return self.text.endswith("?") or bool(_ASKS.match(self.body))

    @property
    def is_fragment(self) -> bool:
        """Whether it may stand for a part of the earlier question."""
        return self.led or (self.text.endswith("?") and len(self.body.split()) <= FEW_WORDS)

    @property
    def sign(self) -> str:
        """What it ends with."""
        return "?" if self.text.endswith("?") else ""

    def match(self, pattern: str) -> re.Match[str] | None:
        """Match the whole body."""
        return compiled(pattern).fullmatch(self.body)


_ASKS = re.compile(
    r"(?:what|which|who|how|when|where|is|are|can|could|do|does|did|should|would|will|may|tell|give|show|compare|make)\b",
    re.IGNORECASE,
)


def read_question(text: str) -> Asked:
    """Cut a question up."""
    body = compiled(rf"^(?:(?:{words('fillers')})(?!\w)[,.!;: ]*)+").sub("", text) or text
    body = body.rstrip("?!. ")
    lead = compiled(rf"(?:{words('leads')}(?!\w)[, ]*)+").match(body)
    body = body[lead.end() :] if lead else body
    body = compiled(",? please$").sub("", body).strip()
    if len(body.split()) <= FEW_WORDS and body[1:].islower():
        body = body.lower()  # it goes into the middle of a sentence
    return Asked(text, body, led=lead is not None)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that ignores case, compiled once."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word that stands for what was spoken of; `plural` is None where it tells nothing of how many."""

    words: str
    start: int
    end: int
    plural: bool | None

    @property
    def owns(self) -> bool:
        """Whether it is 'its' or 'their'."""
        return self.words in ("its", "their")


def pronoun_in(text: str) -> Pronoun | None:
    """Return the first pronoun of a text, leaving out what only looks like one ("is it true that …")."""
    if compiled(words("empty_pronouns")).search(text):
        return None
    found = [match for pattern in _pronouns() if (match := compiled(pattern).search(text))]
    if not found:
        return None
    first = min(found, key=lambda match: match.start(1))
    said = first[1].lower()
    plural = said in ("they", "them", "their", "those", "these")
    return Pronoun(said, first.start(1), first.end(1), None if " " in said else plural)


def _pronouns() -> tuple[str, ...]:
    those, verbs = "that|this|those|these", "make|cook|have|bake|keep|fry|eat|freeze|prepare"
    return (
        rf"\b((?:{those}) (?:{words('nouns')})s?|the (?:recipe|dish)|it|its|they|them|their)\b",
        rf"\b(?:is|are|does|was|were) ({those})\b",
        r"\bdo (those|these)\b",
        rf"\b(?:can|will|could) ({those})(?= (?:be|keep|last|freeze)\b)",
        rf"\b(?:in|of|for|with) ({those})$",
        rf"\b(?:{verbs}) ({those})(?= (?:in|on|with|without|for)\b|$)",
    )


def may_be_food(text: str) -> bool:
    """Tell whether a part of a question is nothing but a food."""
    return len(text.split()) <= _LONGEST_FOOD and pronoun_in(text) is None and is_food(text)


def foods_of(base: Earlier) -> tuple[str, ...]:
    """Return the foods that a turn was about: those that its question names, else those that its answer cites."""
    if base.intent not in CHOOSING and (phrases := food_phrases(base.stem)):
        return tuple(phrase.words for phrase in phrases)
    return tuple(item.name for item in base.cited)


def referent(base: Earlier, *, plural: bool | None) -> str | None:
    """Return what a pronoun stands for; `None` where it may stand for several things, or nothing."""
    names = foods_of(base)
    if base.intent is Intent.RECIPE and (dishes := [item.name for item in base.cited if item.recipe]):
        names = tuple(
            dishes[:1]
        )  # the answer to a request for a recipe is the first; others are only mentioned
    if len(names) == 1:
        return names[0]
    return joined(names) if plural and 1 < len(names) <= MOST_NAMED else None
