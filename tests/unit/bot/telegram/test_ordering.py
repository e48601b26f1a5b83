import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import CallbackQuery, Chat, InlineQuery, Message, PollAnswer, Update, User
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters
from telegram.request import BaseRequest

from bot.telegram.ordering import PerChatProcessor

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
PERSON = User(id=7, first_name="Ana", is_bot=False)


def message_in(chat_id: int, update_id: int = 1, text: str = "hi") -> Update:
    message = Message(
        message_id=update_id, date=NOON, chat=Chat(chat_id, "private"), from_user=PERSON, text=text
    )
    return Update(update_id, message=message)


class Handler:
    """Stands for the work on one update: it notes when it starts, and ends when it is told to."""

    def __init__(self, log: list["Handler"], chat_id: int, number: int) -> None:
        self.log, self.chat_id, self.number = log, chat_id, number
        self.started, self.release = asyncio.Event(), asyncio.Event()
        self.ended = False

    async def run(self) -> None:
        self.log.append(self)
        self.started.set()
        try:
            await self.release.wait()
        finally:
            self.ended = True


def submit(processor: PerChatProcessor, update: object, work: Awaitable[Any]) -> "asyncio.Task[None]":
    return asyncio.create_task(processor.process_update(update, work))


async def settle() -> None:
    """Let every task go as far as it can without an event from outside."""
    for _ in range(20):
        await asyncio.sleep(0)


@settings(max_examples=200, deadline=None)
@given(
    chats=st.lists(st.integers(1, 5), min_size=1, max_size=25),
    places=st.integers(1, 4),
    choices=st.randoms(use_true_random=False),
)
def test_each_chat_is_in_order_and_alone_however_the_handlers_end(
    chats: list[int], places: int, choices: Any
) -> None:
    async def scenario() -> None:
        processor = PerChatProcessor(places)
        log: list[Handler] = []
        handlers = [Handler(log, chat, number) for number, chat in enumerate(chats)]
        tasks: list[asyncio.Task[None]] = []
        waiting = list(handlers)
        while waiting or not all(task.done() for task in tasks):
            if waiting and choices.random() < 0.5:
                handler = waiting.pop(0)
                tasks.append(submit(processor, message_in(handler.chat_id), handler.run()))
            running = [handler for handler in log if not handler.ended]
            if running and choices.random() < 0.6:
                choices.choice(running).release.set()
            await settle()
            running = [handler for handler in log if not handler.ended]
            assert len(running) <= places
            assert len({handler.chat_id for handler in running}) == len(running)
            heads = {handler.chat_id for handler in handlers[: len(tasks)] if not handler.ended}
            assert len(running) == min(places, len(heads)), "a place is empty while a chat waits"
        for chat in set(chats):
            numbers = [handler.number for handler in log if handler.chat_id == chat]
            assert numbers == sorted(numbers)
        assert len(log) == len(handlers)
        assert processor.pending == processor.active_chats == processor.current_concurrent_updates == 0

    asyncio.run(scenario())


async def test_a_thousand_updates_of_one_chat_hold_no_other_chat_back() -> None:
    processor = PerChatProcessor(2)
    log: list[Handler] = []
    flood = [Handler(log, 1, number) for number in range(1000)]
    tasks = [submit(processor, message_in(1), handler.run()) for handler in flood]
    other = Handler(log, 2, 0)
    tasks.append(submit(processor, message_in(2), other.run()))
    await asyncio.wait_for(other.started.wait(), timeout=10)
    assert processor.pending == 1001
    assert processor.active_chats == 2
    other.release.set()
    await tasks[-1]
    assert log == [flood[0], other]
    assert processor.idle(2)
    assert not processor.idle(1)
    for handler in flood:
        handler.release.set()
    await asyncio.gather(*tasks)
    assert log == [flood[0], other, *flood[1:]]
    assert processor.idle(1)
    assert processor.active_chats == processor.pending == 0


async def test_chats_that_wait_for_a_place_take_turns_with_a_flood() -> None:
    processor = PerChatProcessor(1)
    log: list[Handler] = []
    handlers = [Handler(log, chat, number) for number, chat in enumerate([1, 1, 1, 2])]
    tasks = [submit(processor, message_in(each.chat_id), each.run()) for each in handlers]
    await settle()
    for handler in handlers:
        handler.release.set()
    await asyncio.gather(*tasks)
    assert [handler.chat_id for handler in log] == [1, 2, 1, 1]


async def test_a_handler_that_fails_lets_the_next_one_begin() -> None:
    async def fail() -> None:
        raise LookupError("as planned")

    processor = PerChatProcessor(1)
    log: list[Handler] = []
    after = Handler(log, 1, 1)
    after.release.set()
    failing = submit(processor, message_in(1), fail())
    following = submit(processor, message_in(1), after.run())
    with pytest.raises(LookupError, match="as planned"):
        await failing
    await asyncio.wait_for(following, timeout=10)
    assert log == [after]
    assert processor.idle(1)


async def test_cancelling_frees_the_place_and_leaves_nothing_unawaited() -> None:
    processor = PerChatProcessor(1)
    log: list[Handler] = []
    running, waiting, elsewhere, last = (Handler(log, chat, 0) for chat in (1, 1, 2, 1))
    tasks = [
        submit(processor, message_in(each.chat_id), each.run())
        for each in (running, waiting, elsewhere, last)
    ]
    await running.started.wait()
    await settle()
    for task in tasks[:3]:  # one that runs, one behind it, and one that waits for a place
        task.cancel()
    await asyncio.gather(*tasks[:3], return_exceptions=True)
    assert all(task.cancelled() for task in tasks[:3])
    await asyncio.wait_for(last.started.wait(), timeout=10)
    last.release.set()
    await tasks[3]
    assert log == [running, last]
    assert running.ended
    assert processor.active_chats == processor.pending == 0


async def test_work_that_is_no_coroutine_is_awaited_too() -> None:
    processor = PerChatProcessor(1)
    future = asyncio.get_running_loop().create_future()
    task = submit(processor, message_in(1), future)
    await settle()
    assert not task.done()
    future.set_result(None)
    await task


def updates_that_share_a_line() -> Iterable[Any]:
    chat = Chat(7, "private")
    message = Message(message_id=1, date=NOON, chat=chat, from_user=PERSON, text="a")
    tap = CallbackQuery(id="1", from_user=PERSON, chat_instance="x", message=message, data="undo")
    tap_elsewhere = CallbackQuery(
        id="2", from_user=PERSON, chat_instance="x", inline_message_id="1", data="undo"
    )
    query = InlineQuery(id="3", from_user=PERSON, query="oats", offset="")
    answer = PollAnswer(poll_id="1", option_ids=(0,), user=PERSON, option_persistent_ids=("0",))
    yield pytest.param(message_in(7), Update(2, callback_query=tap), id="a message and a tap on a button")
    yield pytest.param(message_in(7), Update(2, callback_query=tap_elsewhere), id="a tap without a chat")
    yield pytest.param(message_in(7), Update(2, inline_query=query), id="an inline query")
    yield pytest.param(Update(1, poll_answer=answer), Update(2, inline_query=query), id="two without a chat")
    yield pytest.param(Update(1), "no update at all", id="two without anybody")


@pytest.mark.parametrize(("first", "second"), list(updates_that_share_a_line()))
async def test_what_belongs_together_is_in_order(first: object, second: object) -> None:
    processor = PerChatProcessor(8)
    log: list[Handler] = []
    one, two = Handler(log, 0, 0), Handler(log, 0, 1)
    tasks = [submit(processor, first, one.run()), submit(processor, second, two.run())]
    await settle()
    assert log == [one]
    one.release.set()
    two.release.set()
    await asyncio.gather(*tasks)
    assert log == [one, two]


def test_no_place_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="max_concurrent is 0"):
        PerChatProcessor(0)


class Offline(BaseRequest):
    """Answers getMe; anything else would be a call that this test doesn't expect."""

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        assert url.endswith("/getMe")
        me = {"id": 1, "is_bot": True, "first_name": "Platewise", "username": "platewise_bot"}
        return 200, json.dumps({"ok": True, "result": me}).encode()


async def test_the_real_application_hands_over_updates_in_order() -> None:
    seen: dict[int, list[str]] = {}
    busy: set[int] = set()

    async def note(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        assert update.effective_message is not None
        chat_id = update.effective_chat.id
        assert chat_id not in busy
        busy.add(chat_id)
        await settle()
        seen.setdefault(chat_id, []).append(update.effective_message.text or "")
        busy.remove(chat_id)

    processor = PerChatProcessor(3)
    builder = ApplicationBuilder().token("1:offline").request(Offline()).get_updates_request(Offline())
    application: Application[Any, Any, Any, Any, Any, Any] = (
        builder.updater(None).concurrent_updates(processor).build()
    )
    application.add_handler(MessageHandler(filters.TEXT, note))
    async with application:
        await application.start()
        for number in range(60):
            await application.update_queue.put(message_in(number % 6 + 1, number + 1, text=f"{number // 6}"))
        await application.update_queue.join()
        await application.stop()
    assert seen == {chat: [str(turn) for turn in range(10)] for chat in range(1, 7)}
    assert processor.pending == 0
