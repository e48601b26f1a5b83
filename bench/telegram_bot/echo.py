"""The least that python-telegram-bot costs: every text is sent back. `python -m bench.telegram_bot.echo URL TOKEN`."""

import sys

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer with the same words."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Poll until interrupted."""
    url, token = sys.argv[1:]
    application: Application = (  # type: ignore[type-arg]
        ApplicationBuilder().token(token).base_url(f"{url}/bot").concurrent_updates(True).build()  # noqa: FBT003
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
