"""Updates that come many at a time are stored together before any is handled, and each is handled once."""

from collections.abc import Sequence

import pytest
from telegram import Bot, Update

from bot.store.inbox import Inbox, IncomingUpdate
from bot.store.store import Store
from bot.telegram.inbox import DurableQueue
from retrieval.errors import UnavailableError
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot

BOT = Bot("1:token")


def update(number: int) -> Update:
    chat = {"id": 7, "type": "private", "first_name": "Ada"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": chat | {"is_bot": False}}
    return Update.de_json({"update_id": number, "message": message | {"text": f"message {number}"}}, BOT)


async def test_a_batch_is_stored_before_the_first_of_it_is_queued(store: Store) -> None:
    queue, batch = DurableQueue(store.inbox), [update(number) for number in (1, 2, 3)]
    await queue.store_together(batch)
    assert [item.update_id for item in await store.inbox.pending()] == [1, 2, 3]
    assert queue.empty()
    for item in batch:
        await queue.put(item)
    assert [queue.get_nowait().update_id for _ in batch] == [1, 2, 3]  # type: ignore[attr-defined]


async def test_of_a_batch_that_comes_twice_only_what_is_new_is_queued(store: Store) -> None:
    queue = DurableQueue(store.inbox)
    for numbers in ((1, 2), (1, 2, 3), (3,)):
        batch = [update(number) for number in numbers]
        await queue.store_together(batch)
        for item in batch:
            await queue.put(item)
    assert [queue.get_nowait().update_id for _ in range(queue.qsize())] == [1, 2, 3]  # type: ignore[attr-defined]


async def test_a_batch_that_cannot_be_stored_is_stored_one_by_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_many = Inbox.receive_many

    async def only_one(inbox: Inbox, updates: Sequence[IncomingUpdate]) -> list[int]:
        if len(updates) > 1:
            raise UnavailableError("the database is away")
        return await receive_many(inbox, updates)

    monkeypatch.setattr(Inbox, "receive_many", only_one)
    queue, batch = DurableQueue(store.inbox), [update(1), update(2)]
    await queue.store_together(batch)
    for item in batch:
        await queue.put(item)
    assert [item.update_id for item in await store.inbox.pending()] == [1, 2]
    assert queue.qsize() == 2


async def test_what_came_while_the_bot_was_away_is_answered_in_order(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    for command in ("/help", "/nonsense", "/help"):
        await chat.send(command)
    async with start_bot():
        await chat.wait_until(lambda chat: len(chat.messages) == 3)
    assert chat.texts[0] == chat.texts[2] != chat.texts[1]
