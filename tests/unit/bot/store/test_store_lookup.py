"""Turns are found by what a person points at, and only by the person whose they are."""

import pytest

from bot.store.conversations import Asked, Conversation, Turn, TurnRecord
from bot.store.people import Person
from bot.store.store import Store

CHAT = 7


@pytest.fixture
async def person(store: Store) -> Person:
    return await store.people.person("telegram:7", telegram_id=7)


@pytest.fixture
async def conversation(store: Store, person: Person) -> Conversation:
    return await store.conversations.current(person.id, CHAT, "private")


async def answered(
    store: Store, conversation: Conversation, asked: Asked | None = None, *messages: int, text: str = "Yes."
) -> Turn:
    turn = await store.conversations.receive(
        conversation.id, "Lentils?", asked=asked or Asked(), preferences={}, consent_improve=False
    )
    if messages:
        await store.conversations.set_messages(turn.id, messages)
    return await store.conversations.answer(turn.id, TurnRecord(text))


async def test_a_turn_is_found_by_its_question(
    store: Store, person: Person, conversation: Conversation
) -> None:
    await answered(store, conversation, Asked(update_id=1, message_id=10))
    turn = await answered(store, conversation, Asked(update_id=2, message_id=12))

    assert await store.lookup.by_question(person.id, CHAT, 12) == turn
    assert await store.lookup.by_question(person.id, CHAT, 99) is None
    assert await store.lookup.by_question(person.id, None, 12) is None


async def test_the_latest_wording_counts_and_another_answer_does_not(
    store: Store, person: Person, conversation: Conversation
) -> None:
    first = await answered(store, conversation, Asked(update_id=1, message_id=10))
    edited = await answered(store, conversation, Asked(update_id=2, message_id=10, replaces=first.id))
    await answered(store, conversation, Asked(update_id=3, message_id=10, again_of=edited.id))

    assert await store.lookup.by_question(person.id, CHAT, 10) == edited


async def test_a_turn_is_found_by_any_message_of_its_answer(
    store: Store, person: Person, conversation: Conversation
) -> None:
    turn = await answered(store, conversation, None, 20, 21)
    await answered(store, conversation, None, 22)

    assert await store.lookup.by_answer(person.id, CHAT, 21) == turn
    assert await store.lookup.by_answer(person.id, CHAT, 2) is None


async def test_another_persons_turns_are_not_found(store: Store, conversation: Conversation) -> None:
    turn = await answered(store, conversation, Asked(message_id=10), 20)
    other = await store.people.person("telegram:8", telegram_id=8)

    assert await store.lookup.by_question(other.id, CHAT, 10) is None
    assert await store.lookup.by_answer(other.id, CHAT, 20) is None
    assert await store.lookup.latest(other.id, CHAT) is None
    assert await store.lookup.latest(conversation.person_id, CHAT) == turn


async def test_answers_to_one_question_are_together(store: Store, conversation: Conversation) -> None:
    first = await answered(store, conversation)
    await answered(store, conversation, text="Another question's.")
    second = await answered(store, conversation, Asked(again_of=first.id))

    assert await store.lookup.answers_like(first.id) == [first, second]


async def test_history_holds_each_question_once_as_it_was_asked_last(
    store: Store, conversation: Conversation
) -> None:
    first = await answered(store, conversation, text="one")
    await answered(store, conversation, Asked(replaces=first.id), text="edited")
    third = await answered(store, conversation, text="three")
    await answered(store, conversation, Asked(again_of=third.id), text="again")

    history = await store.conversations.history(conversation.id, 10)
    assert [turn.record.answer for turn in history if turn.record] == ["edited", "again"]
    assert [answer for _, answer in await store.conversations.exchanges(conversation.id, 10)] == [
        "edited",
        "again",
    ]
    before = await store.conversations.exchanges(conversation.id, 10, before=third.id)
    assert [answer for _, answer in before] == ["edited"]
