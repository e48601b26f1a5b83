"""Facts of the foods that a question names: the figure that it asks for, or the main ones."""

from collections.abc import Sequence

from bot.assistant.amounts import amount_in, asked_amounts, asked_of
from bot.assistant.composing.advice import advice
from bot.assistant.composing.parts import (
    MAIN_FIGURES,
    Composed,
    Need,
    amount_text,
    cited_from,
    computed_text,
    figure_text,
    figures_line,
    numbered,
    salt_text,
    stated_text,
)
from bot.assistant.figures import SALT, nutrients_named
from bot.assistant.naming import foods_named, named_passages
from bot.assistant.understand import Intent
from bot.assistant.words import basis_text, number_text, nutrient_name, portion_text
from bot.messages import say
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage

VARIANTS = 3
"""Raw, cooked, tinned: how many kinds of one food are shown."""


def figure_card(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """One line per food that the question names, with the figures that it asks for."""
    if not need.nutrients or not (meant := _meant(need, passages)):
        return None
    known = [passage for passage in meant if need.nutrients[0] in passage.facts]
    if not known:
        titles = ", ".join(passage.title for passage in meant[:1])
        text = say("figure_unknown", nutrient=nutrient_name(need.nutrients[0]), title=titles)
        return Composed(f"{text} [1]", tuple(meant[:1]))
    return numbered(known, lambda passage: _figure_line(need, passage))


def unlisted_figure(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Say that there is no figure for what is asked of a food ("vitamin D in salmon"), and what a note says of it."""
    meant = _meant(need, passages)
    if need.nutrients or not need.unlisted or not meant:
        return None
    nutrient = need.unlisted[0]
    text = f"{say('figure_unknown', nutrient=nutrient_name(nutrient), title=meant[0].title)} [1]"
    notes = [item for item in passages if item.kind is Kind.NOTE and nutrient in nutrients_named(item.title)]
    if (told := advice(need, notes, cite_figures=True)) is None:
        return Composed(text, (meant[0],))
    return Composed(f"{text}\n\n{cited_from(told.text, 2)}", (meant[0], *told.passages))


def food_card(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Give the main figures of the foods that are named, else of the best passages that have any."""
    named = _meant(need, passages)
    shown = (named or [passage for passage in passages if passage.facts])[:VARIANTS]
    if not shown:
        return None
    names = tuple(NUTRIENTS) if need.intent is Intent.LOOKUP and len(shown) == 1 else MAIN_FIGURES
    cards = numbered(shown, lambda passage: _card_line(need, passage, names))
    return cards if named else Composed(f"{say('card_near')}\n\n{cards.text}", cards.passages)


def _meant(need: Need, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that are meant: of one food its kinds, of several foods one each."""
    foods = foods_named(need.question, passages)
    if len(foods) == 1:
        exact = named_passages(foods[0].words, foods[0].passages)
        return [passage for passage in foods[0].passages if passage in exact][:VARIANTS]
    return [food.plainest for food in foods]


def _figure_line(need: Need, passage: Passage) -> str:
    first = need.nutrients[0]
    asked = asked_of(passage, asked_amounts(need.question))
    if asked is not None and (amount := amount_in(passage, first, asked[1])) is not None:
        quantity, grams = asked
        weighed = quantity.figure is not None and quantity.figure.dimension == "mass"
        return say(
            "figure_asked",
            title=passage.title,
            figure=stated_text(SALT, salt_text(amount))
            if need.about_salt
            else stated_text(first, computed_text(first, amount)),
            quantity=quantity.text,
            weight="" if weighed else say("figure_weight", grams=number_text(f"{grams:.4g}")),
            base=_stated_amount(need, first, passage),
            basis="100 g",
        )
    listed = ", ".join(_stated(need, passage, name) for name in need.nutrients if name in passage.facts)
    line = say("figure", title=passage.title, figure=listed, basis=basis_text(passage.basis))
    held = _in_portion(need, first, passage)
    return f"{line}, {held}" if held else line


def _stated_amount(need: Need, nutrient: str, passage: Passage) -> str:
    """Return what an amount was computed from; salt from sodium, and that is said."""
    amount = amount_text(nutrient, passage.per_100g[nutrient])
    return stated_text(nutrient, amount) if need.about_salt else amount


def _stated(need: Need, passage: Passage, nutrient: str) -> str:
    text = figure_text(nutrient, passage.facts[nutrient])
    if nutrient == "sodium_mg" and need.about_salt:
        return f"{stated_text(SALT, salt_text(passage.facts[nutrient]))} ({text})"
    return text


def _in_portion(need: Need, nutrient: str, passage: Passage) -> str:
    if passage.kind is not Kind.FOOD or not passage.portion_g or nutrient not in passage.per_100g:
        return ""
    held = passage.per_100g[nutrient] * passage.portion_g / 100
    amount = stated_text(SALT, salt_text(held)) if need.about_salt else computed_text(nutrient, held)
    weight = say("figure_weight", grams=number_text(f"{passage.portion_g:g}"))
    return say("figure_in", amount=amount, quantity=portion_text(passage.portion) + weight)


def _card_line(need: Need, passage: Passage, names: Sequence[str]) -> str:
    figures = figures_line(names, passage)
    line = say("figures_basis", title=passage.title, basis=basis_text(passage.basis), figures=figures)
    in_portion = _in_portion(need, "energy_kcal", passage)
    return f"{line}; {in_portion}" if in_portion else line
