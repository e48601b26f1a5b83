"""Short replies that need no streaming."""

from functools import partial

from telegram import InlineKeyboardMarkup, Update

from bot.telegram.delivery import persistently
from bot.telegram.formatting import parts


async def reply(update: Update, markdown: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Answer an update's message, waiting through floods and failures; the keyboard goes under the last part."""
    message = update.effective_message
    if message is None:
        return
    whole = parts(markdown)
    for number, part in enumerate(whole):
        markup = keyboard if number == len(whole) - 1 else None
        await persistently(
            partial(message.reply_text, part.text, entities=part.entities, reply_markup=markup)
        )
