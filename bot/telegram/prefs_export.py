"""Sending what is known about a person to that person, as a file."""

from telegram import Update

from bot.assistant.prefs_change import exported
from bot.messages import say
from bot.store.people import Person
from bot.store.store import Store
from bot.telegram.delivery import persistently


async def send_export(store: Store, person: Person, update: Update) -> None:
    """Send the preferences and their history as a JSON document."""
    message = update.effective_message
    if message is None:
        return
    document = await exported(store, person)
    await persistently(
        lambda: message.reply_document(document, caption=say("card_export"), filename=say("card_file"))
    )
