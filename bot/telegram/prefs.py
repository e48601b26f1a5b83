"""`/prefs`: the card, and the same in words; what can't be undone asks first."""

from dataclasses import replace

from telegram import CallbackQuery, Chat, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.assistant.known import Known, named
from bot.assistant.prefs_change import Origin, known_of, perform
from bot.assistant.prefs_command import Action, Kind, PrefsCommand, UnclearError, parse_prefs
from bot.assistant.understand import Change
from bot.assistant.undo import undo_turn
from bot.messages import say
from bot.store.people import Person
from bot.store.tables import PreferenceKind
from bot.telegram.asking import (
    CLEAR,
    DROP,
    KEEP,
    NOTE,
    clear_question,
    drop_questions,
    note_questions,
    suggestion_buttons,
    unpacked,
)
from bot.telegram.context import Context
from bot.telegram.prefs_card import Card, View, escaped
from bot.telegram.prefs_export import send_export
from bot.telegram.prefs_press import PATTERN, CardPresses, redraw
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender
from retrieval.errors import BadInputError

_UNDO = "undo"


class PrefsHandlers:
    """The command, its card and its questions. Buttons carry the id of the person whom they are for."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._card = CardPresses(services)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        return [
            CommandHandler("prefs", self.command),
            CallbackQueryHandler(self._card.press, pattern=PATTERN),
            CallbackQueryHandler(self.confirm, pattern=rf"^prefs:({CLEAR}|{KEEP}|{DROP}|{NOTE}):"),
            CallbackQueryHandler(self.undo, pattern=rf"^prefs:{_UNDO}:\d+$"),
        ]

    async def command(self, update: Update, _context: Context) -> None:
        """Do what the words after `/prefs` ask for, or show how to say it."""
        person = await self._services.person(update)
        if update.effective_chat is not None and update.effective_chat.type != Chat.PRIVATE:
            await reply(update, say("only_private"))
            return
        try:
            before = await self._store.preferences.load(person.id)
            command = parse_prefs(_arguments(update), before)
        except UnclearError as error:
            await self._suggest(update, person, error)
            return
        except BadInputError as error:
            await reply(update, escaped(str(error)))
            return
        await self._do(update, person, command)

    async def confirm(self, update: Update, _context: Context) -> None:
        """Do, or leave, what was asked about."""
        query, data = _query(update)
        parts = data.split(":", 3)
        person = await self._services.person(update)
        if parts[2] != str(sender(update).id):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        try:
            command = _confirmed(parts)
        except BadInputError:  # a button of another version of this bot
            command = None
        if command is None:
            text = say("prefs_kept")
        else:
            text = (await perform(self._store, person, command, _origin(update, "button"))).text
        await _replace(query, text)

    async def undo(self, update: Update, _context: Context) -> None:
        """Take back what was noted from one turn."""
        query, data = _query(update)
        person = await self._services.person(update)
        turn_id = int(data.split(":")[2])
        if await self._store.conversations.asker(turn_id) not in (person.id, None):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        undone = await undo_turn(self._store, person, turn_id, source_id=f"update:{update.update_id}")
        if not undone:
            await acknowledge(query, say("undo_nothing"))
            return
        await acknowledge(query)
        await reply(update, escaped(say("undone", changes=undone.describe())))

    async def _do(self, update: Update, person: Person, command: PrefsCommand) -> None:
        mine = sender(update).id
        if command.action is Action.SHOW:
            view = Card(mine, await known_of(self._store, person)).view()
            await reply(update, view.text, view.keyboard)
        elif command.action is Action.EXPORT:
            await send_export(self._store, person, update)
        elif command.needs_confirmation:
            await self._ask(update, person, command)
        else:
            done = await perform(self._store, person, command, _origin(update, "command"))
            if done.text:
                await reply(update, escaped(done.text))
            for question in (*drop_questions(mine, done.to_drop), *note_questions(mine, done.to_note)):
                await reply(update, escaped(question.text), question.keyboard)

    async def _suggest(self, update: Update, person: Person, error: UnclearError) -> None:
        """Offer what may have been meant, each as a button that does it."""
        known = await known_of(self._store, person)
        offered = suggestion_buttons(sender(update).id, error.suggestions, known)
        lines = [str(error), *(command.describe() for command, button in offered if button is None)]
        rows = [[button] for _, button in offered if button is not None]
        await reply(update, escaped("\n".join(lines)), InlineKeyboardMarkup(rows) if rows else None)

    async def _ask(self, update: Update, person: Person, command: PrefsCommand) -> None:
        mine = sender(update).id
        if command.action is Action.CLEAR:
            if command.kind and not (await known_of(self._store, person)).of(PreferenceKind(command.kind)):
                await reply(update, escaped(say("card_none")))
                return
            question = clear_question(mine, command)
            await reply(update, question.text, question.keyboard)
            return
        held = command.change.allergies & _allergies(await known_of(self._store, person))
        others = replace(command.change, allergies=frozenset())
        if not held and not others:
            await reply(update, escaped(say("prefs_not_there", changes=named(command.change))))
            return
        if others:
            removal = PrefsCommand(Action.REMOVE, others)
            done = await perform(self._store, person, removal, _origin(update, "command"))
            await reply(update, escaped(done.text))
        for question in drop_questions(mine, held):
            await reply(update, escaped(question.text), question.keyboard)


def undo_button(turn_id: int) -> InlineKeyboardButton:
    """Return the button that takes back what was noted from a turn."""
    return InlineKeyboardButton(say("button_undo"), callback_data=f"prefs:{_UNDO}:{turn_id}")


def _confirmed(parts: list[str]) -> PrefsCommand | None:
    """Return what a yes means; `None` for a no."""
    if parts[1] == CLEAR:
        return PrefsCommand(Action.CLEAR, kind=_kind(parts[3]) if len(parts) > 3 else None)
    if parts[1] == DROP:
        return PrefsCommand(Action.REMOVE, Change(allergies=frozenset(parts[3].split(","))))
    if parts[1] == NOTE:
        return PrefsCommand(Action.ADD, unpacked(parts[3]))
    return None


def _kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise BadInputError(f"'{word}' is no kind that can be cleared") from None


def _allergies(known: Known) -> frozenset[str]:
    return frozenset(item.value for item in known.of(PreferenceKind.ALLERGY))


def _arguments(update: Update) -> str:
    """Return what stands after the command, lines as they are."""
    message = update.effective_message
    words = ((message.text if message else None) or "").split(maxsplit=1)
    return words[1] if len(words) > 1 else ""


def _origin(update: Update, source: str) -> Origin:
    return Origin(source, f"update:{update.update_id}")


def _query(update: Update) -> tuple[CallbackQuery, str]:
    query = update.callback_query
    if query is None or query.data is None:
        raise AssertionError(f"update {update.update_id} is no button")
    return query, query.data


async def _replace(query: CallbackQuery, text: str) -> None:
    """Put the outcome where the question and its buttons stood, so that they can't be pressed again."""
    await acknowledge(query)
    await redraw(query, View(escaped(text)))
