"""`/mydata` and `/forget`: a person gets everything that is held about them, or has it erased."""

from functools import partial

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.assistant.forgetting import Forgetting
from bot.assistant.mydata import Document, documents
from bot.messages import say, speak
from bot.store.export import Exports
from bot.store.people import Person
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.groups import is_shared
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender

LARGEST_DOCUMENT = 45_000_000
"""Bytes. Telegram takes 50 MB from a bot (core.telegram.org/bots/api#senddocument), and a form around them."""

_YES, _NO = "yes", "no"


class MyDataHandlers:
    """What is held, and its end. Nobody becomes known by asking: only who is known already is looked up."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._exports = Exports(services.settings.data)
        self._forgetting = Forgetting(services.store, self._exports)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("mydata", self.mydata),
            CommandHandler("forget", self.forget),
            CallbackQueryHandler(self.press, pattern=rf"^forget:({_YES}|{_NO}):\d{{1,18}}$"),
        ]

    async def mydata(self, update: Update, _context: Context) -> None:
        """Send everything that is held about the person, as a file."""
        person, message = await self._known(update), update.effective_message
        if message is None or await _is_public(update):
            return
        if person is None:
            await reply(update, say("mydata_nothing"))
            return
        async for document in documents(self._store, self._exports, person, largest=LARGEST_DOCUMENT):
            await _send(message, document)

    async def forget(self, update: Update, _context: Context) -> None:
        """Say what would be erased, and ask whether it shall be."""
        person = await self._known(update)
        if await _is_public(update):
            return
        if person is None:
            await reply(update, say("mydata_nothing"))
            return
        mine = sender(update).id
        buttons = [
            InlineKeyboardButton(say("button_forget_yes"), callback_data=f"forget:{_YES}:{mine}"),
            InlineKeyboardButton(say("button_forget_no"), callback_data=f"forget:{_NO}:{mine}"),
        ]
        await reply(update, say("forget_question"), InlineKeyboardMarkup([[button] for button in buttons]))

    async def press(self, update: Update, _context: Context) -> None:
        """Erase everything, or nothing. However often it is pressed or handled, the outcome is the same."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, choice, whose = query.data.split(":")
        mine = sender(update).id
        if whose != str(mine):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        person = await self._known(update)
        await acknowledge(query)
        if choice == _NO:
            await _show(query, say("forget_kept"))
            return
        # Nothing that the person sent before may be handled as a stranger's first message.
        self._services.forgotten.note(mine, update.update_id)
        if person is not None:
            await self._forgetting.forget(person, asked_in=update.update_id)
        else:
            await self._forgetting.sweep()  # erased by a process that was killed then, or pressed twice
        await _show(query, say("forgotten"))
        await self._forgetting.close(mine, update.update_id)

    async def _known(self, update: Update) -> Person | None:
        """Return the person, and speak their language, without making anybody known."""
        mine = sender(update).id
        person = await self._store.people.find(f"telegram:{mine}", telegram_id=mine)
        if person is not None:
            speak(person.language)
        return person


async def _is_public(update: Update) -> bool:
    """Tell whether others read along, and send the person to their private chat then."""
    if is_shared(update):
        await reply(update, say("only_private"))
        return True
    return False


async def _send(message: Message, document: Document) -> None:
    sending = partial(
        message.reply_document,
        document=document.content,
        filename=document.name,
        caption=say("mydata_caption"),
    )
    await persistently(sending)


async def _show(query: CallbackQuery, text: str) -> None:
    """Put the outcome where the question stood, or into a new message when that is gone or too old to be changed."""
    if isinstance(query.message, Message):
        try:
            await persistently(partial(query.edit_message_text, text))
        except BadRequest as error:
            if "not modified" in error.message.lower():  # it stands there already
                return
        else:
            return
    await persistently(partial(query.get_bot().send_message, query.from_user.id, text))
