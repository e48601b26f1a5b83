import asyncio
from datetime import timedelta

import pytest

from bot.store.conversations import Turn
from bot.store.store import Store
from bot.store.tables import Rating
from retrieval.errors import BadInputError


@pytest.fixture
async def turn(store: Store) -> Turn:
    person = await store.people.person("telegram:1")
    conversation = await store.conversations.current(person.id, None, "terminal")
    return await store.conversations.receive(conversation.id, "Hello?", preferences={}, consent_improve=True)


async def test_the_latest_opinion_replaces_the_earlier_one(store: Store, turn: Turn) -> None:
    person = await store.people.person("telegram:1")
    await store.feedback.give(turn.id, person.id, Rating.UP)

    await store.feedback.give(turn.id, person.id, Rating.DOWN, reason="wrong figure")

    (opinion,) = await store.feedback.of_turn(turn.id)
    assert (opinion.person_id, opinion.value, opinion.reason) == (person.id, Rating.DOWN, "wrong figure")
    assert opinion.given_at.utcoffset() == timedelta(0)


async def test_people_in_a_group_each_have_an_opinion(store: Store, turn: Turn) -> None:
    for handle in ("telegram:1", "telegram:2"):
        person = await store.people.person(handle)
        await store.feedback.give(turn.id, person.id, Rating.UP)

    assert len(await store.feedback.of_turn(turn.id)) == 2


async def test_many_presses_at_once_are_one_opinion(store: Store, turn: Turn) -> None:
    person = await store.people.person("telegram:1")

    await asyncio.gather(*(store.feedback.give(turn.id, person.id, Rating.UP) for _ in range(20)))

    assert len(await store.feedback.of_turn(turn.id)) == 1


async def test_an_opinion_about_an_erased_answer_is_refused(store: Store) -> None:
    person = await store.people.person("telegram:1")

    with pytest.raises(BadInputError, match="erased"):
        await store.feedback.give(999, person.id, Rating.UP)
