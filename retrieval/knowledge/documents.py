"""The three kinds of document in the knowledge base, and the passage that retrieval returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of document a passage comes from."""

    FOOD = "food"
    RECIPE = "recipe"
    NOTE = "note"


NUTRIENTS: Mapping[str, tuple[str, str]] = {
    "energy_kcal": ("energy", "kcal"),
    "protein_g": ("protein", "g"),
    "fat_g": ("fat", "g"),
    "carbohydrate_g": ("carbohydrate", "g"),
    "fibre_g": ("fibre", "g"),
    "sugar_g": ("sugar", "g"),
    "saturated_fat_g": ("saturated fat", "g"),
    "sodium_mg": ("sodium", "mg"),
    "calcium_mg": ("calcium", "mg"),
    "iron_mg": ("iron", "mg"),
    "potassium_mg": ("potassium", "mg"),
    "vitamin_c_mg": ("vitamin C", "mg"),
    "b12_ug": ("vitamin B12", "µg"),
}
"""Figure id → (name, unit), in the order that labels list them. An absent figure is unknown, never zero."""


@dataclass(frozen=True, slots=True)
class Food:
    """Something one eats, with figures per 100 g.

    `contains` are lexicon ids of everything in it, `None` when that isn't known. `facts` are per 100 g.
    """

    id: str
    title: str
    names: tuple[str, ...]
    category: str
    contains: tuple[str, ...] | None
    portion: str
    portion_g: float | None
    fdc_id: int
    release: str
    facts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RecipeIngredient:
    """One line of a recipe: `grams` of the food `food` (its id), as `amount` in household units."""

    food: str
    grams: float
    amount: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A dish in our own words. Its figures are computed from its foods, never typed."""

    id: str
    title: str
    names: tuple[str, ...]
    servings: int
    minutes: int
    cuisine: str
    meal: str
    tags: tuple[str, ...]
    ingredients: tuple[RecipeIngredient, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A short text of advice with its source.

    `avoids` are lexicon ids that the note speaks of only to tell how to avoid them: a note on reading
    labels with a peanut allergy names peanuts, and is meant for exactly that person.
    """

    id: str
    title: str
    names: tuple[str, ...]
    organisation: str
    document: str
    year: int
    reviewed: str
    avoids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where documents come from, kept with each of them.

    `id` names the collection ('usda-foundation'): what is added again under the same id replaces what it was.
    """

    id: str
    name: str
    release: str
    licence: str


class Says(StrEnum):
    """What a document's `label` is, and so how its contents are read from it."""

    IDS = "ids"
    """Nothing to read: `stated` is all of it, as chosen by us."""

    LIST = "list"
    """An ingredient list as printed on a pack: 'Wheat flour, sugar, palm oil (12 %), salt'."""

    LINES = "lines"
    """A recipe's ingredients, one a line: '2 cups flour'."""

    NAME = "name"
    """The name of a food that is one ingredient: 'Lentils, mature seeds, cooked, boiled'."""

    TEXT = "text"
    """Prose: it contains whatever it speaks of."""

    NOTHING = "nothing"
    """The source doesn't say what is in it: unknown."""


@dataclass(frozen=True, slots=True)
class Record:
    """One passage as a loader read it, and what its source says of its contents.

    `passage.contains` doesn't count: the lexicon decides it from `label` (read as `says` tells) united with `stated`,
    the lexicon ids that the source names elsewhere: its own tags, 'may contain', a recipe's steps. `key` is the same
    for two records of the same thing from two sources ('fdc:172421'), `modified` the source's time of change in
    seconds since 1970: an older one never replaces a newer one.
    """

    passage: "Passage"
    origin: Origin
    says: Says
    label: str = ""
    stated: tuple[str, ...] = ()
    key: str = ""
    modified: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that retrieval returns, and the model and the person see.

    `facts` are per `basis` ('100 g', 'serving', '' for notes), `per_100g` per 100 g whatever the basis, since
    diets are ruled by that. `portion_g` is the weight of a household portion or serving, `None` when unknown.
    `score` is higher for better.
    """

    id: str
    kind: Kind
    title: str
    text: str
    facts: Mapping[str, float] = field(default_factory=dict)
    basis: str = ""
    per_100g: Mapping[str, float] = field(default_factory=dict)
    portion: str = ""
    portion_g: float | None = None
    source: str = ""
    names: tuple[str, ...] = ()
    contains: tuple[str, ...] | None = None
    score: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as plain values, for JSON and for the snapshot stored with a turn."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "title": self.title,
            "text": self.text,
            "facts": dict(self.facts),
            "basis": self.basis,
            "per_100g": dict(self.per_100g),
            "portion": self.portion,
            "portion_g": self.portion_g,
            "source": self.source,
            "names": list(self.names),
            "contains": None if self.contains is None else list(self.contains),
            "score": self.score,
        }
