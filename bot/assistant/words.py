"""How our data are called in the language spoken here: foods, nutrients, amounts, portions, recipes, reasons.

The data name everything in English. What the catalogue's own foods and recipes are called stays so (their sources say
it that way); what we say about them doesn't.
"""

import re
from collections.abc import Iterable
from functools import reduce

from bot.messages import say, say_if_known
from retrieval.diet.preferences import Diet
from retrieval.diet.reasons import Form, read_reason
from retrieval.diet.rules import ALLERGENS
from retrieval.knowledge.documents import NUTRIENTS
from retrieval.prompt import label


def food_name(item: str) -> str:
    """Return an ingredient's name; in English where the language has no word for it (`food_…` messages)."""
    return say(f"allergen_{item}") if item in ALLERGENS else say_if_known(f"food_{item}") or label(item)


def restriction_name(item: str) -> str:
    """Return the name of an allergy or a diet."""
    return say(f"diet_{item}") if item in set(Diet) else food_name(item)


def nutrient_name(nutrient: str) -> str:
    """Return a figure's name: a key of `NUTRIENTS`, or what `nutrients_named` returns for what has no figures."""
    if nutrient in NUTRIENTS:
        return say(f"target_{nutrient}")
    return say(f"nutrient_{re.sub('[ -]', '_', nutrient)}")


def number_text(digits: str) -> str:
    """Return a number written in English ('1,794.5') as it is written here."""
    return digits.translate({ord(","): say("number_group"), ord("."): say("number_point")})


def basis_text(basis: str) -> str:
    """Return what figures are counted on: '100 g', 'serving'."""
    return say("basis_serving") if basis == "serving" else basis


def portion_text(portion: str) -> str:
    """Return a household portion: '1 cup, chopped'. In English where any of its words is unknown here."""
    if (found := _PORTION.fullmatch(portion)) is None:
        return portion
    counted = _FRACTIONS.get(found["count"] or "", found["count"] or "1")
    count = max(1.0, float(counted))  # half a cup is one
    measure = say_if_known(f"portion_{found['measure'].replace(' ', '_')}", count=count)
    detail = say_if_known(f"portion_detail_{found['detail'].replace(' ', '_')}") if found["detail"] else ""
    if measure is None or detail is None:
        return portion
    fraction = say_if_known(f"portion_count_{counted.replace('.', '_')}")
    return f"{fraction or number_text(counted)} {measure}{f', {detail}' if detail else ''}"


def recipe_line(about: str) -> str:
    """Return what a recipe's first line says of it: 'Indian dinner, serves 3, 35 minutes'. Another's stays as it is."""
    if (found := _RECIPE.fullmatch(about)) is None:
        return about
    cuisine = say_if_known(f"cuisine_{re.sub('[ -]', '_', found['cuisine']).lower()}")
    return say(
        "recipe_about",
        meal=say_if_known(f"meal_{found['meal']}") or found["meal"],
        cuisine=cuisine or found["cuisine"],
        servings=int(found["servings"]),
        minutes=int(found["minutes"]),
    )


def either(names: Iterable[str]) -> str:
    """Return names to choose from: 'almond or walnut or pecan'."""
    return reduce(lambda one, other: say("either", one=one, other=other), names)


def both(names: Iterable[str]) -> str:
    """Return names that belong together: 'lentils and tofu'."""
    return reduce(lambda one, other: say("both", one=one, other=other), names)


def reason_text(reason: str) -> str:
    """Return why a food isn't permitted, said here: 'contains tahini → sesame'. Another text is returned as it is."""
    if (read := read_reason(reason)) is None:
        return reason
    form, parts = read
    if form is Form.ABOVE:
        amount, unit, what, limit, _unit = parts
        return say(
            "reason_above",
            amount=f"{number_text(amount)} {unit}",
            what=_word(what),
            limit=f"{number_text(limit)} {unit}",
        )
    if form is Form.NAMES:
        return say("reason_names", one=parts[0])  # the person's own word
    named = {name: _word(part) for name, part in zip(("one", "other", "third"), parts, strict=False)}
    return say(f"reason_{form}", **named)


_FRACTIONS = {
    "half a": "0.5",
    "half an": "0.5",
    "half": "0.5",
    "a quarter of a": "0.25",
    "a": "1",
    "an": "1",
}
_PORTION = re.compile(
    r"(?:(?P<count>\d+(?:\.\d+)?|half an?|half|a quarter of a|an?) )?(?P<measure>fl oz|[a-z]+)"
    r"(?:,? (?P<detail>[a-z ]+))?"
)
_FIGURES = {title: nutrient for nutrient, (title, _unit) in NUTRIENTS.items()}
_RECIPE = re.compile(r"(?P<cuisine>\S.*) (?P<meal>\S+), serves (?P<servings>\d+), (?P<minutes>\d+) minutes?")


def _word(part: str) -> str:
    """Return a part of a reason: a diet, a figure, a food or what it brings, such as 'added sugar'."""
    key = part.replace(" ", "_")
    if key in set(Diet) or key in ALLERGENS:
        return restriction_name(key)
    if (figure := _FIGURES.get(part)) is not None:
        return nutrient_name(figure)
    return say_if_known(f"food_{key}") or part
