"""`/prefs`, `/language` and `/undo` in the terminal; what can't be undone asks first."""

from uuid import uuid4

from rich.table import Table
from rich.text import Text

from bot.assistant.candidates import one_by_one
from bot.assistant.fixed import describe_known
from bot.assistant.known import described, name_of, origin
from bot.assistant.prefs_change import Origin, choose, exported, known_of, perform
from bot.assistant.prefs_command import Action, PrefsCommand, parse_prefs
from bot.assistant.prefs_words import language_names, own_name
from bot.assistant.understand import Change
from bot.assistant.undo import undo_turn
from bot.assistant.words import food_name
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.tables import fits
from bot.commands.chatting.typing import Typed
from bot.messages import languages, say
from bot.store.tables import PreferenceKind

_COMMAND = Origin("command")
_SINGULAR = {
    "diets": "diet",
    "allergies": "allergy",
    "exceptions": "exception",
    "likes": "like",
    "dislikes": "dislike",
}


class Preferring:
    """What is known of a person, shown and changed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prefs(self, arguments: str, typed: Typed) -> None:
        """Do what the words after `/prefs` ask for. Raises `BadInputError` that says how to write it."""
        store, person = self._desk.store, self._desk.person
        command = parse_prefs(arguments, await store.preferences.load(person.id))
        if command.action is Action.SHOW:
            await self._show()
        elif command.action is Action.EXPORT:
            # Lines that were broken for the screen would be no JSON any more.
            self._desk.console.print((await exported(store, person)).decode(), markup=False, soft_wrap=True)
        elif command.needs_confirmation and not await self._confirmed(command, typed):
            self._desk.say(say("prefs_kept"))
        else:
            done = await perform(store, person, command, _COMMAND)
            if done.text:
                self._desk.say(done.text)
            if done.to_drop:
                await self.drop(done.to_drop, typed)
            self.propose(done.to_note)

    async def language(self, arguments: str, _typed: Typed) -> None:
        """Speak another language from here on, or show which there are."""
        known = ", ".join(f"{own_name(language)} (/language {language})" for language in languages())
        if not arguments:
            self._desk.say(f"{say('language_question')} {known}")
        elif (language := language_names().get(arguments.casefold())) is None:
            self._desk.say(say("language_unknown", language=arguments, languages=known))
        else:
            command = PrefsCommand(Action.SET, settings={"language": language})
            self._desk.say(await choose(self._desk.store, self._desk.person, command, _COMMAND))

    async def undo(self, _arguments: str, _typed: Typed) -> None:
        """Take back what was noted from the last question."""
        desk, turn = self._desk, await self._desk.last_turn()
        undone = None
        if turn is not None:
            undone = await undo_turn(desk.store, desk.person, turn.id, source_id=f"undo:{uuid4().hex[:12]}")
        desk.say(say("undone", changes=undone.describe()) if undone else say("undo_nothing"))

    async def drop(self, allergies: frozenset[str], typed: Typed) -> None:
        """Ask whether allergies are to be dropped, and drop them on a yes."""
        command = PrefsCommand(Action.REMOVE, Change(allergies=allergies))
        if await self._confirmed(command, typed):
            done = await perform(self._desk.store, self._desk.person, command, _COMMAND)
            self._desk.say(done.text)
        else:
            self._desk.say(say("prefs_kept"))

    def propose(self, candidates: Change) -> None:
        """Say how to note what may have been meant: nothing of it counts before."""
        for part in one_by_one(candidates):
            kind, names = next((kind, held) for kind, held in part.as_dict().items() if held)
            words = f"{_SINGULAR[kind]} {', '.join(names)}"
            self._desk.say(say("chat_candidate", changes=described(part), words=words))

    async def _show(self) -> None:
        """Show what is known: in a terminal with where it came from."""
        desk = self._desk
        known = await known_of(desk.store, desk.person)
        if not (known and desk.console.is_terminal):
            desk.say(describe_known(await desk.store.preferences.load(desk.person.id)))
            return
        table = Table(title=say("card_title"), title_justify="left", show_header=False)
        titles = {
            PreferenceKind.DIET: say("card_diets"),
            PreferenceKind.ALLERGY: say("card_allergies"),
            PreferenceKind.EXCEPTION: say("card_exceptions"),
            PreferenceKind.LIKE: say("card_likes"),
            PreferenceKind.DISLIKE: say("card_dislikes"),
            PreferenceKind.TARGET: say("card_targets"),
        }
        for kind, title in titles.items():
            for number, item in enumerate(known.of(kind)):
                said = "" if number else title
                table.add_row(said, Text(name_of(item, known.units)), Text(origin(item), style="dim"))
        if fits(table, desk.console):
            desk.console.print(table)
            return
        desk.say(say("card_title"), style="bold")
        for kind, title in titles.items():
            for item in known.of(kind):
                desk.say(f"- {title}: {name_of(item, known.units)} ({origin(item)})")

    async def _confirmed(self, command: PrefsCommand, typed: Typed) -> bool:
        held = command.change.allergies & self._desk.known.allergies
        if command.action is Action.CLEAR:
            return await typed.confirmed(command.clear_question())
        names = ", ".join(food_name(item) for item in sorted(held or command.change.allergies))
        return await typed.confirmed(say("prefs_confirm_remove", names=names))
