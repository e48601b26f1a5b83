"""/privacy, and what becomes of the conversations of people who don't want them kept."""

import sqlalchemy as sa

from bot.messages import say
from bot.store.conversations import TurnRecord
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose, turns, updates
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message
from tests.integration.conftest import StartBot

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."


async def privacy(chat: Chat) -> Message:
    """What /privacy shows."""
    before = len(chat.messages)
    await chat.send("/privacy")
    await chat.wait_until(lambda chat: len(chat.messages) > before)
    return chat.messages[-1]


async def press(chat: Chat, card: Message, key: str, then: str) -> None:
    await chat.press(card, say(key))
    await chat.wait_until(lambda _: say(then) in card.text)


async def ask(chat: Chat, question: str = QUESTION, then: str = "9.02 g") -> Message:
    """Ask, and wait until the answer and its buttons are there."""
    before = len(chat.messages)
    await chat.send(question)
    await chat.wait_until(
        lambda chat: (
            len(chat.messages) > before
            and then in chat.messages[-1].text
            and "👍" in chat.messages[-1].buttons
        )
    )
    return chat.messages[-1]


async def settled(chat: Chat) -> None:
    """Wait until everything before is done: a chat's updates are handled in order."""
    before = len(chat.messages)
    await chat.send("/help")
    await chat.wait_until(lambda chat: len(chat.messages) > before)


async def someone(store: Store, chat: Chat) -> Person:
    return await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)


async def said(store: Store) -> list[str]:
    """Every text that the turns hold."""
    columns = ("question", "meant", "answer", "notices", "passages", "preferences", "guard_reasons")
    async with store.database.read() as connection:
        rows = await connection.execute(sa.select(*turns.c[columns]))
        return [str(value) for row in rows for value in row if value]


async def agreed(store: Store) -> list[bool]:
    """Of each turn, whether it may improve the model."""
    async with store.database.read() as connection:
        return list(await connection.scalars(sa.select(turns.c.consent_improve).order_by(turns.c.id)))


async def test_both_decisions_are_shown_and_changed(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat = telegram.private_chat()
    async with start_bot() as store:
        card = await privacy(chat)
        assert say("privacy_unsaid_service") in card.text
        assert say("privacy_unsaid_improvement") in card.text
        await press(chat, card, "privacy_button_improvement_yes", "privacy_done_improvement_yes")
        assert "yes, since" in card.text
        await press(chat, card, "privacy_button_improvement_no", "privacy_done_improvement_no")
        assert "no, since" in card.text
        decided = await store.consents.decisions((await someone(store, chat)).id)
    assert {purpose: decision.granted for purpose, decision in decided.items()} == {
        Purpose.IMPROVEMENT: False
    }
    assert decided[Purpose.IMPROVEMENT].version.endswith("-en")


async def test_a_press_twice_or_by_another_does_no_harm(telegram: FakeTelegram, start_bot: StartBot) -> None:
    chat, stranger = telegram.private_chat(), telegram.user(first_name="Eve")
    async with start_bot() as store:
        card = await privacy(chat)
        await chat.press(card, say("privacy_button_service_no"), user=stranger)
        await chat.wait_until(lambda chat: chat.callback_answers)
        assert chat.callback_answers[-1]["text"] == say("prefs_not_yours")
        for _ in range(2):
            await chat.press(card, say("privacy_button_service_yes"))
        await settled(chat)
        decided = await store.consents.decisions((await someone(store, chat)).id)
    assert decided[Purpose.SERVICE].granted
    assert len(decided) == 1


async def test_in_a_group_nothing_is_shown(telegram: FakeTelegram, start_bot: StartBot) -> None:
    group = telegram.group_chat("Cooks", [telegram.user(first_name="Ada")])
    async with start_bot():
        await group.send("/privacy@platewise_test_bot")
        await group.wait_until(lambda chat: chat.texts)
    assert group.texts == [say("group_in_private")]


async def test_who_refuses_is_answered_and_nothing_is_kept(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await ask(chat)
        assert QUESTION in await said(store)
        card = await privacy(chat)
        await press(chat, card, "privacy_button_service_no", "privacy_done_service_no")
        assert await said(store) == []

        await ask(chat)
        await settled(chat)
        assert await said(store) == []
        await ask(chat, "How much iron is in raw spinach?", then="per 100 g")
        await settled(chat)
        prompts = [str(request["messages"]) for request in model.requests if request.get("stream")]
        assert QUESTION not in prompts[-1]
        await chat.send("/why")
        await chat.wait_until(lambda chat: chat.texts[-1] == say("why_nothing"))


async def test_what_is_still_there_of_who_refuses_is_not_read_and_goes_with_the_next_answer(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await press(chat, await privacy(chat), "privacy_button_service_no", "privacy_done_service_no")
        person = await someone(store, chat)
        conversation = await store.conversations.current(person.id, chat.id, "private")
        left = await store.conversations.receive(
            conversation.id, "Is honey vegan?", preferences={}, consent_improve=False
        )
        await store.conversations.answer(left.id, TurnRecord("No."))
        await ask(chat)
        await settled(chat)
        assert await said(store) == []
    prompts = [str(request["messages"]) for request in model.requests if request.get("stream")]
    assert "Is honey vegan?" not in prompts[-1]


async def test_who_keeps_and_who_has_not_said_are_remembered(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await ask(chat)
        await ask(chat, "How much iron is in raw spinach?", then="per 100 g")
        await settled(chat)
        assert QUESTION in await said(store)
    prompts = [str(request["messages"]) for request in model.requests if request.get("stream")]
    assert QUESTION in prompts[-1]


async def test_what_was_forgotten_is_not_answered_again_after_a_restart(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await press(chat, await privacy(chat), "privacy_button_service_no", "privacy_done_service_no")
        await ask(chat)
        await settled(chat)
        async with store.database.read() as connection:
            asked = await connection.scalar(sa.select(turns.c.update_id))
        async with store.database.write() as connection:
            await connection.execute(sa.delete(updates).where(updates.c.update_id == asked))
        await telegram.redeliver(asked)
        await settled(chat)
        assert await said(store) == []
    assert sum("9.02 g" in text for text in chat.texts) == 1


async def test_improvement_counts_only_from_yes_to_no(
    telegram: FakeTelegram, model: FakeModel, start_bot: StartBot
) -> None:
    model.default = GOOD
    chat = telegram.private_chat()
    async with start_bot() as store:
        await ask(chat)
        card = await privacy(chat)
        await press(chat, card, "privacy_button_improvement_yes", "privacy_done_improvement_yes")
        await ask(chat)
        await press(chat, card, "privacy_button_improvement_no", "privacy_done_improvement_no")
        await ask(chat)
        await settled(chat)
        assert await agreed(store) == [False, True, False]
        await press(chat, card, "privacy_button_improvement_yes", "privacy_done_improvement_yes")
        await press(chat, card, "privacy_button_service_no", "privacy_done_service_no")
        assert say("privacy_nothing_to_use") in card.text
        await ask(chat)
        await settled(chat)
        assert await agreed(store) == [False] * 4
