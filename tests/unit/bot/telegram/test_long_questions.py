"""What Telegram cut into several messages is one question; what merely follows is not."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Chat, Message, Update, User

from bot.store.store import Store
from bot.telegram.inbox import chat_key
from bot.telegram.long_questions import CUT_FROM, Joined, LongQuestions

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
ADA, BOB = User(1, "Ada", is_bot=False), User(2, "Bob", is_bot=False)
PART = "lentils " * (CUT_FROM // 8) + "beans"


class Conversation:
    """One chat, whose updates are numbered from 1. `later` are put into the inbox while somebody waits."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.later: list[Update] = []
        self.waited: list[float] = []
        self.long = LongQuestions(store.inbox, wait=self._wait)
        self._number = 0

    def update(self, text: str, *, user: User = ADA, after_s: float = 0) -> Update:
        self._number += 1
        date = NOW + timedelta(seconds=after_s)
        message = Message(self._number, date, Chat(7, "group"), from_user=user, text=text)
        return Update(self._number, message=message)

    async def receive(self, *updates: Update) -> None:
        for update in updates:
            await self.store.inbox.receive(update.update_id, chat_key(update), update.to_dict())

    async def join(self, update: Update) -> Joined:
        message = update.message
        assert message is not None
        return await self.long.join(update, message.text or "")

    async def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        await self.receive(*self.later)
        self.later = []


@pytest.fixture
async def conversation(tmp_path: Path) -> AsyncIterator[Conversation]:
    store = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    await store.database.migrate()
    yield Conversation(store)
    await store.close()


async def test_a_short_question_waits_for_nothing(conversation: Conversation) -> None:
    first, second = conversation.update("Lentils?"), conversation.update("Beans?")
    await conversation.receive(first, second)
    assert await conversation.join(first) == Joined("Lentils?")
    assert conversation.waited == []


async def test_parts_that_are_there_are_joined_without_waiting(conversation: Conversation) -> None:
    first, second = conversation.update(PART), conversation.update("What now?")
    await conversation.receive(first, second)
    assert await conversation.join(first) == Joined(f"{PART}\nWhat now?", (2,))
    assert conversation.waited == []


async def test_a_part_that_comes_a_moment_later_is_waited_for(conversation: Conversation) -> None:
    first = conversation.update(PART)
    conversation.later = [conversation.update(PART, after_s=1), conversation.update("What now?", after_s=1)]
    await conversation.receive(first)
    joined = await conversation.join(first)
    assert joined.text == f"{PART}\n{PART}\nWhat now?"
    assert len(conversation.waited) == 1


async def test_a_word_that_was_cut_is_whole_again(conversation: Conversation) -> None:
    first, second = conversation.update("x" * 4096), conversation.update("y")
    await conversation.receive(first, second)
    assert (await conversation.join(first)).text == "x" * 4096 + "y"


@pytest.mark.parametrize(
    "other",
    [
        lambda chat: chat.update("Not mine", user=BOB),
        lambda chat: chat.update("Much later", after_s=30),
        lambda chat: chat.update("/prefs"),
    ],
    ids=["another person", "later", "a command"],
)
async def test_what_only_follows_is_a_question_of_its_own(
    conversation: Conversation, other: Callable[[Conversation], Update]
) -> None:
    first = conversation.update(PART)
    await conversation.receive(first, other(conversation))
    assert await conversation.join(first) == Joined(PART)
    assert len(conversation.waited) == 1


async def test_other_people_may_write_between_the_parts(conversation: Conversation) -> None:
    first, between, second = (
        conversation.update(PART),
        conversation.update("Hi Ada", user=BOB),
        conversation.update("What now?"),
    )
    await conversation.receive(first, between, second)
    assert (await conversation.join(first)).further == (3,)


async def test_a_part_is_no_question_once_the_whole_is_stored(conversation: Conversation) -> None:
    first, second = conversation.update(PART), conversation.update("What now?")
    await conversation.receive(first, second)
    joined = await conversation.join(first)
    assert not conversation.long.is_taken(second)
    await conversation.long.took(joined)
    assert conversation.long.is_taken(second)
    assert not conversation.long.is_taken(second)
    # A process that starts now finds only the first.
    assert [item.update_id for item in await conversation.store.inbox.pending()] == [1]
