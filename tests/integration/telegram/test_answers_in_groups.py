"""In a group an answer keeps its asker's secrets, and is written under nobody's eyes."""

import pytest

from bot.messages import say
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.integration.conftest import StartBot

QUESTION = "How much protein is in cooked lentils?"
SLOW = "Cooked lentils have 9.02 g of protein per 100 g [1]. Since you are vegan, that is good news [1]."


@pytest.fixture
def group(telegram: FakeTelegram) -> Chat:
    return telegram.group_chat(
        "Dinner club", [telegram.user(first_name="Ada"), telegram.user(first_name="Bob")]
    )


def finished(chat: Chat) -> list[str]:
    return [message.text for message in chat.messages if "👍" in message.buttons]


async def test_an_answer_says_nothing_of_its_asker_not_even_as_a_draft(
    telegram: FakeTelegram, model: FakeModel, group: Chat, start_bot: StartBot
) -> None:
    model.default = SLOW
    model.per_token = 0.03
    private = telegram.private_chat(group.members[0])
    async with start_bot():
        await private.send("/prefs add diet vegan")
        await private.wait_until(lambda chat: bool(chat.messages))
        await group.send(f"@{telegram.bot.username} {QUESTION}")
        await group.wait_until(lambda chat: bool(finished(chat)))
    assert "9.02 g" in finished(group)[0]
    shown = [edit.text for message in group.everything_sent for edit in message.edits]
    assert not any("vegan" in text for text in [*shown, *group.texts])


async def test_what_was_noted_is_told_in_private(
    telegram: FakeTelegram, model: FakeModel, group: Chat, start_bot: StartBot
) -> None:
    model.break_next(Fault.STATUS, times=None)
    private = telegram.private_chat(group.members[0])
    async with start_bot():
        await group.send(f"@{telegram.bot.username} I'm allergic to sesame. {QUESTION}")
        await group.wait_until(lambda chat: bool(finished(chat)))
        await private.wait_until(lambda chat: any("allergy to sesame" in text for text in chat.texts))
    assert not any("sesame" in text for text in group.texts)


async def test_why_is_answered_in_private(
    telegram: FakeTelegram, model: FakeModel, group: Chat, start_bot: StartBot
) -> None:
    model.default = SLOW
    private = telegram.private_chat(group.members[0])
    async with start_bot():
        await private.send("/prefs add diet vegan")
        await private.wait_until(lambda chat: bool(chat.messages))
        await group.send(f"@{telegram.bot.username} {QUESTION}")
        await group.wait_until(lambda chat: bool(finished(chat)))
        await group.send(f"/why@{telegram.bot.username}")
        await private.wait_until(lambda chat: say("why_understood") in chat.texts[-1])
        await group.wait_until(lambda chat: say("group_told_privately") in chat.texts)
    assert "vegan" in private.texts[-1]
    assert not any("vegan" in text for text in group.texts)


async def test_an_edited_message_that_was_no_question_is_left_alone(
    telegram: FakeTelegram, model: FakeModel, group: Chat, start_bot: StartBot
) -> None:
    async with start_bot():
        await group.send("Who brings the salad?")
        await group.edit(group.written[0].id, f"@{telegram.bot.username} who brings the salad?")
        await group.send(f"@{telegram.bot.username} {QUESTION}")
        await group.wait_until(lambda chat: bool(finished(chat)))
    assert len(group.everything_sent) == 1
