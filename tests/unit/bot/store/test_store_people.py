import asyncio
from datetime import timedelta

import pytest

from bot.store.people import Names
from bot.store.store import Store


async def test_a_new_person_gets_an_id_and_is_recognised_next_time(store: Store) -> None:
    new = await store.people.person("telegram:42", telegram_id=42, language="es")

    again = await store.people.person("telegram:42", telegram_id=42, language="es")

    assert again == new
    assert (new.handle, new.telegram_id, new.language) == ("telegram:42", 42, "es")


async def test_a_terminal_user_has_no_telegram_id(store: Store) -> None:
    first = await store.people.person("terminal:default")
    second = await store.people.person("terminal:other")

    assert first.telegram_id is None
    assert first.id != second.id


async def test_fifty_first_messages_at_once_make_one_person(store: Store) -> None:
    people = await asyncio.gather(
        *(store.people.person("telegram:7", telegram_id=7, language="en") for _ in range(50))
    )

    assert len(set(people)) == 1


async def test_a_language_changed_in_telegram_is_followed(store: Store) -> None:
    await store.people.person("telegram:42", telegram_id=42, language="es")

    assert (await store.people.person("telegram:42", telegram_id=42, language="de")).language == "de"
    assert (await store.people.person("telegram:42", telegram_id=42)).language == "de"


async def test_a_telegram_id_belongs_to_one_person_whatever_the_handle(store: Store) -> None:
    known = await store.people.person("telegram:42", telegram_id=42)

    assert await store.people.person("another handle", telegram_id=42) == known


async def test_a_telegram_id_learnt_later_is_kept(store: Store) -> None:
    known = await store.people.person("telegram:42")

    assert (await store.people.person("telegram:42", telegram_id=42)).telegram_id == 42
    assert (await store.people.person("telegram:42")).id == known.id


async def test_the_largest_telegram_id_fits(store: Store) -> None:
    largest = 2**52 - 1

    person = await store.people.person(f"telegram:{largest}", telegram_id=largest)

    assert person.telegram_id == largest


async def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    person = await store.people.person("telegram:42")

    assert person.created_at.utcoffset() == timedelta(0)
    assert (await store.people.person("telegram:42")).created_at == person.created_at


async def test_names_are_followed_and_stay_where_none_are_given(store: Store) -> None:
    await store.people.person("telegram:42", telegram_id=42, names=Names("Ada", "Lovelace", "ada_l"))
    await store.people.person("telegram:42", telegram_id=42, names=Names("Ada\ud800", None, "ada_l"))

    known = await store.people.person("telegram:42", telegram_id=42)

    assert (known.first_name, known.last_name, known.user_name) == ("Ada\ufffd", None, "ada_l")


async def test_names_that_have_not_changed_are_not_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names("Ada\ud800", "Lovelace")
    known = await store.people.person("telegram:42", telegram_id=42, names=names)

    def nobody_writes() -> None:
        raise AssertionError("nothing is new")

    monkeypatch.setattr(store.database, "write", nobody_writes)
    assert await store.people.person("telegram:42", telegram_id=42, names=names) == known
