"""The card of `/prefs` as a person sees and presses it."""

from datetime import UTC, datetime

from bot.store.people import Person
from bot.store.store import Store
from retrieval.diet.preferences import Preferences
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message

MAY = datetime(2020, 5, 3, 12, tzinfo=UTC)


async def known_person(store: Store, chat: Chat, known: Preferences, source: str = "message") -> Person:
    """The person of a chat, who has said `known` on 3 May 2020."""
    person = await store.people.person(f"telegram:{chat.id}", telegram_id=chat.id)
    await store.preferences.apply(person.id, add=known, source=source, at=MAY)
    return person


async def opened(chat: Chat, *path: str) -> Message:
    """A new card, with the buttons of `path` (beginnings of their texts) pressed one after the other."""
    before = len(chat.messages)
    await chat.send("/prefs")
    await chat.wait_until(lambda chat: len(chat.messages) > before)
    card = chat.messages[-1]
    for button in path:
        await press(chat, card, button)
    return card


def button(card: Message, text: str) -> str:
    """The text of the first button that begins with `text`."""
    return next((name for name in card.buttons if name.startswith(text)), text)


async def press(chat: Chat, card: Message, text: str) -> str:
    """Press a button and wait until the bot has dealt with it; returns what it showed for a moment."""
    answers, edits = len(chat.callback_answers), len(card.edits)
    await chat.press(card, button(card, text))
    await chat.wait_until(lambda chat: len(chat.callback_answers) > answers and len(card.edits) > edits)
    return str(chat.callback_answers[-1]["text"])


async def press_again(telegram: FakeTelegram, chat: Chat, card: Message, data: str) -> str:
    """Press a button as it stood on the card at some time, whatever stands there now."""
    answers, calls = len(chat.callback_answers), len(telegram.calls_of("editMessageText"))
    now, card.reply_markup = (
        card.reply_markup,
        {"inline_keyboard": [[{"text": "old", "callback_data": data}]]},
    )
    await chat.press(card, "old")
    card.reply_markup = now
    await telegram.wait_until(
        lambda fake: (
            len(chat.callback_answers) > answers
            and len(fake.calls_of("editMessageText")) > calls
            and fake.calls_of("editMessageText")[-1].status
        )
    )
    return str(chat.callback_answers[-1]["text"])


def data_of(card: Message, text: str) -> str:
    """The data behind the first button that begins with `text`."""
    rows = (card.reply_markup or {})["inline_keyboard"]
    return next(item["callback_data"] for row in rows for item in row if item["text"].startswith(text))
