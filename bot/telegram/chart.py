"""`/chart lentils, tofu, chicken`: figures side by side, as a picture."""

from functools import partial

from telegram import Message, Update
from telegram.constants import MessageLimit
from telegram.ext import BaseHandler, CommandHandler

from bot.assistant.chart_picture import description, picture_of
from bot.assistant.charts import chart_of, foods_in
from bot.messages import say
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.formatting import parts
from bot.telegram.groups import is_shared
from bot.telegram.prefs_card import escaped
from bot.telegram.replies import reply
from bot.telegram.services import Services
from retrieval.errors import BadInputError


class ChartHandlers:
    """The command."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [CommandHandler("chart", self.chart)]

    async def chart(self, update: Update, context: Context) -> None:
        """Send the picture of what is listed after the command."""
        person = await self._services.person(update)
        message = update.effective_message
        if message is None:
            return
        try:
            names = foods_in(" ".join(context.args or []))
        except BadInputError as error:
            await reply(update, str(error))
            return
        preferences = await self._services.store.preferences.load(person.id)
        chart = await chart_of(self._services.turns.assistant.index, names, preferences)
        notes = [escaped(note) for note in chart.notes(shared=is_shared(update))]
        if not chart.plates:
            await reply(update, "\n\n".join(notes))
            return
        lines = (f"- {escaped(line)}" for line in description(chart).splitlines())
        caption = "\n\n".join((f"**{say('chart_title')}**", "\n".join(lines), *notes))
        await _send(message, await picture_of(chart), caption)


async def _send(message: Message, picture: bytes, caption: str) -> None:
    """Send a picture; what its caption has no room for follows in a message."""
    first, *rest = parts(caption, int(MessageLimit.CAPTION_LENGTH))
    await persistently(
        partial(
            message.reply_photo,
            picture,
            filename="chart.png",
            caption=first.text,
            caption_entities=first.entities,
        )
    )
    for part in rest:
        await persistently(partial(message.reply_text, part.text, entities=part.entities))
