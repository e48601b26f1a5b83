"""A person at a terminal, for tests of `platewise chat`: real editing keys, a real store and knowledge base."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot.assistant.assistant import Assistant
from bot.assistant.turns import Turns
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.session import Session
from bot.commands.chatting.typing import Prompted
from bot.store.export import Exports
from bot.store.store import Store

QUESTION = "How much protein is in cooked lentils?"
GOOD = "Cooked lentils have 9.02 g of protein per 100 g [1]."
ENTER, UP, CTRL_C, CTRL_D = "\r", "\x1b[A", "\x03", "\x04"


class Screen(io.StringIO):
    """What was printed, and a wake-up for who waits for more."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Event()

    def write(self, text: str) -> int:
        self.changed.set()
        return super().write(text)


class Terminal:
    """A person's keyboard and screen."""

    def __init__(self, keys: PipeInput, session: Session, screen: Screen) -> None:
        self._keys = keys
        self.session = session
        self._screen = screen

    @property
    def shown(self) -> str:
        """Everything on the screen, without colours."""
        return self._screen.getvalue()

    async def shows(self, text: str) -> None:
        """Wait until `text` is on the screen."""
        async with asyncio.timeout(30):
            while text not in self.shown:
                await self.changes()

    async def changes(self) -> None:
        """Wait until something more is on the screen."""
        self._screen.changed.clear()
        await self._screen.changed.wait()

    def type(self, *lines: str) -> None:
        """Type lines, each with Enter."""
        for line in lines:
            self._keys.send_text(line + ENTER)

    def press(self, key: str) -> None:
        """Press one key."""
        self._keys.send_text(key)


Seated = tuple[Terminal, Awaitable[None]]
Sit = Callable[..., AbstractAsyncContextManager[Seated]]


def seat(assistant: Assistant, store: Store, folder: Path) -> Sit:
    """Return what sits somebody down at a terminal; the talk ends with the block."""

    @asynccontextmanager
    async def start(
        *, language: str | None = None, width: int = 100
    ) -> AsyncIterator[tuple[Terminal, Awaitable[None]]]:
        person = await store.people.person("terminal:ada", language=language)
        screen = Screen()
        console = Console(file=screen, force_terminal=True, width=width, color_system=None, highlight=False)
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            exports = Exports(folder)
            desk = Desk(store, Turns(assistant, store), person, exports, console)
            session = Session(desk)
            typed = Prompted(folder, "ada", lambda: desk.known)
            talk = asyncio.create_task(session.talk(typed))
            try:
                yield Terminal(keys, session, screen), talk
            finally:
                talk.cancel()
                await asyncio.wait((talk,))

    return start


async def talked(sit: Sit, *lines: str, language: str | None = None, width: int = 100) -> str:
    """Type lines, then Ctrl-D; return what the screen shows."""
    async with sit(language=language, width=width) as (terminal, talk):
        terminal.type(*lines)
        terminal.press(CTRL_D)
        await asyncio.wait_for(talk, 30)
        shown: str = terminal.shown
        return shown
