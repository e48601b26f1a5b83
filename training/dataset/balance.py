"""What a dataset holds of each class, counted row by row for its manifest and card."""

from collections import Counter

from training.dataset.schema import Row

NONE = "none"
CLASSES = (
    "origin",
    "intent",
    "kind",
    "language",
    "guard",
    "feedback",
    "label",
    "allergies",
    "diets",
)


class Balance:
    """Counts of rows by class and value. `label` is what KTO learns: true for 👍, false for 👎.

    A row of somebody with two allergies counts under both, so allergies and diets add up to more than the rows.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in CLASSES}

    def add(self, row: Row) -> None:
        """Count a row."""
        self.rows += 1
        thumb = row.feedback.value if row.feedback else None
        single = {
            "origin": row.origin.value,
            "intent": row.intent,
            "kind": row.kind,
            "language": row.language,
            "guard": row.guard.status if row.guard else None,
            "feedback": thumb,
            "label": {"up": "true", "down": "false"}.get(thumb or ""),
        }
        for name, value in single.items():
            self._counts[name][value or NONE] += 1
        for name in ("allergies", "diets"):
            self._counts[name].update(sorted(set(map(str, row.preferences.get(name) or ()))) or [NONE])

    def report(self) -> dict[str, dict[str, int]]:
        """Return rows by class and value, the most frequent first, equals by name: the same for the same rows."""
        return {
            name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
            for name, counts in self._counts.items()
        }
