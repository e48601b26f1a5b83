"""Where the lines of a chat come from: a person at a terminal, or a pipe."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bot.commands.chatting.completion import ChatCompleter
from bot.messages import say
from retrieval.diet.preferences import Preferences


class Typed(Protocol):
    """Lines that are typed, one by one."""

    interactive: bool
    """Whether somebody is there who can answer a question."""

    async def line(self) -> str | None:
        """Return the next line without surrounding white space, empty ones left out; `None` when there are no more."""

    async def confirmed(self, question: str) -> bool:
        """Ask, and return whether the answer is yes."""

    async def asked(self, question: str) -> str:
        """Ask, and return what is typed; nothing when nobody is there, or somebody doesn't want to say."""

    def keep(self, *, wanted: bool) -> None:
        """Keep what is typed for the next time, or not; then what was kept is erased."""

    def forget(self) -> None:
        """Erase what was typed."""


class Piped:
    """The lines of stdin."""

    interactive = False

    async def line(self) -> str | None:
        """Return the next line (see `Typed`)."""
        while True:
            line: str = await asyncio.to_thread(sys.stdin.readline)
            if not line:
                return None
            if line.strip():
                return line.strip()

    async def confirmed(self, question: str) -> bool:  # noqa: ARG002
        """Return no: nobody is there."""
        return False

    async def asked(self, question: str) -> str:  # noqa: ARG002
        """Return nothing: nobody is there."""
        return ""

    def keep(self, *, wanted: bool) -> None:
        """Do nothing: nothing is kept."""

    def forget(self) -> None:
        """Do nothing: nothing is kept."""


class Prompted:
    """A person at a terminal: editing keys, a history, completion of commands."""

    interactive = True

    def __init__(self, data: Path, user: str, known: Callable[[], Preferences]) -> None:
        # Imported here: a pipe needs none of it.
        from prompt_toolkit import PromptSession

        from bot.commands.chatting.history import PrivateHistory

        self._history = PrivateHistory(data, user)
        self._lines: PromptSession[str] = PromptSession(
            history=self._history, completer=ChatCompleter(known), complete_while_typing=True
        )
        self._answers: PromptSession[str] = PromptSession()

    async def line(self) -> str | None:
        """Return the next line (see `Typed`). Ctrl-C clears the line, Ctrl-D on an empty one ends."""
        while True:
            try:
                line: str = await self._lines.prompt_async(say("chat_prompt"))
            except KeyboardInterrupt:
                if not self._lines.default_buffer.text:
                    sys.stdout.write(say("chat_leave") + "\n")
                continue
            except EOFError:
                return None
            if line.strip():
                return line.strip()

    async def confirmed(self, question: str) -> bool:
        """Ask (see `Typed`); Ctrl-C and Ctrl-D are no."""
        typed = await self.asked(say("chat_confirm", question=question))
        return typed.casefold() in {word.strip() for word in say("chat_yes").split(",")}

    async def asked(self, question: str) -> str:
        """Ask (see `Typed`); Ctrl-C and Ctrl-D are no answer."""
        try:
            typed: str = await self._answers.prompt_async(f"{question} ")
        except (KeyboardInterrupt, EOFError):
            return ""
        return typed.strip()

    def keep(self, *, wanted: bool) -> None:
        """Keep what is typed for the next time, or not (see `Typed`)."""
        self._history.keep(wanted=wanted)

    def forget(self) -> None:
        """Erase what was typed."""
        self._history.forget()
