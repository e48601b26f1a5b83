"""Two or more foods side by side, per 100 g."""

from collections.abc import Sequence

from bot.assistant.composing.parts import MAIN_FIGURES, Composed, Need, amount_text, computed_text
from bot.assistant.intents import wants_less
from bot.assistant.naming import Named, foods_named
from bot.assistant.wording import plain
from bot.messages import say
from retrieval.knowledge.documents import NUTRIENTS, Passage

MOST_FOODS = 4
_STATES = ("cooked", "raw")


def comparison(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Put the foods that are named side by side, and say which has more, and by how much.

    With no nutrient in the question, the main figures. `None` when fewer than two foods are named or have figures.
    """
    foods = _in_one_state(foods_named(need.question, passages))[:MOST_FOODS]
    names = [
        name
        for name in need.nutrients[:3] or MAIN_FIGURES
        if sum(name in food.per_100g for food in foods) > 1
    ]
    if len(foods) < 2 or not names:
        return None
    if len(names) == 1:
        foods = _ordered(need, foods, names[0])
        lines = [_verdict(need, foods, names[0]), ""]
    else:
        lines = []
    lines.append(say("compare_intro"))
    lines += [f"- {_line(name, foods, alone=len(names) == 1)}" for name in names]
    return Composed("\n".join(lines), tuple(foods))


def _in_one_state(foods: Sequence[Named]) -> list[Passage]:
    """Return one passage for each food, all cooked or all raw where there are such: raw lentils are eaten by nobody."""
    plainest = [food.plainest for food in foods]
    states = {state for passage in plainest for state in _STATES if state in passage.title}
    if len(states) < 2:
        return plainest
    for state in _STATES:
        kinds = [next((item for item in food.passages if state in item.title), None) for food in foods]
        if all(kinds):
            return [item for item in kinds if item is not None]
    return plainest


def _ordered(need: Need, foods: Sequence[Passage], nutrient: str) -> list[Passage]:
    known = [food for food in foods if nutrient in food.per_100g]
    return sorted(known, key=lambda food: food.per_100g[nutrient], reverse=not _least(need))


def _least(need: Need) -> bool:
    return wants_less(plain(need.question))


def _verdict(need: Need, foods: Sequence[Passage], nutrient: str) -> str:
    first, second = foods[0].per_100g[nutrient], foods[1].per_100g[nutrient]
    name = NUTRIENTS[nutrient][0]
    if first == second:
        return f"{say('compare_same', amount=amount_text(nutrient, first), nutrient=name)} [1][2]"
    key = "compare_least" if _least(need) else "compare_most"
    difference = computed_text(nutrient, abs(first - second))
    title, other = foods[0].title, foods[1].title
    return f"{say(key, title=title, nutrient=name, difference=difference, other=other)} [1][2]"


def _line(nutrient: str, foods: Sequence[Passage], *, alone: bool) -> str:
    amounts = [
        f"{say('compare_amount', title=food.title, amount=amount_text(nutrient, food.per_100g[nutrient]))} [{number}]"
        for number, food in enumerate(foods, start=1)
        if nutrient in food.per_100g
    ]
    line = say("compare_line", name=NUTRIENTS[nutrient][0], amounts=", ".join(amounts))
    if alone or len(foods) != 2 or len(amounts) != 2:
        return line
    high, low = sorted(foods, key=lambda food: -food.per_100g[nutrient])
    difference = high.per_100g[nutrient] - low.per_100g[nutrient]
    if not difference:
        return line
    more = say("compare_more", title=high.title, difference=computed_text(nutrient, difference))
    return f"{line}; {more}"
