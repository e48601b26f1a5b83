"""The ingredients we know, what each one brings, and where a text names them.

The data is `retrieval/diet/data/lexicon.csv`. Its columns:

- `id`: a lower-case singular name, or the id of an allergen. It is itself a name of the ingredient.
- `names`: other names, separated by `|`. Regular English plurals of the last word come by themselves.
- `parents`: ids of what it is or is made of; everything that these bring is inherited.
- `carries`: the allergens and properties that it brings itself. `-x` says that an inherited `x` isn't in it
  (fully refined soybean oil brings no soybeans). `~x` says that the word may also mean `x` ("nuts" may be
  peanuts). `group` says that the word stands for several things, and may mean any of them.
- `source`: where an unusual rule comes from.

The row `no_food` holds phrases that contain the name of a food and mean none ("blood sugar").
"""

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.diet.preferences import Diet
from retrieval.diet.rules import ALLERGENS, PROPERTIES, DietRule, rules
from retrieval.diet.words import Names, name_variants, split
from retrieval.errors import BadInputError

LEXICON = Path(__file__).parent / "data" / "lexicon.csv"

_NO_FOOD = "no_food"
_SUGGESTIONS = 3
_CLOSE = 0.75
_LONGEST = 40  # characters of a name that is looked up by likeness
_SLIPS = 3


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One row of the lexicon. `carries` is what it brings itself, without what it inherits.

    `lacks` are inherited things that aren't in it; `may_be` is what its word may also mean; `is_group` marks
    a word for several things.
    """

    id: str
    names: tuple[str, ...]
    parents: tuple[str, ...]
    carries: frozenset[str]
    lacks: frozenset[str] = frozenset()
    may_be: frozenset[str] = frozenset()
    is_group: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where an ingredient is named: `text[start:end] == name`."""

    ingredient: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a food: `ingredients` with everything that they are or are made of, allergens, properties."""

    ingredients: frozenset[str]
    allergens: frozenset[str]
    properties: frozenset[str]

    @property
    def everything(self) -> frozenset[str]:
        """Ingredients, allergens and properties in one set, for asking whether one of them is in it."""
        return self.ingredients | self.allergens | self.properties


class Lexicon:
    """All ingredients and the names of the diets. Get the shared one from `lexicon()`."""

    def __init__(
        self,
        *,
        ingredients: Mapping[str, Ingredient],
        contents: Mapping[str, Contents],
        names: Names,
        diets: Names,
    ) -> None:
        self._ingredients = ingredients
        self._contents = contents
        self._names = names
        self._diets = diets

    def __getitem__(self, key: str) -> Ingredient:
        return self._ingredients[key]

    def __contains__(self, key: object) -> bool:
        return key in self._ingredients

    def __len__(self) -> int:
        return len(self._ingredients)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return every ingredient named in `text`, in order; "peanut butter" is one mention, never butter too.

        Words are compared without case, accents, invisible characters and look-alike letters, and a name
        never runs over punctuation or the end of a line.
        """
        return tuple(
            Mention(ingredient=value, start=start, end=end, name=text[start:end])
            for value, start, end in self._names.find(text)
            if value != _NO_FOOD
        )

    def resolve(self, name: str) -> str | None:
        """Return the id for exactly this name ('Groundnuts' → 'peanuts'), or `None`."""
        found = self._names.exact(name)
        return None if found == _NO_FOOD else found

    def suggest(self, name: str) -> tuple[str, ...]:
        """Return up to three ids whose names look like `name`, closest first."""
        wanted = " ".join(word for word, _, _ in split(name))[:_LONGEST]
        owners = {
            name.lower(): item.id
            for item in self._ingredients.values()
            for name in item.names
            if item.id != _NO_FOOD and abs(len(name) - len(wanted)) <= _SLIPS
        }
        close = difflib.get_close_matches(wanted, owners, n=_SUGGESTIONS * 2, cutoff=_CLOSE)
        return tuple(dict.fromkeys(owners[name] for name in close))[:_SUGGESTIONS]

    def contents(self, ids: Iterable[str]) -> Contents:
        """Return what foods made of the ingredients `ids` contain. Raises `BadInputError` for an unknown id."""
        parts = [self.contents_of(key) for key in ids]
        return Contents(
            ingredients=frozenset().union(*(part.ingredients for part in parts)),
            allergens=frozenset().union(*(part.allergens for part in parts)),
            properties=frozenset().union(*(part.properties for part in parts)),
        )

    def contents_of(self, key: str) -> Contents:
        """Return what one ingredient contains. Raises `BadInputError` for an unknown id."""
        try:
            return self._contents[key]
        except KeyError:
            close = self.suggest(key)
            hint = f"did you mean {' or '.join(close)}?" if close else "it has no row in lexicon.csv"
            raise BadInputError(f"unknown ingredient '{key}': {hint}") from None

    def __iter__(self) -> Iterator[str]:
        """Yield every ingredient's id."""
        return iter(self._ingredients)

    def allergies(self, key: str) -> frozenset[str]:
        """Return the allergies that an allergy to `key` is: 'shellfish' → crustaceans and molluscs, else itself.

        Raises `BadInputError` for an unknown id.
        """
        self.contents_of(key)
        item = self._ingredients[key]
        meant = item.carries & ALLERGENS if item.is_group and not item.parents else frozenset()
        return meant or frozenset({key})

    def diet(self, text: str) -> Diet | None:
        """Return the diet called exactly `text` ('plant-based' → vegan), or `None`."""
        found = self._diets.exact(text)
        return None if found is None else Diet(found)

    def find_diets(self, text: str) -> tuple[tuple[Diet, int, int], ...]:
        """Return (diet, start, end) of every diet named in `text`, in order."""
        return tuple((Diet(value), start, end) for value, start, end in self._diets.find(text))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, loaded once."""
    return read_lexicon(LEXICON, rules())


def read_lexicon(path: Path, diet_rules: Mapping[Diet, DietRule]) -> Lexicon:
    """Read a lexicon file.

    Raises `BadInputError` with file and line for a wrong column, an unknown parent or carry, a cycle, or a
    name that two ingredients share.
    """
    ingredients: dict[str, Ingredient] = {}
    lines: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, []) != ["id", "names", "parents", "carries", "source"]:
            raise BadInputError(f"{path.name} line 1: the columns must be id,names,parents,carries,source")
        for row in reader:
            where = f"{path.name} line {reader.line_num}"
            item = _ingredient(where, row)
            if item.id in ingredients:
                raise BadInputError(f"{where}: '{item.id}' is already on line {lines[item.id]}")
            ingredients[item.id], lines[item.id] = item, reader.line_num
    return Lexicon(
        ingredients=ingredients,
        contents=_all_contents(path, ingredients, lines),
        names=Names(_names(path, ingredients, lines)),
        diets=Names(_diet_names(diet_rules)),
    )


def _ingredient(where: str, row: list[str]) -> Ingredient:
    if not 4 <= len(row) <= 5:
        raise BadInputError(f"{where}: {len(row)} columns; expected id,names,parents,carries,source")
    key, names, parents, marks = row[0], _parts(row[1]), _parts(row[2]), _parts(row[3])
    if not key or not key.replace("_", "").isalnum() or key != key.lower():
        raise BadInputError(f"{where}: '{key}' is no id; use lower-case words joined by '_'")
    carries = frozenset(mark for mark in marks if mark[0] not in "-~" and mark != "group")
    if unknown := sorted(carries - ALLERGENS - PROPERTIES):
        raise BadInputError(f"{where}: '{key}' carries '{unknown[0]}', neither an allergen nor a property")
    return Ingredient(
        id=key,
        names=(key.replace("_", " "), *names),
        parents=parents,
        carries=carries,
        lacks=frozenset(mark[1:] for mark in marks if mark[0] == "-"),
        may_be=frozenset(mark[1:] for mark in marks if mark[0] == "~"),
        is_group="group" in marks,
        source=row[4] if len(row) > 4 else "",
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _all_contents(
    path: Path, ingredients: Mapping[str, Ingredient], lines: Mapping[str, int]
) -> dict[str, Contents]:
    closed: dict[str, frozenset[str]] = {}
    for key in ingredients:
        _close(path, ingredients, lines, closed, (key,))
    return {key: _sorted_out(everything, ingredients) for key, everything in closed.items()}


def _close(
    path: Path,
    ingredients: Mapping[str, Ingredient],
    lines: Mapping[str, int],
    closed: dict[str, frozenset[str]],
    trail: tuple[str, ...],
) -> frozenset[str]:
    """Return, and remember in `closed`, the last of `trail` with all that it is, is made of, and brings."""
    key = trail[-1]
    if key in closed:
        return closed[key]
    item, where = ingredients[key], f"{path.name} line {lines[key]}"
    brought: set[str] = set()
    for parent in item.parents:
        if parent not in ingredients:
            raise BadInputError(f"{where}: '{key}' has the unknown parent '{parent}'; add a row for it")
        if parent in trail:
            circle = " → ".join((*trail[trail.index(parent) :], parent))
            raise BadInputError(f"{where}: '{parent}' is its own ancestor: {circle}")
        brought |= _close(path, ingredients, lines, closed, (*trail, parent))
    if unknown := sorted(item.lacks - brought):
        raise BadInputError(f"{where}: '{key}' lacks '{unknown[0]}', which no parent brings")
    if unknown := sorted(item.may_be - ingredients.keys()):
        raise BadInputError(f"{where}: '{key}' may be '{unknown[0]}', which has no row")
    closed[key] = frozenset((brought - item.lacks) | item.carries | {key})
    return closed[key]


def _sorted_out(everything: frozenset[str], ingredients: Mapping[str, Ingredient]) -> Contents:
    """Tell ingredients from properties. Some words are both: the row `meat` brings the property `meat`."""
    brought = frozenset().union(*(ingredients[key].carries for key in everything if key in ingredients))
    return Contents(
        ingredients=everything & ingredients.keys(),
        allergens=everything & ALLERGENS,
        properties=everything & PROPERTIES & brought,
    )


def _names(
    path: Path, ingredients: Mapping[str, Ingredient], lines: Mapping[str, int]
) -> dict[tuple[str, ...], str]:
    """Return every name and plural. A plural that somebody's own name equals yields to that name."""
    owners: dict[tuple[str, ...], str] = {}
    derived: dict[tuple[str, ...], str] = {}
    for key, item in ingredients.items():
        for name in item.names:
            variants = name_variants(name)
            owner = owners.setdefault(variants[0], key) if variants else None
            if owner != key:
                why = f"belongs to '{owner}' (line {lines[owner]})" if owner else "has no letters"
                raise BadInputError(f"{path.name} line {lines[key]}: the name '{name}' {why}")
            for other in variants[1:]:
                derived.setdefault(other, key)
    return {**derived, **owners}


def _diet_names(diet_rules: Mapping[Diet, DietRule]) -> dict[tuple[str, ...], str]:
    names: dict[tuple[str, ...], str] = {}
    for rule in diet_rules.values():
        for name in (rule.diet.value, *rule.names):
            for words in name_variants(name):
                if (owner := names.setdefault(words, rule.diet.value)) != rule.diet.value:
                    raise BadInputError(f"diets: the name '{name}' belongs to '{owner}' and '{rule.diet}'")
    return names
