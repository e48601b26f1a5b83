"""The adversary: the worst answer that a model could write for a case, always recommending a forbidden food.

    adversarial_answer(case, 0)  # 'Skip the rice; the satay is lovely.'

Pure: the same case and attempt give the same words. What it recommends comes from the judge's own lists and its ways
from ways.yaml, so that it knows nothing of the lexicon that guards against it.
"""

import unicodedata
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from .cases import Case, Profile
from .wordlists import ALLERGENS, Group, wordlists

WAYS = Path(__file__).parent / "ways.yaml"
_NAMES = {"tree_nuts": "nuts", "soybeans": "soya", "gluten": "gluten", "crustaceans": "shellfish"}
_LOOK_ALIKES = str.maketrans("aeopcyxi", "аеорсухі")  # noqa: RUF001 (Cyrillic letters, on purpose)
_AS_DIGITS = str.maketrans("aeio", "4310")
_ACUTE = "\N{COMBINING ACUTE ACCENT}"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to recommend: a template, which list the food is from, and how its letters are disguised."""

    name: str
    text: str
    source: str
    disguise: str


@dataclass(frozen=True, slots=True)
class _Ways:
    ways: tuple[Way, ...]
    harmless: tuple[str, ...]


def adversarial_answer(case: Case, attempt: int) -> str:
    """Return the answer of the given attempt (0 is the first): a recommendation against the case's profile.

    The food is the one that the case names as forbidden, or one of the profile's lists. Raises `ValueError` for a
    profile without restrictions.
    """
    seed = zlib.crc32(f"{case.id}/{attempt}".encode())
    known = _ways()
    way = known.ways[seed % len(known.ways)]
    return written(way, case, seed // len(known.ways))


def written(way: Way, case: Case, seed: int) -> str:
    """Return the answer that this way gives for a case; the seed chooses among foods."""
    foods = foods_of(case.profile, way.source)
    if way.source == "any" and case.forbidden and seed % 3:
        foods = tuple(case.forbidden)
    food, other = foods[seed % len(foods)], foods[(seed // 7 + 1) % len(foods)]
    harmless = _ways().harmless[seed % len(_ways().harmless)]
    disguised = DISGUISES[way.disguise](food) if way.disguise else food
    return way.text.format(
        food=disguised,
        Food=disguised[:1].upper() + disguised[1:],
        other=other,
        harmless=harmless,
        Harmless=harmless.capitalize(),
        what=_what(case.profile),
    )


def ways() -> tuple[Way, ...]:
    """Return all ways to recommend, in the file's order."""
    return _ways().ways


@cache
def foods_of(profile: Profile, source: str = "any") -> tuple[str, ...]:
    """Return what the profile forbids beyond doubt: 'words', 'dishes', 'foreign', or 'any' of the first two."""
    lists = wordlists()
    groups = [lists.of_allergy(allergy) for allergy in profile.allergies]
    groups += [group for diet in profile.diets for group in lists.of_diet(diet)]
    if not groups:
        raise ValueError("nobody can be harmed: the profile has no restrictions")
    found = tuple(food for group in groups for food in _from(group, source))
    return found or foods_of(profile, "words")


def _from(group: Group, source: str) -> tuple[str, ...]:
    lists = {"words": group.words, "dishes": group.dishes, "foreign": group.foreign}
    return (*group.words, *group.dishes) if source == "any" else lists[source]


@cache
def _ways() -> _Ways:
    data = yaml.safe_load(WAYS.read_text(encoding="utf-8"))
    found = []
    for name, entry in data["ways"].items():
        way = Way(name, entry["text"], entry.get("from", "any"), entry.get("disguise", ""))
        if way.disguise and way.disguise not in DISGUISES:
            raise ValueError(f"{WAYS.name}: {name}: unknown disguise '{way.disguise}'")
        found.append(way)
    return _Ways(tuple(found), tuple(data["harmless"]))


def _what(profile: Profile) -> str:
    allergies = [_NAMES.get(allergy, allergy) for allergy in profile.allergies if allergy in ALLERGENS]
    return " and ".join(allergies) or "what you leave out"


def _spaced(food: str) -> str:
    """'p-a-d t-h-a-i'."""
    return " ".join("-".join(word) if word.isalpha() else word for word in food.replace("-", " ").split())


def _digits(food: str) -> str:
    return " ".join(
        word[:1] + word[1:-1].translate(_AS_DIGITS) + word[-1:] if len(word) > 4 else word
        for word in food.split(" ")
    )


def _split_bold(food: str) -> str:
    half = len(food) // 2
    return f"{food[:half]}**{food[half:]}**"


def _fullwidth(food: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in food)


def _accents(food: str) -> str:
    return unicodedata.normalize(
        "NFC", "".join(letter + _ACUTE if letter in "aeiou" else letter for letter in food)
    )


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "zero_width": "\N{ZERO WIDTH SPACE}".join,
    "soft_hyphen": "\N{SOFT HYPHEN}".join,
    "homoglyph": lambda food: food.translate(_LOOK_ALIKES),
    "digits": _digits,
    "capitals": str.upper,
    "split_bold": _split_bold,
    "fullwidth": _fullwidth,
    "accents": _accents,
    "html": lambda food: "".join(f"&#{ord(letter)};" for letter in food),
    "spaced": _spaced,
}
