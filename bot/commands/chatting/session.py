"""One person's chat in the terminal: each line is a question, an answer to the form, or a command."""

from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches

from bot.assistant.chart_picture import description
from bot.assistant.charts import chart_of, foods_in
from bot.assistant.prefs_command import UnclearError
from bot.commands.chatting.answering import Answering
from bot.commands.chatting.bars import bars
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.form import FormTalk
from bot.commands.chatting.interrupts import unless_interrupted
from bot.commands.chatting.preferring import Preferring
from bot.commands.chatting.privacy import Privacy
from bot.commands.chatting.typing import Typed
from bot.commands.terminal import checked_question
from bot.messages import say, speak
from bot.store.faults import ErasedError
from retrieval.errors import BadInputError, UnavailableError

_Do = Callable[[str, Typed], Awaitable[None]]


class Session:
    """A person at a terminal (or behind a pipe)."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._preferring = Preferring(desk)
        self._privacy = Privacy(desk)
        self._form = FormTalk(desk, self._preferring, self._privacy)
        self._answering = Answering(desk, self._preferring)
        self._ended = False

    async def talk(self, typed: Typed) -> None:
        """Read lines and do each; one that can't be done gets a message, and the next is read.

        Ends with the lines, with `/quit`, or when the person was forgotten, here or elsewhere. A store that doesn't
        answer ends a pipe with `UnavailableError`; at a terminal the person may try again.
        """
        speak(self.desk.person.language)
        await self.desk.refresh()
        if typed.interactive:
            self.desk.say(say("chat_intro"), style="dim")
            try:
                await self._privacy.apply(typed)
                await self._form.begin(typed)
            except ErasedError:
                self._erased(typed)
                return
        while (line := await typed.line()) is not None and not _leaves(line, typed):
            await self._do(line, typed)
            if self._ended:
                return

    async def _do(self, line: str, typed: Typed) -> None:
        """Do what one line asks for, or say why not."""
        desk = self.desk
        try:
            if not typed.interactive:
                await self.take(line, typed)
            elif not await unless_interrupted(desk, self.take(line, typed)):
                desk.say(say("chat_stopped"), style="dim")
            await desk.refresh()
        except UnclearError as error:
            desk.say("\n".join((str(error), *(f"- {meant.describe()}" for meant in error.suggestions))))
        except ErasedError:
            self._erased(typed)
        except BadInputError as error:
            desk.say(str(error))
        except UnavailableError as error:
            if not typed.interactive:
                raise
            desk.say(str(error))
        self._ended |= self._privacy.forgotten

    def _erased(self, typed: Typed) -> None:
        typed.forget()
        self.desk.say(say("chat_forgotten_elsewhere"))
        self._ended = True

    async def take(self, line: str, typed: Typed) -> None:
        """Do what one line asks for. Raises `BadInputError` for what can't be done."""
        if line.startswith("/"):
            await self._command(line, typed)
        elif not await self._form.take(line, typed):
            if (do := self._thumbs().get(line)) is not None:
                await do("", typed)
                return
            await self._answering.ask(checked_question(line), typed)
            if typed.interactive:
                await self._form.resume()

    async def _command(self, line: str, typed: Typed) -> None:
        word, *arguments = line.split(maxsplit=1)
        commands = self._commands()
        if (do := commands.get(word.casefold())) is not None:
            await do(arguments[0] if arguments else "", typed)
            return
        close = get_close_matches(word.casefold(), commands, n=3)
        self.desk.say("\n".join((say("unknown_command"), *(f"- {command}" for command in close))))

    def _commands(self) -> Mapping[str, _Do]:
        return {
            "/start": self._form.start,
            "/help": self._help,
            "/prefs": self._preferring.prefs,
            "/new": self._new,
            "/why": self._answering.why,
            "/sources": self._answering.sources,
            "/again": self._answering.again,
            "/good": self._answering.good,
            "/bad": self._answering.bad,
            "/undo": self._preferring.undo,
            "/chart": self._chart,
            "/language": self._preferring.language,
            "/privacy": self._privacy.privacy,
            "/mydata": self._privacy.mydata,
            "/forget": self._privacy.forget,
            "/stop": self._answering.stop,
        }

    def _thumbs(self) -> Mapping[str, _Do]:
        return {"👍": self._answering.good, "👎": self._answering.bad}

    async def _help(self, _arguments: str, _typed: Typed) -> None:
        self.desk.say(say("chat_help"))

    async def _new(self, _arguments: str, _typed: Typed) -> None:
        await self.desk.store.conversations.start_new(self.desk.person.id, None, "terminal")
        self.desk.say(say("new_conversation"))

    async def _chart(self, arguments: str, _typed: Typed) -> None:
        """Show bars; to a pipe, the same figures in words."""
        desk = self.desk
        chart = await chart_of(desk.turns.assistant.index, foods_in(arguments), desk.known)
        if chart.plates and desk.console.is_terminal:
            desk.console.print(bars(chart.plates))
        elif chart.plates:
            desk.say(description(chart))
        for note in chart.notes(shared=False):
            desk.say(note)


def _leaves(line: str, typed: Typed) -> bool:
    """Tell whether a line ends the talk: at a terminal also without the slash, as people try first."""
    return line.casefold() in (
        ("/quit", "/exit", "quit", "exit") if typed.interactive else ("/quit", "/exit")
    )
