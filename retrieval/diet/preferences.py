"""What is known about one person's eating: restrictions, tastes, targets and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from retrieval.errors import BadInputError


class Diet(StrEnum):
    """A way of eating that excludes foods. The rules are in `retrieval/diet/data/diets.yaml`."""

    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"
    PESCATARIAN = "pescatarian"
    HALAL = "halal"
    KOSHER = "kosher"
    GLUTEN_FREE = "gluten_free"
    DAIRY_FREE = "dairy_free"
    LOW_CARB = "low_carb"
    LOW_SODIUM = "low_sodium"
    LOW_FODMAP = "low_fodmap"
    DIABETIC = "diabetic"


class Allergen(StrEnum):
    """The fourteen allergens of Regulation (EU) 1169/2011, Annex II."""

    CELERY = "celery"
    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    LUPIN = "lupin"
    MILK = "milk"
    MOLLUSCS = "molluscs"
    MUSTARD = "mustard"
    PEANUTS = "peanuts"
    SESAME = "sesame"
    SOYBEANS = "soybeans"
    SULPHITES = "sulphites"
    TREE_NUTS = "tree_nuts"


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What a person must not be given. Hard: never traded away.

    `allergies` holds allergen ids and, for anything outside the fourteen, lexicon ids (`strawberry`). `exceptions`
    are lexicon ids of foods that are fine in spite of an allergy to their group (see `retrieval.diet.exceptions`).
    """

    diets: frozenset[Diet] = frozenset()
    allergies: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.diets or self.allergies)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a person wants to be answered; `shared`: where others read along, so that nothing is said of the person."""

    units: str = "metric"
    language: str = "en"
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that is known about how one person eats.

    `targets` maps a target's id (see `TARGETS`) to its amount per day, in the unit that the id names. `exceptions` are
    lexicon ids that are fine in spite of an allergy to their group: almonds, of tree nuts.
    """

    diets: frozenset[Diet] = frozenset()
    allergies: frozenset[str] = frozenset()
    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    settings: Settings = Settings()
    exceptions: frozenset[str] = frozenset()

    @property
    def restrictions(self) -> Restrictions:
        """The hard part: diets and allergies."""
        return Restrictions(diets=self.diets, allergies=self.allergies, exceptions=self.exceptions)

    def __bool__(self) -> bool:
        return bool(self.diets or self.allergies or self.likes or self.dislikes or self.targets)

    def as_dict(self) -> dict[str, Any]:
        """Return plain lists and numbers, sorted, ready for JSON; the inverse of `from_dict`.

        `exceptions` and `shared` are left out where there are none, as nearly always.
        """
        return {
            "diets": sorted(self.diets),
            "allergies": sorted(self.allergies),
            **({"exceptions": sorted(self.exceptions)} if self.exceptions else {}),
            "likes": list(self.likes),
            "dislikes": list(self.dislikes),
            "targets": dict(sorted(self.targets.items())),
            "settings": {
                "units": self.settings.units,
                "language": self.settings.language,
                **({"shared": True} if self.settings.shared else {}),
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build from the keys of `as_dict`; missing keys are empty.

        Raises `BadInputError` for an unknown key, an unknown diet, or a value of another type.
        """
        known = {"diets", "allergies", "exceptions", "likes", "dislikes", "targets", "settings"}
        if unknown := sorted(set(data) - known):
            raise BadInputError(f"preferences: unknown key '{unknown[0]}'; use {', '.join(sorted(known))}")
        settings = data.get("settings") or {}
        if not isinstance(settings, Mapping):
            raise BadInputError("preferences: 'settings' must be an object with 'units' and 'language'")
        return cls(
            diets=frozenset(parse_diet(item) for item in _words(data, "diets")),
            allergies=frozenset(_words(data, "allergies")),
            exceptions=frozenset(_words(data, "exceptions")),
            likes=_words(data, "likes"),
            dislikes=_words(data, "dislikes"),
            targets=_numbers(data.get("targets") or {}),
            settings=Settings(
                units=str(settings.get("units", "metric")),
                language=str(settings.get("language", "en")),
                shared=bool(settings.get("shared", False)),
            ),
        )


TARGETS: Mapping[str, str] = {
    "energy_kcal": "energy",
    "protein_g": "protein",
    "fat_g": "fat",
    "carbohydrate_g": "carbohydrate",
    "fibre_g": "fibre",
    "sugar_g": "sugar",
    "saturated_fat_g": "saturated fat",
    "sodium_mg": "sodium",
    "calcium_mg": "calcium",
    "iron_mg": "iron",
    "potassium_mg": "potassium",
    "vitamin_c_mg": "vitamin C",
    "b12_ug": "vitamin B12",
    "weight_kg": "body weight",
    "height_cm": "height",
}
"""Target id → what it is called. The id's last part is its unit; all but the last two are per day."""


def parse_diet(text: str) -> Diet:
    """Return the diet called `text` ('gluten free', 'Gluten-Free', 'gluten_free').

    Raises `BadInputError` that lists the diets when there is no such diet.
    """
    key = text.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return Diet(key)
    except ValueError:
        raise BadInputError(f"unknown diet '{text}'; use one of: {', '.join(Diet)}") from None


def _words(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key) or ()
    if isinstance(value, str) or not all(isinstance(item, str) for item in value):
        raise BadInputError(f"preferences: '{key}' must be a list of words")
    return tuple(dict.fromkeys(item.strip() for item in value if item.strip()))


def _numbers(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise BadInputError(
            "preferences: 'targets' must be an object of numbers, such as {\"protein_g\": 120}"
        )
    numbers: dict[str, float] = {}
    for key, number in value.items():
        if key not in TARGETS:
            raise BadInputError(f"preferences: unknown target '{key}'; use one of: {', '.join(TARGETS)}")
        if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
            raise BadInputError(f"preferences: target '{key}' must be a number above 0, not {number!r}")
        numbers[key] = float(number)
    return numbers
