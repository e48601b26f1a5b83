from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.store.columns import utc_now
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
