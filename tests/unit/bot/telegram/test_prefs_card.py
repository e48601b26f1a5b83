from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.assistant.known import Known
from bot.assistant.prefs_command import Action, PrefsCommand
from bot.assistant.understand import Change
from bot.messages import languages, speaking
from bot.store.preferences import PreferenceEvent
from bot.store.tables import Polarity, PreferenceKind
from bot.telegram.asking import drop_questions, note_questions, suggestion_buttons, unpacked
from bot.telegram.formatting import parts
from bot.telegram.prefs_card import PAGE, Card, Name, View
from retrieval.diet.lexicon import lexicon
from retrieval.diet.preferences import TARGETS, Allergen, Diet

LONGEST_ID = 2**52 - 1
"""Telegram's ids have at most 52 bits."""

LAST_ROW = 2**63 - 1
MOST_BYTES, MOST_BUTTONS = 64, 100


def thing(event_id: int, kind: PreferenceKind, value: str, number: float | None = None) -> PreferenceEvent:
    at = datetime(2020, 12, 31, tzinfo=UTC)
    return PreferenceEvent(event_id, kind, value, Polarity.ADD, number, None, "message", None, at, None)


def card(*things: PreferenceEvent) -> Card:
    return Card(LONGEST_ID, Known.read(things))


def buttons(keyboard: InlineKeyboardMarkup | None) -> list[InlineKeyboardButton]:
    assert keyboard is not None
    return [item for row in keyboard.inline_keyboard for item in row]


def check(view: View) -> None:
    """Telegram takes the view in one message, and every button belongs to the person."""
    assert len(parts(view.text)) == 1
    shown = buttons(view.keyboard)
    assert len(shown) <= MOST_BUTTONS
    for item in shown:
        check_button(item)


def check_button(item: InlineKeyboardButton) -> None:
    assert str(LONGEST_ID) in str(item.callback_data)
    assert len(str(item.callback_data).encode()) <= MOST_BYTES
    assert item.text.strip()


def all_views(shown: Card) -> Iterable[View]:
    yield from (shown.view(name, page) for name in Name for page in (0, 1, 10**6))
    yield shown.clear_question()
    for item in shown.known.things:
        if item.kind is PreferenceKind.TARGET:
            yield shown.target(item)
        if item.kind is PreferenceKind.ALLERGY:
            yield shown.question(item, 999_999)
    yield from (shown.draft(target, 99_999.125) for target in TARGETS)


def everything(first_id: int) -> list[PreferenceEvent]:
    """All diets, allergens, targets and foods at once, under the highest ids that there can be."""
    values = [
        *((PreferenceKind.DIET, str(diet)) for diet in Diet),
        *((PreferenceKind.ALLERGY, str(item)) for item in Allergen),
        *((PreferenceKind.TARGET, target) for target in TARGETS),
        *((PreferenceKind.ALLERGY, food) for food in lexicon() if food not in set(Allergen)),
        *((PreferenceKind.EXCEPTION, food) for food in lexicon()),
        *((PreferenceKind.DISLIKE, food) for food in lexicon()),
    ]
    return [
        thing(first_id - number, kind, value, 99_999.125 if kind is PreferenceKind.TARGET else None)
        for number, (kind, value) in enumerate(values)
    ]


@pytest.mark.parametrize("language", languages())
def test_every_view_of_a_person_with_everything_is_taken_by_telegram(language: str) -> None:
    with speaking(language):
        for view in all_views(card(*everything(LAST_ROW))):
            check(view)


@pytest.mark.parametrize("language", languages())
def test_every_view_of_a_person_with_nothing_is_taken_by_telegram(language: str) -> None:
    with speaking(language):
        for view in all_views(card()):
            check(view)


@given(st.lists(st.text(min_size=1, max_size=300), max_size=40))
def test_whatever_a_taste_says_the_card_holds_it(tastes: list[str]) -> None:
    shown = card(*(thing(number, PreferenceKind.LIKE, taste) for number, taste in enumerate(tastes, 1)))
    check(shown.view())
    check(shown.view(Name.LIKES))


def test_every_food_can_be_suggested_noted_and_dropped_by_a_button() -> None:
    for food in lexicon():
        changes = [
            Change(allergies=frozenset({food})),
            Change(exceptions=frozenset({food})),
            Change(likes=(food,)),
            Change(dislikes=(food,)),
        ]
        for change in changes:
            (question,) = note_questions(LONGEST_ID, change)
            yes = buttons(question.keyboard)[0]
            check_button(yes)
            assert unpacked(str(yes.callback_data).split(":", 3)[3]) == change
            ((_, suggested),) = suggestion_buttons(
                LONGEST_ID, [PrefsCommand(Action.ADD, change)], Known.read(())
            )
            assert suggested is not None
            check_button(suggested)
            held = thing(LAST_ROW, PreferenceKind.ALLERGY, food)
            removal = PrefsCommand(Action.REMOVE, Change(allergies=frozenset({food})))
            ((_, suggested),) = suggestion_buttons(LONGEST_ID, [removal], Known.read([held]))
            assert suggested is not None
            check_button(suggested)
        for question in drop_questions(LONGEST_ID, {food}):
            for item in buttons(question.keyboard):
                check_button(item)


def test_every_diet_and_target_can_be_suggested_by_a_button() -> None:
    changes = [Change(diets=frozenset({diet})) for diet in Diet]
    changes += [Change(targets={target: 99_999.125}) for target in TARGETS]
    for change in changes:
        ((_, suggested),) = suggestion_buttons(LONGEST_ID, [PrefsCommand(Action.ADD, change)], Known.read(()))
        assert suggested is not None
        check_button(suggested)
        assert unpacked(str(suggested.callback_data).split(":", 3)[3]) == change


def test_what_does_not_fit_into_a_button_is_not_half_of_it() -> None:
    many = PrefsCommand(Action.ADD, Change(allergies=frozenset(Allergen)))
    mixed = PrefsCommand(Action.ADD, Change(likes=("kale",), dislikes=("leek",)))
    several = PrefsCommand(Action.ADD, Change(likes=("kale", "leek")))
    offered = suggestion_buttons(LONGEST_ID, [many, mixed, several], Known.read(()))
    assert [button for _, button in offered] == [None, None, None]


@given(st.integers(min_value=0, max_value=500))
def test_paging_shows_every_dislike_once(count: int) -> None:
    shown = card(*(thing(number, PreferenceKind.DISLIKE, f"dish {number}") for number in range(1, count + 1)))
    seen = [
        str(item.callback_data).split(":")[3]
        for page in range(-(-count // PAGE))
        for item in buttons(shown.view(Name.DISLIKES, page).keyboard)
        if ":take:" in str(item.callback_data)
    ]
    assert sorted(map(int, seen)) == list(range(1, count + 1))
