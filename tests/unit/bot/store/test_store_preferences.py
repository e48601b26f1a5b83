import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bot.store.preferences import PreferenceEvent
from bot.store.store import Store
from bot.store.tables import Polarity, PreferenceKind
from retrieval.diet.preferences import Diet, Preferences, Settings
from retrieval.errors import BadInputError

EVERYTHING = Preferences(
    diets=frozenset({Diet.VEGAN, Diet.HALAL}),
    allergies=frozenset({"peanuts", "strawberry"}),
    likes=("tofu", "olives"),
    dislikes=("celery",),
    targets={"protein_g": 120.0, "energy_kcal": 2200.0},
)


@pytest.fixture
async def person_id(store: Store) -> int:
    return (await store.people.person("telegram:1")).id


async def test_what_was_stated_is_loaded_again(store: Store, person_id: int) -> None:
    returned = await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")

    assert returned == EVERYTHING
    assert await store.preferences.load(person_id) == EVERYTHING


async def test_somebody_new_has_no_preferences_and_no_history(store: Store, person_id: int) -> None:
    assert await store.preferences.load(person_id) == Preferences()
    assert await store.preferences.history(person_id) == ()


async def test_two_people_never_mix(store: Store, person_id: int) -> None:
    other = (await store.people.person("telegram:2")).id
    await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")

    await store.preferences.apply(other, remove=EVERYTHING, source="message", source_id="10")

    assert await store.preferences.load(person_id) == EVERYTHING


async def test_only_what_is_taken_back_goes(store: Store, person_id: int) -> None:
    await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")

    left = await store.preferences.apply(
        person_id,
        remove=Preferences(allergies=frozenset({"strawberry"}), likes=("tofu",), targets={"protein_g": 1.0}),
        source="command",
    )

    assert left.allergies == {"peanuts"}
    assert left.likes == ("olives",)
    assert left.targets == {"energy_kcal": 2200.0}
    assert left.diets == EVERYTHING.diets


async def test_the_latest_of_like_and_dislike_wins(store: Store, person_id: int) -> None:
    await store.preferences.apply(
        person_id, add=Preferences(dislikes=("olives",)), source="message", source_id="1"
    )

    now = await store.preferences.apply(
        person_id, add=Preferences(likes=("olives",)), source="message", source_id="2"
    )

    assert (now.likes, now.dislikes) == (("olives",), ())


async def test_taking_back_a_like_leaves_a_dislike(store: Store, person_id: int) -> None:
    olives = ("olives",)
    await store.preferences.apply(
        person_id, add=Preferences(dislikes=olives), source="message", source_id="1"
    )

    now = await store.preferences.apply(
        person_id, remove=Preferences(likes=olives), source="message", source_id="2"
    )

    assert now.dislikes == olives


async def test_the_latest_target_wins(store: Store, person_id: int) -> None:
    for amount in (100.0, 140.0):
        await store.preferences.apply(
            person_id, add=Preferences(targets={"protein_g": amount}), source="command"
        )

    assert (await store.preferences.load(person_id)).targets == {"protein_g": 140.0}


async def test_an_allergy_both_taken_back_and_stated_in_one_message_stays(
    store: Store, person_id: int
) -> None:
    peanuts = Preferences(allergies=frozenset({"peanuts"}))

    now = await store.preferences.apply(
        person_id, add=peanuts, remove=peanuts, source="message", source_id="1"
    )

    assert now.allergies == {"peanuts"}


async def test_an_exception_lasts_until_its_allergy_is_stated_anew(store: Store, person_id: int) -> None:
    nuts = Preferences(allergies=frozenset({"tree_nuts", "milk"}))
    but_almonds = Preferences(allergies=frozenset({"tree_nuts"}), exceptions=frozenset({"almond"}))

    await store.preferences.apply(person_id, add=but_almonds, source="message", source_id="1")
    other = Preferences(allergies=frozenset({"milk"}))
    held = await store.preferences.apply(person_id, add=other, source="message", source_id="2")
    again = await store.preferences.apply(person_id, add=nuts, source="message", source_id="3")

    assert held.exceptions == {"almond"}
    assert again == nuts


async def test_an_exception_goes_with_its_allergy(store: Store, person_id: int) -> None:
    but_almonds = Preferences(allergies=frozenset({"tree_nuts"}), exceptions=frozenset({"almond"}))
    nuts = Preferences(allergies=frozenset({"tree_nuts"}))
    await store.preferences.apply(person_id, add=but_almonds, source="message", source_id="1")
    assert (
        await store.preferences.apply(person_id, remove=nuts, source="button", source_id="2") == Preferences()
    )


async def test_handling_a_message_again_adds_nothing(store: Store, person_id: int) -> None:
    await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")
    before = await store.preferences.history(person_id)

    again = await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")

    assert again == EVERYTHING
    assert await store.preferences.history(person_id) == before


async def test_handling_an_old_message_again_does_not_undo_a_newer_one(store: Store, person_id: int) -> None:
    peanuts = Preferences(allergies=frozenset({"peanuts"}))
    await store.preferences.apply(person_id, remove=peanuts, source="message", source_id="10")
    await store.preferences.apply(person_id, add=peanuts, source="message", source_id="11")

    now = await store.preferences.apply(person_id, remove=peanuts, source="message", source_id="10")

    assert now.allergies == {"peanuts"}


async def test_the_same_message_handled_twice_at_once_counts_once(store: Store, person_id: int) -> None:
    await asyncio.gather(
        *(
            store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")
            for _ in range(10)
        )
    )

    assert len(await store.preferences.history(person_id)) == 9


async def test_pressing_a_button_twice_records_one_statement(store: Store, person_id: int) -> None:
    vegan = Preferences(diets=frozenset({Diet.VEGAN}))

    for _ in range(2):
        await store.preferences.apply(person_id, add=vegan, source="button")

    assert len(await store.preferences.history(person_id)) == 1


async def test_history_says_what_was_stated_where_and_when_and_what_superseded_it(
    store: Store, person_id: int
) -> None:
    said = datetime(2026, 5, 3, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    await store.preferences.apply(
        person_id, add=Preferences(targets={"sodium_mg": 1500.0}), source="message", source_id="77", at=said
    )
    await store.preferences.apply(person_id, remove=Preferences(targets={"sodium_mg": 1.0}), source="command")

    first, second = await store.preferences.history(person_id)

    assert first == PreferenceEvent(
        id=first.id,
        kind=PreferenceKind.TARGET,
        value="sodium_mg",
        polarity=Polarity.ADD,
        number=1500.0,
        choice=None,
        source="message",
        source_id="77",
        stated_at=said,
        superseded_by=second.id,
    )
    assert first.stated_at.utcoffset() == timedelta(0)
    assert (second.polarity, second.source, second.superseded_by) == (Polarity.REMOVE, "command", None)


async def test_a_moment_without_a_zone_is_refused_and_nothing_is_stored(store: Store, person_id: int) -> None:
    naive = datetime(2026, 5, 3, 14, 30)  # noqa: DTZ001 - that is the point

    with pytest.raises(StatementError, match="without a time zone"):
        await store.preferences.apply(person_id, add=EVERYTHING, source="message", at=naive)

    assert await store.preferences.history(person_id) == ()


async def test_settings_are_chosen_and_chosen_back(store: Store, person_id: int) -> None:
    spanish = await store.preferences.choose(
        person_id, Settings(units="imperial", language="es"), source="command"
    )
    back = await store.preferences.choose(person_id, Settings(), source="command")

    assert spanish.settings == Settings(units="imperial", language="es")
    assert back.settings == Settings()
    assert (await store.preferences.load(person_id)).settings == Settings()


async def test_clearing_returns_what_was_there_and_leaves_the_settings(store: Store, person_id: int) -> None:
    await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")
    await store.preferences.choose(person_id, Settings(language="es"), source="command")

    before = await store.preferences.clear(person_id, "command", "11")

    assert before.as_dict() | {"settings": None} == EVERYTHING.as_dict() | {"settings": None}
    now = await store.preferences.load(person_id)
    assert not now
    assert now.settings.language == "es"


async def test_clearing_again_for_the_same_message_spares_what_was_stated_since(
    store: Store, person_id: int
) -> None:
    await store.preferences.apply(person_id, add=EVERYTHING, source="message", source_id="10")
    before = await store.preferences.clear(person_id, "command", "11")
    await store.preferences.apply(
        person_id, add=Preferences(likes=("rice",)), source="message", source_id="12"
    )

    again = await store.preferences.clear(person_id, "command", "11")

    assert again == before
    assert (await store.preferences.load(person_id)).likes == ("rice",)


async def test_an_unknown_person_is_told_apart(store: Store) -> None:
    with pytest.raises(BadInputError, match="no person 999"):
        await store.preferences.apply(999, add=EVERYTHING, source="command")


async def test_one_impossible_target_stores_nothing_of_the_message(store: Store, person_id: int) -> None:
    impossible = Preferences(diets=frozenset({Diet.VEGAN}), targets={"protein_g": -1.0})

    with pytest.raises(BadInputError, match="must be a number above 0"):
        await store.preferences.apply(person_id, add=impossible, source="command")

    assert await store.preferences.history(person_id) == ()


FOODS = st.sampled_from(["olives", "tofu", "leek"])
STATED = st.builds(
    Preferences,
    diets=st.frozensets(st.sampled_from([Diet.VEGAN, Diet.HALAL])),
    allergies=st.frozensets(FOODS),
    likes=st.lists(FOODS, unique=True).map(tuple),
    dislikes=st.lists(FOODS, unique=True).map(tuple),
    targets=st.dictionaries(st.sampled_from(["protein_g", "fat_g"]), st.sampled_from([10.0, 20.0])),
)


@given(
    messages=st.lists(st.tuples(STATED, STATED), max_size=5), replayed=st.lists(st.integers(0, 4), max_size=4)
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_messages_with_any_replays_leave_what_a_plain_reading_gives(
    store: Store, messages: list[tuple[Preferences, Preferences]], replayed: list[int]
) -> None:
    # One database serves all examples: each is about somebody new.
    person_id = (await store.people.person(f"terminal:{uuid4()}")).id

    for number, (add, remove) in enumerate(messages):
        await store.preferences.apply(
            person_id, add=add, remove=remove, source="message", source_id=str(number)
        )
    for number in replayed:
        if number < len(messages):
            add, remove = messages[number]
            await store.preferences.apply(
                person_id, add=add, remove=remove, source="message", source_id=str(number)
            )

    now = await store.preferences.load(person_id)
    assert _plain(now) == _plain_reading(messages)
    standing = [e for e in await store.preferences.history(person_id) if e.superseded_by is None]
    assert len({(event.kind, event.value) for event in standing}) == len(standing)


def _plain(preferences: Preferences) -> Mapping[str, Any]:
    return {
        "diets": set(preferences.diets),
        "allergies": set(preferences.allergies),
        "likes": set(preferences.likes),
        "dislikes": set(preferences.dislikes),
        "targets": dict(preferences.targets),
    }


def _plain_reading(messages: list[tuple[Preferences, Preferences]]) -> Mapping[str, Any]:
    known: dict[str, Any] = {
        "diets": set(),
        "allergies": set(),
        "likes": set(),
        "dislikes": set(),
        "targets": {},
    }
    for add, remove in messages:
        for name in ("diets", "allergies", "likes", "dislikes"):
            known[name] -= set(getattr(remove, name))
        known["targets"] = {key: n for key, n in known["targets"].items() if key not in remove.targets}
        known["diets"] |= add.diets
        known["allergies"] |= add.allergies
        known["likes"] |= set(add.likes)
        known["dislikes"] = (known["dislikes"] - set(add.likes)) | set(add.dislikes)
        known["likes"] -= set(add.dislikes)
        known["targets"] |= add.targets
    return known
