"""The whole bot against a Bot API server that refuses what Telegram refuses."""

import asyncio

import pytest

from bot.messages import say
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."


def shown(chat: Chat) -> str:
    """Everything that the bot's messages say now."""
    return "\n".join(chat.texts)


def finished(chat: Chat) -> list[str]:
    """The bot's messages that are no longer placeholders."""
    return [text for text in chat.texts if text != say("placeholder")]


async def answer_to(chat: Chat, text: str) -> str:
    """Send `text`; return the bot's finished reply to it."""
    before = len(finished(chat))
    await chat.send(text)
    await chat.wait_until(lambda chat: len(finished(chat)) > before and not pending(chat))
    return finished(chat)[-1]


def pending(chat: Chat) -> bool:
    """Whether a turn is still being written: its buttons come with the final text."""
    last = chat.messages[-1]
    return last.text == say("placeholder")


async def test_a_new_person_is_greeted(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send("/start")
        await chat.wait_until(lambda chat: "Platewise" in shown(chat))


async def test_a_question_is_answered_with_its_figure_and_source(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "USDA" in shown(chat))
    assert "9.02 g" in chat.texts[-1]
    assert {"👍", "👎"} <= set(chat.messages[-1].buttons)


async def test_typing_is_shown_before_anything_else(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.ttft = 0.3
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "9.02" in shown(chat))
    sent = [call.method for call in telegram.calls if call.chat_id == chat.id]
    assert sent[0] == "sendChatAction"


async def test_what_a_person_must_not_eat_is_kept_to_and_shown(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Try peanut butter [1]."
    chat = telegram.private_chat()
    async with start_bot() as store:
        assert "peanuts" in await answer_to(chat, "/prefs add allergy peanuts")
        assert "peanuts" in await answer_to(chat, "/prefs")
        await chat.send("What snack has a lot of protein?")
        await chat.wait_until(lambda chat: "These fit what I know about you" in shown(chat))
        assert "eanut" not in chat.texts[-1]
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert (await store.preferences.load(person.id)).allergies == {"peanuts"}


async def test_an_allergy_said_in_passing_counts_from_that_message_on(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Have some peanut butter [1]."
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send("I'm allergic to peanuts. What snack has a lot of protein?")
        await chat.wait_until(lambda chat: "Noted: allergy to peanuts" in shown(chat))
        answer = chat.texts[-1]
        assert "peanut butter" not in answer.lower()
        await chat.press(chat.messages[-1], say("button_undo"))
        await chat.wait_until(lambda chat: "Undone" in chat.texts[-1])
        assert await answer_to(chat, "/prefs") == say("preferences_empty")


async def test_dropping_an_allergy_asks_first_and_a_stranger_cannot_answer(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await answer_to(chat, "/prefs remove allergy peanuts")
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert (await store.preferences.load(person.id)).allergies == {"peanuts"}
        question = chat.messages[-1]
        await chat.press(question, say("button_yes_remove"))
        await chat.wait_until(lambda chat: "Removed" in chat.texts[-1])
        assert not (await store.preferences.load(person.id)).allergies


async def test_pressing_twice_or_too_late_does_no_harm(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answer_to(chat, "/prefs add allergy peanuts")
        await answer_to(chat, "/prefs clear")
        question = chat.messages[-1]
        await chat.press(question, say("button_yes_clear"))
        await chat.press(question, say("button_yes_clear"))
        telegram.expire_queries()
        await chat.wait_until(lambda chat: say("prefs_cleared") in shown(chat))
        assert await answer_to(chat, "/prefs") == say("preferences_empty")
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert not await store.preferences.load(person.id)
    assert "went wrong" not in shown(chat)


async def test_two_messages_at_once_are_answered_in_order(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.ttft = 0.1
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send("How much protein is in cooked lentils?")
        await chat.send("How much iron is in raw spinach?")
        await chat.wait_until(lambda chat: sum("per 100 g" in text for text in chat.texts) == 2)
    answers = [text for text in chat.texts if "per 100 g" in text]
    assert "protein" in answers[0]
    assert "iron" in answers[1]


async def test_fifty_chats_at_once_are_all_answered(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chats = [telegram.private_chat(telegram.user(first_name=f"P{number}")) for number in range(50)]
    async with start_bot():
        await asyncio.gather(*(chat.send(QUESTION) for chat in chats))
        for chat in chats:
            await chat.wait_until(lambda chat: "9.02 g" in shown(chat), timeout=60)
    assert all(len(chat.texts) == 1 for chat in chats)


async def test_an_update_that_comes_twice_is_answered_once(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        update_id = await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "9.02" in shown(chat))
        await telegram.redeliver(update_id)
        await answer_to(chat, "/help")
    assert sum("9.02" in text for text in chat.texts) == 1


@pytest.mark.parametrize(
    "fault", [Fault.SILENCE, Fault.GARBAGE, Fault.HANG_UP, Fault.STATUS, Fault.EMPTY], ids=str
)
async def test_without_a_model_the_answer_is_composed_and_says_so(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, fault: Fault
) -> None:
    model.break_next(fault, times=None)
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat), timeout=15)
    assert "without the language model" in chat.texts[-1]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/prefs add allergy", "prefs_value_missing_allergy"),
        ("/prefs add", "prefs_kind_missing"),
        ("/prefs frobnicate", "prefs_usage"),
        ("/nonsense", "unknown_command"),
    ],
)
async def test_wrong_commands_are_explained(
    telegram: FakeTelegram, start_bot: StartBot, text: str, key: str
) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        said = await answer_to(chat, text)
    assert say(key, action="add").split("\n")[0] in said


@pytest.mark.parametrize(
    "text", ["🥑🥑🥑", "كم بروتين في العدس؟", "\u200b\u200b", "x" * 4096, "?", "<b>hi</b> *_`["]
)
async def test_strange_text_gets_a_reply(telegram: FakeTelegram, start_bot: StartBot, text: str) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        assert await answer_to(chat, text)


async def test_what_is_not_text_gets_a_kind_line(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    sent = {
        "sticker": chat.send_sticker,
        "voice": chat.send_voice,
        "location": chat.send_location,
        "photo": chat.send_photo,
    }
    async with start_bot():
        for kind, send in sent.items():
            before = len(chat.texts)
            await send()
            await chat.wait_until(lambda chat, before=before: len(chat.texts) > before)
            assert chat.texts[-1] == say(f"not_text_{kind}")


async def test_a_long_answer_arrives_whole_in_several_messages(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    paragraphs = [f"{'lentils' * 30}{number} [1]." for number in range(40)]
    model.default = "\n\n".join(paragraphs)
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send("What is good about lentils?")
        await chat.wait_until(
            lambda chat: "👍" in chat.messages[-1].buttons if chat.messages else False, timeout=20
        )
    assert all(paragraph in shown(chat) for paragraph in paragraphs)
    assert len(chat.texts) > 1


async def test_a_failure_shows_an_id_and_nothing_else(
    telegram: FakeTelegram,
    start_bot: StartBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from bot.assistant.turns import Turns

    async def fails(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(Turns, "begin", fails)
    chat = telegram.private_chat()
    async with start_bot():
        said = await answer_to(chat, QUESTION)
    assert "secret" not in said
    assert "RuntimeError" not in said
    error_id = said.rstrip(".").split()[-1]
    assert error_id in caplog.text
    assert "secret" not in caplog.text
    assert QUESTION not in caplog.text


async def test_a_restart_answers_what_was_received_and_not_answered(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    model.break_next(Fault.STALL, times=1)
    await chat.send(QUESTION)
    async with start_bot():
        await chat.wait_until(lambda chat: "9.02 g" in shown(chat), timeout=15)
    async with start_bot():
        await answer_to(chat, "/help")
    assert sum("9.02 g" in text for text in chat.texts) == 1


async def test_thumbs_are_stored_for_ones_own_answer_only(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: bool(chat.messages) and "👍" in chat.messages[-1].buttons)
        await chat.press(chat.messages[-1], "👍")
        await chat.wait_until(lambda chat: bool(chat.callback_answers))
    assert chat.callback_answers[-1]["text"] == say("feedback_thanks")


async def test_another_bots_update_with_the_same_number_is_no_duplicate(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        update_id = await chat.send(QUESTION)
        await chat.wait_until(lambda chat: sum("9.02 g" in text for text in chat.texts) == 1)
        await store.inbox.claim(1)
    async with start_bot():
        await telegram.redeliver(update_id)
        await chat.wait_until(lambda chat: sum("9.02 g" in text for text in chat.texts) == 2)
