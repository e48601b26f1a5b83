"""A question in the terminal: its answer while it is written, and what can be done with the answer afterwards."""

import asyncio
from collections.abc import Awaitable

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from bot.assistant.answer import Answer, Draft
from bot.assistant.consented import Consented, is_forgotten
from bot.assistant.turns import Begun, Place
from bot.assistant.understand import About, Change
from bot.assistant.why import explain
from bot.commands.chatting.desk import Desk
from bot.commands.chatting.preferring import Preferring
from bot.commands.chatting.sources import show_sources
from bot.commands.chatting.typing import Typed
from bot.commands.terminal import formatted, print_answer
from bot.messages import say
from bot.store.conversations import Asked, Turn
from bot.store.feedback import REASONS
from bot.store.tables import Rating


class Answering:
    """Answers, and opinions about them."""

    def __init__(self, desk: Desk, preferring: Preferring) -> None:
        self._desk = desk
        self._preferring = preferring
        self._consented = Consented(desk.store)

    async def ask(self, question: str, typed: Typed, *, asked: Asked | None = None) -> None:
        """Answer a question, then do what its person allows, and ask about what a message alone doesn't change."""
        desk = self._desk
        begun = await desk.turns.begin(desk.person, Place(), question, asked=asked)
        interrupted = asyncio.Event()
        with desk.interrupting(interrupted.set):
            async with desk.turns.candidates(begun) as candidates:
                await self._answer(begun, interrupted)
                desk.last = begun.turn.id
                await self._consented.after_delivery(begun.turn)
                found = await _unless(interrupted, candidates())
        understood = begun.heard.understanding
        mine = understood.about is About.SELF
        if desk.console.is_terminal and mine and (understood.add or understood.remove):
            desk.say(say("chat_undo"), style="dim")
        if understood.needs_confirmation:
            await self._preferring.drop(understood.needs_confirmation, typed)
        if mine:
            self._preferring.propose(Change(exceptions=understood.loosens))
        if found is not None:
            self._preferring.propose(found)

    async def again(self, _arguments: str, typed: Typed) -> None:
        """Answer the last question once more, differently."""
        turn = await self._last_turn()
        if turn is None:
            return
        first = await self._desk.store.conversations.get(turn.again_of or turn.id) or turn
        if is_forgotten(first):
            self._desk.say(say("feedback_unknown"))
            return
        await self.ask(first.question, typed, asked=Asked(again_of=first.id, meant=first.meant))

    async def sources(self, _arguments: str, _typed: Typed) -> None:
        """Show the passages that the last answer was made from, word by word."""
        if (turn := await self._last_turn()) is not None and turn.record is not None:
            show_sources(turn.record, self._desk.console)

    async def why(self, _arguments: str, _typed: Typed) -> None:
        """Show what the last answer was made from, and what was done with it."""
        turn = await self._desk.last_turn()
        sections = explain(turn) if turn is not None else ()
        for section in sections:
            self._desk.say(section.heading, style="bold")
            self._desk.say("\n".join(f"- {line}" for line in section.lines))
        if not sections:
            self._desk.say(say("why_nothing"))

    async def good(self, _arguments: str, _typed: Typed) -> None:
        """Keep that the last answer was good."""
        if (turn := await self._last_turn()) is not None:
            await self._desk.store.feedback.give(turn.id, self._desk.person.id, Rating.UP)
            self._desk.say(say("feedback_thanks"))

    async def bad(self, arguments: str, typed: Typed) -> None:
        """Keep that the last answer was no good, and why: said behind the command, or when asked."""
        if (turn := await self._last_turn()) is None:
            return
        give, mine = self._desk.store.feedback.give, self._desk.person.id
        await give(turn.id, mine, Rating.DOWN)
        reason = reason_of(arguments)
        if reason is None:
            chips = (f"{number} {say(f'chip_{name}')}" for number, name in enumerate(REASONS, start=1))
            self._desk.say(f"{say('feedback_why')} {', '.join(chips)}")
            reason = reason_of(await typed.asked(say("chat_reason")))
        if reason is not None:
            await give(turn.id, mine, Rating.DOWN, reason)
            self._desk.say(say("feedback_reason_thanks"))
        elif typed.interactive:
            self._desk.say(say("feedback_thanks"))

    async def stop(self, _arguments: str, _typed: Typed) -> None:
        """Say how an answer is stopped: while one is written, nothing can be typed."""
        self._desk.say(say("chat_stop_how"))

    async def _last_turn(self) -> Turn | None:
        """Return the turn that a command is about; without one, or when its texts are gone, say so."""
        turn = await self._desk.last_turn()
        if turn is None or is_forgotten(turn):
            self._desk.say(say("chat_no_answer" if turn is None else "feedback_unknown"))
            return None
        return turn

    async def _answer(self, begun: Begun, interrupted: asyncio.Event) -> None:
        """Show the answer while it is written, as far as it has passed the guard, then the whole."""
        desk = self._desk
        if not desk.console.is_terminal:
            async for event in desk.turns.answer(begun):
                if isinstance(event, Answer):
                    print_answer(event, desk.console)
            return
        stop = asyncio.create_task(self._stop_when(interrupted, begun), name="stop")
        try:
            with Live(_waiting(), console=desk.console, transient=True) as live:
                async for event in desk.turns.answer(begun):
                    if isinstance(event, Draft):
                        live.update(Group(formatted(event.text), _waiting()))
                    else:
                        answer = event
        finally:
            stop.cancel()
            await asyncio.wait((stop,))
        print_answer(answer, desk.console)
        if answer.stopped:
            desk.say(say("chat_stopped"), style="dim")

    async def _stop_when(self, interrupted: asyncio.Event, begun: Begun) -> None:
        await interrupted.wait()
        self._desk.turns.stop(begun.turn.id)


def reason_of(words: str) -> str | None:
    """Return why an answer was no good, of its number, its name or its words; None for anything else."""
    said = words.strip().casefold()
    for number, reason in enumerate(REASONS, start=1):
        if said in (str(number), reason, say(f"chip_{reason}").casefold()):
            return reason
    return None


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
