import pytest
import sqlalchemy as sa

from bot.store.store import Store
from bot.store.tables import Purpose, consents
from retrieval.errors import BadInputError


async def test_what_was_never_asked_is_not_allowed(store: Store) -> None:
    person = await store.people.person("telegram:1")

    assert await store.consents.current(person.id) == {Purpose.SERVICE: False, Purpose.IMPROVEMENT: False}


async def test_each_purpose_is_allowed_and_withdrawn_by_itself(store: Store) -> None:
    person = await store.people.person("telegram:1")
    await store.consents.give(person.id, Purpose.SERVICE, True, "2026-01")
    await store.consents.give(person.id, Purpose.IMPROVEMENT, True, "2026-01")

    await store.consents.give(person.id, Purpose.IMPROVEMENT, False, "2026-01")

    assert await store.consents.current(person.id) == {Purpose.SERVICE: True, Purpose.IMPROVEMENT: False}


async def test_every_decision_is_kept_and_a_repeated_press_is_one(store: Store) -> None:
    person = await store.people.person("telegram:1")

    for granted, version in ((True, "1"), (True, "1"), (False, "1"), (True, "2")):
        await store.consents.give(person.id, Purpose.IMPROVEMENT, granted, version)

    async with store.database.read() as connection:
        kept = await connection.execute(
            sa.select(consents.c.granted, consents.c.version).order_by(consents.c.id)
        )
        assert kept.all() == [(True, "1"), (False, "1"), (True, "2")]


async def test_one_person_never_decides_for_another(store: Store) -> None:
    first = await store.people.person("telegram:1")
    second = await store.people.person("telegram:2")

    await store.consents.give(first.id, Purpose.SERVICE, True, "1")

    assert not any((await store.consents.current(second.id)).values())


async def test_a_decision_of_nobody_is_refused(store: Store) -> None:
    with pytest.raises(BadInputError, match="no person 999"):
        await store.consents.give(999, Purpose.SERVICE, True, "1")
