"""What a person and a model read of a food, wherever its figures come from."""

from collections.abc import Mapping

from retrieval.knowledge.documents import NUTRIENTS


def figures_text(facts: Mapping[str, float]) -> str:
    """Return figures as labels list them: 'energy 116 kcal, protein 9.02 g'."""
    return ", ".join(
        f"{name} {facts[key]:g} {unit}" for key, (name, unit) in NUTRIENTS.items() if key in facts
    )


def food_text(
    title: str, facts: Mapping[str, float], basis: str, portion: str, portion_g: float | None
) -> str:
    """Return a food's name, its figures per `basis` ('100 g', '100 ml'), and its portion with the grams."""
    text = f"{title}."
    if facts:
        text += f" Per {basis}: {figures_text(facts)}."
    if portion_g is not None:
        text += f" Portion: {portion} ({portion_g:g} g)."
    return text
