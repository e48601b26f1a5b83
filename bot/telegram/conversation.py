"""`/start` with what its link holds, `/help`, `/new`."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.assistant.turns import Place
from bot.messages import say
from bot.store.conversations import Asked
from bot.store.people import Person
from bot.telegram.answering import Answering
from bot.telegram.context import Context
from bot.telegram.deep_links import COMMANDS, question_in, says_something_about_the_person
from bot.telegram.form import FormHandlers
from bot.telegram.prefs_card import escaped
from bot.telegram.replies import reply
from bot.telegram.services import Services


class ConversationHandlers:
    """Hello, help, and a new beginning."""

    def __init__(self, services: Services, form: FormHandlers) -> None:
        self._services = services
        self._form = form
        self._answering = Answering(services)

    def handlers(self) -> list[CommandHandler[Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("start", self.start),
            CommandHandler("help", self.help),
            CommandHandler("new", self.new),
        ]

    async def start(self, update: Update, context: Context) -> None:
        """Introduce the bot to somebody new, answer what the link asks, and go on with the form."""
        person = await self._services.person(update)
        if await self._form.is_new(person):
            await reply(update, say("start"))
        if context.args:
            await self._follow(update, context, person, context.args[0])
        await self._form.begin(update, person)

    async def help(self, update: Update, _context: Context) -> None:
        """Show examples and commands."""
        await self._services.person(update)
        await reply(update, say("help"))

    async def new(self, update: Update, _context: Context) -> None:
        """End the conversation; preferences stay."""
        person = await self._services.person(update)
        if (chat := update.effective_chat) is not None:
            await self._services.store.conversations.start_new(person.id, chat.id, chat.type)
        await reply(update, say("new_conversation"))

    async def _follow(self, update: Update, context: Context, person: Person, payload: str) -> None:
        """Do what a link may: show a command, or ask a question. What else it holds is passed over."""
        message = update.effective_message
        if message is None:
            return
        if payload in COMMANDS:
            await reply(update, say("link_command", command=f"/{payload}"))
        elif (question := question_in(payload)) is None:
            await reply(update, say("link_unknown"))
        elif says_something_about_the_person(question):
            # Else a link could change what somebody eats who has only pressed it.
            await reply(update, say("link_statement", text=escaped(question)))
        else:
            await reply(update, say("link_question", text=escaped(question)))
            place = Place(message.chat_id, message.chat.type)
            asked = Asked(update.update_id, message.message_id)
            begun = await self._services.turns.begin(person, place, question, asked=asked)
            await self._answering.answer(update, begun, context.bot)
