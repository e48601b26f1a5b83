"""The form's buttons and links: pressed twice, by another, after the end; in a group, in Spanish."""

import base64

import pytest
import sqlalchemy as sa

from bot.assistant.form import NAME
from bot.messages import say
from bot.store.tables import updates
from retrieval.diet.preferences import Preferences
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.forms import (
    GOOD,
    QUESTION,
    YES,
    asks,
    at_diets,
    card,
    known,
    press,
    someone,
    started,
    tell,
)


async def test_start_in_a_group_leads_to_the_private_chat(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    group = telegram.group_chat("Cooks", [telegram.user(first_name="Ada")])
    async with start_bot() as store:
        await group.send("/start@platewise_test_bot")
        await group.wait_until(lambda chat: chat.texts)
        assert await store.forms.load((await someone(store, group)).id, NAME) is None
    assert group.texts == [say("group_in_private")]


async def test_pressing_twice_answers_one_question(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        question = card(chat)
        for button in ("No diet", "No diet"):
            await chat.press(question, button)
        await chat.wait_until(lambda chat: len(chat.callback_answers) == 4)
        await chat.wait_until(lambda chat: asks(chat, "Are you allergic"))
        form = await store.forms.load((await someone(store, chat)).id, NAME)
        assert form is not None
        assert form["marks"].keys() == {"service", "improvement", "diets"}
        for button in ("peanuts", "peanuts"):
            await chat.press(question, button)
        await chat.wait_until(lambda chat: len(chat.callback_answers) == 6)
        assert (await known(store, chat)).allergies == {"peanuts"}
    assert chat.callback_answers[3]["text"] == say("form_answered")


async def test_another_person_cannot_press(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat, stranger = telegram.private_chat(), telegram.user(first_name="Eve")
    async with start_bot() as store:
        await started(chat)
        await chat.press(card(chat), YES, user=stranger)
        await chat.wait_until(lambda chat: chat.callback_answers)
        assert await store.consents.decisions((await someone(store, chat)).id) == {}
    assert chat.callback_answers[-1]["text"] == say("prefs_not_yours")
    assert chat.callback_answers[-1]["show_alert"]
    assert asks(chat, "May I keep our conversations")


async def test_buttons_of_a_form_that_has_ended_change_nothing(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        question = card(chat)
        old = question.reply_markup
        await press(chat, say("form_button_quit"), "This is what I keep to")
        question.reply_markup = old
        await chat.press(question, "vegan")
        await chat.wait_until(lambda chat: chat.callback_answers[-1].get("text") == say("form_over"))
        await chat.wait_until(lambda _: not question.buttons)
        assert not await known(store, chat)


async def test_an_allergy_is_dropped_only_after_a_question(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        await press(chat, "No diet", "Are you allergic")
        await press(chat, "eggs", "So far: eggs")
        await press(chat, "✅ eggs", "Really drop the allergy to eggs")
        assert (await known(store, chat)).allergies == {"eggs"}
        await press(chat, say("button_no"), "So far: eggs")
        await tell(chat, "none", "I keep to what I know already: eggs")
        assert (await known(store, chat)).allergies == {"eggs"}


async def test_an_allergy_that_nobody_knows_is_asked_about_again(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        await press(chat, "No diet", "Are you allergic")
        await tell(chat, "milk, xyzzy", "I don't know “xyzzy”")
        assert asks(chat, "So far: milk")
        await tell(chat, "no peanuts", "Did I get that right: allergy to peanuts?")
        assert (await known(store, chat)).allergies == {"milk"}


async def test_a_very_low_aim_gets_the_words_that_it_gets_everywhere(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        await at_diets(chat)
        await tell(chat, "no diets, no allergies, no dislikes", "Do you aim for anything")
        await tell(chat, "800", "doctor")


async def test_a_message_that_is_handled_twice_answers_one_question(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        update_id = await chat.send("none")
        await chat.wait_until(lambda chat: asks(chat, "Are you allergic"))
        # A process that was killed before it could note that the update is done.
        person = await someone(store, chat)
        async with store.database.write() as connection:
            await connection.execute(sa.delete(updates).where(updates.c.update_id == update_id))
        await telegram.redeliver(update_id)
        await tell(chat, "/help", "/prefs")
        form = await store.forms.load(person.id, NAME)
    assert form is not None
    assert form["marks"].keys() == {"service", "improvement", "diets"}
    assert sum("Are you allergic" in text for text in chat.texts) == 1


@pytest.mark.parametrize("payload", ["", "prefs", "nonsense", "q_%%%", "q_"])
async def test_a_link_never_does_anything(telegram: FakeTelegram, start_bot: StartBot, payload: str) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await started(chat, f"/start {payload}".strip())
        assert not await known(store, chat)
    assert chat.texts[0] == say("start")
    shown = {"": [], "prefs": [say("link_command", command="/prefs")]}.get(payload, [say("link_unknown")])
    assert chat.texts[1:-1] == shown


def link(question: str) -> str:
    return "/start q_" + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")


async def test_a_link_asks_its_question_after_the_introduction(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await started(chat, link(QUESTION))
    assert chat.texts[0] == say("start")
    assert QUESTION in chat.texts[1]
    assert "9.02 g" in chat.texts[2]


async def test_a_link_states_nothing_about_who_presses_it(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await store.preferences.apply(
            (await someone(store, chat)).id, add=Preferences.from_dict({"diets": ["vegan"]}), source="message"
        )
        await started(chat, link("I'm not vegan any more. Dinner ideas?"))
        assert (await known(store, chat)).diets == {"vegan"}
    assert "I note only what you write yourself" in chat.texts[1]
    assert model.requests == []


async def test_the_form_speaks_spanish(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat(telegram.user(first_name="Sol", language_code="es"))
    async with start_bot() as store:
        await chat.send("/start")
        await chat.wait_until(lambda chat: asks(chat, "¿Puedo guardar"))
        await tell(chat, "sí", "mejorar el modelo")
        await tell(chat, "no gracias", "¿Sigues alguna dieta?")
        await tell(chat, "soy vegana", "¿Tienes alguna alergia?")
        await tell(chat, "nueces y leche", "Anotado: alergia a leche")
        await tell(chat, "nada", "¿Te has puesto algún objetivo")
        await tell(chat, "saltar", "Esto es lo que tengo en cuenta")
        held = await known(store, chat)
    assert (held.diets, held.allergies) == ({"vegan"}, {"milk", "tree_nuts"})
    assert "no hay" in chat.texts[-1]
