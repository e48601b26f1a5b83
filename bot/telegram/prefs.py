"""`/prefs`: show, add, remove, clear; what can't be undone asks first."""

from telegram import CallbackQuery, InlineKeyboardButton, Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.assistant.fixed import describe_change, describe_known
from bot.assistant.prefs_command import Action, PrefsCommand, parse_prefs
from bot.assistant.turns import values
from bot.assistant.understand import Change
from bot.assistant.undo import undo_turn
from bot.messages import say
from bot.store.people import Person
from bot.telegram.asking import CLEAR, DROP, KEEP, NOTE, clear_question, drop_questions, unpacked
from bot.telegram.context import Context
from bot.telegram.delivery import persistently
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

_UNDO = "undo"


class PrefsHandlers:
    """The command and its buttons. Buttons carry the id of the person whom they are for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("prefs", self.command),
            CallbackQueryHandler(self.confirm, pattern=rf"^prefs:({CLEAR}|{KEEP}|{DROP}|{NOTE}):"),
            CallbackQueryHandler(self.undo, pattern=rf"^prefs:{_UNDO}:"),
        ]

    async def command(self, update: Update, context: Context) -> None:
        """Do what the words after `/prefs` ask for, or show how to say it."""
        try:
            command = parse_prefs(" ".join(context.args or []))
        except BadInputError as error:
            await reply(update, str(error))
            return
        person = await self._services.person(update)
        if command.action is Action.SHOW:
            await reply(update, describe_known(await self._services.store.preferences.load(person.id)))
        elif command.needs_confirmation:
            await self._ask(update, person, command)
        else:
            await reply(update, await self._apply(person, command, f"update:{update.update_id}"))

    async def confirm(self, update: Update, _context: Context) -> None:
        """Do, or leave, what was asked about."""
        query, data = _query(update)
        parts = data.split(":", 3)
        if parts[2] != str(sender(update).id):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        person = await self._services.person(update)
        source_id = f"update:{update.update_id}"
        if parts[1] == CLEAR:
            await self._services.store.preferences.clear(person.id, "button", source_id)
            text = say("prefs_cleared")
        elif parts[1] == DROP:
            command = PrefsCommand(Action.REMOVE, Change(allergies=frozenset(parts[3].split(","))))
            text = await self._apply(person, command, source_id, source="button")
        elif parts[1] == NOTE:
            command = PrefsCommand(Action.ADD, unpacked(parts[3]))
            text = await self._apply(person, command, source_id, source="button")
        else:
            text = say("prefs_kept")
        await _replace(query, text)

    async def undo(self, update: Update, _context: Context) -> None:
        """Take back what was noted from one turn."""
        query, data = _query(update)
        person = await self._services.person(update)
        undone = await undo_turn(
            self._services.store, person, int(data.split(":")[2]), source_id=f"update:{update.update_id}"
        )
        if not undone:
            await acknowledge(query, say("undo_nothing"))
            return
        await acknowledge(query)
        await reply(update, say("undone", changes=undone.describe()))

    async def _ask(self, update: Update, person: Person, command: PrefsCommand) -> None:
        mine = sender(update).id
        known = await self._services.store.preferences.load(person.id)
        if command.action is Action.CLEAR:
            questions = [clear_question(mine)]
        else:
            held = command.change.allergies & known.allergies
            if not held:
                await reply(update, say("prefs_not_there", changes=describe_change(command.change)))
                return
            questions = [*drop_questions(mine, held)]
        for question in questions:
            await reply(update, question.text, question.keyboard)

    async def _apply(
        self, person: Person, command: PrefsCommand, source_id: str, *, source: str = "command"
    ) -> str:
        """Change the preferences, and return what to say about it."""
        preferences = self._services.store.preferences
        given, nothing = values(command.change), Preferences()
        adding = command.action is Action.ADD
        before = await preferences.load(person.id)
        after = await preferences.apply(
            person.id,
            add=given if adding else nothing,
            remove=nothing if adding else given,
            source=source,
            source_id=source_id,
        )
        unchanged = not adding and before == after
        key = "prefs_added" if adding else "prefs_not_there" if unchanged else "prefs_removed"
        return say(key, changes=describe_change(command.change))


def undo_button(turn_id: int) -> InlineKeyboardButton:
    """Return the button that takes back what was noted from a turn."""
    return InlineKeyboardButton(say("button_undo"), callback_data=f"prefs:{_UNDO}:{turn_id}")


def _query(update: Update) -> tuple[CallbackQuery, str]:
    query = update.callback_query
    if query is None or query.data is None:
        raise AssertionError(f"update {update.update_id} is no button")
    return query, query.data


async def _replace(query: CallbackQuery, text: str) -> None:
    """Put the outcome where the question and its buttons stood, so that they can't be pressed again."""
    await acknowledge(query)
    try:
        await persistently(lambda: query.edit_message_text(text))
    except BadRequest as error:
        # Pressed twice: the first press has done this already.
        if "not modified" not in error.message.lower():
            raise
