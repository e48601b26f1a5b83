from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.store.columns import utc_now
from bot.store.conversations import Asked
from bot.store.inbox import IncomingUpdate
from bot.store.store import Store
from bot.store.tables import updates
from retrieval.errors import BadInputError

HELLO = {"message": {"text": "hello 👋", "chat": {"id": 1}}}


async def age(store: Store, update_id: int, days: int) -> None:
    async with store.database.write() as connection:
        await connection.execute(
            sa.update(updates)
            .where(updates.c.update_id == update_id)
            .values(received_at=utc_now() - timedelta(days=days))
        )


async def test_an_update_is_new_once(store: Store) -> None:
    assert await store.inbox.receive(10, "chat:1", HELLO) is True
    assert await store.inbox.receive(10, "chat:1", HELLO) is False


async def test_the_updates_and_messages_of_another_bot_are_not_taken_for_this_ones(store: Store) -> None:
    person = await store.people.person("telegram:1", telegram_id=1)
    conversation = await store.conversations.current(person.id, 1, "private")
    assert await store.inbox.claim(7) is None
    for number in (10, 11):
        await store.inbox.receive(number, "chat:1", HELLO)
    asked = Asked(10, message_id=5)
    old = await store.conversations.receive(
        conversation.id, "tofu?", asked=asked, preferences={}, consent_improve=False
    )
    await store.conversations.set_messages(old.id, [6])

    assert await store.inbox.claim(8) == 2
    assert await store.inbox.pending() == ()
    assert await store.inbox.receive(10, "chat:1", HELLO) is True
    new = await store.conversations.receive(
        conversation.id, "lentils?", asked=asked, preferences={}, consent_improve=False
    )
    assert (new.id != old.id, new.question) == (True, "lentils?")
    kept = await store.conversations.get(old.id)
    assert kept is not None
    assert (kept.question, kept.message_ids) == ("tofu?", ())
    assert await store.lookup.by_question(person.id, 1, 5) == new


@pytest.mark.parametrize("earlier", [None, 7], ids=["from before there was a claim", "of the same bot"])
async def test_a_bot_that_starts_again_keeps_its_updates(store: Store, earlier: int | None) -> None:
    if earlier is not None:
        await store.inbox.claim(earlier)
    await store.inbox.receive(10, "chat:1", HELLO)
    assert await store.inbox.claim(7) is None
    assert await store.inbox.receive(10, "chat:1", HELLO) is False
    assert [item.update_id for item in await store.inbox.pending()] == [10]


async def test_an_update_that_was_handled_is_still_recognised(store: Store) -> None:
    await store.inbox.receive(10, "chat:1", HELLO)
    await store.inbox.done(10)

    assert await store.inbox.receive(10, "chat:1", HELLO) is False
    assert await store.inbox.pending() == ()


async def test_a_batch_says_which_are_new(store: Store) -> None:
    await store.inbox.receive(11, "chat:1", HELLO)

    new = await store.inbox.receive_many([IncomingUpdate(n, "chat:1", HELLO) for n in (13, 11, 12, 12)])

    assert new == [12, 13]
    assert await store.inbox.receive_many([]) == []


async def test_what_was_not_handled_comes_back_in_order(store: Store) -> None:
    for update_id in (12, 10, 11):
        await store.inbox.receive(update_id, "chat:1", HELLO | {"update_id": update_id})
    await store.inbox.done(11)

    assert await store.inbox.pending() == ((10, HELLO | {"update_id": 10}), (12, HELLO | {"update_id": 12}))


async def test_what_was_said_is_forgotten_once_handled(store: Store) -> None:
    await store.inbox.receive(10, "chat:1", HELLO)

    await store.inbox.done(10)

    async with store.database.read() as connection:
        row = (await connection.execute(sa.select(updates))).one()
    assert row.payload is None
    assert row.done_at.utcoffset() == timedelta(0)


async def test_done_for_an_unknown_update_changes_nothing(store: Store) -> None:
    await store.inbox.done(99)

    assert await store.inbox.receive(99, "chat:1", HELLO) is True


async def test_the_last_id_is_the_one_to_continue_after(store: Store) -> None:
    assert await store.inbox.last_update_id() is None

    await store.inbox.receive_many([IncomingUpdate(n, "chat:1", HELLO) for n in (10, 12, 11)])

    assert await store.inbox.last_update_id() == 12


async def test_after_a_week_of_silence_smaller_ids_are_not_skipped(store: Store) -> None:
    await store.inbox.receive(1000, "chat:1", HELLO)
    await age(store, 1000, days=8)
    assert await store.inbox.last_update_id() is None

    await store.inbox.receive(10, "chat:1", HELLO)

    assert await store.inbox.last_update_id() == 10


async def test_pruning_spares_what_is_young_or_not_handled(store: Store) -> None:
    for update_id in (10, 11, 12):
        await store.inbox.receive(update_id, "chat:1", HELLO)
    for update_id in (10, 12):
        await store.inbox.done(update_id)
    for update_id in (10, 11):
        await age(store, update_id, days=5)

    assert await store.inbox.prune(timedelta(days=4)) == 1

    assert await store.inbox.receive(12, "chat:1", HELLO) is False
    assert [update_id for update_id, _ in await store.inbox.pending()] == [11]


async def test_ids_that_telegram_may_repeat_are_never_pruned(store: Store) -> None:
    with pytest.raises(BadInputError, match="2 days"):
        await store.inbox.prune(timedelta(hours=20))
