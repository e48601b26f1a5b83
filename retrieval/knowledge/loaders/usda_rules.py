"""How FoodData Central's tables are read, from `retrieval/knowledge/labels/usda.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS

USDA_RULES = Path(__file__).parents[1] / "labels" / "usda.yaml"

_SINGLE_KEYS = frozenset({"drop", "only", "except"})


@dataclass(frozen=True, slots=True)
class Single:
    """A category of foods that are one ingredient; see the file for `drop`, `only` and `but`."""

    drop: tuple[str, ...]
    only: tuple[str, ...]
    but: tuple[str, ...]

    def name(self, description: str) -> str | None:
        """Return the part of `description` that names the ingredient; `None` when it isn't one."""
        if self.only and not description.startswith(self.only):
            return None
        if self.but and description.startswith(self.but):
            return None
        head, comma, rest = description.partition(",")
        return rest.strip() if comma and head in self.drop else description


@dataclass(frozen=True, slots=True)
class UsdaRules:
    """`nutrients` maps figures to nutrient ids, the best first; `single` categories to how they are read."""

    nutrients: Mapping[str, tuple[str, ...]]
    single: Mapping[str, Single]

    @property
    def nutrient_ids(self) -> frozenset[str]:
        """All nutrient ids that give a figure."""
        return frozenset(key for keys in self.nutrients.values() for key in keys)


@cache
def usda_rules() -> UsdaRules:
    """Return the shared rules, loaded once."""
    return read_usda_rules(USDA_RULES)


def read_usda_rules(path: Path) -> UsdaRules:
    """Read a file of rules. Raises `BadInputError` for a figure or a key that doesn't exist."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
        nutrients = {
            key: tuple(str(number) for number in numbers) for key, numbers in data["nutrients"].items()
        }
        single = {category: dict(how) for category, how in data["single"].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadInputError(f"{path.name}: can't be read: {' '.join(str(error).split())}") from error
    if set(nutrients) != set(NUTRIENTS):
        raise BadInputError(f"{path.name}: nutrients: must have exactly {', '.join(NUTRIENTS)}")
    for category, how in single.items():
        if unknown := sorted(set(how) - _SINGLE_KEYS):
            raise BadInputError(f"{path.name}: {category}: unknown key '{unknown[0]}'")
    return UsdaRules(
        nutrients=nutrients,
        single={
            category: Single(
                tuple(how.get("drop", ())), tuple(how.get("only", ())), tuple(how.get("except", ()))
            )
            for category, how in single.items()
        },
    )
