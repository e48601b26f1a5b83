"""`/why`: what an answer was made from, and what was done with it."""

from collections.abc import Iterable

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler

from bot.assistant.why import Section, explain
from bot.messages import say
from bot.store.conversations import Turn
from bot.store.people import Person
from bot.telegram.context import Context
from bot.telegram.groups import privately
from bot.telegram.prefs_card import escaped
from bot.telegram.replies import reply
from bot.telegram.services import Services


class WhyHandlers:
    """The command: about the last answer, or about the one that it replies to."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [CommandHandler("why", self.why)]

    async def why(self, update: Update, context: Context) -> None:
        """Explain an answer to the person who asked; in a group, in their private chat."""
        person = await self._services.person(update)
        turn = await self._turn(update, person)
        sections = explain(turn) if turn is not None else ()
        if not sections:
            await reply(update, say("why_nothing"))
            return
        await privately(update, context.bot, why_text(sections), told=say("group_told_privately"))

    async def _turn(self, update: Update, person: Person) -> Turn | None:
        message = update.effective_message
        if message is None:
            return None
        lookup, answered = self._services.store.lookup, message.reply_to_message
        # In a topic, everything that isn't a reply is one to the message that opened the topic.
        if answered is None or answered.forum_topic_created is not None:
            return await lookup.latest(person.id, message.chat_id)
        return await lookup.by_answer(person.id, message.chat_id, answered.message_id)


def why_text(sections: Iterable[Section]) -> str:
    """Return an explanation in Markdown."""
    parts = (
        "\n".join((f"**{escaped(section.heading)}**", "", *(f"- {escaped(line)}" for line in section.lines)))
        for section in sections
    )
    return "\n\n".join(parts)
