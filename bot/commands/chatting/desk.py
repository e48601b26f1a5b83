"""What everything in a chat at the terminal works with: who sits there, what is known of them, where words appear."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console

from bot.assistant.turns import Turns
from bot.store.conversations import Turn
from bot.store.export import Exports
from bot.store.people import Person
from bot.store.store import Store
from retrieval.diet.preferences import Preferences


@dataclass(slots=True)
class Desk:
    """One person at a terminal, or behind a pipe.

    `known` is what was known after the last line, `last` the turn that was answered here last, and `interrupt` what
    Ctrl-C does while something is being done.
    """

    store: Store
    turns: Turns
    person: Person
    exports: Exports
    console: Console = field(default_factory=lambda: Console(highlight=False))
    known: Preferences = field(default_factory=Preferences)
    last: int | None = None
    interrupt: Callable[[], object] = lambda: None

    async def refresh(self) -> None:
        """Read what is known anew: another chat, or Telegram, may have changed it."""
        self.known = await self.store.preferences.load(self.person.id)

    async def last_turn(self) -> Turn | None:
        """Return the turn that commands are about: the last answered here, else the latest in a terminal."""
        if self.last is not None and (turn := await self.store.conversations.get(self.last)) is not None:
            return turn
        return await self.store.lookup.latest(self.person.id, None)

    @contextmanager
    def interrupting(self, do: Callable[[], object]) -> Iterator[None]:
        """Have Ctrl-C do something else while the block runs."""
        before, self.interrupt = self.interrupt, do
        try:
            yield
        finally:
            self.interrupt = before

    def say(self, text: str, *, style: str | None = None) -> None:
        """Print a text as it is."""
        self.console.print(text, markup=False, style=style, soft_wrap=not self.console.is_terminal)
