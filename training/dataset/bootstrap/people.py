"""Made-up people: diets, allergies, tastes and targets, as often as they occur together in no particular country."""

import random
from collections.abc import Sequence
from dataclasses import replace

from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import Preferences, Restrictions, parse_diet
from training.dataset.bootstrap.datafiles import words

_RESTRICTIONS = 160
"""So many different sets of restrictions in one dataset: what each set permits is worked out once."""

_UNRESTRICTED = 0.35


class People:
    """Draws preferences; the same seed draws the same people."""

    def __init__(self, rng: random.Random) -> None:
        self._sets = [_restrictions(rng) for _ in range(_RESTRICTIONS)]

    def draw(self, rng: random.Random) -> Preferences:
        """Return somebody's preferences. A taste is never against a restriction of the same person."""
        chosen = Restrictions() if rng.random() < _UNRESTRICTED else rng.choice(self._sets)
        person = Preferences(diets=chosen.diets, allergies=chosen.allergies)
        if rng.random() < 0.4:
            liked, disliked = rng.randrange(0, 3), rng.randrange(0, 3)
            tastes = [taste for taste in _tastes(rng, liked + disliked) if suits(taste, chosen)]
            person = replace(person, likes=tuple(tastes[:liked]), dislikes=tuple(tastes[liked:]))
        if rng.random() < 0.25:
            person = replace(person, targets=draw_targets(rng))
        return person


def draw_targets(rng: random.Random) -> dict[str, float]:
    """Return one or two targets and their amounts per day."""
    known = words()["targets"]
    return {name: float(rng.choice(known[name])) for name in rng.sample(sorted(known), rng.choice((1, 1, 2)))}


def draw_allergies(rng: random.Random, count: int, known: Sequence[str] | None = None) -> frozenset[str]:
    """Return `count` allergies, common ones more often."""
    listed = list(known if known is not None else words()["allergies"])
    weights = [1.0 / (place + 2) for place in range(len(listed))]
    return frozenset(rng.choices(listed, weights, k=count))


def suits(item: str, restrictions: Restrictions) -> bool:
    """Tell whether an ingredient (a lexicon id or a name) is permitted by itself."""
    from retrieval.diet.permits import Answer, permits

    key = item if item in lexicon() else lexicon().resolve(item)
    if key is None:
        return False
    return permits([key], {}, Restrictions(restrictions.diets, restrictions.allergies)).answer is Answer.YES


def _restrictions(rng: random.Random) -> Restrictions:
    diets = sorted(words()["diets"])
    weights = [3.0 if diet in {"vegan", "vegetarian", "gluten_free"} else 1.0 for diet in diets]
    kind = rng.random()
    chosen = (
        frozenset(parse_diet(diet) for diet in rng.choices(diets, weights, k=1))
        if kind < 0.65
        else frozenset()
    )
    allergies = draw_allergies(rng, rng.choice((1, 1, 2))) if kind > 0.45 else frozenset()
    return Restrictions(diets=chosen, allergies=allergies)


def _tastes(rng: random.Random, count: int) -> list[str]:
    return rng.sample(words()["tastes"], count)
