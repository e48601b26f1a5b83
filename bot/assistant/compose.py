"""An answer put together from passages alone: when the model is away, or what it wrote can't be given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.assistant.figures import figures
from bot.assistant.guard import named_passages
from bot.assistant.sentences import split_sentences
from bot.assistant.understand import Intent
from bot.messages import say
from retrieval.diet.preferences import Restrictions
from retrieval.diet.violations import violations
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage

MOST_OPTIONS = 5
NOTE_SENTENCES = 4
_CARD = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fibre_g")


@dataclass(frozen=True, slots=True)
class Composed:
    """The text in Markdown, and the passages it cites: [n] is `passages[n - 1]`."""

    text: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What a question wants: its words, its intent, and the nutrient (a key of `NUTRIENTS`) that it is about."""

    question: str
    intent: Intent
    nutrient: str | None


def compose(need: Need, passages: Sequence[Passage], restrictions: Restrictions) -> Composed:
    """Answer from `passages` alone, in the form that the intent asks for.

    The search has left out what isn't permitted. A passage whose words recommend something all the same (a recipe's
    "serve with …") is left out here.
    """
    safe = [passage for passage in passages if not violations(passage.text, restrictions)]
    for form in _FORMS.get(need.intent, _GENERAL):
        if (composed := form(need, safe)) is not None:
            return composed
    return Composed(say("nothing_found"), ())


def figure_text(nutrient: str, amount: float) -> str:
    """Return a figure as a label shows it: 'protein 9.02 g'."""
    name, unit = NUTRIENTS[nutrient]
    return f"{name} {amount:.6g} {unit}"


def _figure_card(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """One line per food that the question names, with the figure that it asks for."""
    nutrient, meant = need.nutrient, named_passages(need.question, passages)
    if nutrient is None or not meant:
        return None
    known = [passage for passage in meant if nutrient in passage.facts]
    if not known:
        titles = ", ".join(passage.title for passage in meant)
        return Composed(say("figure_unknown", nutrient=NUTRIENTS[nutrient][0], title=titles), tuple(meant))
    return _numbered(known, lambda passage: _figure_line(need, passage, nutrient))


def _comparison(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Name foods with figures, the largest amount first, side by side on one basis."""
    nutrient = need.nutrient or "energy_kcal"
    known = [passage for passage in _mentioned(need.question, passages) if nutrient in passage.per_100g]
    if len(known) < 2:
        return None
    ordered = sorted(known, key=lambda passage: -passage.per_100g[nutrient])
    return _numbered(
        ordered[:MOST_OPTIONS],
        lambda passage: say(
            "figure_per_100g", title=passage.title, figure=figure_text(nutrient, passage.per_100g[nutrient])
        ),
    )


def _options(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """List what fits, with the figures that help to choose."""
    shown = [passage for passage in passages if passage.kind is not Kind.NOTE][:MOST_OPTIONS]
    if not shown:
        return None
    composed = _numbered(shown, lambda passage: _option_line(passage, need.nutrient), bullet="- ")
    return Composed(f"{say('options_intro')}\n\n{composed.text}", composed.passages)


def _recipe(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Give the best recipe in full."""
    del need
    recipe = next((passage for passage in passages if passage.kind is Kind.RECIPE), None)
    return None if recipe is None else Composed(f"{recipe.text} [1]", (recipe,))


def _advice(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Give the first sentences of the best note, when a note is what answers best."""
    del need
    if not passages or passages[0].kind is not Kind.NOTE:
        return None
    note = passages[0]
    start = "".join(split_sentences(note.text)[:NOTE_SENTENCES]).strip()
    return Composed(f"**{note.title}**\n\n{start} [1]", (note,))


def _food_card(need: Need, passages: Sequence[Passage]) -> Composed | None:
    """Give the main figures of the best passages that have any."""
    named = named_passages(need.question, passages)
    shown = (named or [passage for passage in passages if passage.facts])[:3]
    return _numbered(shown, lambda passage: _option_line(passage, None)) if shown else None


_Form = Callable[[Need, Sequence[Passage]], Composed | None]
_GENERAL: tuple[_Form, ...] = (_figure_card, _advice, _food_card, _options)
_FORMS: dict[Intent, tuple[_Form, ...]] = {
    Intent.LOOKUP: _GENERAL,
    Intent.COMPARE: (_comparison, *_GENERAL),
    Intent.SUGGEST: (_options, *_GENERAL),
    Intent.PLAN: (_options, *_GENERAL),
    Intent.RECIPE: (_recipe, _options, *_GENERAL),
}


def _numbered(passages: Sequence[Passage], line: Callable[[Passage], str], *, bullet: str = "") -> Composed:
    lines = [f"{bullet}{line(passage)} [{number}]" for number, passage in enumerate(passages, start=1)]
    return Composed("\n".join(lines), tuple(passages))


def _mentioned(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """Return the foods that a question names, each alternative on its own: "tofu or spinach" names two."""
    found: dict[str, Passage] = {}
    for part in question.replace("?", " ").replace(",", " or ").replace(" and ", " or ").split(" or "):
        found.update({passage.id: passage for passage in named_passages(part, passages)[:1]})
    return list(found.values())


def _figure_line(need: Need, passage: Passage, nutrient: str) -> str:
    line = say(
        "figure",
        title=passage.title,
        figure=figure_text(nutrient, passage.facts[nutrient]),
        basis=passage.basis,
    )
    asked = [item for item in figures(need.question) if item.dimension == "mass" and item.nutrient is None]
    per_100g = passage.per_100g.get(nutrient)
    if per_100g is None:
        return line
    if asked:
        amount = f"{per_100g * asked[0].amount / 100:.3g} {NUTRIENTS[nutrient][1]}"
        return line + say("figure_in", amount=amount, quantity=asked[0].text)
    if passage.portion_g and passage.kind is Kind.FOOD:
        amount = f"{per_100g * passage.portion_g / 100:.3g} {NUTRIENTS[nutrient][1]}"
        return line + say("figure_in", amount=amount, quantity=f"{passage.portion} ({passage.portion_g:g} g)")
    return line


def _option_line(passage: Passage, nutrient: str | None) -> str:
    wanted = dict.fromkeys([*([nutrient] if nutrient else []), *_CARD[: 2 if nutrient else None]])
    shown = [figure_text(name, passage.facts[name]) for name in wanted if name in passage.facts]
    return say("option", title=passage.title, figures=", ".join(shown), basis=passage.basis)
