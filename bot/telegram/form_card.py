"""What the form shows: a question with its buttons, and the summary at the end. Made anew from what holds.

A button carries the Telegram id of the person whom it is for, the question that it belongs to, and what the person
wants by it, so that a press twice, or on an old card, does what it says or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.assistant.form import ABOUT_EATING, Form, Mark, Step
from bot.assistant.known import Known, amount_in_words, name_of
from bot.assistant.target_steps import SCALES, usual
from bot.assistant.words import food_name
from bot.messages import say
from bot.store.held import Decision
from bot.store.preferences import PreferenceEvent
from bot.store.tables import PreferenceKind, Purpose
from bot.telegram.prefs_card import View, escaped, short
from retrieval.diet.preferences import Allergen, Diet

FORM = "form"
"""What the data of the form's buttons begin with."""

AIMS = ("energy_kcal", "protein_g")
"""The aims that have buttons; any other is written."""


class Do(StrEnum):
    """What a button does. The words after it are listed with each."""

    YES = "yes"
    NO = "no"
    ON = "on"
    """value"""
    OFF = "off"
    """value"""
    ASK = "ask"
    """allergen: whether to drop it"""
    DROP = "drop"
    """allergen, after the question"""
    SHOW = "show"
    """the question again"""
    NONE = "none"
    SKIP = "skip"
    DONE = "done"
    QUIT = "quit"
    MORE = "more"
    """ask what wasn't answered"""


@dataclass(frozen=True, slots=True)
class FormCard:
    """The form of one person. `mine` is the Telegram id that its buttons carry."""

    mine: int
    form: Form
    known: Known
    decisions: Mapping[Purpose, Decision] = field(default_factory=dict)

    def view(self, *, note: str = "", brief: bool = False) -> View:
        """Return the open question, or the summary when there is none; `note` (Markdown) stands before it."""
        step = self.form.open_step
        if step is None:
            return self.summary(say("form_summary"), note=note)
        text = "\n\n".join(part for part in (note, self._question(step, brief=brief)) if part)
        return View(text, InlineKeyboardMarkup(self._rows(step)))

    def summary(self, heading: str, *, note: str = "", again: bool = False) -> View:
        """Return what was said, none and not said; with `again`, a button that asks what wasn't answered."""
        lines = "\n".join(f"- {self._line(step)}" for step in (*ABOUT_EATING, Step.SERVICE, Step.IMPROVEMENT))
        text = "\n\n".join(part for part in (note, heading, lines, say("form_next")) if part)
        if not again or not self.form.unsaid:
            return View(text)
        more = self._button(say("form_button_more"), self.form.unsaid[0], Do.MORE)
        return View(text, InlineKeyboardMarkup([[more]]))

    def drop_question(self, allergen: str) -> View:
        """Ask whether an allergy is to be dropped."""
        yes = self._button(say("button_yes_remove"), Step.ALLERGIES, Do.DROP, allergen)
        no = self._button(say("button_no"), Step.ALLERGIES, Do.SHOW)
        text = say("prefs_confirm_remove", names=food_name(allergen))
        return View(escaped(text), InlineKeyboardMarkup([[yes], [no]]))

    def _question(self, step: Step, *, brief: bool) -> str:
        if step.kind is None:
            return (
                say(f"form_back_{step}") if brief else f"{say(f'consent_ask_{step}')} {say('consent_later')}"
            )
        number = ABOUT_EATING.index(step) + 1
        progress = say("form_progress", number=number, count=len(ABOUT_EATING))
        lines = [f"**{say(f'card_{_card_name(step)}')}** ({progress})"]
        lines.append(say(f"form_back_{step}" if brief else f"form_ask_{step}"))
        if names := self._names(step.kind):
            lines.append(say("form_known", names=names))
        return "\n\n".join(lines)

    def _rows(self, step: Step) -> list[list[InlineKeyboardButton]]:
        leave = [self._button(say("form_button_quit"), step, Do.QUIT)]
        if step.kind is None:
            yes = self._button(say("consent_button_yes"), step, Do.YES)
            return [[yes, self._button(say("consent_button_no"), step, Do.NO)], leave]
        if self.known.of(step.kind):
            last = [self._button(say("form_button_done"), step, Do.DONE)]
        else:
            none = self._button(say(f"form_button_none_{step}"), step, Do.NONE)
            last = [none, self._button(say("form_button_skip"), step, Do.SKIP)]
        return [*_in_rows(self._toggles(step), 3 if step is Step.ALLERGIES else 2), last, leave]

    def _toggles(self, step: Step) -> list[InlineKeyboardButton]:
        if step is Step.AIMS:
            return [self._aim(target, amount) for target in AIMS for amount in _amounts(target)]
        if step is Step.DIETS:
            values = {str(diet): say(f"diet_{diet}") for diet in Diet}
        elif step is Step.ALLERGIES:
            values = {str(allergen): food_name(allergen) for allergen in Allergen}
        else:
            foods = [food.strip() for food in say("form_usual_dislikes").split(",")]
            values = {food: food_name(food) for food in foods}
        off = Do.ASK if step is Step.ALLERGIES else Do.OFF
        return [self._toggle(step, value, name, off) for value, name in values.items()]

    def _toggle(self, step: Step, value: str, name: str, off: Do) -> InlineKeyboardButton:
        if step.kind is not None and self.known.find(step.kind, value):
            return self._button(say("card_button_on", name=name), step, off, value)
        return self._button(name, step, Do.ON, value)

    def _aim(self, target: str, amount: float) -> InlineKeyboardButton:
        held = self.known.find(PreferenceKind.TARGET, target)
        words = amount_in_words(target, amount, self.known.units)
        name = say("target_line", name=say(f"target_{target}"), amount=words)
        if held is not None and held.number == amount:
            return self._button(say("card_button_on", name=name), Step.AIMS, Do.OFF, target)
        return self._button(name, Step.AIMS, Do.ON, f"{target}={amount:g}")

    def _line(self, step: Step) -> str:
        if step.purpose is not None:
            title, decided = say(f"form_title_{step}"), self.decisions.get(step.purpose)
            answer = say(f"privacy_unsaid_{step}")
            if decided is not None:
                answer = say("form_yes") if decided.granted else say("form_no")
            return say("form_line", title=title, answer=answer)
        names = self._names(step.kind) if step.kind is not None else ""
        unsaid = say("form_none") if self.form.marks.get(step) is Mark.NONE else say("form_unsaid")
        return say("form_line", title=say(f"card_{_card_name(step)}"), answer=names or unsaid)

    def _names(self, kind: PreferenceKind) -> str:
        return names_in(self.known.of(kind), self.known.units)

    def _button(self, text: str, step: Step, do: Do, *words: str) -> InlineKeyboardButton:
        data = ":".join((FORM, str(self.mine), step, do, *words))
        return InlineKeyboardButton(text, callback_data=data)


def names_in(things: Sequence[PreferenceEvent], units: str) -> str:
    """Return the names of known things as Markdown, the first of them when there are many."""
    names = [escaped(short(name_of(item, units))) for item in things[:_MOST_NAMES]]
    return ", ".join((*names, "…") if len(things) > _MOST_NAMES else names)


_MOST_NAMES = 20


def _card_name(step: Step) -> str:
    return "targets" if step is Step.AIMS else str(step)


def _amounts(target: str) -> tuple[float, ...]:
    middle, step = usual(target), SCALES[target].big
    return (middle - step, middle, middle + step) if target == "energy_kcal" else (middle, middle + step)


def _in_rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
