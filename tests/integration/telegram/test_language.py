"""The bot in another language: Telegram's, or the one that the person chose."""

import pytest

from bot.messages import DEFAULT, languages, say, speaking
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot
from tests.integration.telegram.chatting import answered

QUESTION = "¿Cuánta proteína tienen las lentejas cocidas?"


def in_spanish(key: str, **values: object) -> str:
    with speaking("es"):
        return say(key, **values)


async def said(chat: Chat, text: str, expected: str) -> str:
    """Send `text`, wait for a message that has `expected` in it, and return it."""
    await chat.send(text)
    await chat.wait_until(lambda chat: any(expected in shown for shown in chat.texts))
    return next(shown for shown in chat.texts if expected in shown)


@pytest.mark.parametrize("tag", ["es", "es-MX"])
async def test_telegrams_language_is_spoken_from_the_first_word(
    telegram: FakeTelegram, start_bot: StartBot, tag: str
) -> None:
    chat = telegram.private_chat(telegram.user(language_code=tag))
    async with start_bot():
        await said(chat, "/help", in_spanish("help").splitlines()[0])
        await said(chat, "/frobnicate", in_spanish("unknown_command"))


async def test_two_people_of_two_languages_are_each_answered_in_theirs(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    ada = telegram.private_chat(telegram.user(language_code="en"))
    ines = telegram.private_chat(telegram.user(language_code="es"))
    async with start_bot():
        for chat in (ada, ines):
            await chat.send("/prefs add allergy sesame")
        await ada.wait_until(lambda chat: any("Noted: allergy to sesame" in text for text in chat.texts))
        await ines.wait_until(lambda chat: any("Anotado: alergia a sésamo" in text for text in chat.texts))


async def test_an_answer_is_asked_for_and_composed_in_spanish(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Tienen 50 g de proteína [1]."  # no passage says so
    chat = telegram.private_chat(telegram.user(language_code="es"))
    async with start_bot():
        shown = await said(chat, QUESTION, "sin el modelo de lenguaje")
    assert "9,02 g" in shown
    assert in_spanish("sources") in shown
    assert "Answer in Spanish" in model.requests[0]["messages"][0]["content"]


async def test_a_person_with_an_allergy_gets_a_spanish_answer_too(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Prueba la mantequilla de cacahuete [1]."
    chat = telegram.private_chat(telegram.user(language_code="es"))
    async with start_bot():
        shown = await said(
            chat,
            "Soy alérgico a los cacahuetes. ¿Qué puedo desayunar?",
            "Anotado: alergia a cacahuetes",
        )
    assert model.requests == []  # its Spanish words couldn't be checked
    assert in_spanish("options_intro") in shown
    assert "anut" not in shown


async def test_a_chosen_language_outlasts_telegrams_and_a_restart(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat(telegram.user(language_code="es"))
    async with start_bot() as store:
        await said(chat, "/language", in_spanish("language_question"))
        await chat.press(chat.messages[-1], "English")
        await chat.wait_until(lambda chat: "We speak English from now on." in chat.texts[-1])
        person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id, language="es")
        assert person.language == "en"
        assert (await store.preferences.load(person.id)).settings.language == "en"
    async with start_bot():
        await said(chat, "/help", say("help").splitlines()[0])


async def test_a_language_can_be_named_in_words(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat(telegram.user(language_code="en"))
    async with start_bot():
        await said(chat, "/language klingon", "I don't speak “klingon” yet")
        await said(chat, "/language spanish", in_spanish("prefs_chosen_language", name="Español"))


async def test_buttons_of_another_person_and_presses_twice_do_no_harm(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat(telegram.user(language_code="en"))
    stranger = telegram.user(language_code="es")
    async with start_bot() as store:
        await said(chat, "/language", say("language_question"))
        question = chat.messages[-1]
        await chat.press(question, "Español", user=stranger)
        refusal = {"text": in_spanish("prefs_not_yours"), "show_alert": True}
        await chat.wait_until(lambda chat: refusal in chat.callback_answers)
        mine = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
        assert not await store.preferences.history(mine.id)
        update_id = await chat.press(question, "Español")
        await chat.press(question, "Español")
        await chat.wait_until(lambda chat: "Español" in chat.texts[-1])
        await telegram.redeliver(update_id)
        await said(chat, "/help", in_spanish("help").splitlines()[0])
        chosen = [event for event in await store.preferences.history(mine.id) if event.value == "language"]
    assert {event.choice for event in chosen} == {"es"}
    assert "went wrong" not in "".join(chat.texts)


async def test_menus_and_descriptions_are_set_in_every_language(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        await said(chat, "/help", say("help").splitlines()[0])
        tags = {"" if language == DEFAULT else language for language in languages()}
        await telegram.wait_until(lambda telegram: tags <= {tag for _scope, tag in telegram.commands})
    for (scope, tag), commands in telegram.commands.items():
        with speaking(tag or None):
            assert all(item["description"] == say(f"command_{item['command']}") for item in commands)
        if scope == "default":
            assert "language" in {item["command"] for item in commands}


async def test_a_spanish_follow_up_goes_on_with_the_question_before(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Tienen 9,02 g de proteína por 100 g [1]."
    chat = telegram.private_chat(telegram.user(language_code="es"))
    async with start_bot():
        await answered(chat, QUESTION)
        await answered(chat, "¿y los garbanzos cocidos?")
    asked = [str(request["messages"][-1]["content"]) for request in model.requests]
    (written_out,) = [text for text in asked if "¿Cuánta proteína tienen los garbanzos cocidos?" in text]
    assert "hickpeas" in written_out


async def test_what_no_rule_reads_reaches_the_model_with_what_was_said_before(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = "Tienen 9,02 g de proteína por 100 g [1]."
    chat = telegram.private_chat(telegram.user(language_code="es"))
    unread = "¿y tienen más proteína que las espinacas crudas?"
    async with start_bot():
        await answered(chat, QUESTION)
        await answered(chat, unread)
    (asked,) = [request["messages"] for request in model.requests if unread in str(request["messages"][-1])]
    assert QUESTION in str(asked[:-1])
