"""The form that a new person fills in: its questions, what was answered, and which question comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from bot.assistant.known import Known
from bot.store.held import Decision
from bot.store.tables import PreferenceKind, Purpose

NAME = "first"
"""The form's name in the store."""


class Step(StrEnum):
    """A question of the form, in the order in which they are asked."""

    SERVICE = "service"
    IMPROVEMENT = "improvement"
    DIETS = "diets"
    ALLERGIES = "allergies"
    DISLIKES = "dislikes"
    AIMS = "aims"

    @property
    def purpose(self) -> Purpose | None:
        """What the step asks consent for; None when it is about eating."""
        return _PURPOSES.get(self)

    @property
    def kind(self) -> PreferenceKind | None:
        """The kind of preference that the step asks for; None when it asks for consent."""
        return _KINDS.get(self)


_PURPOSES = {Step.SERVICE: Purpose.SERVICE, Step.IMPROVEMENT: Purpose.IMPROVEMENT}
_KINDS = {
    Step.DIETS: PreferenceKind.DIET,
    Step.ALLERGIES: PreferenceKind.ALLERGY,
    Step.DISLIKES: PreferenceKind.DISLIKE,
    Step.AIMS: PreferenceKind.TARGET,
}
ABOUT_EATING = tuple(_KINDS)


class Mark(StrEnum):
    """How a step was answered. No mark: it wasn't asked, or not answered yet."""

    SAID = "said"
    NONE = "none"
    """There is none: 'I have no allergies'. That isn't the same as not saying whether there are any."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Form:
    """One person's form as it stands.

    `card` is the message in which the open question stands, and `card_for` the update for which it was written.
    `heard` is the update whose text was read last, and `taken` whether it was only an answer: an update that is handled
    a second time must not answer the next question.
    """

    marks: Mapping[Step, Mark] = field(default_factory=dict)
    is_closed: bool = False
    card: int | None = None
    card_for: int | None = None
    heard: int | None = None
    taken: bool = False

    @property
    def open_step(self) -> Step | None:
        """The question to be asked now; None when the form is closed."""
        if self.is_closed:
            return None
        return next((step for step in Step if step not in self.marks), None)

    @property
    def unsaid(self) -> tuple[Step, ...]:
        """The questions that weren't answered, skipped ones among them."""
        return tuple(step for step in Step if self.marks.get(step, Mark.SKIPPED) is Mark.SKIPPED)

    def marked(self, marks: Mapping[Step, Mark]) -> Self:
        """Return the form with more answers, later ones in place of earlier; it closes with the last."""
        together = {**self.marks, **marks}
        return replace(self, marks=together, is_closed=self.is_closed or len(together) == len(Step))

    def quit(self) -> Self:
        """Return the form closed, whatever wasn't answered."""
        return replace(self, is_closed=True)

    def again(self) -> Self:
        """Return the form with the questions that weren't answered opened again."""
        left = {step: mark for step, mark in self.marks.items() if mark is not Mark.SKIPPED}
        return replace(self, marks=left, is_closed=len(left) == len(Step))

    def shown(self, card: int, update_id: int) -> Self:
        """Return the form with the question in the message `card`."""
        return replace(self, card=card, card_for=update_id)

    def as_dict(self) -> dict[str, Any]:
        """Return the state to be stored."""
        return {
            "marks": {str(step): str(mark) for step, mark in self.marks.items()},
            "is_closed": self.is_closed,
            "card": self.card,
            "card_for": self.card_for,
            "heard": self.heard,
            "taken": self.taken,
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Return the form of a stored state; what another version asked is left out."""
        marks = {
            Step(step): Mark(mark)
            for step, mark in state.get("marks", {}).items()
            if step in set(Step) and mark in set(Mark)
        }
        return cls(
            marks,
            bool(state.get("is_closed")),
            state.get("card"),
            state.get("card_for"),
            state.get("heard"),
            bool(state.get("taken")),
        )


def with_known(form: Form, known: Known, decisions: Iterable[Decision]) -> Form:
    """Return the form with what is known already marked as said: it isn't asked again."""
    said = {step for step, kind in _KINDS.items() if known.of(kind)}
    said |= {Step(decision.purpose) for decision in decisions}
    return form.marked(dict.fromkeys(sorted(said), Mark.SAID))
