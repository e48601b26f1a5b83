"""Short replies that need no streaming, and answers to buttons."""

from functools import partial

from telegram import CallbackQuery, InlineKeyboardMarkup, Update
from telegram.error import BadRequest

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


async def acknowledge(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Tell Telegram that a button was noticed, with a word for the person.

    Telegram takes that for a short while only; after a restart it may be too late, which does no harm.
    """
    try:
        await query.answer(text[:200] or None, show_alert=alert)
    except BadRequest as error:
        if "too old" not in error.message.lower() and "invalid" not in error.message.lower():
            raise
