"""Two or more foods side by side, per 100 g."""

from collections.abc import Sequence

from bot.assistant.composing.cards import figure_card, food_card
from bot.assistant.composing.parts import (
    MAIN_FIGURES,
    Composed,
    Need,
    amount_text,
    computed_text,
    figure_text,
)
from bot.assistant.figures import nutrients_named
from bot.assistant.intents import wants_less
from bot.assistant.naming import Named, foods_named, parts_of
from bot.assistant.wording import plain
from bot.assistant.words import nutrient_name
from bot.messages import say
from retrieval.diet.lexicon import lexicon
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import Passage

MOST_FOODS = 4
_NEAR = 0.05
"""Less apart than this share of the larger one is about the same: samples of one food differ by more."""

_STATES = ("cooked", "raw")


def comparison(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Put the foods that are named side by side, and say which has more, and by how much.

    With no nutrient in the question, the main figures. One food alone gets its card. `None` when none is named, or
    they have no figure in common.
    """
    foods = _in_one_state(foods_named(need.question, passages, bare=True))[:MOST_FOODS]
    if len(foods) < 2:
        return _alone(need, passages) if foods else None
    names = [
        name
        for name in need.nutrients[:3] or MAIN_FIGURES
        if sum(name in food.per_100g for food in foods) > 1 and any(food.per_100g.get(name) for food in foods)
    ]
    if not names:
        return None
    composed = _by_one(need, foods, names[0]) if len(names) == 1 else _by_several(foods, names)
    if not (missing := _missing(need, passages)):
        return composed
    return Composed(f"{composed.text}\n\n{say('compare_missing', names=missing)}", composed.passages)


def _missing(need: Need, passages: Sequence[Passage]) -> str:
    """Return the foods of the question that there are no figures for, but for those that were left out on purpose."""
    names = [
        mention.name
        for part in parts_of(need.question)
        if not foods_named(part, passages, bare=True) and not violations(part, need.preferences.restrictions)
        for mention in lexicon().find(part)[:1]
        if not nutrients_named(mention.name)
    ]
    return ", ".join(names)


def _alone(need: Need, passages: Sequence[Passage]) -> Composed | None:
    card = figure_card(need, passages) or food_card(need, passages)
    return None if card is None else Composed(f"{card.text}\n\n{say('compare_one')}", card.passages)


def _in_one_state(foods: Sequence[Named]) -> list[Passage]:
    """Return one passage for each food, all cooked or all raw where there are such: nobody eats lentils raw."""
    plainest = [food.plainest for food in foods]
    states = {state for passage in plainest for state in _STATES if state in passage.title}
    if len(states) < 2:
        return plainest
    for state in _STATES:
        kinds = [next((item for item in food.passages if state in item.title), None) for food in foods]
        if all(kinds):
            return [item for item in kinds if item is not None]
    return plainest


def _by_one(need: Need, foods: Sequence[Passage], nutrient: str) -> Composed:
    """Order the foods by one figure, and say how far apart the first two are."""
    least, name = wants_less(plain(need.question)), nutrient_name(nutrient)
    known = [food for food in foods if nutrient in food.per_100g]
    ordered = sorted(known, key=lambda food: food.per_100g[nutrient], reverse=not least)
    first, second = ordered[0], ordered[1]
    apart = abs(first.per_100g[nutrient] - second.per_100g[nutrient])
    verdict = (
        say(
            "compare_least" if least else "compare_most",
            title=first.title,
            nutrient=name,
            difference=computed_text(nutrient, apart),
            other=second.title,
        )
        if apart
        else say("compare_same", amount=amount_text(nutrient, first.per_100g[nutrient]), nutrient=name)
    )
    lines = [
        f"{say('compare_food', title=food.title, figure=figure_text(nutrient, food.per_100g[nutrient]))} [{number}]"
        for number, food in enumerate(ordered, start=1)
    ]
    return Composed("\n".join([f"{verdict} [1][2]", "", *lines]), tuple(ordered))


def _by_several(foods: Sequence[Passage], names: Sequence[str]) -> Composed:
    if len(foods) == 2:
        lines = [say("compare_two", one=foods[0].title, other=foods[1].title)]
        lines += [_two(name, *foods) for name in names]
    else:
        titles = "; ".join(f"**{food.title}** [{number}]" for number, food in enumerate(foods, start=1))
        lines = [say("compare_several", titles=titles)]
        lines += [_several(name, foods) for name in names]
    return Composed("\n".join(lines), tuple(foods))


def _two(nutrient: str, one: Passage, other: Passage) -> str:
    first, second = one.per_100g[nutrient], other.per_100g[nutrient]
    amounts = say("compare_against", one=amount_text(nutrient, first), other=amount_text(nutrient, second))
    if abs(first - second) < _NEAR * max(first, second):
        return say("compare_line", nutrient=nutrient_name(nutrient), amounts=amounts + say("compare_near"))
    key = "compare_more" if first > second else "compare_less"
    apart = say(key, difference=computed_text(nutrient, abs(first - second)))
    return say("compare_line", nutrient=nutrient_name(nutrient), amounts=amounts + apart)


def _several(nutrient: str, foods: Sequence[Passage]) -> str:
    amounts = [
        amount_text(nutrient, food.per_100g[nutrient])
        if nutrient in food.per_100g
        else say("compare_unknown")
        for food in foods
    ]
    return say("compare_line", nutrient=nutrient_name(nutrient), amounts="; ".join(amounts))
