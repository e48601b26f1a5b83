import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.conversations import Asked, Conversation, Turn, TurnRecord
from bot.store.store import Store
from bot.store.tables import TurnStatus
from retrieval.errors import BadInputError

RECORD = TurnRecord(
    answer="Lentils have 9 g of protein per 100 g.",
    intent="lookup",
    preferences={"allergies": ["peanuts"]},
    passages=({"id": "food:lentils", "facts": {"protein_g": 9.02}},),
    model="tiny",
    adapter="adapter-1",
    prompt_tokens=900,
    completion_tokens=40,
    cached_tokens=800,
    timings={"model": 512.5},
    guard_status="passed",
    guard_reasons=("a reason",),
)


@pytest.fixture
async def conversation(store: Store) -> Conversation:
    person = await store.people.person("telegram:1", telegram_id=1)
    return await store.conversations.current(person.id, 1, "private")


async def receive(
    store: Store, conversation: Conversation, update_id: int | None = None, **fields: Any
) -> Turn:
    return await store.conversations.receive(
        conversation.id,
        fields.get("question", "How much protein is in lentils?"),
        asked=Asked(update_id=update_id),
        preferences=fields.get("preferences", {"diets": ["vegan"]}),
        consent_improve=fields.get("consent_improve", False),
    )


async def test_the_conversation_goes_on_until_new(store: Store, conversation: Conversation) -> None:
    await receive(store, conversation)
    assert await store.conversations.current(conversation.person_id, 1, "private") == conversation

    new = await store.conversations.start_new(conversation.person_id, 1, "private")

    assert new.id != conversation.id
    assert await store.conversations.current(conversation.person_id, 1, "private") == new


async def test_new_twice_in_a_row_begins_one_conversation(store: Store, conversation: Conversation) -> None:
    await receive(store, conversation)

    first = await store.conversations.start_new(conversation.person_id, 1, "private")

    assert await store.conversations.start_new(conversation.person_id, 1, "private") == first


async def test_each_chat_and_each_person_has_a_conversation_of_its_own(
    store: Store, conversation: Conversation
) -> None:
    other = await store.people.person("telegram:2", telegram_id=2)

    in_group = await store.conversations.current(conversation.person_id, -100, "supergroup")
    of_other = await store.conversations.current(other.id, -100, "supergroup")
    in_terminal = await store.conversations.current(other.id, None, "terminal")

    assert len({conversation.id, in_group.id, of_other.id, in_terminal.id}) == 4


async def test_fifty_messages_at_once_begin_one_conversation(store: Store) -> None:
    person = await store.people.person("terminal:default")

    for chat_id in (5, None):
        begun = await asyncio.gather(
            *(store.conversations.current(person.id, chat_id, "private") for _ in range(50))
        )
        assert len(set(begun)) == 1


async def test_a_conversation_of_nobody_is_refused(store: Store) -> None:
    with pytest.raises(BadInputError, match="no person 999"):
        await store.conversations.current(999, 1, "private")


async def test_a_received_turn_holds_the_question_and_what_was_allowed(
    store: Store, conversation: Conversation
) -> None:
    turn = await receive(store, conversation, 7, consent_improve=True)

    assert await store.conversations.get(turn.id) == turn
    assert (turn.status, turn.question) == (TurnStatus.RECEIVED, "How much protein is in lentils?")
    assert (turn.update_id, turn.consent_improve, turn.record) == (7, True, None)
    assert turn.preferences == {"diets": ["vegan"]}
    assert turn.received_at.utcoffset() == timedelta(0)


async def test_the_same_update_again_returns_the_same_turn_as_it_is_by_now(
    store: Store, conversation: Conversation
) -> None:
    turn = await receive(store, conversation, 7)
    answered = await store.conversations.answer(turn.id, RECORD)

    again = await receive(store, conversation, 7)

    assert again == answered
    assert again.id == turn.id


async def test_the_same_update_fifty_times_at_once_makes_one_turn(
    store: Store, conversation: Conversation
) -> None:
    turns = await asyncio.gather(*(receive(store, conversation, 7) for _ in range(50)))

    assert len({turn.id for turn in turns}) == 1


async def test_terminal_questions_without_an_update_are_turns_of_their_own(
    store: Store, conversation: Conversation
) -> None:
    assert (await receive(store, conversation)).id != (await receive(store, conversation)).id


async def test_a_question_in_an_unknown_conversation_is_refused(store: Store) -> None:
    with pytest.raises(BadInputError, match="isn't stored"):
        await store.conversations.receive(999, "Hello?", preferences={}, consent_improve=False)


async def test_an_answer_is_stored_with_all_that_made_it(store: Store, conversation: Conversation) -> None:
    turn = await receive(store, conversation)

    await store.conversations.answer(turn.id, RECORD)

    stored = await store.conversations.get(turn.id)
    assert stored is not None
    assert stored.record == RECORD
    assert stored.status is TurnStatus.ANSWERED
    assert stored.preferences == {"allergies": ["peanuts"]}
    assert stored.answered_at is not None
    assert stored.answered_at.utcoffset() == timedelta(0)


async def test_preferences_of_the_question_stay_when_the_answer_names_none(
    store: Store, conversation: Conversation
) -> None:
    turn = await receive(store, conversation)

    answered = await store.conversations.answer(turn.id, TurnRecord(answer="Yes."))

    assert answered.preferences == {"diets": ["vegan"]}


async def test_an_answered_turn_keeps_its_first_answer(store: Store, conversation: Conversation) -> None:
    turn = await receive(store, conversation)
    first = await store.conversations.answer(turn.id, RECORD)

    second = await store.conversations.answer(turn.id, TurnRecord(answer="Something else."))
    await store.conversations.fail(turn.id, "e-1")

    assert second == first
    assert await store.conversations.get(turn.id) == first


async def test_a_failed_turn_names_its_error_and_can_still_be_answered(
    store: Store, conversation: Conversation
) -> None:
    turn = await receive(store, conversation)
    await store.conversations.fail(turn.id, "e-1")
    failed = await store.conversations.get(turn.id)
    assert failed is not None
    assert (failed.status, failed.error_id) == (TurnStatus.FAILED, "e-1")

    answered = await store.conversations.answer(turn.id, RECORD)

    assert (answered.status, answered.error_id) == (TurnStatus.ANSWERED, None)


async def test_sent_messages_are_known_after_a_restart(store: Store, conversation: Conversation) -> None:
    turn = await receive(store, conversation, 7)
    await store.conversations.set_messages(turn.id, [101, 102])

    again = await receive(store, conversation, 7)

    assert (again.status, again.message_ids) == (TurnStatus.ANSWERING, (101, 102))


async def test_messages_noted_after_the_answer_leave_it_answered(
    store: Store, conversation: Conversation
) -> None:
    turn = await receive(store, conversation)
    await store.conversations.answer(turn.id, RECORD)
    await store.conversations.set_messages(turn.id, [101])

    stored = await store.conversations.get(turn.id)

    assert stored is not None
    assert (stored.status, stored.message_ids) == (TurnStatus.ANSWERED, (101,))


async def test_a_turn_that_was_erased_is_told_apart(store: Store) -> None:
    assert await store.conversations.get(999) is None
    with pytest.raises(BadInputError, match="no turn 999"):
        await store.conversations.answer(999, RECORD)
    with pytest.raises(BadInputError, match="no turn 999"):
        await store.conversations.fail(999, "e-1")
    with pytest.raises(BadInputError, match="no turn 999"):
        await store.conversations.set_messages(999, [1])


async def test_history_is_the_last_answered_turns_oldest_first(
    store: Store, conversation: Conversation
) -> None:
    for number in range(5):
        turn = await receive(store, conversation, question=f"question {number}")
        if number != 3:
            await store.conversations.answer(turn.id, RECORD)

    history = await store.conversations.history(conversation.id, 3)

    assert [turn.question for turn in history] == ["question 1", "question 2", "question 4"]


@given(text=st.text(st.characters(), max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_can_be_asked_and_answered(
    store: Store, conversation: Conversation, text: str
) -> None:
    storable = "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)

    turn = await receive(
        store, conversation, question=text, preferences={"likes": [text], text: float("nan")}
    )
    answered = await store.conversations.answer(turn.id, TurnRecord(answer=text, passages=({"text": text},)))

    assert answered.question == storable
    assert answered.preferences == {"likes": [storable], storable: None} or storable == "likes"
    assert answered.record is not None
    assert (answered.record.answer, answered.record.passages) == (storable, ({"text": storable},))
