"""The card of `/prefs`: what each of its views says, and its buttons. Views are made anew from what holds.

A button carries the Telegram id of the person whom it is for, and what that person wants by it: never "the other way
round", and never a name of any length, but the id of the statement that makes the thing hold. So a press twice, or on
a card that is out of date, does what it says or nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.assistant.known import UNITS, Known, amount_in_words, name_of, origin
from bot.assistant.prefs_words import own_name
from bot.assistant.target_steps import Step, steps_of, usual
from bot.assistant.words import food_name
from bot.messages import languages, say, speaks
from bot.store.preferences import PreferenceEvent
from bot.store.tables import PreferenceKind
from bot.telegram.formatting import parts
from retrieval.diet.preferences import TARGETS, Allergen, Diet

PAGE = 8
"""Things of a list that are shown at once, each with a button."""

CARD = "card"
"""What the data of the card's buttons begin with."""

_LONGEST_NAME = 48
"""Characters of a name in a line or on a button."""

_SHOWN = (30, 8, 3)
"""Lines of a section on the main view: the most that keep it within one message."""

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")


class Do(StrEnum):
    """What a button does. The words after it are listed with each."""

    VIEW = "view"
    """view, page"""
    DIET = "diet"
    """diet, 1 or 0"""
    ALLERGY = "allergy"
    """allergen: noted at once"""
    ASK = "ask"
    """event, page: whether to drop an allergy"""
    DROP = "drop"
    """event: an allergy, after the question"""
    TAKE = "take"
    """event, page: anything but an allergy"""
    TARGET = "target"
    """event: the view of one target"""
    STEP = "step"
    """event, amount: what the target is to be"""
    DRAFT = "draft"
    """target, amount: the view of a target that isn't kept yet"""
    SAVE = "save"
    """target, amount"""
    UNITS = "units"
    LANGUAGE = "language"
    CLEAR = "clear"
    """ask whether to clear everything"""
    WIPE = "wipe"
    """id of the newest statement when it was asked"""
    EXPORT = "export"
    CLOSE = "close"


class Name(StrEnum):
    """The views that a button can ask for."""

    MAIN = "main"
    DIETS = "diets"
    ALLERGIES = "allergies"
    LIKES = "likes"
    DISLIKES = "dislikes"
    TARGETS = "targets"
    MORE_TARGETS = "more"
    SETTINGS = "settings"


VIEW_OF = {
    PreferenceKind.DIET: Name.DIETS,
    PreferenceKind.ALLERGY: Name.ALLERGIES,
    PreferenceKind.EXCEPTION: Name.ALLERGIES,
    PreferenceKind.LIKE: Name.LIKES,
    PreferenceKind.DISLIKE: Name.DISLIKES,
    PreferenceKind.TARGET: Name.TARGETS,
    PreferenceKind.SETTING: Name.SETTINGS,
}
"""Where a thing of each kind is shown."""

_SECTIONS = (
    (Name.DIETS, PreferenceKind.DIET),
    (Name.ALLERGIES, PreferenceKind.ALLERGY),
    (Name.LIKES, PreferenceKind.LIKE),
    (Name.DISLIKES, PreferenceKind.DISLIKE),
    (Name.TARGETS, PreferenceKind.TARGET),
)


@dataclass(frozen=True, slots=True)
class View:
    """What the card shows: Markdown that fits into one message, and its buttons."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The card of one person. `mine` is the Telegram id that its buttons carry."""

    mine: int
    known: Known

    def view(self, name: Name = Name.MAIN, page: int = 0) -> View:
        """Return a view; a page that is too far is the last."""
        if name is Name.MAIN:
            return self._main()
        if name is Name.DIETS:
            return self._diets()
        if name is Name.ALLERGIES:
            return self._allergies(page)
        if name is Name.TARGETS:
            return self._targets()
        if name is Name.MORE_TARGETS:
            return self._more_targets()
        if name is Name.SETTINGS:
            return self._settings()
        kind = PreferenceKind.LIKE if name is Name.LIKES else PreferenceKind.DISLIKE
        return self._list(name, self.known.of(kind)[::-1], page)

    def question(self, allergy: PreferenceEvent, page: int = 0) -> View:
        """Ask whether an allergy is to be dropped."""
        text = say("card_confirm_allergy", name=_name(allergy), origin=origin(allergy))
        yes = self._button(say("button_yes_remove"), Do.DROP, allergy.id)
        no = self._button(say("button_no"), Do.VIEW, Name.ALLERGIES, page)
        return View(text, InlineKeyboardMarkup([[yes], [no]]))

    def clear_question(self) -> View:
        """Ask whether everything is to be cleared: everything that there is now."""
        yes = self._button(say("button_yes_clear"), Do.WIPE, self.known.latest_id)
        no = self._button(say("button_no"), Do.VIEW, Name.MAIN, 0)
        return View(say("prefs_confirm_clear"), InlineKeyboardMarkup([[yes], [no]]))

    def target(self, held: PreferenceEvent) -> View:
        """Return the view of one target that is kept."""
        steps = steps_of(held.value, held.number or 0.0)
        rows = [self._steps(steps, Do.STEP, held.id)]
        rows.append([self._button(say("card_button_remove_target"), Do.TAKE, held.id, 0)])
        return self._below(self._line(held), rows, Name.TARGETS)

    def draft(self, target: str, amount: float) -> View:
        """Return the view of a target that isn't kept yet."""
        words = amount_in_words(target, amount, self.known.units)
        rows = [self._steps(steps_of(target, amount), Do.DRAFT, target)]
        rows.append([self._button(say("card_button_save", amount=words), Do.SAVE, target, _number(amount))])
        text = say("card_target_draft", name=say(f"target_{target}"), amount=words)
        return self._below(text, rows, Name.MORE_TARGETS)

    def export_button(self, text: str) -> InlineKeyboardButton:
        """Return a button that sends the document."""
        return self._button(text, Do.EXPORT)

    def take_button(self, thing: PreferenceEvent, text: str) -> InlineKeyboardButton:
        """Return a button that takes a thing back; of an allergy, one that asks first."""
        return self._button(text, Do.ASK if thing.kind is PreferenceKind.ALLERGY else Do.TAKE, thing.id, 0)

    def choose_button(self, name: str, choice: str, text: str) -> InlineKeyboardButton:
        """Return a button that chooses units or a language."""
        return self._button(text, Do.UNITS if name == "units" else Do.LANGUAGE, choice)

    def plain_button(self, do: Do, text: str) -> InlineKeyboardButton:
        """Return a button of `VIEW` (the main view), `CLEAR` or `EXPORT`."""
        return self._button(text, do, *((Name.MAIN, 0) if do is Do.VIEW else ()))

    def _main(self) -> View:
        keyboard = InlineKeyboardMarkup(self._main_rows())
        if not self.known:
            return View(say("preferences_empty"), keyboard)
        text = ""
        for most in _SHOWN:
            text = self._main_text(most)
            if len(parts(text)) == 1:
                break
        return View(text, keyboard)

    def _main_text(self, most: int) -> str:
        blocks = [f"**{say('card_title')}**"]
        for name, kind in _SECTIONS:
            if things := self.known.of(kind)[::-1]:
                blocks.append(self._block(say(f"card_{name}"), things, most))
        if fine := self.known.of(PreferenceKind.EXCEPTION)[::-1]:
            blocks.append(self._block(say("card_exceptions"), fine, most))
        blocks.append("\n".join(self._setting_lines()))
        return "\n\n".join(blocks)

    def _block(self, title: str, things: Sequence[PreferenceEvent], most: int) -> str:
        lines = [f"**{title}**", *(f"- {self._line(item)}" for item in things[:most])]
        if len(things) > most:
            lines.append(f"- {say('card_more', count=len(things) - most)}")
        return "\n".join(lines)

    def _main_rows(self) -> list[list[InlineKeyboardButton]]:
        buttons = []
        for name, kind in _SECTIONS:
            title, count = say(f"card_{name}"), len(self.known.of(kind))
            text = say("card_button_section", title=title, count=count) if count else title
            buttons.append(self._button(text, Do.VIEW, name, 0))
        buttons.append(self._button(say("card_settings"), Do.VIEW, Name.SETTINGS, 0))
        last = [self._button(say("card_button_export"), Do.EXPORT)]
        if self.known:
            last.append(self._button(say("card_button_clear"), Do.CLEAR))
        return [*_rows(buttons, 2), last, [self._button(say("card_button_close"), Do.CLOSE)]]

    def _diets(self) -> View:
        buttons = []
        for diet in Diet:
            held, name = self.known.find(PreferenceKind.DIET, diet), say(f"diet_{diet}")
            text = say("card_button_on", name=name) if held else name
            buttons.append(self._button(text, Do.DIET, diet, 0 if held else 1))
        text = self._section(Name.DIETS, self.known.of(PreferenceKind.DIET))
        return self._below(text, _rows(buttons, 2), Name.MAIN)

    def _allergies(self, page: int) -> View:
        buttons = []
        for allergen in Allergen:
            held, name = self.known.find(PreferenceKind.ALLERGY, allergen), food_name(allergen)
            if held:
                buttons.append(self._button(say("card_button_on", name=name), Do.ASK, held.id, page))
            else:
                buttons.append(self._button(name, Do.ALLERGY, allergen))
        held_allergies = self.known.of(PreferenceKind.ALLERGY)
        others = [item for item in held_allergies[::-1] if item.value not in set(Allergen)]
        listed = [*others, *self.known.of(PreferenceKind.EXCEPTION)[::-1]]
        page, shown = _page(listed, page)
        fourteen = [item for item in held_allergies if item.value in set(Allergen)]
        fine = [item for item in shown if item.kind is PreferenceKind.EXCEPTION]
        text = self._section(Name.ALLERGIES, [*fourteen, *(item for item in shown if item in others)], fine)
        rows = [
            *_rows(buttons, 2),
            *self._removals(shown, page),
            *self._pages(Name.ALLERGIES, page, len(listed)),
        ]
        return self._below(text, rows, Name.MAIN)

    def _list(self, name: Name, things: Sequence[PreferenceEvent], page: int) -> View:
        page, shown = _page(things, page)
        rows = [*self._removals(shown, page), *self._pages(name, page, len(things))]
        return self._below(self._section(name, shown), rows, Name.MAIN)

    def _targets(self) -> View:
        held = self.known.of(PreferenceKind.TARGET)
        rows = [[self._button(name_of(item, self.known.units), Do.TARGET, item.id)] for item in held]
        if len(held) < len(TARGETS):
            rows.append([self._button(say("card_button_add_target"), Do.VIEW, Name.MORE_TARGETS, 0)])
        return self._below(self._section(Name.TARGETS, held), rows, Name.MAIN)

    def _more_targets(self) -> View:
        missing = [target for target in TARGETS if self.known.find(PreferenceKind.TARGET, target) is None]
        buttons = [
            self._button(say(f"target_{target}"), Do.DRAFT, target, _number(usual(target)))
            for target in missing
        ]
        return self._below(say("card_targets_choose"), _rows(buttons, 2), Name.TARGETS)

    def _settings(self) -> View:
        rows = [
            [self._choice(say(f"units_{units}"), Do.UNITS, units, self.known.units) for units in UNITS],
            *_rows([self._choice(own_name(item), Do.LANGUAGE, item, speaks()) for item in languages()], 2),
        ]
        text = "\n".join(
            (f"**{say('card_settings')}**", *self._setting_lines(), "", say("card_settings_hint"))
        )
        return self._below(text, rows, Name.MAIN)

    def _setting_lines(self) -> list[str]:
        lines = [
            say("card_units", name=say(f"units_{self.known.units}")),
            say("card_language", name=own_name(speaks())),
        ]
        chosen = {"units": self.known.units, "language": speaks()}
        for number, (name, choice) in enumerate(chosen.items()):
            held = self.known.find(PreferenceKind.SETTING, name)
            if held is not None and held.choice == choice:
                lines[number] += f" ({origin(held)})"
        return [f"- {line}" for line in lines]

    def _section(
        self, name: Name, things: Iterable[PreferenceEvent], fine: Sequence[PreferenceEvent] = ()
    ) -> str:
        lines = [f"- {self._line(item)}" for item in things] or [say("card_none")]
        blocks = ["\n".join((f"**{say(f'card_{name}')}**", *lines))]
        if fine:
            blocks.append(self._block(say("card_exceptions"), fine, PAGE))
        return "\n\n".join((*blocks, say(f"card_{name}_hint")))

    def _line(self, item: PreferenceEvent) -> str:
        return say("card_line", name=_name(item, self.known.units), origin=escaped(origin(item)))

    def _removals(self, things: Iterable[PreferenceEvent], page: int) -> list[list[InlineKeyboardButton]]:
        rows = []
        for item in things:
            do = Do.ASK if item.kind is PreferenceKind.ALLERGY else Do.TAKE
            text = say("card_button_remove", name=short(name_of(item)))
            rows.append([self._button(text, do, item.id, page)])
        return rows

    def _pages(self, name: Name, page: int, count: int) -> list[list[InlineKeyboardButton]]:
        last = _last_page(count)
        if not last:
            return []
        where = self._button(say("card_button_page", page=page + 1, pages=last + 1), Do.VIEW, name, page)
        before = [self._button("◀", Do.VIEW, name, page - 1)] if page else []
        after = [self._button("▶", Do.VIEW, name, page + 1)] if page < last else []
        return [[*before, where, *after]]

    def _steps(self, steps: Sequence[Step], do: Do, thing: int | str) -> list[InlineKeyboardButton]:
        return [self._button(step.sign, do, thing, _number(step.amount)) for step in steps]

    def _choice(self, name: str, do: Do, choice: str, chosen: str) -> InlineKeyboardButton:
        text = say("card_button_on", name=name) if choice == chosen else name
        return self._button(text, do, choice)

    def _below(self, text: str, rows: Sequence[Sequence[InlineKeyboardButton]], up: Name) -> View:
        last = [
            self._button(say("card_button_back"), Do.VIEW, up, 0),
            self._button(say("card_button_close"), Do.CLOSE),
        ]
        return View(text, InlineKeyboardMarkup([*(row for row in rows if row), last]))

    def _button(self, text: str, do: Do, *words: object) -> InlineKeyboardButton:
        data = ":".join((CARD, str(self.mine), do, *map(str, words)))
        return InlineKeyboardButton(text, callback_data=data)


def escaped(text: str) -> str:
    """Return a person's words as Markdown that shows them letter by letter."""
    return _MARKS.sub(r"\\\1", text)


def short(name: str) -> str:
    """Return a name in one line that fits onto a button."""
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _name(item: PreferenceEvent, units: str = "metric") -> str:
    return escaped(short(name_of(item, units)))


def _number(amount: float) -> str:
    return f"{amount:.8g}"


def _page(things: Sequence[PreferenceEvent], page: int) -> tuple[int, Sequence[PreferenceEvent]]:
    page = min(max(page, 0), _last_page(len(things)))
    return page, things[page * PAGE : (page + 1) * PAGE]


def _last_page(count: int) -> int:
    return max(0, (count - 1) // PAGE)


def _rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
