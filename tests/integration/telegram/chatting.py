"""A person who asks, and waits for whole answers."""

from bot.store.store import Store
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
DINNER = "What can I have for dinner?"


def finished(chat: Chat) -> list[Message]:
    """The bot's answers that are there whole."""
    return [message for message in chat.messages if "👍" in message.buttons]


async def answered(chat: Chat, text: str) -> Message:
    """Send `text`; return the finished answer."""
    before = len(finished(chat))
    await chat.send(text)
    await chat.wait_until(lambda chat: len(finished(chat)) > before)
    return finished(chat)[-1]


async def person_id(store: Store, chat: Chat) -> int:
    return (await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)).id
