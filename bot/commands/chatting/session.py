"""One person's chat in the terminal: each line is a question or a command."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from bot.assistant.answer import Answer, Draft
from bot.assistant.candidates import one_by_one
from bot.assistant.charts import chart_of, foods_in
from bot.assistant.fixed import describe_known
from bot.assistant.known import described, name_of, origin
from bot.assistant.prefs_change import Origin, choose, exported, known_of, perform
from bot.assistant.prefs_command import Action, PrefsCommand, UnclearError, parse_prefs
from bot.assistant.prefs_words import language_names, own_name
from bot.assistant.turns import Begun, Place, Turns
from bot.assistant.understand import Change
from bot.assistant.why import explain
from bot.assistant.words import food_name
from bot.commands.chatting.tables import plates_table
from bot.commands.chatting.typing import Typed
from bot.commands.terminal import checked_question, formatted, print_answer
from bot.messages import languages, say, speak
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import PreferenceKind
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError

_COMMAND = Origin("command")
_SINGULAR = {
    "diets": "diet",
    "allergies": "allergy",
    "exceptions": "exception",
    "likes": "like",
    "dislikes": "dislike",
}


class Session:
    """A person at a terminal (or behind a pipe) and what is known of them."""

    def __init__(self, store: Store, turns: Turns, person: Person, console: Console | None = None) -> None:
        self._store = store
        self._turns = turns
        self._person = person
        self.console = console or Console(highlight=False)
        self._forgotten = False
        self.known = Preferences()
        """What was known after the last line, for completion."""

    async def talk(self, typed: Typed) -> None:
        """Read lines and do each; one that can't be done gets a message, and the next is read.

        Ends with the lines, with `/quit`, or when the person was forgotten.
        """
        speak(self._person.language)
        await self._refresh()
        if typed.interactive:
            self._say(say("chat_intro"), style="dim")
        while (line := await typed.line()) is not None and line not in ("/quit", "/exit"):
            try:
                await self.take(line, typed)
            except UnclearError as error:
                self._say("\n".join((str(error), *(f"- {meant.describe()}" for meant in error.suggestions))))
            except BadInputError as error:
                self._say(str(error))
            await self._refresh()
            if self._forgotten:
                return

    async def take(self, line: str, typed: Typed) -> None:
        """Do what one line asks for. Raises `BadInputError` for what can't be done."""
        command, _, arguments = line.partition(" ")
        if not command.startswith("/"):
            await self._ask(checked_question(line))
        elif (do := self._commands().get(command)) is not None:
            await do(arguments.strip(), typed)
        else:
            self._say(say("unknown_command"))

    def _commands(self) -> Mapping[str, Callable[[str, Typed], Awaitable[None]]]:
        return {
            "/prefs": self._prefs,
            "/new": self._new,
            "/why": self._why,
            "/chart": self._chart,
            "/forget": self._forget,
            "/language": self._language,
            "/help": self._help,
        }

    async def _help(self, _arguments: str, _typed: Typed) -> None:
        self._say(say("chat_help"))

    async def _new(self, _arguments: str, _typed: Typed) -> None:
        await self._store.conversations.start_new(self._person.id, None, "terminal")
        self._say(say("new_conversation"))

    async def _why(self, _arguments: str, _typed: Typed) -> None:
        turn = await self._store.lookup.latest(self._person.id, None)
        sections = explain(turn) if turn is not None else ()
        for section in sections:
            self._say(section.heading, style="bold")
            self._say("\n".join(f"- {line}" for line in section.lines))
        if not sections:
            self._say(say("why_nothing"))

    async def _chart(self, arguments: str, _typed: Typed) -> None:
        names = foods_in(arguments)
        chart = await chart_of(self._turns.assistant.index, names, self.known)
        if chart.plates:
            self.console.print(plates_table(chart.plates))
        for note in chart.notes(shared=False):
            self._say(note)

    async def _forget(self, _arguments: str, typed: Typed) -> None:
        """Erase the person and what they typed; what files hold of them goes with the next sweep."""
        if not await typed.confirmed(say("chat_forget_question")):
            self._say(say("prefs_kept"))
            return
        await self._store.erasure.erase(self._person)
        typed.forget()
        self._forgotten = True
        self._say(say("chat_forgotten"))

    async def _language(self, arguments: str, _typed: Typed) -> None:
        known = ", ".join(f"{own_name(language)} (/language {language})" for language in languages())
        if not arguments:
            self._say(f"{say('language_question')} {known}")
        elif (language := language_names().get(arguments.casefold())) is None:
            self._say(say("language_unknown", language=arguments, languages=known))
        else:
            command = PrefsCommand(Action.SET, settings={"language": language})
            self._say(await choose(self._store, self._person, command, _COMMAND))

    async def _prefs(self, arguments: str, typed: Typed) -> None:
        command = parse_prefs(arguments, await self._store.preferences.load(self._person.id))
        if command.action is Action.SHOW:
            await self._show()
        elif command.action is Action.EXPORT:
            self._say((await exported(self._store, self._person)).decode())
        elif command.needs_confirmation and not await self._confirmed(command, typed):
            self._say(say("prefs_kept"))
        else:
            done = await perform(self._store, self._person, command, _COMMAND)
            self._say(done.text)
            if done.to_drop:
                drop = PrefsCommand(Action.REMOVE, Change(allergies=done.to_drop))
                await self._drop(drop, typed)
            self._propose(done.to_note)

    async def _drop(self, command: PrefsCommand, typed: Typed) -> None:
        if await self._confirmed(command, typed):
            self._say((await perform(self._store, self._person, command, _COMMAND)).text)
        else:
            self._say(say("prefs_kept"))

    async def _show(self) -> None:
        """Show what is known: in a terminal with where it came from."""
        known = await known_of(self._store, self._person)
        if not (known and self.console.is_terminal):
            self._say(describe_known(await self._store.preferences.load(self._person.id)))
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
        self.console.print(table)

    async def _confirmed(self, command: PrefsCommand, typed: Typed) -> bool:
        held = command.change.allergies & self.known.allergies
        if command.action is Action.CLEAR:
            return await typed.confirmed(command.clear_question())
        names = ", ".join(food_name(item) for item in sorted(held or command.change.allergies))
        return await typed.confirmed(say("prefs_confirm_remove", names=names))

    async def _ask(self, question: str) -> None:
        begun = await self._turns.begin(self._person, Place(), question)
        interrupted = asyncio.Event()
        with _interrupting(interrupted) if self.console.is_terminal else nullcontext():
            async with self._turns.candidates(begun) as candidates:
                await self._answer(begun, interrupted)
                if (found := await _unless(interrupted, candidates())) is not None:
                    self._propose(found)

    async def _answer(self, begun: Begun, interrupted: asyncio.Event) -> None:
        """Show the answer while it is written, as far as it has passed the guard, then the whole."""
        if not self.console.is_terminal:
            async for event in self._turns.answer(begun):
                if isinstance(event, Answer):
                    print_answer(event, self.console)
            return
        stop = asyncio.create_task(self._stop_when(interrupted, begun), name="stop")
        try:
            with Live(_waiting(), console=self.console, transient=True) as live:
                async for event in self._turns.answer(begun):
                    if isinstance(event, Draft):
                        live.update(Group(formatted(event.text), _waiting()))
                    else:
                        answer = event
        finally:
            stop.cancel()
            await asyncio.wait((stop,))
        print_answer(answer, self.console)
        if answer.stopped:
            self._say(say("chat_stopped"), style="dim")

    async def _stop_when(self, interrupted: asyncio.Event, begun: Begun) -> None:
        await interrupted.wait()
        self._turns.stop(begun.turn.id)

    def _propose(self, candidates: Change) -> None:
        for part in one_by_one(candidates):
            kind, names = next((kind, held) for kind, held in part.as_dict().items() if held)
            words = f"{_SINGULAR[kind]} {', '.join(names)}"
            self._say(say("chat_candidate", changes=described(part), words=words))

    async def _refresh(self) -> None:
        self.known = await self._store.preferences.load(self._person.id)

    def _say(self, text: str, *, style: str | None = None) -> None:
        self.console.print(text, markup=False, style=style, soft_wrap=True)


def _waiting() -> RenderableType:
    return Spinner("dots", text=Text(say("chat_waiting"), style="dim"))


async def _unless(interrupted: asyncio.Event, work: Awaitable[Change]) -> Change | None:
    """Return what `work` comes to; `None` as soon as the person is tired of waiting for it."""
    tasks = asyncio.ensure_future(work), asyncio.create_task(interrupted.wait())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return None if interrupted.is_set() else await tasks[0]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@contextmanager
def _interrupting(interrupted: asyncio.Event) -> Iterator[None]:
    """Have Ctrl-C set `interrupted`, and not end the program, while the block runs."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, interrupted.set)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
