"""What all composed answers are made of: the need, the result, and how figures are written."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.assistant.figures import SALT, SALT_PER_SODIUM, nutrients_named
from bot.assistant.understand import Intent
from bot.assistant.words import number_text, nutrient_name
from bot.messages import say
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import NUTRIENTS, Passage

MAIN_FIGURES = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fibre_g")


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
    preferences: Preferences

    @property
    def nutrients(self) -> tuple[str, ...]:
        """All keys of `NUTRIENTS` that the question names, the one it is about first."""
        named = nutrients_named(self.question)
        first = [self.nutrient] if self.nutrient else []
        return tuple(dict.fromkeys((*first, *(key for key in NUTRIENTS if key in named))))

    @property
    def unlisted(self) -> tuple[str, ...]:
        """What the question names that no passage has a figure for: 'vitamin d', 'zinc'."""
        return tuple(sorted(nutrients_named(self.question) - set(NUTRIENTS) - {SALT}))

    @property
    def about_salt(self) -> bool:
        """Whether it asks for salt, which labels give and our figures don't: they give sodium."""
        return self.nutrient == "sodium_mg" and SALT in nutrients_named(self.question)


Form = Callable[[Need, Sequence[Passage]], Composed | None]
"""One form of answer; `None` when it doesn't suit."""


def figure_text(nutrient: str, amount: float) -> str:
    """Return a figure as a label shows it: 'protein 9.02 g'."""
    return stated_text(nutrient, amount_text(nutrient, amount))


def amount_text(nutrient: str, amount: float) -> str:
    """Return an amount of `nutrient` with its unit: '9.02 g', '38,758 mg'."""
    return f"{_grouped(f'{amount:.6g}')} {NUTRIENTS[nutrient][1]}"


def computed_text(nutrient: str, amount: float) -> str:
    """Return an amount that was computed: no more digits than its inputs have."""
    rounded = f"{amount:.0f}" if amount >= 100 else f"{amount:.3g}"
    return f"{_grouped(rounded)} {NUTRIENTS[nutrient][1]}"


def salt_text(sodium_mg: float) -> str:
    """Return the salt that so much sodium (mg) makes: '2.29 g'."""
    return f"{number_text(f'{sodium_mg / 1000 * SALT_PER_SODIUM:.3g}')} g"


def stated_text(name: str, amount: str) -> str:
    """Return an amount with the name of what it is an amount of: 'salt 2.29 g'."""
    return say("figure_named", name=nutrient_name(name), amount=amount)


def figures_line(names: Iterable[str], passage: Passage) -> str:
    """Return those figures of `passage` that are known, as labels list them."""
    return ", ".join(figure_text(name, passage.facts[name]) for name in names if name in passage.facts)


def numbered(passages: Sequence[Passage], line: Callable[[Passage], str], *, bullet: str = "") -> Composed:
    """Return one line for each passage, with its citation."""
    lines = [f"{bullet}{line(passage)} [{number}]" for number, passage in enumerate(passages, start=1)]
    return Composed("\n".join(lines), tuple(passages))


def cited_from(text: str, first: int) -> str:
    """Return `text` with its citations counted from `first` on, for a part that follows another."""
    return re.sub(r"\[(\d+)\]", lambda match: f"[{int(match[1]) + first - 1}]", text)


def _grouped(number: str) -> str:
    whole, point, decimals = number.partition(".")
    return number_text(f"{int(whole):,}{point}{decimals}" if whole.isdigit() else number)
