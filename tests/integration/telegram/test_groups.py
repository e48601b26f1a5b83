"""In groups: the bot answers when it is meant, and says nothing of what anybody eats."""

import asyncio

import pytest

from bot.messages import say
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.keyboards import buttons
from tests.fakes.telegram.world import User
from tests.integration.conftest import StartBot

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
US = "@platewise_test_bot"


@pytest.fixture
def ada(telegram: FakeTelegram) -> User:
    return telegram.user(first_name="Ada", username="ada")


@pytest.fixture
def group(telegram: FakeTelegram, ada: User) -> Chat:
    return telegram.group_chat("Cooks", [ada, telegram.user(first_name="Bob")])


def shown(chat: Chat) -> str:
    return "\n".join(chat.texts)


async def quiet(chat: Chat, telegram: FakeTelegram) -> None:
    """Wait until everything that was sent before is handled: the bot answers a question of a chat's in order."""
    await chat.send(f"/help{US}")
    await chat.wait_until(lambda chat: say("help")[:20] in shown(chat))


async def test_what_people_say_among_themselves_is_not_answered(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat
) -> None:
    async with start_bot() as store:
        await group.send(QUESTION)
        await group.send("/help")
        await group.send("I'm allergic to peanuts")
        await group.send("@ada what is for dinner?")
        await group.send_photo("lunch")
        await group.send_sticker()
        await quiet(group, telegram)
        person = await store.people.person(f"telegram:{group.members[0].id}", telegram_id=group.members[0].id)
        assert not await store.preferences.load(person.id)
    assert len(group.texts) == 1
    assert model.requests == []


async def test_a_mention_a_reply_and_a_command_are_answered_in_the_thread(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat
) -> None:
    model.default = GOOD
    async with start_bot():
        await group.send(f"{US} {QUESTION}", thread_id=77)
        await group.wait_until(lambda chat: "9.02 g" in shown(chat))
        answer = group.messages[-1]
        assert answer.thread_id == 77
        await group.send("And how much iron is in raw spinach?", reply_to=answer, thread_id=77)
        await group.wait_until(lambda chat: len(chat.texts) > 1 and chat.texts[-1] != "…")
        await group.send(f"/help{US}", thread_id=77)
        await group.wait_until(lambda chat: say("help")[:20] in shown(chat))
    assert {message.thread_id for message in group.messages} == {77}
    assert [message.reply_to for message in group.messages] == group.written
    asked = [str(request["messages"][-1]["content"]) for request in model.requests if request.get("stream")]
    assert QUESTION in asked[0]
    assert US not in asked[0]


async def test_the_askers_restrictions_apply_and_are_not_spoken_aloud(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat, ada: User
) -> None:
    model.default = "Try peanut butter [1]."
    private = telegram.private_chat(ada)
    async with start_bot():
        await private.send("/prefs add allergy peanuts")
        await private.wait_until(lambda chat: "peanuts" in shown(chat))
        await group.send(f"{US} What snack has a lot of protein?")
        await group.wait_until(lambda chat: bool(chat.messages) and "👍" in chat.messages[-1].buttons)
    assert "eanut" not in shown(group)
    assert "allerg" not in shown(group).lower()
    (asked,) = [request for request in model.requests if request.get("stream")][:1]
    assert "Others read your answer" in asked["messages"][0]["content"]
    assert not [edit for message in group.messages for edit in message.edits if "eanut" in edit.text]


async def test_what_is_noted_in_a_group_is_told_in_private_with_its_undo_button(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat, ada: User
) -> None:
    model.default = GOOD
    private = telegram.private_chat(ada)
    async with start_bot() as store:
        await group.send(f"{US} I'm allergic to peanuts. {QUESTION}")
        await private.wait_until(lambda chat: "peanuts" in shown(chat))
        await group.wait_until(lambda chat: bool(chat.messages) and "👍" in chat.messages[-1].buttons)
        assert "Noted" not in shown(group)
        assert say("button_undo") not in group.messages[-1].buttons
        await private.press(private.messages[-1], say("button_undo"))
        await private.wait_until(lambda chat: "Undone" in shown(chat))
        person = await store.people.person(f"telegram:{ada.id}", telegram_id=ada.id)
        assert not (await store.preferences.load(person.id)).allergies


@pytest.mark.parametrize("command", ["prefs", "start", "prefs add allergy peanuts"])
async def test_commands_about_oneself_lead_to_the_private_chat(
    telegram: FakeTelegram, start_bot: StartBot, group: Chat, ada: User, command: str
) -> None:
    name, _, rest = command.partition(" ")
    async with start_bot() as store:
        await group.send(f"/{name}{US} {rest}".strip())
        await group.wait_until(lambda chat: say("group_in_private") in shown(chat))
        person = await store.people.person(f"telegram:{ada.id}", telegram_id=ada.id)
        assert not await store.preferences.load(person.id)
    (button,) = buttons(group.messages[-1].reply_markup)
    payload = "" if name == "start" else f"?start={name}"
    assert button["url"] == f"https://t.me/platewise_test_bot{payload}"


async def test_who_has_no_private_chat_yet_is_given_the_way_there(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat
) -> None:
    model.default = GOOD
    async with start_bot():
        await group.send(f"{US} I'm allergic to peanuts. {QUESTION}")
        await group.wait_until(lambda chat: say("group_in_private") in shown(chat) and "9.02" in shown(chat))
    assert "eanut" not in shown(group)
    assert "went wrong" not in shown(group)


async def test_what_one_knows_is_not_read_out(
    telegram: FakeTelegram, start_bot: StartBot, group: Chat, ada: User
) -> None:
    private = telegram.private_chat(ada)
    async with start_bot():
        await private.send("/prefs add allergy peanuts")
        await private.wait_until(lambda chat: "peanuts" in shown(chat))
        before = len(private.texts)
        await group.send(f"{US} What do you know about me?")
        await private.wait_until(lambda chat: len(chat.texts) > before)
        await group.wait_until(lambda chat: say("group_answered_privately") in shown(chat))
    assert "peanuts" in private.texts[-1]
    assert "eanut" not in shown(group)


async def test_without_a_private_chat_the_group_does_not_say_that_there_is_an_answer_there(
    model: FakeModel, start_bot: StartBot, group: Chat
) -> None:
    async with start_bot():
        await group.send(f"{US} What do you know about me?")
        await group.wait_until(lambda chat: say("group_not_aloud") in shown(chat))
    assert say("group_in_private") in shown(group)
    assert say("group_answered_privately") not in shown(group)


async def test_what_was_left_out_is_told_to_the_asker_alone(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat, ada: User
) -> None:
    model.default = "Try roasted chickpeas [1]."
    private = telegram.private_chat(ada)
    async with start_bot():
        await private.send("/prefs add allergy peanuts")
        await private.wait_until(lambda chat: "peanuts" in shown(chat))
        before = len(private.texts)
        await group.send(f"{US} Can I have peanut butter as a snack?")
        await private.wait_until(lambda chat: len(chat.texts) > before)
        await group.wait_until(lambda chat: bool(chat.messages) and chat.texts[-1] != "…")
    assert "peanut butter" in shown(private)
    assert "left out" not in shown(group)
    assert "allerg" not in shown(group).lower()


async def test_two_people_in_one_group_keep_their_own_restrictions_and_conversations(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat, ada: User
) -> None:
    model.default = GOOD
    bob = group.members[1]
    for person in (ada, bob):
        telegram.private_chat(person)
    async with start_bot() as store:
        await group.send(f"{US} I'm allergic to peanuts. {QUESTION}", user=ada)
        await group.send(f"{US} I'm vegan. {QUESTION}", user=bob)
        await group.wait_until(lambda chat: shown(chat).count("9.02") == 2)
        known = {}
        for person in (ada, bob):
            row = await store.people.person(f"telegram:{person.id}", telegram_id=person.id)
            known[person.id] = await store.preferences.load(row.id)
    assert known[ada.id].allergies == {"peanuts"}
    assert not known[ada.id].diets
    assert {str(diet) for diet in known[bob.id].diets} == {"vegan"}
    assert not known[bob.id].allergies


async def test_a_flood_in_a_group_is_answered_once(
    telegram: FakeTelegram, start_bot: StartBot, group: Chat
) -> None:
    async with start_bot():
        await asyncio.gather(*(group.send(f"/help{US}") for _ in range(25)))
        await group.wait_until(lambda chat: say("quota_messages", limit=20) in shown(chat))
        await group.send(f"/help{US}", user=group.members[1])
        await group.wait_until(lambda chat: len(chat.texts) == 22)
    assert shown(group).count(say("quota_messages", limit=20)) == 1


async def test_another_answer_quotes_the_question_too(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, group: Chat
) -> None:
    model.default = GOOD
    async with start_bot():
        await group.send(f"{US} {QUESTION}")
        await group.wait_until(lambda chat: bool(chat.messages) and "🔁" in chat.messages[-1].buttons)
        await group.press(group.messages[-1], "🔁")
        await group.wait_until(lambda chat: len(chat.messages) == 2 and "🔁" in chat.messages[-1].buttons)
    assert [message.reply_to for message in group.messages] == [group.written[0]] * 2


@pytest.mark.parametrize("text", [f"{US} {QUESTION}", f"/help{US}", f"/chart{US} lentils"])
async def test_who_deletes_a_question_is_answered_all_the_same(
    model: FakeModel, start_bot: StartBot, group: Chat, text: str
) -> None:
    model.default = GOOD
    await group.send(text)
    group.written[0].deleted = True
    async with start_bot():
        await group.wait_until(lambda chat: bool(chat.messages) and chat.texts[-1] != "…")
    assert group.messages[-1].reply_to is None
    assert any(expected in shown(group) for expected in ("9.02 g", say("help")[:20], say("chart_title")))


async def test_in_private_nothing_is_quoted(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot, ada: User
) -> None:
    model.default = GOOD
    private = telegram.private_chat(ada)
    async with start_bot():
        await private.send(QUESTION)
        await private.wait_until(lambda chat: "9.02" in shown(chat))
    assert private.messages[-1].reply_to is None
