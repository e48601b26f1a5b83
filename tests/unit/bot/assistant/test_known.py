import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.assistant.known import Known, amount_in_words, described, export_document, name_of, origin
from bot.assistant.understand import Change
from bot.messages import languages, say, speaking
from bot.store.preferences import PreferenceEvent
from bot.store.tables import Polarity, PreferenceKind
from retrieval.diet.preferences import TARGETS, Allergen, Diet, Preferences

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def stated(
    event_id: int,
    value: str,
    *,
    kind: PreferenceKind = PreferenceKind.ALLERGY,
    polarity: Polarity = Polarity.ADD,
    number: float | None = None,
    source: str = "message",
    at: datetime = datetime(2026, 5, 3, 12, tzinfo=UTC),
    superseded_by: int | None = None,
) -> PreferenceEvent:
    return PreferenceEvent(
        event_id, kind, value, polarity, number, None, source, f"update:{event_id}", at, superseded_by
    )


@pytest.mark.parametrize(
    ("source", "english", "spanish"),
    [
        ("message", "from your message of 3 May", "de tu mensaje del 3 de mayo"),
        ("button", "a button, 3 May", "un botón, 3 de mayo"),
        ("command", "/prefs, 3 May", "/prefs, 3 de mayo"),
        ("form", "from our first chat, 3 May", "de nuestra primera charla, 3 de mayo"),
        ("import", "3 May", "3 de mayo"),
    ],
)
def test_where_a_thing_came_from_is_said_with_its_day(source: str, english: str, spanish: str) -> None:
    thing = stated(1, "peanuts", source=source)
    assert origin(thing, NOW) == english
    with speaking("es"):
        assert origin(thing, NOW) == spanish


def test_a_day_of_another_year_has_its_year() -> None:
    thing = stated(1, "peanuts", at=datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    assert origin(thing, NOW) == "from your message of 31 December 2025"
    with speaking("es"):
        assert origin(thing, NOW) == "de tu mensaje del 31 de diciembre de 2025"


def test_days_are_those_of_utc() -> None:
    evening = datetime(2026, 5, 3, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert origin(stated(1, "peanuts", at=evening), NOW) == "from your message of 4 May"


def test_what_was_taken_back_is_not_known_any_more() -> None:
    history = (
        stated(1, "peanuts", superseded_by=2),
        stated(2, "peanuts", polarity=Polarity.REMOVE),
        stated(3, "milk"),
    )
    known = Known.read(history)
    assert [item.id for item in known.things] == [3]
    assert known.get(1) is None
    assert known.kind_of(1) is PreferenceKind.ALLERGY
    assert known.find(PreferenceKind.ALLERGY, "milk") is not None
    assert known.latest_id == 3
    assert [item.id for item in known.stated_by("update:2")] == [2]


@pytest.mark.parametrize("language", languages())
def test_every_diet_allergen_and_target_has_a_name_of_its_own(language: str) -> None:
    with speaking(language):
        for keys in (
            [f"diet_{diet}" for diet in Diet],
            [f"allergen_{allergen}" for allergen in Allergen],
            [f"target_{target}" for target in TARGETS],
        ):
            names = {say(key) for key in keys}
            assert len(names) == len(keys)


@pytest.mark.parametrize(
    ("target", "amount", "metric", "imperial"),
    [
        ("protein_g", 120.0, "120 g a day", "120 g a day"),
        ("energy_kcal", 2000.0, "2,000 kcal a day", "2,000 kcal a day"),
        ("b12_ug", 2.5, "2.5 µg a day", "2.5 µg a day"),
        ("weight_kg", 70.0, "70 kg", "154 lb"),
        ("height_cm", 178.0, "178 cm", "5 ft 10 in"),
        ("height_cm", 182.9, "182.9 cm", "6 ft 0 in"),
    ],
)
def test_amounts_are_said_in_the_persons_units(
    target: str, amount: float, metric: str, imperial: str
) -> None:
    assert amount_in_words(target, amount) == metric
    assert amount_in_words(target, amount, "imperial") == imperial


def test_a_change_is_described_in_the_language_spoken() -> None:
    change = Change(
        diets=frozenset({Diet.VEGAN}),
        allergies=frozenset({"tree_nuts"}),
        dislikes=("kale",),
        targets={"energy_kcal": 1800.0},
    )
    assert described(change) == "allergy to tree nuts, vegan, dislikes kale, energy 1,800 kcal a day"
    with speaking("es"):
        assert described(change).startswith("alergia a frutos de cáscara, dieta vegana, no te gusta: ")
        assert described(change).endswith("energía 1.800 kcal al día")


def test_a_target_is_named_with_its_amount() -> None:
    assert name_of(stated(1, "protein_g", kind=PreferenceKind.TARGET, number=90)) == "protein 90 g a day"


def test_the_export_holds_what_was_taken_back_too() -> None:
    history = (
        stated(1, "peanuts", superseded_by=2),
        stated(2, "peanuts", polarity=Polarity.REMOVE, source="button"),
    )
    document = json.loads(export_document(Preferences(likes=("piñón",)), history))
    assert document["preferences"]["likes"] == ["piñón"]
    assert [
        (item["kind"], item["value"], item["polarity"], item["source"]) for item in document["history"]
    ] == [
        ("allergy", "peanuts", "add", "message"),
        ("allergy", "peanuts", "remove", "button"),
    ]
    assert document["history"][0]["stated_at"] == "2026-05-03T12:00:00+00:00"
