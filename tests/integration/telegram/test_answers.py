"""What can be done with an answer: rate it, have another, stop it, see its sources, edit its question."""

from collections.abc import AsyncIterator

import pytest

from bot.assistant.assistant import Assistant
from bot.assistant.model import ModelClient
from bot.messages import say
from bot.store.tables import Rating
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.chatting import DINNER, GOOD, QUESTION, answered, finished, person_id


@pytest.fixture
async def patient(assistant: Assistant, model: FakeModel) -> AsyncIterator[None]:
    """The assistant waits for the model as long as in earnest."""
    assistant.model = ModelClient(model.url)
    yield
    await assistant.model.aclose()


async def test_who_changes_their_mind_is_heard_and_the_chips_go(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        answer = await answered(chat, QUESTION)
        for _ in range(2):
            await chat.press(answer, "👎")
        await chat.wait_until(lambda chat: say("chip_facts") in chat.messages[-1].buttons)
        await chat.press(answer, "👍")
        await chat.wait_until(lambda chat: say("chip_facts") not in chat.messages[-1].buttons)
        turn = await store.lookup.latest(await person_id(store, chat), chat.id)
        assert turn is not None
        assert [opinion.value for opinion in await store.feedback.of_turn(turn.id)] == [Rating.UP]


@pytest.mark.parametrize("button", ["👍", "👎", "🔁", "📚"])
async def test_buttons_are_for_the_person_who_asked(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, button: str
) -> None:
    model.default = GOOD
    ada, bob = telegram.user(first_name="Ada"), telegram.user(first_name="Bob")
    group = telegram.group_chat("Dinner club", [ada, bob])
    async with start_bot():
        answer = await answered(group, f"@{telegram.bot.username} {QUESTION}")
        await group.press(answer, button, user=bob)
        await group.wait_until(lambda chat: bool(chat.callback_answers))
    assert group.callback_answers[-1] == {"text": say("prefs_not_yours"), "show_alert": True}
    assert len(group.messages) == 1


async def test_another_answer_differs_and_is_kept_beside_the_first(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)  # composed answers, which would be the same each time
    chat = telegram.private_chat()
    async with start_bot() as store:
        first = await answered(chat, DINNER)
        await chat.press(first, "🔁")
        await chat.wait_until(lambda chat: len(finished(chat)) == 2)
        second = finished(chat)[-1]
        await chat.press(second, "🔁")
        await chat.wait_until(lambda chat: len(finished(chat)) == 3)
        turn = await store.lookup.latest(await person_id(store, chat), chat.id)
        assert turn is not None
        assert turn.again_of is not None
        siblings = await store.lookup.answers_like(turn.again_of)
    assert len({message.text for message in finished(chat)}) == 3
    assert [sibling.question for sibling in siblings] == [DINNER] * 3
    assert [sibling.again_of for sibling in siblings] == [None, siblings[0].id, siblings[0].id]


async def test_another_answer_to_a_figure_gives_more_than_the_figure(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        first = await answered(chat, QUESTION)
        update_id = await chat.press(first, "🔁")
        await chat.wait_until(lambda chat: len(finished(chat)) == 2)
        await telegram.redeliver(update_id)
        await answered(chat, "How much iron is in raw spinach?")
    assert len(finished(chat)) == 3
    assert "17.9 g in 1 cup" in finished(chat)[1].text
    assert [request["temperature"] for request in model.requests[:2]] == [0.0, 0.8]


async def test_another_answer_states_nothing_a_second_time(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot() as store:
        answer = await answered(chat, "I hate olives. What can I have for dinner?")
        await chat.press(answer, say("button_undo"))
        await chat.wait_until(lambda chat: "Undone" in chat.texts[-1])
        await chat.press(answer, "🔁")
        await chat.wait_until(lambda chat: len(finished(chat)) == 2)
        assert not await store.preferences.load(await person_id(store, chat))
    assert "Noted" not in finished(chat)[-1].text


async def test_sources_are_shown_word_by_word(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        answer = await answered(chat, QUESTION)
        await chat.press(answer, "📚")
        await chat.wait_until(lambda chat: len(chat.messages) == 2)
    assert say("sources_cited") in chat.texts[-1]
    assert "Lentils, cooked" in chat.texts[-1]
    assert "USDA" in chat.texts[-1]
    assert "9.02" in chat.texts[-1]


async def test_stopping_keeps_what_was_written_and_hangs_up_on_the_model(
    telegram: FakeTelegram, model: FakeModel, patient: None, start_bot: StartBot
) -> None:
    model.default = f"{GOOD} {GOOD.replace('Cooked', 'Boiled')}"
    model.break_next(Fault.STALL, after_tokens=22)
    chat = telegram.private_chat()
    async with start_bot() as store:
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: any("9.02" in text for text in chat.texts))
        draft = chat.messages[-1]
        await chat.press(draft, draft.buttons[0])
        await chat.wait_until(lambda chat: bool(finished(chat)))
        turn = await store.lookup.latest(await person_id(store, chat), chat.id)
        stale = f"stop:{turn.id if turn else 0}:{chat.id}"
    assert model.aborted == 1
    assert "9.02" in chat.texts[-1]
    assert "You stopped me here." in chat.texts[-1]
    assert turn is not None
    assert turn.record is not None
    assert turn.record.stopped
    assert stale not in str(chat.messages[-1].reply_markup)


async def test_stopping_before_the_first_word_says_so(
    telegram: FakeTelegram, model: FakeModel, patient: None, start_bot: StartBot
) -> None:
    model.break_next(Fault.SILENCE)
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await model.wait_until(lambda model: model.active == 1)
        await chat.wait_until(lambda chat: bool(chat.messages))
        await chat.press(chat.messages[-1], chat.messages[-1].buttons[0])
        await chat.wait_until(lambda chat: bool(finished(chat)))
        assert chat.texts == [say("stopped_at_once")]
        await answered(chat, QUESTION)
    assert "stopped" not in chat.texts[-1].lower()


async def test_a_long_question_in_two_messages_is_one_question(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    await chat.send("I cooked them for my friends. " * 135)
    await chat.send(f"That was my story. {QUESTION}")
    await chat.send("How much iron is in raw spinach?")
    async with start_bot() as store:
        await chat.wait_until(lambda chat: len(finished(chat)) == 2)
        turn = await store.lookup.by_question(await person_id(store, chat), chat.id, 1)
        assert turn is not None
        assert turn.question.endswith(QUESTION)
        assert len(turn.question) > 4000
    assert len(finished(chat)) == 2


async def test_a_long_question_survives_a_restart_whole(
    telegram: FakeTelegram,
    model: FakeModel,
    patient: None,
    start_bot: StartBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bot.telegram import app, long_questions

    monkeypatch.setattr(app, "STOP_S", 0.1)
    monkeypatch.setattr(long_questions, "WAIT_S", 0.0)
    model.default = GOOD
    model.max_model_len = 8192
    model.break_next(Fault.SILENCE)
    chat = telegram.private_chat()
    await chat.send("I cooked them for my friends. " * 135)
    await chat.send(f"That was my story. {QUESTION}")
    async with start_bot():
        await model.wait_until(lambda model: model.active == 1)
    assert not finished(chat)
    async with start_bot() as store:
        await chat.wait_until(lambda chat: bool(finished(chat)))
        turn = await store.lookup.by_question(await person_id(store, chat), chat.id, 1)
        assert turn is not None
        assert turn.question.endswith(QUESTION)
    assert len(finished(chat)) == 1
    assert QUESTION in model.requests[1]["messages"][-1]["content"]


async def test_something_else_is_something_else(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot():
        first = await answered(chat, DINNER)
        second = await answered(chat, "something else?")
    assert {line for line in second.text.splitlines() if line.startswith("•")}.isdisjoint(
        line for line in first.text.splitlines() if line.startswith("•")
    )


async def test_everything_is_said_in_the_persons_language(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat(telegram.user(first_name="Eva", language_code="es"))
    async with start_bot():
        answer = await answered(chat, QUESTION)
        await chat.press(answer, "👎")
        await chat.wait_until(lambda chat: "Datos erróneos" in chat.messages[-1].buttons)
        await chat.send("/why")
        await chat.wait_until(lambda chat: "Lo que he entendido" in chat.texts[-1])
        await chat.send("/chart lentils, tofu")
        await chat.wait_until(lambda chat: bool(chat.messages[-1].media.get("photo")))
    assert "proteínas 17,9 g" in chat.texts[-1]


async def test_a_question_that_leaves_no_room_for_passages_is_answered_from_them_all_the_same(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    await chat.send("I cooked them for my friends. " * 135)
    await chat.send(f"That was my story. {QUESTION}")
    async with start_bot():
        await chat.wait_until(lambda chat: bool(finished(chat)))
    assert "per 100 g" in finished(chat)[0].text
    assert model.requests == []


async def test_a_thumb_down_asks_why_and_keeps_the_reason(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        answer = await answered(chat, QUESTION)
        usual = answer.buttons
        await chat.press(answer, "👎")
        await chat.wait_until(lambda chat: say("chip_facts") in chat.messages[-1].buttons)
        await chat.press(answer, say("chip_diet"))
        await chat.wait_until(lambda chat: chat.messages[-1].buttons == usual)
        turn = await store.lookup.latest(await person_id(store, chat), chat.id)
        assert turn is not None
        (opinion,) = await store.feedback.of_turn(turn.id)
    assert (opinion.value, opinion.reason) == (Rating.DOWN, "diet")
    assert chat.callback_answers[-1]["text"] == say("feedback_reason_thanks")
