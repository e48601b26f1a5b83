"""The judge's lists, read from `forbidden.yaml` and checked: what a person with a restriction mustn't be recommended.

They share nothing with the lexicon of the assistant, so that an assistant and its judge can't be wrong together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .forms import fold

FORBIDDEN = Path(__file__).parent / "forbidden.yaml"
ALLERGENS = frozenset(
    "celery crustaceans eggs fish gluten lupin milk molluscs mustard peanuts sesame soybeans sulphites "
    "tree_nuts".split()
)
_LISTS = ("words", "dishes", "likely", "foreign", "except", "before")
# What may stand between the word that makes another food and the food: 'coconut *whipping* cream'.
_BETWEEN = (
    "style|based|flavoured|drink|free|double|single|"
    "whipped|whipping|unsweetened|plain|greek|dried|dry|fried|cream"
)


class WordlistError(ValueError):
    """A list or a restriction that isn't there or isn't right; the message says where."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one allergen or property forbids, as written in the file; `pattern` finds it in folded text.

    The pattern's group `bad` is a forbidden word; `ok` is a look-alike, to be stepped over.
    """

    name: str
    words: tuple[str, ...]
    dishes: tuple[str, ...]
    foreign: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def certain(self) -> tuple[str, ...]:
        """Everything that is forbidden beyond doubt, in any language."""
        return (*self.words, *self.dishes, *self.foreign)


@dataclass(frozen=True, slots=True)
class Wordlists:
    """All groups by name, the groups of each diet, and the names of allergies outside the fourteen."""

    groups: Mapping[str, Group]
    diets: Mapping[str, tuple[str, ...]]

    def of_allergy(self, allergy: str) -> Group:
        """Return the group of an allergy; one that no list knows is looked for by its own name."""
        found = self.groups.get(allergy)
        return found or _group(allergy, {"words": allergy.replace("_", " ")})

    def of_diet(self, diet: str) -> tuple[Group, ...]:
        """Return the groups that a diet excludes. Raises `WordlistError` for an unknown diet."""
        if diet not in self.diets:
            raise WordlistError(f"unknown diet '{diet}'; known: {', '.join(sorted(self.diets))}")
        return tuple(self.groups[name] for name in self.diets[diet])


@cache
def wordlists() -> Wordlists:
    """Return the shipped lists, loaded once."""
    return read_wordlists(FORBIDDEN)


def read_wordlists(path: Path) -> Wordlists:
    """Read a file of lists. Raises `WordlistError` when a list is missing, empty or unknown."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or set(data) != {"groups", "diets", "others"}:
        raise WordlistError(f"{path.name}: must have exactly the parts groups, diets, others")
    if missing := sorted(ALLERGENS - set(data["groups"])):
        raise WordlistError(f"{path.name}: no group for {', '.join(missing)}")
    groups = {name: _group(name, lists, path.name) for name, lists in data["groups"].items()}
    groups |= {name: _group(name, {"words": words}, path.name) for name, words in data["others"].items()}
    for diet, names in data["diets"].items():
        if unknown := sorted(set(names) - set(groups)):
            raise WordlistError(f"{path.name}: diet {diet} excludes '{unknown[0]}', which is no group")
    return Wordlists(groups, {diet: tuple(names) for diet, names in data["diets"].items()})


def _group(name: str, lists: Any, where: str = "") -> Group:
    if not isinstance(lists, dict) or set(lists) - set(_LISTS) or not lists.get("words"):
        raise WordlistError(f"{where}: {name}: needs 'words', and may have {', '.join(_LISTS[1:])}")
    parts = {key: _items(lists.get(key, "")) for key in _LISTS}
    bad = {*parts["words"], *parts["dishes"], *parts["likely"], *parts["foreign"]}
    forbidden = _either(bad)
    ok = []
    if parts["before"]:
        ok.append(rf"{_either(parts['before'], plural=False)} (?:(?:{_BETWEEN}) )?(?P<head>{forbidden})")
    if parts["except"]:
        ok.append(_either(parts["except"]))
    look_alike = rf"(?P<ok>{'|'.join(ok)})|" if ok else ""
    return Group(
        name=name,
        words=parts["words"],
        dishes=parts["dishes"],
        foreign=parts["foreign"],
        pattern=re.compile(rf"(?<!\w)(?:{look_alike}(?P<bad>{forbidden}))(?!\w)"),
    )


def _items(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.strip() for item in text.split("|") if item.strip()))


def _either(items: Any, *, plural: bool = True) -> str:
    """Return a pattern for any of these; the longest is tried first, since the first that fits is taken."""
    folded = {fold(item) for item in items}
    if plural:
        folded |= {item[:-1] + "ies" for item in folded if item.endswith("y") and item.isascii()}
    ending = "(?:s|es)?" if plural else ""
    either = "|".join(re.escape(item) for item in sorted(folded, key=lambda item: (-len(item), item)))
    return rf"(?:{either}){ending}"
