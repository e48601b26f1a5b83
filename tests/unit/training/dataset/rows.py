"""Rows for tests of datasets."""

from datetime import UTC, datetime
from typing import Any

from training.dataset.schema import Consent, Guard, Passage, Row

LENTILS = Passage(
    id="lentils", version="1", kind="food", title="Lentils", text="Lentils: protein 9.02 g.", source="USDA"
)
TOFU = Passage(id="tofu", version="1", kind="food", title="Tofu", text="Tofu: protein 17.3 g.")


def row(number: int, **fields: Any) -> Row:
    """Return a good row; its person and conversation have its number unless they are given."""
    name = f"{number:032x}"[::-1]
    given: dict[str, Any] = {
        "row": name,
        "person": name,
        "conversation": name,
        "position": 0,
        "question": f"What can I cook from food {number}?",
        "answer": f"Dish {number} holds {number}.5 g of protein per 100 g [1].",
        "passages": (LENTILS,),
        "guard": Guard(status="passed"),
        "consent": Consent(version="1", given_at=datetime(2026, 5, 3, tzinfo=UTC)),
        **fields,
    }
    return Row(**given)
