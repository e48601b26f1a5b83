"""Figures of foods side by side, per portion, for a picture: which foods, and what is told about the others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.assistant.composing.parts import computed_text
from bot.assistant.followup_words import words
from bot.assistant.words import number_text, nutrient_name, portion_text, reason_text
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Preferences, Restrictions
from retrieval.errors import BadInputError
from retrieval.index import Index
from retrieval.knowledge.documents import Kind, Passage
from retrieval.search import Query, Sought, search
from retrieval.words import significant_words

MOST_FOODS = 6
SHOWN = ("energy_kcal", "protein_g", "carbohydrate_g", "fat_g", "fibre_g", "sodium_mg")
"""The figures of a chart, keys of `NUTRIENTS`, each with bars of its own: their units differ."""

_LONGEST_NAME = 60
_LOOKED_AT = 30
_ANOTHER_FOOD = frozenset(
    "dry dried powder powdered mince scratching stock broth liver flour juice drink oil syrup crisp smoked pickled"
    " deli pudding cracker burger nugget tinned corned dripping".split()
)
"""Words of a title that make a food something else than is meant where they aren't said."""

_UNCOOKED = frozenset({"raw"})
_COOKED_FIRST = frozenset({"meat", "poultry", "fish", "eggs", "crustaceans"})
_PORTIONLESS_G = 100.0


@dataclass(frozen=True, slots=True)
class Plate:
    """A portion of one food: its `grams`, and the amounts of `SHOWN` in it; what isn't known is left out."""

    title: str
    portion: str
    grams: float
    amounts: Mapping[str, float]

    @property
    def label(self) -> str:
        """What it is and how much of it: 'Lentils, cooked (1 cup, 198 g)'."""
        weight = f"{number_text(f'{self.grams:,.0f}')} g"
        return f"{self.title} ({f'{self.portion}, {weight}' if self.portion else weight})"

    @property
    def in_words(self) -> str:
        """The same figures as the bars show, for whoever can't see them."""
        said = (
            f"{nutrient_name(name)} {computed_text(name, self.amounts[name])}"
            for name in SHOWN
            if name in self.amounts
        )
        return f"{self.label}: {', '.join(said)}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A food that the person must not eat, or that nobody knows enough about to say that they may."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows, and what it doesn't."""

    plates: tuple[Plate, ...]
    left_out: tuple[LeftOut, ...] = ()
    unknown: tuple[str, ...] = ()

    def notes(self, *, shared: bool) -> tuple[str, ...]:
        """Return what is told beside the picture; where others read along, without why something is left out."""
        said = [
            say("chart_left_out_shared", name=item.name)
            if shared
            else say("chart_left_out", name=item.name, reason=item.reason)
            for item in self.left_out
        ]
        if self.unknown:
            said.append(say("chart_unknown", names=", ".join(self.unknown)))
        return tuple(said)


def foods_in(text: str) -> tuple[str, ...]:
    """Return the foods that are listed after `/chart`. Raises `BadInputError` that says how to write it."""
    separator = _COMMAS if _COMMAS.search(text) else _WORDS
    listed = [" ".join(_AND_LAST.sub("", name).strip(" .?!").split()) for name in separator.split(text)]
    names = tuple(dict.fromkeys(_titles_whole([name for name in listed if name])))
    if not names:
        raise BadInputError(say("chart_usage"))
    if len(names) > MOST_FOODS:
        raise BadInputError(say("chart_too_many", most=MOST_FOODS, number=len(names)))
    if any(len(name) > _LONGEST_NAME for name in names):
        raise BadInputError(say("chart_usage"))
    return names


async def chart_of(index: Index, names: Sequence[str], preferences: Preferences) -> Chart:
    """Look the foods up, and sort out those that the person must not be given. Raises what `search` raises."""
    plates: dict[str, Plate] = {}
    left_out: list[LeftOut] = []
    unknown: list[str] = []
    for name in names:
        passage = await _meant(index, name)
        if passage is None:
            unknown.append(name)
        elif (reason := _against(passage, preferences.restrictions)) is not None:
            left_out.append(LeftOut(name, reason))
        else:
            plates.setdefault(passage.id, _plate(passage))
    return Chart(tuple(plates.values()), tuple(left_out), tuple(unknown))


_COMMAS = re.compile(r"[,;\n]")
_WORDS = re.compile(r"\s+(?:and|or|vs\.?|versus|y|o|contra)\s+|\s*/\s*", re.IGNORECASE)
_AND_LAST = re.compile(r"^\s*(?:and|or|y|o)\s+", re.IGNORECASE)


def _titles_whole(listed: Sequence[str]) -> list[str]:
    """Put titles together that were cut at their own comma: 'Lentils', 'cooked' is 'cooked Lentils'."""
    names: list[str] = []
    for name in listed:
        if names and re.fullmatch(words("prepared"), name, re.IGNORECASE):
            names[-1] = f"{name} {names[-1]}"
        else:
            names.append(name)
    return names


async def _meant(index: Index, name: str) -> Passage | None:
    """Return the food that is meant when nothing but `name` is said: as it is eaten, and as little else as possible.

    It is looked up without restrictions: whoever names a food should hear why it isn't shown.
    """
    query = Query(name, limit=_LOOKED_AT, sought=Sought.FIGURES, kinds=(Kind.FOOD, Kind.RECIPE))
    wanted = significant_words(name)
    found = [
        passage
        for passage in await search(index, query, Preferences())
        if passage.per_100g and wanted <= significant_words(" ".join((passage.title, *passage.names)))
    ]
    return min(
        found, key=lambda passage: _distance(passage, wanted), default=None
    )  # of equals, the best match


def _distance(passage: Passage, wanted: frozenset[str]) -> tuple[bool, bool, int]:
    names = [significant_words(title) for title in (passage.title, *passage.names)]
    extra = names[0] - wanted
    unfit = len(extra & _ANOTHER_FOOD) + bool(extra & _UNCOOKED and _is_cooked_first(passage))
    return wanted not in names, not wanted <= names[0], unfit


def _is_cooked_first(passage: Passage) -> bool:
    contents = lexicon().contents(passage.contains or ())
    return bool(contents.everything & _COOKED_FIRST)


def _against(passage: Passage, restrictions: Restrictions) -> str | None:
    verdict = permits(passage.contains, passage.per_100g, restrictions)
    return None if verdict.answer is Answer.YES else reason_text(verdict.reason)


def _plate(passage: Passage) -> Plate:
    grams = passage.portion_g or _PORTIONLESS_G
    amounts = {name: passage.per_100g[name] * grams / 100 for name in SHOWN if name in passage.per_100g}
    portion = portion_text(passage.portion) if passage.portion and passage.portion_g else ""
    return Plate(passage.title, portion, grams, amounts)
