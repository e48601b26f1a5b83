"""The first minute: /start, consents, and the form, by buttons and in one's own words."""

import asyncio

from bot.messages import say
from bot.store.tables import Purpose
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.forms import (
    GOOD,
    NO,
    QUESTION,
    YES,
    asks,
    at_diets,
    card,
    is_card,
    known,
    press,
    someone,
    started,
    tell,
)


async def test_the_first_minute(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await started(chat)
        assert chat.texts[0] == say("start")
        await press(chat, YES, "improve the model that answers")
        await press(chat, NO, "Do you follow a diet?")
        await press(chat, "vegan", "So far: vegan")
        await press(chat, "Done", "Are you allergic to anything?")
        await press(chat, "peanuts", "So far: peanuts")
        await tell(chat, "and strawberries", "Noted: allergy to strawberry")
        assert "anything that you don't like" in card(chat).text
        await press(chat, "Nothing", "Do you aim for anything")
        await tell(chat, "1800 kcal", "This is what I keep to")
        summary = chat.texts[-1]
        person = await someone(store, chat)
        consents = await store.consents.current(person.id)
        held = await store.preferences.load(person.id)
        sources = {item.source for item in await store.preferences.history(person.id)}
    assert consents == {Purpose.SERVICE: True, Purpose.IMPROVEMENT: False}
    assert (held.diets, held.allergies, held.dislikes) == ({"vegan"}, {"peanuts", "strawberry"}, ())
    assert held.targets == {"energy_kcal": 1800}
    assert sources == {"form"}
    assert "Diets: vegan" in summary
    assert "Dislikes: none" in summary
    assert "Targets: energy 1,800 kcal a day" in summary
    assert "/prefs" in summary
    assert not any(is_card(message) for message in chat.messages)
    # The introduction, and one card that was edited; a new one for each message that was written.
    assert len(chat.texts) == 4


async def test_several_answers_in_one_message_leave_only_what_they_did_not_say(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await started(chat)
        await tell(chat, "vegan, allergic to nuts, 1800 kcal", "Noted")
        assert asks(chat, "May I keep our conversations")
        await tell(chat, "yes", "improve the model that answers")
        await tell(chat, "rather not", "anything that you don't like")
        await tell(chat, "nothing", "This is what I keep to")
        held = await known(store, chat)
    assert (held.diets, held.allergies) == ({"vegan"}, {"peanuts", "tree_nuts"})
    assert held.targets == {"energy_kcal": 1800}


async def test_none_is_remembered_and_differs_from_not_said(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        await tell(chat, "no allergies, but I hate olives", "Noted: dislikes olive")
        assert "follow a diet" in card(chat).text
        await press(chat, "Skip", "Do you aim for anything")
        await press(chat, "Skip", "This is what I keep to")
        assert "Allergies: none" in chat.texts[-1]
        assert "Diets: not said" in chat.texts[-1]
        assert not (await known(store, chat)).allergies

        await tell(chat, "/start", "Hello again!")
        assert "Allergies: none" in chat.texts[-1]
        assert chat.messages[-1].buttons == [say("form_button_more")]
        await press(chat, say("form_button_more"), "Do you follow a diet?")
        await press(chat, "No diet", "Do you aim for anything")
        await press(chat, "No aims", "This is what I keep to")
        await tell(chat, "/start", "Hello again!")
        assert "Diets: none" in chat.texts[-1]
        assert chat.messages[-1].buttons == []


async def test_a_question_in_between_is_answered_and_the_form_goes_on(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        first = card(chat)
        await tell(chat, QUESTION, "Back to my questions: do you follow a diet?")
        assert "9.02 g" in "\n".join(chat.texts)
        await chat.wait_until(lambda _: not first.buttons)
        await tell(chat, f"I'm vegan. {QUESTION}", "Back to my questions: are you allergic")
        assert sum("9.02 g" in text for text in chat.texts) == 2
        person = await someone(store, chat)
        stated = await store.preferences.history(person.id)
        assert [(item.value, item.source) for item in stated] == [("vegan", "message")]
        await tell(chat, "none", "anything that you don't like")
        await press(chat, say("form_button_quit"), "This is what I keep to")
        before = len(chat.texts)
        await tell(chat, QUESTION, "9.02 g")
        await tell(chat, "/help", "/prefs")
    assert len(chat.texts) == before + 2


async def test_a_question_that_answers_the_last_one_closes_the_form(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await at_diets(chat)
        await tell(chat, "no diets, no allergies, no dislikes", "Do you aim for anything")
        await tell(chat, f"My goal is 1800 kcal a day. {QUESTION}", "Noted: energy 1,800 kcal")
        await chat.wait_until(lambda chat: "This is what I keep to" in "\n".join(chat.texts))
        await tell(chat, "/help", "/prefs")
    assert "energy 1,800 kcal" in next(text for text in chat.texts if "This is what I keep to" in text)
    assert not any(is_card(message) for message in chat.messages)
    assert not any("Back to my" in text for text in chat.texts)


async def test_an_edited_answer_does_not_answer_the_next_question(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        await press(chat, "No diet", "Are you allergic")
        await tell(chat, "eggs", "anything that you don't like")
        await chat.edit(chat.written[-1].id, "peanuts")
        await chat.wait_until(lambda chat: asks(chat, "Back to my questions: is there anything"))
        assert not (await known(store, chat)).dislikes


async def test_start_in_the_middle_asks_only_what_is_not_known(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await at_diets(chat)
        await tell(chat, "/prefs add diet vegan", "Noted")
        await tell(chat, "/start", "Back to my questions: are you allergic")
        assert (await known(store, chat)).diets == {"vegan"}
    assert sum(text == say("start") for text in chat.texts) == 1


async def test_what_privacy_decided_is_not_asked_and_a_yes_to_it_is_no_other(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await started(chat)
        await tell(chat, "/privacy", say("privacy_title"))
        await chat.press(chat.messages[-1], say("privacy_button_service_yes"))
        await chat.wait_until(lambda chat: say("privacy_done_service_yes") in "\n".join(chat.texts))
        await tell(chat, "yes", "improve the model that answers")
        assert (await store.consents.decisions((await someone(store, chat)).id)).keys() == {Purpose.SERVICE}
        await tell(chat, "no", "Do you follow a diet?")


async def test_a_restart_in_the_middle_goes_on_where_it_was(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        await at_diets(chat)
        await press(chat, "halal", "So far: halal")
    async with start_bot() as store:
        await press(chat, "Done", "Are you allergic to anything?")
        await tell(chat, "none", "anything that you don't like")
    async with start_bot() as store:
        await tell(chat, "coriander", "Noted: dislikes coriander")
        await tell(chat, "skip", "This is what I keep to")
        held = await known(store, chat)
    assert (held.diets, held.dislikes) == ({"halal"}, ("coriander",))
    assert "Allergies: none" in chat.texts[-1]


async def test_two_people_at_once_never_mix(telegram: FakeTelegram, start_bot: StartBot) -> None:
    ada, bob = telegram.user(first_name="Ada"), telegram.user(first_name="Bob")
    hers, his = telegram.private_chat(ada), telegram.private_chat(bob)
    group = telegram.group_chat("Cooks", [ada, bob])
    async with start_bot() as store:
        await asyncio.gather(at_diets(hers), at_diets(his))
        await asyncio.gather(
            tell(hers, "vegan", "Are you allergic"), tell(his, "halal, 2200 kcal", "Are you allergic")
        )
        # In the group they share, each is still at the allergies; neither answers there.
        for member in (ada, bob):
            await group.send("@platewise_test_bot none", user=member)
        await group.wait_until(lambda chat: len(chat.texts) == 2 and "…" not in chat.texts)
        await asyncio.gather(
            tell(hers, "peanuts", "Noted: allergy to peanuts"), tell(his, "none", "anything that you don't")
        )
        await asyncio.gather(
            tell(hers, "none", "Do you aim for"), tell(his, "olives", "Noted: dislikes olive")
        )
        await tell(hers, "none", "This is what I keep to")
        first, second = await known(store, hers), await known(store, his)
    assert (first.diets, first.allergies, first.dislikes) == ({"vegan"}, {"peanuts"}, ())
    assert (second.diets, second.allergies, second.dislikes) == ({"halal"}, frozenset(), ("olive",))
    assert (dict(first.targets), dict(second.targets)) == ({}, {"energy_kcal": 2200})
    assert not any(is_card(message) for message in group.messages)
