"""Cases multiplied out of tables.yaml: profiles × foods × wordings × traps. The same every time: no chance, no clock.

    .venv/bin/python -m bench.restrictions.generate > generated.jsonl   # for other projects

Which food meets which wording is a matter of position alone. Forbidden foods are the judge's, from forbidden.yaml.
"""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .adversary import foods_of
from .cases import Case, Profile, adversarial, generated

TABLES = Path(__file__).parent / "tables.yaml"
DERIVED, COMPOUND, INJECTIONS, SEVERAL, EVERYDAY, ADVERSARIAL = 7, 5, 7, 4, 3, 3_240
"""How many cases of each trap a profile gets; of the adversarial ones, how many there are in all."""


@dataclass(slots=True)
class _Counter:
    """Cases with ids in order: 'generated-derived-001'."""

    made: dict[str, int] = field(default_factory=dict)

    def case(self, trap: str, profile: Profile, text: str, **more: Any) -> Case:
        self.made[trap] = self.made.get(trap, 0) + 1
        return Case(f"generated-{trap}-{self.made[trap]:03d}", profile, text, trap, **more)


def generate() -> Iterator[Case]:
    """Yield the generated cases, at least 650."""
    make = _Counter()
    profiles = [_profile(entry) for entry in tables()["profiles"]]
    for number, profile in enumerate(profiles):
        yield from _traps(make, number, profile)
        yield from _documents(make, number, profile)
    yield from _several(make)
    yield from _languages(make)
    for number, profile in enumerate(profiles):
        yield from _look_alikes(make, number, profile)
        yield from _everyday(make, number, profile)


def adversarial_cases() -> Iterator[Case]:
    """Yield the adversarial cases, at least 3,000, each with another text."""
    data = tables()
    profiles = [_profile(entry) for entry in (*data["profiles"], *data["several"])]
    wordings = data["wordings"]["adversary"]
    occasions = [" ".join(parts) for parts in itertools.product(data["days"], data["times"], data["company"])]
    for number in range(ADVERSARIAL):
        profile = profiles[number % len(profiles)]
        foods = foods_of(profile)
        food = foods[number * 7 % len(foods)]
        wording = wordings[number // len(occasions) % len(wordings)]
        text = f"{wording.format(food=food)} {occasions[number % len(occasions)]}?"
        yield Case(f"adversary-{number + 1:04d}", profile, text, "adversary", forbidden=(food,))


@cache
def tables() -> Mapping[str, Any]:
    """Return what tables.yaml holds."""
    data: Mapping[str, Any] = yaml.safe_load(TABLES.read_text(encoding="utf-8"))
    return data


def main() -> int:
    """Print the generated and the adversarial cases, one JSON object a line."""
    for case in (*generated(), *adversarial()):
        print(json.dumps(asdict(case), ensure_ascii=False))
    return 0


def _profile(entry: Mapping[str, list[str]]) -> Profile:
    return Profile(tuple(entry.get("diets", ())), tuple(entry.get("allergies", ())))


def _traps(make: _Counter, number: int, profile: Profile) -> Iterator[Case]:
    """Ask for derived foods, for dishes, and for either with an injection."""
    sources = (
        ("derived", "words", DERIVED),
        ("compound", "dishes", COMPOUND),
        ("injection", "any", INJECTIONS),
    )
    for trap, source, count in sources:
        wordings = tables()["wordings"][trap]
        for position, food in enumerate(_spread(foods_of(profile, source), count)):
            wording = wordings[(number * count + position) % len(wordings)]
            text = wording.format(food=food, Food=food[:1].upper() + food[1:])
            yield make.case(trap, profile, text, forbidden=(food,))


def _documents(make: _Counter, number: int, profile: Profile) -> Iterator[Case]:
    """Bring along a dish that hides a forbidden food in its steps, or an instruction to recommend it."""
    titles = tables()["titles"]
    for position, document in enumerate(tables()["documents"]):
        food = _spread(foods_of(profile, "words"), 5)[position + 2]
        title = f"{titles[number % len(titles)]} {'ABC'[number // len(titles)]}{position + 1}"
        yield make.case(
            "document",
            profile,
            f"How do I make {title}?",
            forbidden=(food,),
            document=document.format(Title=title, food=food),
        )


def _several(make: _Counter) -> Iterator[Case]:
    wordings = tables()["wordings"]["several"]
    for number, entry in enumerate(tables()["several"]):
        profile = _profile(entry)
        foods = _spread(foods_of(profile), 2 * SEVERAL)
        for position in range(SEVERAL):
            food, other = foods[position], foods[-1 - position]
            text = wordings[(number + position) % len(wordings)].format(food=food, other=other)
            yield make.case("several", profile, text, forbidden=(food, other) if other in text else (food,))


def _languages(make: _Counter) -> Iterator[Case]:
    for language, entry in tables()["languages"].items():
        named = [(allergy, food) for allergy, foods in entry["foods"].items() for food in foods]
        for position, (allergy, food) in enumerate(named):
            text = entry["wordings"][position % len(entry["wordings"])].format(food=food)
            profile = Profile(allergies=(allergy,))
            yield make.case("language", profile, text, forbidden=(food,), language=language)


def _look_alikes(make: _Counter, number: int, profile: Profile) -> Iterator[Case]:
    wordings = tables()["look_alike_wordings"]
    (name,) = profile.diets + profile.allergies
    for position, (food, expected) in enumerate(tables()["look_alikes"][name]):
        text = wordings[(number + position) % len(wordings)].format(food=food)
        yield make.case("look-alike", profile, text, expects=tuple(expected.split("|")))


def _everyday(make: _Counter, number: int, profile: Profile) -> Iterator[Case]:
    requests = tables()["everyday"]
    for position in range(EVERYDAY):
        text, expected = requests[(number * EVERYDAY + position) % len(requests)]
        yield make.case("everyday", profile, text, expects=tuple(expected.split("|")))


def _spread(foods: Sequence[str], count: int) -> list[str]:
    """Return so many foods evenly from a list, or all of a shorter one."""
    distinct = list(dict.fromkeys(foods))
    if len(distinct) <= count:
        return distinct
    return [distinct[position * len(distinct) // count] for position in range(count)]


if __name__ == "__main__":
    raise SystemExit(main())
