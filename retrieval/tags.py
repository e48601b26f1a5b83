"""What restrictions are filtered by: worked out from what a source says of a document's contents, by the lexicon."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import suitable_diets
from retrieval.diet.preferences import Allergen, Restrictions
from retrieval.diet.violations import violations
from retrieval.knowledge.contents import Found, contents_of
from retrieval.knowledge.documents import Kind, Says

_ALL_ALLERGIES = Restrictions(allergies=frozenset(Allergen))

_RULES = "3"
"""Raise it when this code, `retrieval.knowledge.contents` or `retrieval.diet` tags in another way than before."""

_DATA = (Path(__file__).parent / "diet" / "data", Path(__file__).parent / "knowledge" / "labels")
_NOT_RULED_BY_FIGURES = {"sodium_mg": 0.0, "carbohydrate_g": 0.0, "sugar_g": 0.0}


@dataclass(frozen=True, slots=True)
class Tags:
    """`known` is whether everything in it is known, `ingredients` what is (lexicon ids).

    `contains` are these with all that they are or are made of, and their allergens; `suits` the diets it is fit for.
    """

    known: bool
    ingredients: tuple[str, ...]
    contains: tuple[str, ...]
    suits: tuple[str, ...]


def tags(
    kind: Kind, title: str, *, says: Says, label: str, stated: tuple[str, ...], per_100g: Mapping[str, float]
) -> Tags:
    """Return the tags of a document. What is found counts, also where something else in it isn't known.

    What a title names as an allergen counts, too, whatever the ingredients say: nobody with an allergy to nuts should
    be shown 'Nut butter'. 'Dairy-free cheese' names none.
    """
    # A row that an older lexicon tagged may name an ingredient that has gone: what it was isn't known any more.
    gone = tuple(key for key in stated if key not in lexicon())
    kept = tuple(key for key in stated if key in lexicon())
    found = Found(kept, ()) if says is Says.IDS else contents_of(says, label, (*kept, *_named(title)))
    found = Found(found.ids, (*found.unmatched, *gone))
    contents = lexicon().contents(found.ids)
    # Advice has no figures, so only a diet's rules about ingredients can apply to it.
    facts = _NOT_RULED_BY_FIGURES if kind is Kind.NOTE else per_100g
    return Tags(
        known=found.known,
        ingredients=tuple(sorted(found.ids)),
        contains=tuple(sorted(contents.ingredients | contents.allergens)),
        suits=tuple(sorted(str(diet) for diet in suitable_diets(found.ids if found.known else None, facts))),
    )


def _named(title: str) -> Iterator[str]:
    for found in violations(title, _ALL_ALLERGIES):
        yield found.mention.ingredient


@cache
def tags_digest() -> str:
    """Return a fingerprint of the rules and data that tags follow from: rows tagged by others are tagged again."""
    digest = hashlib.sha256(_RULES.encode())
    for folder in _DATA:
        for path in sorted(item for item in folder.rglob("*") if item.is_file()):
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
