"""What a message wants, and which figure it asks for, by rules over plain text: `intent_of`, `nutrient_in`."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.assistant.datafiles import read_data
from bot.assistant.wording import sentences
from retrieval.diet.lexicon import lexicon
from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS


class Intent(StrEnum):
    """What a message wants."""

    LOOKUP = "lookup"
    """A figure of a food."""
    COMPARE = "compare"
    SUGGEST = "suggest"
    """What to eat."""
    RECIPE = "recipe"
    PLAN = "plan"
    QUESTION = "question"
    """Something else about food."""
    STATE = "state"
    """States or changes preferences and asks nothing."""
    SHOW_PREFERENCES = "show_preferences"
    OPEN_PREFERENCES = "open_preferences"
    """'Forget my allergies': changes nothing by itself, opens the preferences."""
    SMALL_TALK = "small_talk"
    OTHER = "other"


def intent_of(plain_text: str, *, states: bool, names_food: bool) -> Intent:
    """Return what plain text wants. `states` says that it states preferences, `names_food` that it names a food."""
    rules = _rules()
    if rules.has("show_preferences", plain_text):
        return Intent.SHOW_PREFERENCES
    opens = rules.has("open_preferences", plain_text)
    if (wanted := _request(plain_text, states=states)) is not None:
        return wanted
    if opens:
        return Intent.OPEN_PREFERENCES
    if _is_small_talk(plain_text):
        return Intent.SMALL_TALK
    asks = _asks(plain_text)
    if states:
        return Intent.QUESTION if asks else Intent.STATE
    if asks:
        return Intent.QUESTION
    if names_food:
        figure = nutrient_in(plain_text) is not None and not _ABOUT_ME.match(plain_text)
        return Intent.LOOKUP if figure else Intent.QUESTION
    return Intent.OTHER


def nutrient_in(plain_text: str) -> str | None:
    """Return the first figure that plain text names, a key of `NUTRIENTS`, or `None`."""
    match = _rules().nutrient.search(plain_text)
    return match.lastgroup if match else None


def nutrient_place(plain_text: str) -> tuple[int, int] | None:
    """Return where the words for that figure stand, or `None`."""
    match = _rules().nutrient.search(plain_text)
    return match.span() if match else None


def wants_less(plain_text: str) -> bool:
    """Tell whether a figure should be small: 'low in salt', 'under 300 calories', but not 'my iron is low'."""
    return _rules().has("less", plain_text) and not _rules().has("deficient", plain_text)


_NEEDED = frozenset(
    """compare deficient less lookup open_preferences personal plan recipe show_preferences small_talk small_talk_rest
    suggest suggest_meal""".split()
)
_LETTER = re.compile(r"\w")
_SMALL_TALK_LETTERS = 120


@dataclass(frozen=True, slots=True)
class _Rules:
    """`data/intents.yaml`, compiled."""

    patterns: dict[str, re.Pattern[str]]
    nutrient: re.Pattern[str]

    def has(self, key: str, text: str) -> bool:
        return self.patterns[key].search(text) is not None


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = read_data("intents.yaml", {"intents", "nutrients"})
    nutrients = data["nutrients"]
    if missing := _NEEDED - set(data["intents"]):
        raise BadInputError(f"intents.yaml: 'intents' lacks {', '.join(sorted(missing))}; add the patterns")
    unknown = set(nutrients) - set(NUTRIENTS)
    if unknown:
        raise BadInputError(
            f"intents.yaml: '{unknown.pop()}' is no figure; use one of: {', '.join(NUTRIENTS)}"
        )
    alternatives = "|".join(f"(?P<{key}>{words})" for key, words in nutrients.items())
    return _Rules(
        patterns={
            key: re.compile(rf"(?<!\w)(?:{source})(?:(?<=\s)|(?!\w))")
            for key, source in data["intents"].items()
        },
        nutrient=re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)"),
    )


def _request(text: str, *, states: bool) -> Intent | None:
    rules = _rules()
    text = _REFUSES.sub(" ", text)
    for intent in (Intent.PLAN, Intent.RECIPE, Intent.COMPARE):
        if rules.has(intent, text):
            return intent
    figure = nutrient_in(text) is not None
    told = states and not _asks(text)
    looks_up = not told and (
        rules.has("lookup", text) and not rules.has("personal", text) and (figure or "nutrition" in text)
    )
    if looks_up and (not rules.has("suggest", text) or _HOW_MUCH.search(text)):
        return Intent.LOOKUP
    if rules.has("suggest", text):
        return Intent.SUGGEST
    if not states and rules.has("suggest_meal", text) and not _asks(text) and not _ABOUT_ME.match(text):
        return Intent.SUGGEST
    return None


_REFUSES = re.compile(
    r"\b(?:do not|never|not to) (?:\w+ )?(?:want|suggest|recommend|give|show|offer|serve|include|propose)\w*(?: me)?"
)
_HOW_MUCH = re.compile(r"\bhow (?:much|many)\b")


_ABOUT_ME = re.compile(r"(?:i|we|my|our) ")


def _asks(text: str) -> bool:
    return any(sentence.question for sentence in sentences(text))


def _is_small_talk(text: str) -> bool:
    """Whether nothing but greetings, thanks and the like is said; or nothing at all, as with emoji alone."""
    if len(text) > _SMALL_TALK_LETTERS:
        return False
    if not _LETTER.search(text):
        return True
    rules = _rules()
    greeted = rules.patterns["small_talk"].sub(" ", text)
    if greeted == text:
        return False
    return not _LETTER.search(rules.patterns["small_talk_rest"].sub(" ", greeted))


def names_food(plain_text: str) -> bool:
    """Whether plain text names anything in the lexicon."""
    return bool(lexicon().find(plain_text))
