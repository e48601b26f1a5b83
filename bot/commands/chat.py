"""`platewise chat`: the assistant in the terminal, or answering each line of a pipe."""

import asyncio
import locale
import sys
from pathlib import Path

from bot.assistant.assistant import Assistant
from bot.assistant.candidates import Proposer
from bot.assistant.turns import Turns
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.session import Session
from bot.commands.chatting.typing import Piped, Prompted, Typed
from bot.settings import Settings
from bot.store.export import Exports
from bot.store.store import Store
from bot.wiring import open_assistant, open_store


def chat(user: str) -> int:
    """Talk until the input ends."""
    settings = Settings.read()

    async def run() -> int:
        async with open_store(settings) as store, open_assistant(settings) as assistant:
            return await converse(store, assistant, user, data=settings.data)

    return asyncio.run(run())


async def converse(store: Store, assistant: Assistant, user: str = "default", *, data: Path) -> int:
    """Read lines from stdin and answer each. In a terminal, what was typed is kept in the folder `data`."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    language = _terminals_language() if interactive else None
    person = await store.people.person(f"terminal:{user}", language=language)
    exports = Exports(data)
    desk = Desk(store, Turns(assistant, store, Proposer(assistant.model)), person, exports)
    typed: Typed = Prompted(data, user, lambda: desk.known) if interactive else Piped()
    await Session(desk).talk(typed)
    return 0


def _terminals_language() -> str | None:
    """Return the language of the terminal (`LANG` and its kin), `None` when it says none."""
    try:
        locale.setlocale(locale.LC_MESSAGES, "")
        name = locale.getlocale(locale.LC_MESSAGES)[0]
    except (locale.Error, ValueError):
        return None
    return None if name in (None, "C", "POSIX") else name
