"""`/privacy`: what a person allows their conversations to be used for, and changing it."""

from collections.abc import Mapping

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.assistant.consented import Consented, keeps
from bot.assistant.known import day
from bot.messages import say
from bot.store.held import Decision
from bot.store.people import Person
from bot.store.tables import Purpose
from bot.telegram.context import Context
from bot.telegram.groups import is_shared
from bot.telegram.prefs_card import View, escaped
from bot.telegram.prefs_press import redraw
from bot.telegram.replies import acknowledge, reply
from bot.telegram.services import Services, sender

_PRIVACY = "privacy"
_YES, _NO = "yes", "no"


class ConsentHandlers:
    """The command and its buttons. Buttons carry the id of the person whom they are for, and what they decide."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._consented = Consented(services.store)

    def handlers(self) -> list[BaseHandler[Update, Context, object]]:
        """Return what to register."""
        purposes = "|".join(Purpose)
        return [
            CommandHandler(_PRIVACY, self.command),
            CallbackQueryHandler(self.press, pattern=rf"^{_PRIVACY}:\d{{1,20}}:({purposes}):({_YES}|{_NO})$"),
        ]

    async def command(self, update: Update, _context: Context) -> None:
        """Show both decisions, and when they were made."""
        person = await self._services.person(update)
        if is_shared(update):
            await reply(update, say("only_private"))
            return
        view = await self._view(update, person)
        await reply(update, view.text, view.keyboard)

    async def press(self, update: Update, _context: Context) -> None:
        """Record a decision, and say what it means."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        _, owner, purpose, choice = query.data.split(":")
        person = await self._services.person(update)
        if owner != str(sender(update).id):
            await acknowledge(query, say("prefs_not_yours"), alert=True)
            return
        await self._consented.decide(person, Purpose(purpose), granted=choice == _YES)
        await acknowledge(query)
        await redraw(query, await self._view(update, person, note=say(f"privacy_done_{purpose}_{choice}")))

    async def _view(self, update: Update, person: Person, *, note: str = "") -> View:
        decisions = await self._store.consents.decisions(person.id)
        lines = [_line(purpose, decisions) for purpose in Purpose]
        improves = decisions.get(Purpose.IMPROVEMENT)
        nothing = improves is not None and improves.granted and not keeps(decisions)
        blocks = [
            f"**{say('privacy_title')}**",
            "\n".join(f"- {line}" for line in lines),
            say("privacy_nothing_to_use") if nothing else "",
            note,
            say("privacy_more"),
        ]
        buttons = [
            button
            for purpose in Purpose
            for button in _buttons(sender(update).id, purpose, decisions.get(purpose))
        ]
        text = "\n\n".join(block for block in blocks if block)
        return View(text, InlineKeyboardMarkup([[button] for button in buttons]))


def _line(purpose: Purpose, decisions: Mapping[Purpose, Decision]) -> str:
    decided = decisions.get(purpose)
    state = say(f"privacy_unsaid_{purpose}")
    if decided is not None:
        date = day(decided.given_at)
        state = say("privacy_yes", date=date) if decided.granted else say("privacy_no", date=date)
    return say("privacy_line", title=say(f"privacy_{purpose}"), state=escaped(state))


def _buttons(mine: int, purpose: Purpose, decided: Decision | None) -> list[InlineKeyboardButton]:
    """Return the buttons that change a decision; both where there is none yet."""
    choices = [_YES, _NO] if decided is None else [_NO if decided.granted else _YES]
    return [
        InlineKeyboardButton(
            say(f"privacy_button_{purpose}_{choice}"), callback_data=f"{_PRIVACY}:{mine}:{purpose}:{choice}"
        )
        for choice in choices
    ]
