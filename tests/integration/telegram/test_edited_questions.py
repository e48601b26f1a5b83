"""An edited question is answered again, in the place of its answer."""

from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.chatting import DINNER, GOOD, QUESTION, answered, finished, person_id


async def test_an_edited_question_is_answered_in_place(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answered(chat, QUESTION)
        await answered(chat, "How much iron is in raw spinach?")
        await chat.edit(chat.written[0].id, "How much protein is in firm tofu?")
        await chat.wait_until(lambda chat: "Tofu" in chat.texts[0])
        await answered(chat, "How much fat is in butter?")
        person = await person_id(store, chat)
        turn = await store.lookup.by_question(person, chat.id, chat.written[0].id)
        assert turn is not None
        assert turn.replaces is not None
        held = await store.conversations.history(turn.conversation_id, 10)
    assert len(finished(chat)) == 3
    assert "entils" not in chat.texts[0]
    assert QUESTION not in [one.question for one in held]


async def test_what_only_the_earlier_wording_said_is_taken_back_but_no_allergy_is_lost(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answered(chat, "I'm allergic to peanuts and I hate olives. What can I have for dinner?")
        mine = chat.written[0].id
        await chat.edit(mine, DINNER)
        await chat.wait_until(lambda chat: "earlier wording" in chat.texts[0])
        assert "dislikes olive" in chat.texts[0]
        assert "allergy to peanuts" in chat.texts[0]
        person = await person_id(store, chat)
        held = await store.preferences.load(person)
        assert (held.allergies, held.dislikes) == ({"peanuts"}, ())


async def test_an_edited_allergy_takes_the_place_of_the_other(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answered(chat, "I'm allergic to peanuts. What can I have for dinner?")
        update_id = await chat.edit(chat.written[0].id, "I'm allergic to sesame. What can I have for dinner?")
        await chat.wait_until(lambda chat: "allergy to sesame" in chat.texts[0])
        await telegram.redeliver(update_id)
        await answered(chat, QUESTION)
        held = await store.preferences.load(await person_id(store, chat))
    assert held.allergies == {"sesame"}
    assert "took back" in chat.texts[0]


async def test_an_edit_that_changes_nothing_is_not_answered(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await answered(chat, QUESTION)
        await chat.edit(chat.written[0].id, QUESTION)
        await answered(chat, QUESTION)
    assert len(model.requests) == 2


async def test_what_is_edited_into_a_command_does_nothing(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await answered(chat, QUESTION)
        await chat.send("/help")
        await chat.wait_until(lambda chat: len(chat.messages) == 2)
        for message in list(chat.written):
            await chat.edit(message.id, "/prefs add allergy peanuts")
        await chat.send("/prefs add diet vegan")
        await chat.wait_until(lambda chat: len(chat.messages) == 3)
        held = await store.preferences.load(await person_id(store, chat))
    assert (held.allergies, set(map(str, held.diets))) == (frozenset(), {"vegan"})
    assert len(chat.messages) == 3
