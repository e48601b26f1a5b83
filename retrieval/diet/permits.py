"""May a person with these restrictions be given this food? Yes, no, or unknown, with the reason."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from retrieval.diet.exceptions import brings, fine_of
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, Diet, Restrictions
from retrieval.diet.reasons import Form, reason
from retrieval.diet.rules import DietRule, rules

_NOTHING: frozenset[str] = frozenset()


class Answer(StrEnum):
    """Unknown is not safe: to a person with an allergy, only yes is recommended."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and the reason a person can read ('contains tahini → sesame'; empty for yes)."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One restriction (an allergy or a diet) that a food is against, or may be when `answer` is unknown."""

    restriction: str
    answer: Answer
    reason: str


def permits(
    contains: Iterable[str] | None, facts: Mapping[str, float], restrictions: Restrictions
) -> Verdict:
    """Judge a food or dish of the ingredients `contains` (lexicon ids) with `facts` per 100 g.

    `contains` is `None` when the ingredients aren't known. The strictest restriction decides: no before
    unknown before yes. Raises `BadInputError` for an ingredient that isn't in the lexicon.
    """
    ids = None if contains is None else tuple(contains)
    lexicon().contents(ids or ())
    unknown: Verdict | None = None
    for conflict in _conflicts(ids, facts, restrictions):
        if conflict.answer is Answer.NO:
            return Verdict(Answer.NO, conflict.reason)
        unknown = unknown or Verdict(Answer.UNKNOWN, conflict.reason)
    return unknown or Verdict(Answer.YES, "")


def suitable_diets(contains: Iterable[str] | None, facts: Mapping[str, float]) -> frozenset[Diet]:
    """Return the diets for which `permits` answers yes."""
    ids = None if contains is None else tuple(contains)
    return frozenset(
        diet
        for diet in Diet
        if permits(ids, facts, Restrictions(diets=frozenset({diet}))).answer is Answer.YES
    )


@lru_cache(maxsize=16_384)  # the same few foods meet the same person's restrictions again and again
def conflicts_of(
    ingredient: str, restrictions: Restrictions, without: frozenset[str] = _NOTHING
) -> tuple[Conflict, ...]:
    """Return what one ingredient is against, by its contents alone.

    `without` holds allergens, properties and ingredients known not to be in it ("egg-free mayonnaise").
    Raises `BadInputError` for an unknown ingredient.
    """
    allergies = (
        _allergy_conflict(ingredient, allergy, without, fine_of(allergy, restrictions.exceptions))
        for allergy in sorted(restrictions.allergies)
    )
    diets = (_diet_conflict(ingredient, rules()[diet], without) for diet in sorted(restrictions.diets))
    return tuple(conflict for conflict in (*allergies, *diets) if conflict is not None)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What an allergy keeps out: `contents` anywhere in a food, `words` where they stand for a food themselves.

    'Mixed nuts' may be peanuts, so the word is out for that allergy; walnuts, which are nuts too, are not.
    """

    contents: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=4096)
def excluded_by(allergy: str, exceptions: frozenset[str] = _NOTHING) -> Excluded:
    """Return the lexicon ids that an allergy keeps out; nothing for a word that `is_known_allergy` denies."""
    if fine := fine_of(allergy, exceptions):
        # The group's own id is in every food of the group: only where it is all that is known does it keep a food out.
        others = frozenset(key for key in lexicon() if key != allergy and brings(key, allergy, fine))
        return Excluded(others, excluded_by(allergy).words | {allergy})
    restrictions = Restrictions(allergies=frozenset({allergy}))
    vague = (key for key in lexicon() if any(_is_vague(found) for found in conflicts_of(key, restrictions)))
    return Excluded(frozenset(meant for meant, _kinds in _meant(allergy)), frozenset(vague))


def is_known_allergy(allergy: str) -> bool:
    """Whether the lexicon knows the ingredient; if not, it can only be looked for by its own letters."""
    return bool(_meant(allergy))


def _is_vague(conflict: Conflict) -> bool:
    return conflict.answer is Answer.UNKNOWN


def _conflicts(
    ids: tuple[str, ...] | None, facts: Mapping[str, float], restrictions: Restrictions
) -> Iterator[Conflict]:
    for allergy in sorted(restrictions.allergies):
        if ids is None:
            yield Conflict(allergy, Answer.UNKNOWN, reason(Form.INGREDIENTS_UNKNOWN))
        elif not is_known_allergy(allergy):
            yield Conflict(allergy, Answer.UNKNOWN, reason(Form.UNKNOWN_WHETHER, allergy))
    for diet in sorted(restrictions.diets):
        yield from _diet_conflicts(ids, facts, rules()[diet])
    for ingredient in ids or ():
        yield from conflicts_of(ingredient, restrictions)


def _diet_conflicts(
    ids: tuple[str, ...] | None, facts: Mapping[str, float], rule: DietRule
) -> Iterator[Conflict]:
    """Yield what a diet says about a dish as a whole: its figures, and what must not meet in one dish."""
    name = rule.diet.value
    if ids is None and rule.needs_ingredients:
        yield Conflict(name, Answer.UNKNOWN, reason(Form.INGREDIENTS_UNKNOWN))
    for figure, limit in rule.at_most.items():
        amount, what = facts.get(figure, math.nan), TARGETS[figure]
        unit = figure.rpartition("_")[2]
        if math.isnan(amount):
            yield Conflict(name, Answer.UNKNOWN, reason(Form.FIGURE_UNKNOWN, what))
        elif amount > limit:
            above = reason(Form.ABOVE, f"{amount:g}", unit, what, f"{limit:g}", unit)
            yield Conflict(name, Answer.NO, above)
    brought = frozenset().union(*(_brought(ingredient) for ingredient in ids or ()))
    for pair in rule.together:
        if pair <= brought:
            yield Conflict(name, Answer.NO, _mixes(pair))


def _allergy_conflict(
    ingredient: str, allergy: str, without: frozenset[str], fine: frozenset[str]
) -> Conflict | None:
    """Return how `ingredient` is against an allergy: it contains it, or is a word that may mean it."""
    contents, item = lexicon().contents_of(ingredient), lexicon()[ingredient]
    for meant, kinds in _meant(allergy):
        if kinds & without or (fine and not brings(ingredient, meant, fine)):
            continue
        if meant in contents.ingredients or meant in contents.allergens:
            return Conflict(allergy, Answer.NO, _contains(ingredient, meant))
        if item.is_group and kinds & ({ingredient} | item.carries | item.may_be) - without:
            form = Form.MAY_CONTAIN if item.parents and kinds & item.may_be else Form.MAY_BE
            return Conflict(allergy, Answer.UNKNOWN, reason(form, ingredient, meant))
    return None


def _diet_conflict(ingredient: str, rule: DietRule, without: frozenset[str]) -> Conflict | None:
    brought = _brought(ingredient) - without
    if against := sorted(brought & rule.excludes):
        return Conflict(rule.diet.value, Answer.NO, _contains(ingredient, against[0]))
    if mixed := next((pair for pair in rule.together if pair <= brought), None):
        return Conflict(rule.diet.value, Answer.NO, _mixes(mixed))
    if asked := sorted(brought & rule.asks):
        return Conflict(rule.diet.value, Answer.UNKNOWN, _label_says(ingredient, asked[0], rule.diet.value))
    if possible := sorted((lexicon()[ingredient].may_be - without) & (rule.excludes | rule.asks)):
        return Conflict(rule.diet.value, Answer.UNKNOWN, reason(Form.MAY_CONTAIN, ingredient, possible[0]))
    return None


@lru_cache(maxsize=4096)
def _meant(allergy: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the ids that an allergy is to, each with what it is a kind of; empty for a word we don't know."""
    known = lexicon()
    key = allergy if allergy in known else known.resolve(allergy)
    if key is None:
        return ()
    contents = {meant: known.contents_of(meant) for meant in sorted(known.allergies(key))}
    return tuple((meant, found.ingredients | found.allergens) for meant, found in contents.items())


def _brought(ingredient: str) -> frozenset[str]:
    contents = lexicon().contents_of(ingredient)
    return contents.allergens | contents.properties


def mixed_by(ingredients: Iterable[str], diet: Diet) -> str:
    """Return why `ingredients` mustn't meet in one dish under `diet` (kosher: meat and milk); empty where they may."""
    brought = frozenset().union(*(_brought(ingredient) for ingredient in ingredients))
    return next((_mixes(pair) for pair in rules()[diet].together if pair <= brought), "")


def _mixes(pair: frozenset[str]) -> str:
    return reason(Form.TOGETHER, *sorted(pair))


def _contains(ingredient: str, what: str) -> str:
    if ingredient == what:
        return reason(Form.CONTAINS, ingredient)
    return reason(Form.CONTAINS_KIND, ingredient, what)


def _label_says(ingredient: str, what: str, diet: str) -> str:
    if ingredient == what:
        return reason(Form.LABEL_SAYS, ingredient, diet)
    return reason(Form.LABEL_SAYS_KIND, ingredient, what, diet)
