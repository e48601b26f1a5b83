"""`platewise chat`: the assistant in the terminal, or answering each line of a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterator

from rich.console import Console

from bot.assistant.answer import Answer
from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer, one_by_one
from bot.assistant.fixed import describe_change, describe_known
from bot.assistant.prefs_command import Action, PrefsCommand, parse_prefs
from bot.assistant.turns import Begun, Place, Turns, values
from bot.assistant.understand import Change
from bot.commands.terminal import checked_question, print_answer
from bot.messages import say
from bot.settings import Settings
from bot.store.people import Person
from bot.store.store import Store
from bot.wiring import open_assistant, open_store
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError
from retrieval.prompt import label


def chat(user: str) -> int:
    """Talk until the input ends."""
    settings = Settings.read()

    async def run() -> int:
        async with open_store(settings) as store, open_assistant(settings) as assistant:
            return await converse(store, assistant, user)

    return asyncio.run(run())


async def converse(store: Store, assistant: Assistant, user: str = "default") -> int:
    """Read lines from stdin and answer each; a line that can't be answered gets a message, and the next is read."""
    person = await store.people.person(f"terminal:{user}")
    session = _Session(store, Turns(assistant, store, Proposer(assistant.model)), person)
    if sys.stdin.isatty():
        session.console.print(say("chat_intro"), style="dim")
    async for line in _lines():
        if line in ("/quit", "/exit"):
            break
        try:
            await session.take(line)
        except BadInputError as error:
            session.console.print(str(error), markup=False)
    return 0


class _Session:
    """One person at one terminal."""

    def __init__(self, store: Store, turns: Turns, person: Person) -> None:
        self._store = store
        self._turns = turns
        self._person = person
        self.console = Console(highlight=False, soft_wrap=True)

    async def take(self, line: str) -> None:
        """Do what one line asks for."""
        command, _, arguments = line.partition(" ")
        if command == "/prefs":
            await self._prefs(parse_prefs(arguments))
        elif command == "/new":
            await self._store.conversations.start_new(self._person.id, None, "terminal")
            self.console.print(say("new_conversation"))
        elif command == "/help":
            self.console.print(say("chat_help"), markup=False)
        elif command.startswith("/"):
            self.console.print(say("unknown_command"))
        else:
            await self._answer(checked_question(line))

    async def _answer(self, question: str) -> None:
        begun = await self._turns.begin(self._person, Place(), question)
        async with self._turns.candidates(begun) as candidates:
            await self._print(begun)
            for part in one_by_one(await candidates()):
                self._propose(part)

    async def _print(self, begun: Begun) -> None:
        if not self.console.is_terminal:
            async for event in self._turns.answer(begun):
                if isinstance(event, Answer):
                    print_answer(event)
            return
        with self.console.status("…") as status:
            async for event in self._turns.answer(begun):
                if isinstance(event, Answer):
                    status.stop()
                    print_answer(event)
                else:
                    status.update(event.text[-200:].replace("[", "\\["))

    def _propose(self, candidate: Change) -> None:
        kind, names = next((kind, held) for kind, held in candidate.as_dict().items() if held)
        words = f"{_SINGULAR[kind]} {', '.join(names)}"
        said = say("chat_candidate", changes=describe_change(candidate), words=words)
        self.console.print(said, markup=False)

    async def _prefs(self, command: PrefsCommand) -> None:
        preferences = self._store.preferences
        if command.action is Action.SHOW:
            self.console.print(describe_known(await preferences.load(self._person.id)), markup=False)
            return
        if command.needs_confirmation and not await self._confirmed(command):
            self.console.print(say("prefs_kept"))
            return
        if command.action is Action.CLEAR:
            await preferences.clear(self._person.id, source="command")
            self.console.print(say("prefs_cleared"))
            return
        adding = command.action is Action.ADD
        given, nothing = values(command.change), Preferences()
        await preferences.apply(
            self._person.id,
            add=given if adding else nothing,
            remove=nothing if adding else given,
            source="command",
            source_id=None,
        )
        key = "prefs_added" if adding else "prefs_removed"
        self.console.print(say(key, changes=describe_change(command.change)), markup=False)

    async def _confirmed(self, command: PrefsCommand) -> bool:
        if not sys.stdin.isatty():
            return False
        names = ", ".join(label(allergy) for allergy in sorted(command.change.allergies))
        clearing = command.action is Action.CLEAR
        question = say("prefs_confirm_clear") if clearing else say("prefs_confirm_remove", names=names)
        typed = await asyncio.to_thread(input, say("chat_confirm", question=question))
        return typed.strip().casefold() in ("yes", "y")


_SINGULAR = {
    "diets": "diet",
    "allergies": "allergy",
    "exceptions": "exception",
    "likes": "like",
    "dislikes": "dislike",
}


async def _lines() -> AsyncIterator[str]:
    """Yield the lines of stdin without surrounding white space, empty ones left out."""
    interactive = sys.stdin.isatty()
    if interactive:
        import readline  # noqa: F401 - gives `input` a history and editing keys
    while True:
        try:
            line = (
                await asyncio.to_thread(input, "you> ")
                if interactive
                else await asyncio.to_thread(sys.stdin.readline)
            )
        except EOFError:
            return
        if not line and not interactive:
            return
        if line.strip():
            yield line.strip()
