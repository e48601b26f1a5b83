"""The words by which names are told from foods and from other words: `data/*.yaml`, the lexicon, the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from retrieval.diet.lexicon import lexicon
from retrieval.diet.words import Name, Names, split
from retrieval.knowledge.catalogue import load_catalogue
from retrieval.knowledge.documents import Food, Recipe
from training.dataset.redaction.forms import forms, plain

_DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "de", "es", "ru")


@dataclass(frozen=True, slots=True)
class Cues:
    """Words around names.

    `before` has (words, strength) under the last word of each phrase, longest first; `triggers` has one word of each
    phrase, not the commonest; `announcing` all of these words.
    """

    before: Mapping[str, tuple[tuple[Name, int], ...]]
    triggers: frozenset[str]
    relations: frozenset[str]
    possessives: frozenset[str]
    closers: frozenset[str]
    titles: frozenset[str]
    fillers: frozenset[str]
    after: frozenset[str]
    also_after: frozenset[Name]
    doing: frozenset[str]
    asking: frozenset[str]
    prepositions: frozenset[str]
    living: frozenset[str]
    and_i: frozenset[Name]
    not_before_names: frozenset[str]
    not_names: frozenset[str]
    german_words: frozenset[str]
    announcing: frozenset[str]


@dataclass(frozen=True, slots=True)
class WordLists:
    """What is a name and what a food.

    `first_names` has the name under each of its forms. `ambiguous` are names that are words or foods by themselves,
    `in_foods` those that stand in the names of foods ("Graham crackers"). `dishes` are words that names of foods end
    in, `familiar` those in names of foods.
    """

    first_names: Mapping[str, str]
    surnames: frozenset[str]
    ambiguous: frozenset[str]
    in_foods: frozenset[str]
    phrases: Names
    dishes: frozenset[str]
    cues: Cues
    triggers: frozenset[str]
    familiar: frozenset[str]


WEAK, STRONG, CERTAIN = 1, 2, 3
_NOT_DISHES = frozenset("eat plan hot cook take drink make day".split())  # as in "ready to eat"


@cache
def word_lists(languages: tuple[str, ...] = LANGUAGES) -> WordLists:
    """Load the lists for names of `languages` and of elsewhere, once."""
    names = _yaml("names.yaml")
    brands, foods = _food_names()
    phrases = {tuple(word for word, _, _ in split(food)): "food" for food in brands | foods}
    phrases.pop((), None)
    phrases |= {(*name[:-1], f"{name[-1]}s"): "food" for name in phrases if len(name) > 1}
    alone = {plain(food) for food in foods if " " not in food}
    dishes = frozenset(plain(food.split()[-1].strip(",.()")) for food in foods)
    in_foods = {plain(word) for food in brands | foods for word in food.split()}
    first_names: dict[str, str] = {}
    for language in (*languages, "other"):
        for name in map(plain, names[language].split()):
            for form in forms(name):
                first_names.setdefault(form, name)
            first_names[name] = name
    words = {form for name in map(plain, names["words"].split()) for form in forms(name)}
    ambiguous = frozenset(form for form in first_names if form in words or form in alone)
    cues = _cues()
    return WordLists(
        first_names=first_names,
        surnames=frozenset(form for name in names["surnames"].split() for form in forms(plain(name))),
        ambiguous=ambiguous,
        in_foods=frozenset(form for form in first_names if form in in_foods) - ambiguous,
        phrases=Names(phrases),
        dishes=dishes
        - frozenset(first_names)
        - cues.prepositions
        - cues.not_before_names
        - cues.fillers
        - _NOT_DISHES,
        cues=cues,
        familiar=(cues.not_names | in_foods) - frozenset(first_names),
        triggers=frozenset(first_names) | cues.triggers | cues.relations | cues.titles | cues.closers,
    )


def _yaml(name: str) -> dict[str, str]:
    loaded: dict[str, str] = yaml.load((_DATA / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def _food_names() -> tuple[set[str], set[str]]:
    """Return the brands and the foods."""
    known = lexicon()
    catalogue = load_catalogue()
    written = {
        part: {name.strip() for name in names.split(",")} for part, names in _yaml("foods.yaml").items()
    }
    brands = written.pop("brands")
    names = set().union(*written.values())
    for key in known:
        names.update((key.replace("_", " "), *known[key].names))
    items: list[Food | Recipe] = [*catalogue.foods, *catalogue.recipes]
    for item in items:
        names.update((item.title, *item.names))
    return brands, {name for name in names if name}


def _cues() -> Cues:
    data: dict[str, str | list[str]] = dict(_yaml("cues.yaml"))
    before: dict[str, list[tuple[Name, int]]] = {}
    triggers = set()
    for section, strength in (("introductions", STRONG), ("weak", WEAK)):
        for phrase in data[section]:
            *first, last = map(plain, phrase.split())
            triggers.add(max((*first, last), key=len))
            before.setdefault(last, []).append((tuple(first), strength))
    words = {
        section: _folded(data[section])
        for section in (
            "relations possessives closers titles fillers after doing asking prepositions living not_before_names"
            " not_names german_words".split()
        )
    }
    return Cues(
        before={last: tuple(sorted(found, key=lambda cue: -len(cue[0]))) for last, found in before.items()},
        triggers=frozenset(triggers),
        also_after=_phrases(data["also_after"]),
        and_i=_phrases(data["and_i"]),
        announcing=frozenset(before) | words["titles"] | words["relations"] | words["closers"],
        **words,
    )


def _phrases(phrases: Iterable[str]) -> frozenset[Name]:
    return frozenset(tuple(map(plain, phrase.split())) for phrase in phrases)


def _folded(words: str | Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, words.split() if isinstance(words, str) else words))
