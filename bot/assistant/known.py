"""What is known about one person, each thing with where it came from, in that person's language."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from bot.assistant.understand import Change
from bot.assistant.words import food_name
from bot.messages import say
from bot.store.columns import utc_now
from bot.store.preferences import PreferenceEvent
from bot.store.tables import Polarity, PreferenceKind
from retrieval.diet.preferences import Diet, Preferences

_CENTIMETRES_PER_INCH = 2.54
_INCHES_PER_FOOT = 12
_KILOGRAMS_PER_POUND = 0.45359237
_SOURCES = {
    "message": "origin_message",
    "command": "origin_command",
    "button": "origin_button",
    "form": "origin_form",
}
METRIC, IMPERIAL = "metric", "imperial"
UNITS = (METRIC, IMPERIAL)


@dataclass(frozen=True, slots=True)
class Known:
    """What holds now: the statements that nothing later superseded, oldest first."""

    things: tuple[PreferenceEvent, ...]
    latest_id: int
    """The id of the newest statement of all, also of one that took something back; 0 when there is none."""
    _history: tuple[PreferenceEvent, ...]

    @classmethod
    def read(cls, history: Sequence[PreferenceEvent]) -> Self:
        """Return what holds after `history` (see `PreferenceStore.history`)."""
        things = (item for item in history if item.superseded_by is None and item.polarity is Polarity.ADD)
        return cls(tuple(things), max((item.id for item in history), default=0), tuple(history))

    def __bool__(self) -> bool:
        return any(item.kind is not PreferenceKind.SETTING for item in self.things)

    def of(self, kind: PreferenceKind) -> tuple[PreferenceEvent, ...]:
        """Return what is known of one kind, oldest first."""
        return tuple(item for item in self.things if item.kind is kind)

    def find(self, kind: PreferenceKind, value: str) -> PreferenceEvent | None:
        """Return the statement that makes `value` hold, or `None` when it doesn't."""
        return next((item for item in self.things if (item.kind, item.value) == (kind, value)), None)

    def get(self, event_id: int) -> PreferenceEvent | None:
        """Return the statement with this id, if it still holds."""
        return next((item for item in self.things if item.id == event_id), None)

    def kind_of(self, event_id: int) -> PreferenceKind | None:
        """Return what a statement was about, also when it doesn't hold any more; `None` when there was none."""
        return next((item.kind for item in self._history if item.id == event_id), None)

    def stated_by(self, source_id: str) -> tuple[PreferenceEvent, ...]:
        """Return what one update or turn stated or took back, whether it still holds or not."""
        return tuple(item for item in self._history if item.source_id == source_id)

    @property
    def units(self) -> str:
        """`metric` or `imperial`."""
        chosen = self.find(PreferenceKind.SETTING, "units")
        return IMPERIAL if chosen is not None and chosen.choice == IMPERIAL else METRIC


def name_of(item: PreferenceEvent, units: str = METRIC) -> str:
    """Return a known thing's name: 'vegan', 'tree nuts', 'protein 120 g a day'."""
    if item.kind is PreferenceKind.DIET:
        return say(f"diet_{item.value}")
    if item.kind is PreferenceKind.TARGET:
        amount = amount_in_words(item.value, item.number or 0.0, units)
        return say("target_line", name=say(f"target_{item.value}"), amount=amount)
    return food_name(item.value)


def origin(item: PreferenceEvent, today: datetime | None = None) -> str:
    """Return where a known thing came from and when: 'from your message of 3 May'; days are those of UTC."""
    return say(_SOURCES.get(item.source, "origin_other"), date=day(item.stated_at, today))


def day(moment: datetime, today: datetime | None = None) -> str:
    """Return a date in the language spoken here, with its year unless that is this year's."""
    # Imported here: it takes a while, and most commands show no date.
    from babel.dates import format_date, format_skeleton

    locale = say("date_locale")
    date = moment.astimezone(UTC).date()
    if date.year == (today or utc_now()).year:
        return format_skeleton("MMMMd", date, locale=locale)
    return format_date(date, "long", locale=locale)


def amount_in_words(target: str, amount: float, units: str = METRIC) -> str:
    """Return a target's amount: '120 g a day', '5 ft 10 in'. `amount` is in the unit that the target's id names."""
    if units == IMPERIAL and target == "height_cm":
        inches = round(amount / _CENTIMETRES_PER_INCH)
        return f"{inches // _INCHES_PER_FOOT} ft {inches % _INCHES_PER_FOOT} in"
    if units == IMPERIAL and target == "weight_kg":
        return say("amount", amount=round(amount / _KILOGRAMS_PER_POUND), unit="lb")
    unit = target.rsplit("_", 1)[1].replace("ug", "µg")
    once = target in ("weight_kg", "height_cm")
    return say("amount" if once else "amount_a_day", amount=amount, unit=unit)


def described(change: Change, units: str = METRIC) -> str:
    """Return a change in words: 'allergy to peanuts, vegan, dislikes walnuts, protein 150 g a day'."""
    words = [say("change_allergy", name=food_name(item)) for item in sorted(change.allergies)]
    words += [say("change_exception", name=food_name(item)) for item in sorted(change.exceptions)]
    words += [say("change_diet", name=say(f"diet_{item}")) for item in sorted(change.diets)]
    words += [say("change_like", name=food_name(item)) for item in change.likes]
    words += [say("change_dislike", name=food_name(item)) for item in change.dislikes]
    words += [
        say("change_target", name=say(f"target_{target}"), amount=amount_in_words(target, amount, units))
        for target, amount in sorted(change.targets.items())
    ]
    return ", ".join(words)


def named(change: Change) -> str:
    """Return what a change is about, without amounts: 'peanuts, protein'."""
    foods = (*sorted(change.allergies), *sorted(change.exceptions), *change.likes, *change.dislikes)
    words = [food_name(item) for item in foods]
    words += [say("change_diet", name=say(f"diet_{item}")) for item in sorted(change.diets)]
    words += [say(f"target_{target}") for target in sorted(change.targets)]
    return ", ".join(dict.fromkeys(words))


def kilograms(pounds: float) -> float:
    """Return a weight in kilograms, to one decimal."""
    return round(pounds * _KILOGRAMS_PER_POUND, 1)


def change_of(events: Iterable[PreferenceEvent]) -> Change:
    """Return the values of statements as one change; settings are left out."""
    by_kind: dict[PreferenceKind, list[PreferenceEvent]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)

    def words(kind: PreferenceKind) -> tuple[str, ...]:
        return tuple(event.value for event in by_kind.get(kind, ()))

    return Change(
        diets=frozenset(Diet(diet) for diet in words(PreferenceKind.DIET)),
        allergies=frozenset(words(PreferenceKind.ALLERGY)),
        exceptions=frozenset(words(PreferenceKind.EXCEPTION)),
        likes=words(PreferenceKind.LIKE),
        dislikes=words(PreferenceKind.DISLIKE),
        targets={event.value: event.number or 1.0 for event in by_kind.get(PreferenceKind.TARGET, ())},
    )


def export_document(preferences: Preferences, history: Iterable[PreferenceEvent]) -> bytes:
    """Return a JSON document of the preferences and of every statement that led to them, oldest first."""
    statements = [
        {
            **{name: value for name, value in asdict(event).items() if value is not None},
            "stated_at": event.stated_at.isoformat(),
        }
        for event in history
    ]
    document = {"preferences": preferences.as_dict(), "history": statements}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
