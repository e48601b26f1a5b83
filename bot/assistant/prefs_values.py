"""The values of a `/prefs` command: 'peanuts, sesame', 'gluten free', 'protein 120, fibre 30 g'."""

import re
from collections.abc import Callable, Iterator

from bot.assistant import prefs_words as words
from bot.assistant.known import IMPERIAL, METRIC, kilograms
from bot.assistant.prefs_words import Action, Kind, close_words
from bot.assistant.targets import targets_in
from bot.assistant.understand import Change, understand
from bot.assistant.wording import plain
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Diet
from retrieval.errors import BadInputError
from retrieval.prompt import label

LONGEST_WORD = 40
"""Characters of a word that nobody knows, when it is repeated."""

LONGEST_TASTE = 60
"""Characters of a like or dislike: longer than any food's name, short enough for a line."""

MOST_TARGET = 100_000
"""Above any sensible amount a day, in any unit that a target has."""

# A comma between digits belongs to a number; 'nuts, but not almonds' is one value.
_BETWEEN = re.compile(r"(?:(?<!\d),|,(?!\d)|[;\n])(?!\s*(?:but|except|excluding|not|though)\b)")
AND = re.compile(r"\s+(?:and|y)\s+|\s*&\s*")
_TARGET = re.compile(r"(?P<name>.*?\S)[\s:=]+(?P<number>\d[\d.,]*)\s*(?P<unit>[^\W\d]*)")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_COUNTED_IN_THOUSANDS = ("kcal", "mg")


class UnknownWordError(BadInputError):
    """A value that nobody knows: `word` stands in the command, `alternatives` may stand in its place."""

    def __init__(self, word: str, alternatives: tuple[str, ...]) -> None:
        super().__init__(say("prefs_unknown", word=shortened(word)))
        self.word = word
        self.alternatives = alternatives


def shortened(word: str) -> str:
    """Return a word as it is repeated to the person who wrote it."""
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…"


def values_of(kind: Kind, text: str, action: Action, units: str = METRIC) -> Change:
    """Read one or several values, separated by commas, of one kind that isn't a setting.

    A weight without its unit is in pounds for who has chosen imperial `units`.
    Raises `UnknownWordError`, or `BadInputError` that shows how to say it.
    """
    found = Change()
    for part in _parts(kind, text):
        found = joined(found, _in_units(units, part, _READERS[kind](part, action)))
    if not found:
        raise BadInputError(say(f"prefs_value_missing_{kind}", action=words.verb(action)))
    return found


def joined(one: Change, other: Change) -> Change:
    """Return what both changes say; of a target said twice, the later."""
    return Change(
        diets=one.diets | other.diets,
        allergies=one.allergies | other.allergies,
        likes=tuple(dict.fromkeys((*one.likes, *other.likes))),
        dislikes=tuple(dict.fromkeys((*one.dislikes, *other.dislikes))),
        targets={**one.targets, **other.targets},
        exceptions=one.exceptions | other.exceptions,
    )


def _in_units(units: str, text: str, change: Change) -> Change:
    weight, match = change.targets.get("weight_kg"), _TARGET.fullmatch(text)
    if weight is None or units != IMPERIAL or match is None or match["unit"]:
        return change
    return Change(targets={"weight_kg": kilograms(weight)})


def _parts(kind: Kind, text: str) -> Iterator[str]:
    for part in _BETWEEN.split(text):
        several = kind is Kind.TARGET or (kind is Kind.DIET and _diet_id(part.strip()) is None)
        yield from (
            " ".join(piece.split()) for piece in (AND.split(part) if several else [part]) if piece.strip()
        )


def _allergy(name: str, _action: Action) -> Change:
    """Return the allergies that a person means by `name`: 'Prawns' are crustaceans, 'nuts' tree nuts and peanuts.

    Raises `UnknownWordError` when nobody knows the word: it could not be kept out of answers.
    """
    understood = understand(f"I am allergic to {name}")
    if understood.add.allergies:
        if understood.unresolved:
            raise _unknown_food(understood.unresolved[0])
        return Change(allergies=understood.add.allergies, exceptions=understood.add.exceptions)
    return Change(allergies=lexicon().allergies(_food(name)))


def _food(name: str) -> str:
    if (found := lexicon().resolve(name)) is not None:
        return found
    raise _unknown_food(name)


def _unknown_food(name: str) -> UnknownWordError:
    return UnknownWordError(name, tuple(label(item) for item in lexicon().suggest(name)))


def _diet(name: str, _action: Action) -> Change:
    if (found := _diet_id(name)) is None:
        raise UnknownWordError(name, close_words(name.replace("_", " "), words.diets()))
    return Change(diets=frozenset({Diet(found)}))


def _diet_id(name: str) -> str | None:
    key = name.casefold().replace("-", " ").replace("_", " ")
    return words.diets().get(key) or lexicon().diet(name)


def _taste(text: str) -> str:
    if len(text) > LONGEST_TASTE:
        raise BadInputError(say("prefs_too_long", word=f"{text[:LONGEST_TASTE]}…", limit=LONGEST_TASTE))
    return text


def _target(text: str, action: Action) -> Change:
    match = _TARGET.fullmatch(text)
    if action is Action.REMOVE:
        return Change(targets={_target_id(match["name"] if match else text): 1.0})
    if match is None:
        return _target_in_words(
            text, BadInputError(say("prefs_value_missing_target", action=words.verb(action)))
        )
    try:
        target = _target_id(match["name"])
    except UnknownWordError as error:
        return _target_in_words(text, error)
    if match["unit"].casefold().replace("µ", "u").replace("mcg", "ug") not in ("", target.rsplit("_", 1)[1]):
        return _target_in_words(
            text, BadInputError(say("prefs_value_missing_target", action=words.verb(action)))
        )
    amount = _number(match["number"], target)
    if not 0 < amount < MOST_TARGET:
        raise BadInputError(say("prefs_value_missing_target", action=words.verb(action)))
    return Change(targets={target: amount})


def _target_in_words(text: str, error: BadInputError) -> Change:
    """Read 'sodium 2 g' or 'at most 1,800 kcal' as in a message; raise `error` when that says nothing either."""
    if found := targets_in(plain(text)):
        return Change(targets=found)
    raise error


def _target_id(name: str) -> str:
    wanted = name.strip().casefold()
    known = words.targets()
    if (found := known.get(wanted) or known.get(wanted.replace(" ", "_"))) is None:
        raise UnknownWordError(name, close_words(wanted, known))
    return found


def _number(text: str, target: str) -> float:
    text = text.rstrip(".,")
    in_thousands = target.rsplit("_", 1)[1] in _COUNTED_IN_THOUSANDS
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif in_thousands and _DOTTED_THOUSANDS.fullmatch(text):
        # '1.500 kcal' is how half of Europe writes 1,500; nobody aims for one and a half.
        text = text.replace(".", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0


_READERS: dict[Kind, Callable[[str, Action], Change]] = {
    Kind.ALLERGY: _allergy,
    Kind.EXCEPTION: lambda text, _action: Change(exceptions=frozenset({_food(text)})),
    Kind.DIET: _diet,
    Kind.LIKE: lambda text, _action: Change(likes=(_taste(text),)),
    Kind.DISLIKE: lambda text, _action: Change(dislikes=(_taste(text),)),
    Kind.TARGET: _target,
}
