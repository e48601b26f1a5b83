"""The form as a person sees it, for the tests of the first minute."""

from bot.store.people import Person
from bot.store.store import Store
from retrieval.diet.preferences import Preferences
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
YES, NO = "Yes", "No"


def card(chat: Chat) -> Message:
    """The newest message with buttons of the form."""
    return next(message for message in reversed(chat.messages) if is_card(message))


def is_card(message: Message) -> bool:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return any(str(item.get("callback_data", "")).startswith("form:") for row in rows for item in row)


def asks(chat: Chat, text: str) -> bool:
    """Whether the open question is the one that says `text`."""
    return any(is_card(message) for message in chat.messages) and text in card(chat).text


async def started(chat: Chat, text: str = "/start") -> Message:
    """Begin, and wait for the first question."""
    await chat.send(text)
    await chat.wait_until(lambda chat: asks(chat, "May I keep our conversations"))
    return card(chat)


async def press(chat: Chat, button: str, then: str) -> None:
    """Press a button of the open question, and wait until `then` stands in its place."""
    pressed = card(chat)
    await chat.press(pressed, button)
    await chat.wait_until(lambda _: then in pressed.text)


async def at_diets(chat: Chat) -> None:
    """Begin, and agree to nothing."""
    await started(chat)
    await press(chat, NO, "improve the model that answers")
    await press(chat, NO, "Do you follow a diet?")


async def tell(chat: Chat, text: str, then: str) -> None:
    """Write something, and wait until a new message says `then`."""
    before = len(chat.everything_sent)
    await chat.send(text)
    await chat.wait_until(lambda chat: any(then in message.text for message in chat.everything_sent[before:]))


async def someone(store: Store, chat: Chat) -> Person:
    user = chat.members[0]
    return await store.people.person(f"telegram:{user.id}", telegram_id=user.id)


async def known(store: Store, chat: Chat) -> Preferences:
    return await store.preferences.load((await someone(store, chat)).id)
