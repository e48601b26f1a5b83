"""The rules of the diets, read from `retrieval/diet/data/diets.yaml` and checked on load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from retrieval.diet.preferences import Allergen, Diet
from retrieval.errors import BadInputError

DIETS = Path(__file__).parent / "data" / "diets.yaml"

ALLERGENS = frozenset(str(allergen) for allergen in Allergen)

PROPERTIES = frozenset(
    """added_sugar alcohol alcohol_trace animal animal_trace blood gelatine high_fodmap honey insect meat
    no_scales not_kosher pork poultry rennet""".split()
)
"""What an ingredient can bring besides allergens.

`animal` is made from slaughtered animals (lard, gelatine), `animal_trace` may be (E471); `alcohol_trace` is a
remainder (vanilla extract); `no_scales` is fish without fins and scales; `not_kosher` is another animal that kosher
rules leave out; `added_sugar` counts honey and syrups. Milk, eggs, fish and shellfish are allergens' ids.
"""

_KEYS = frozenset({"names", "excludes", "asks", "together", "at_most", "source"})


@dataclass(frozen=True, slots=True)
class DietRule:
    """One diet: its names, and what answers no (`excludes`, `together`, `at_most`) or unknown (`asks`).

    `excludes` and `asks` hold allergens and properties; `at_most` maps a figure to its limit per 100 g.
    """

    diet: Diet
    names: tuple[str, ...]
    excludes: frozenset[str]
    asks: frozenset[str]
    together: tuple[frozenset[str], ...]
    at_most: Mapping[str, float]
    source: str

    @property
    def needs_ingredients(self) -> bool:
        """Whether figures alone can't answer for this diet."""
        return bool(self.excludes or self.asks or self.together)


@cache
def rules() -> Mapping[Diet, DietRule]:
    """Return the rule of every diet, loaded once."""
    return read_rules(DIETS)


def read_rules(path: Path) -> dict[Diet, DietRule]:
    """Read a file of diet rules.

    Raises `BadInputError` for an unknown or missing diet, a key or a property that doesn't exist, or no source.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
    except yaml.YAMLError as error:
        raise BadInputError(f"{path.name}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict) or set(data) != set(Diet):
        raise BadInputError(f"{path.name}: must have exactly the diets {', '.join(Diet)}")
    return {diet: _rule(path, diet, data[diet]) for diet in Diet}


def _rule(path: Path, diet: Diet, entry: Any) -> DietRule:
    where = f"{path.name}: {diet}"
    if not isinstance(entry, dict) or (unknown := sorted(set(entry) - _KEYS)):
        wrong = f"unknown key '{unknown[0]}'" if isinstance(entry, dict) else "not a mapping"
        raise BadInputError(f"{where}: {wrong}; use {', '.join(sorted(_KEYS))}")
    if not entry.get("source") or not entry.get("names"):
        raise BadInputError(f"{where}: 'source' and 'names' must be given")
    together = tuple(_known(where, pair) for pair in entry.get("together", ()))
    return DietRule(
        diet=diet,
        names=tuple(name for line in entry["names"] for name in line.split("|")),
        excludes=_known(where, entry.get("excludes", ())),
        asks=_known(where, entry.get("asks", ())),
        together=together,
        at_most={str(figure): float(limit) for figure, limit in entry.get("at_most", {}).items()},
        source=str(entry["source"]),
    )


def _known(where: str, values: Any) -> frozenset[str]:
    found = frozenset(values)
    if unknown := sorted(found - ALLERGENS - PROPERTIES):
        raise BadInputError(f"{where}: '{unknown[0]}' is neither an allergen nor a property of the lexicon")
    return found
