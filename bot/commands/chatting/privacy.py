"""`/privacy`, `/mydata` and `/forget` in the terminal."""

import asyncio
import os
from itertools import count
from pathlib import Path

from bot.assistant.consented import Consented, improves, keeps
from bot.assistant.forgetting import Forgetting
from bot.assistant.known import day
from bot.assistant.mydata import documents
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.privacy_words import choices, decision_of
from bot.commands.chatting.typing import Typed
from bot.messages import say
from bot.store.held import Decision
from bot.store.tables import Purpose
from retrieval.errors import BadInputError

_LARGEST_DOCUMENT = 45_000_000
"""Bytes, as on Telegram: what is larger is several files."""


class Privacy:
    """What is held of a person, what may be done with it, and its end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._consented = Consented(desk.store)
        self._forgetting = Forgetting(desk.store, desk.exports)
        self.forgotten = False

    async def privacy(self, arguments: str, typed: Typed) -> None:
        """Show both decisions and how to change them, or change one: `/privacy keep no`."""
        desk, note = self._desk, ""
        if arguments:
            purpose, granted = decision_of(arguments)
            await self.decide(purpose, typed, granted=granted)
            note = say(f"privacy_done_{purpose}_{'yes' if granted else 'no'}")
        decisions = await desk.store.consents.decisions(desk.person.id)
        desk.say(say("privacy_title"), style="bold")
        for purpose in Purpose:
            desk.say(f"- {_line(purpose, decisions.get(purpose))}")
        decided = decisions.get(Purpose.IMPROVEMENT)
        if decided is not None and decided.granted and not improves(decisions):
            desk.say(say("privacy_nothing_to_use"))
        if note:
            desk.say(note)
        desk.say(say("chat_privacy_how", choices=", ".join(f"/privacy {choice}" for choice in choices())))
        desk.say(say("privacy_more"))

    async def decide(self, purpose: Purpose, typed: Typed, *, granted: bool) -> None:
        """Record a decision. What was typed is kept for the next time only where conversations are."""
        desk = self._desk
        await self._consented.decide(desk.person, purpose, granted=granted)
        await self.apply(typed)

    async def apply(self, typed: Typed) -> None:
        """Have the lines that are typed kept, or not, as the person has decided."""
        desk = self._desk
        typed.keep(wanted=keeps(await desk.store.consents.decisions(desk.person.id)))

    async def mydata(self, _arguments: str, typed: Typed) -> None:
        """Write everything that is held into a file of the current folder; into a pipe, print it."""
        desk = self._desk
        async for document in documents(desk.store, desk.exports, desk.person, largest=_LARGEST_DOCUMENT):
            if not typed.interactive:
                desk.say(document.content.decode())
                continue
            path = await asyncio.to_thread(_written, document.name, document.content)
            desk.say(say("chat_mydata", path=str(path)))

    async def forget(self, _arguments: str, typed: Typed) -> None:
        """Say what would be erased, ask, and erase it on a yes."""
        desk = self._desk
        desk.say(say("forget_question"))
        if not await typed.confirmed(say("chat_forget_question")):
            desk.say(say("forget_kept"))
            return
        await self._forgetting.forget(desk.person)
        await desk.store.database.empty_log()
        typed.forget()
        self.forgotten = True
        desk.say(say("chat_forgotten"))


def _line(purpose: Purpose, decided: Decision | None) -> str:
    state = say(f"privacy_unsaid_{purpose}")
    if decided is not None:
        state = say("privacy_yes" if decided.granted else "privacy_no", date=day(decided.given_at))
    return say("privacy_line", title=say(f"privacy_{purpose}"), state=state)


def _written(name: str, content: bytes) -> Path:
    """Write a new file that only its owner can read into the current folder; no file that is there is touched."""
    stem, _, ending = name.rpartition(".")
    for number in count(1):
        path = Path.cwd() / (name if number == 1 else f"{stem} ({number}).{ending}")
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            raise BadInputError(
                say("chat_not_written", path=str(path), reason=str(error.strerror))
            ) from error
        return path
    raise AssertionError("there is always another number")
