"""`/language`, and the language of what is said before anybody is known by name."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, TypeHandler

from bot.assistant.prefs_change import Origin, choose
from bot.assistant.prefs_command import Action, PrefsCommand
from bot.assistant.prefs_words import language_names, own_name
from bot.messages import languages, say, speak, speaks
from bot.telegram.access import GROUP
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender

FIRST = GROUP - 1
"""The handler group that runs before the gate, so that the gate refuses people in their own language."""

_IN_A_ROW = 2


class LanguageHandlers:
    """The command and its buttons. Buttons carry the id of the person whom they are for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("language", self.command),
            CallbackQueryHandler(self.press, pattern=r"^language:[a-z]{2,8}:\d+$"),
        ]

    async def command(self, update: Update, context: Context) -> None:
        """Speak the language that is named after the command, or ask which one with buttons."""
        await self._services.person(update)
        asked = " ".join(context.args or [])
        if not asked:
            await reply(update, say("language_question"), _keyboard(sender(update).id))
        elif (language := language_names().get(asked.casefold())) is None:
            known = ", ".join(map(own_name, languages()))
            await reply(update, say("language_unknown", language=asked[:40], languages=known))
        else:
            await reply(update, await self._choose(update, language, "command"))

    async def press(self, update: Update, _context: Context) -> None:
        """Speak the language of the button from here on."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        await self._services.person(update)
        _, language, whose = query.data.split(":")
        if whose != str(sender(update).id):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        if language not in languages():  # a button of a version that spoke it
            await acknowledge(query, say("prefs_kept"))
            return
        said = await self._choose(update, language, "button")
        await acknowledge(query)
        try:
            await persistently(lambda: query.edit_message_text(said))
        except BadRequest as error:
            # Pressed twice: the first press has said it already.
            if "not modified" not in error.message.lower():
                raise

    async def _choose(self, update: Update, language: str, source: str) -> str:
        command = PrefsCommand(Action.SET, settings={"language": language})
        person = await self._services.person(update)
        origin = Origin(source, f"update:{update.update_id}")
        return await choose(self._services.store, person, command, origin)


def telegrams_language() -> TypeHandler[Update, Context, object]:
    """Return what to register in `FIRST`: speaks what Telegram reports, until `Services.person` knows a choice."""
    return TypeHandler(Update, _speak_as_telegram)


async def _speak_as_telegram(update: Update, _context: Context) -> None:
    speak(update.effective_user.language_code if update.effective_user else None)


def _keyboard(mine: int) -> InlineKeyboardMarkup:
    """Return a button for each language, in its own words; the one spoken now is ticked."""
    buttons = [
        InlineKeyboardButton(
            f"✅ {own_name(language)}" if language == speaks() else own_name(language),
            callback_data=f"language:{language}:{mine}",
        )
        for language in languages()
    ]
    return InlineKeyboardMarkup(
        [buttons[start : start + _IN_A_ROW] for start in range(0, len(buttons), _IN_A_ROW)]
    )
