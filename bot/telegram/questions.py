"""Free text: a question is answered, and answered again when it is edited."""

from typing import Protocol

from telegram import Message, Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.assistant.assistant import LONGEST_QUESTION
from bot.assistant.edits import rewording
from bot.assistant.turns import Place
from bot.messages import say
from bot.store.conversations import Asked, Turn
from bot.store.people import Person
from bot.telegram.answering import Answering
from bot.telegram.context import Context
from bot.telegram.groups import is_shared, question_text
from bot.telegram.long_questions import LongQuestions
from bot.telegram.replies import reply
from bot.telegram.services import Services

_TEXT = filters.TEXT & ~filters.COMMAND


class Form(Protocol):
    """A form that a person may be filling in while they ask."""

    async def take(self, update: Update, person: Person, text: str) -> bool:
        """Take `text` if it answers the form, and tell whether it did."""

    async def resume(self, update: Update, person: Person) -> None:
        """Go on with the form, if there is one, after a question was answered."""


class QuestionHandlers:
    """Questions as they come, and as they are edited."""

    def __init__(
        self, services: Services, form: Form | None, answering: Answering, long: LongQuestions
    ) -> None:
        self._services = services
        self._form = form
        self._answering = answering
        self._long = long

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            MessageHandler(filters.UpdateType.MESSAGE & _TEXT, self.question),
            MessageHandler(filters.UpdateType.EDITED_MESSAGE & _TEXT, self.edited),
        ]

    async def question(self, update: Update, context: Context) -> None:
        """Answer a question, once, however often its update comes."""
        message = update.effective_message
        if message is None or self._long.is_taken(update):
            return
        person = await self._services.person(update)
        form = None if is_shared(update) else self._form  # what it asks is between the person and the bot
        joined = await self._long.join(update, question_text(message, context.bot))
        question = joined.text
        if not await _is_answerable(update, question):
            await self._long.took(joined)
        elif form is None or not await form.take(update, person, question):
            asked = Asked(update_id=update.update_id, message_id=message.message_id)
            begun = await self._services.turns.begin(person, _place(message), question, asked=asked)
            await self._long.took(joined)
            await self._answering.answer(update, begun, context.bot)
            if form is not None:
                await form.resume(update, person)

    async def edited(self, update: Update, context: Context) -> None:
        """Answer an edited question in the place of its old answer."""
        message = update.effective_message
        if message is None:
            return
        person = await self._services.person(update)
        question = question_text(message, context.bot)
        lookup, chat_id = self._services.store.lookup, message.chat_id
        earlier = await lookup.by_question(person.id, chat_id, message.message_id)
        if earlier is not None and earlier.update_id == update.update_id:
            # Handled before, by a process that didn't come to its end.
            earlier = await self._services.store.conversations.get(earlier.replaces or 0)
        if earlier is None:
            # It was no question before. In a group, it may not even have been meant for the bot.
            if not is_shared(update):
                await self.question(update, context)
            return
        if question != earlier.question and await _is_answerable(update, question):
            await self._answer_again(update, context, person, earlier)

    async def _answer_again(self, update: Update, context: Context, person: Person, earlier: Turn) -> None:
        message, services = update.effective_message, self._services
        if message is None:
            return
        question = question_text(message, context.bot)
        reworded = await rewording(
            services.store, person, earlier.id, question, source_id=f"update:{update.update_id}"
        )
        begun = await services.turns.begin(
            person,
            _place(message),
            question,
            asked=Asked(update.update_id, message.message_id, replaces=earlier.id),
            notes=reworded.notes(),
        )
        begun = await services.turns.in_place_of(begun, earlier)
        await self._answering.answer(update, begun, context.bot)


async def _is_answerable(update: Update, question: str) -> bool:
    """Tell whether there is something to answer, and say so to the person where there isn't."""
    if not question:
        await reply(update, say("empty_question"))
    elif len(question) > LONGEST_QUESTION:
        await reply(update, say("too_long", length=len(question), limit=LONGEST_QUESTION))
    return 0 < len(question) <= LONGEST_QUESTION


def _place(message: Message) -> Place:
    return Place(message.chat_id, message.chat.type)
