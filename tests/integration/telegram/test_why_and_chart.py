"""Follow-ups and why they were answered so, and figures as a picture."""

import pytest

from bot.messages import say
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.integration.conftest import StartBot
from tests.integration.telegram.chatting import GOOD, QUESTION, answered, person_id


async def test_a_follow_up_is_answered_and_explained(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    chat = telegram.private_chat()
    async with start_bot():
        await answered(chat, QUESTION)
        answer = await answered(chat, "and its iron?")
        assert "Lentils, cooked" in answer.text
        assert "3.33 mg" in answer.text
        await chat.send("/why")
        await chat.wait_until(lambda chat: say("why_understood") in chat.texts[-1])
    assert "How much iron is in cooked lentils?" in chat.texts[-1]
    assert say("why_reason_away") in chat.texts[-1]
    assert "http" not in chat.texts[-1]


async def test_why_explains_the_answer_that_it_replies_to(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send("/why")
        await chat.wait_until(lambda chat: say("why_nothing") in chat.texts)
        first = await answered(chat, f"I'm vegan. {QUESTION}")
        await answered(chat, "How much iron is in raw spinach?")
        await chat.send("/why", reply_to=first)
        await chat.wait_until(lambda chat: say("why_understood") in chat.texts[-1])
    explained = chat.texts[-1]
    assert "Lentils, cooked" in explained
    assert "vegan" in explained
    assert say("why_guard_passed") in explained
    assert model.name in explained


async def test_a_chart_is_sent_as_a_picture_with_its_figures_in_words(
    telegram: FakeTelegram, start_bot: StartBot
) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        await chat.send("/prefs add allergy peanuts")
        await chat.wait_until(lambda chat: bool(chat.messages))
        await chat.send("/chart lentils, tofu, peanut butter, unobtainium")
        await chat.wait_until(lambda chat: bool(chat.messages[-1].media.get("photo")))
        assert (await store.preferences.load(await person_id(store, chat))).allergies == {"peanuts"}
    caption = chat.messages[-1].text
    assert "Lentils" in caption
    assert "Tofu" in caption
    assert "left out peanut butter: contains" in caption
    assert "unobtainium" in caption
    picture = next(file for file in telegram.files.values() if file.path.startswith("photos"))
    assert picture.upload.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/chart", "/chart lentils, tofu"),
        ("/chart , ,", "/chart lentils, tofu"),
        ("/chart a, b, c, d, e, f, g", "7 foods"),
        ("/chart unobtainium", "no figures for: unobtainium"),
    ],
)
async def test_a_chart_of_nothing_is_one_clear_line(
    telegram: FakeTelegram, start_bot: StartBot, text: str, said: str
) -> None:
    chat = telegram.private_chat()
    async with start_bot():
        await chat.send(text)
        await chat.wait_until(lambda chat: bool(chat.messages))
    assert said in chat.texts[-1]
    assert "\n" not in chat.texts[-1]
