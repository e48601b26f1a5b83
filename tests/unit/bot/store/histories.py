"""Random lives of a few people who ask, agree, refuse, change their minds, edit, and are forgotten.

`Lives` does what a step says with the real store, and keeps its own account of what may be used: by the words of the
promise, not by the code's. Each thing that is said has a word of its own, so that a single one out of place is seen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from bot.assistant.consented import Consented, improves
from bot.store.conversations import Asked, TurnRecord
from bot.store.dataset_rows import DatasetRows, Selection
from bot.store.people import Person
from bot.store.pseudonyms import Pseudonyms
from bot.store.store import Store
from bot.store.tables import Purpose, Rating

PEOPLE = 3
_CHAT = "private"
_WORD = re.compile(r"word\d+x")


class Do(StrEnum):
    """What happens."""

    ASK = "ask"
    FOLLOW_UP = "follow-up"
    AGAIN = "again"
    EDIT = "edit"
    ASK_IN_VAIN = "ask in vain"
    REFUSED = "ask what the guard refuses"
    NEW = "new conversation"
    RATE = "rate"
    AGREE = "agree"
    REFUSE = "refuse"
    KEEP = "keep"
    KEEP_NOTHING = "keep nothing"
    FORGET = "forget"


class Step(NamedTuple):
    """Who does what; `which` of the earlier turns it is about."""

    person: int
    do: Do
    which: int = 0


@dataclass(slots=True)
class Said:
    """A turn by our account: whose words are in it, and whether it may be used."""

    turn_id: int
    owner: int
    conversation: int
    word: str
    question: str
    history: tuple[str, ...]
    allowed: bool
    shown: bool = True


@dataclass(slots=True)
class Lives:
    """People, and our account of them."""

    store: Store
    _agreed: dict[int, bool] = field(default_factory=dict)
    _keeps: dict[int, bool] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    _number: int = 0

    async def play(self, step: Step) -> None:
        """Do one step."""
        number = step.person
        person = await self._person(number)
        mine = [item for item in self.said if item.owner == number and item.turn_id]
        about = mine[step.which % len(mine)] if mine else None
        match step.do:
            case Do.ASK | Do.FOLLOW_UP | Do.ASK_IN_VAIN | Do.REFUSED:
                await self._ask(person, step, None)
            case Do.AGAIN | Do.EDIT:
                await self._ask(person, step, about)
            case Do.NEW:
                await self.store.conversations.start_new(person.id, person.telegram_id, _CHAT)
            case Do.RATE if about is not None:
                await self.store.feedback.give(about.turn_id, person.id, Rating.UP)
            case Do.AGREE | Do.REFUSE:
                await self._decide(person, number, Purpose.IMPROVEMENT, granted=step.do is Do.AGREE)
            case Do.KEEP | Do.KEEP_NOTHING:
                await self._decide(person, number, Purpose.SERVICE, granted=step.do is Do.KEEP)
            case Do.FORGET:
                await self.store.erasure.erase(person)
                self.erased.append(person.pseudonym)
                self._take_back(number, forget=True)
                self._agreed.pop(number, None)
                self._keeps.pop(number, None)

    async def violations(self, key: Path) -> tuple[int, list[str]]:
        """Return how many rows an export would hold, and what is wrong with them by our account."""
        names = Pseudonyms.of(key)
        rows = [turn.row async for turn in DatasetRows(self.store.database, names).turns(Selection())]
        wrong = []
        allowed = {item.word: item for item in self.said if item.allowed}
        gone = {names.person(pseudonym) for pseudonym in self.erased}
        for row in rows:
            words = set(_WORD.findall(row.model_dump_json()))
            wrong += [f"{word} is in a row and may not be" for word in sorted(words - allowed.keys())]
            wrong += [f"{row.question}: an erased person's"] if row.person in gone else []
        wanted = {item.question: item for item in allowed.values() if item.shown}
        found = {row.question: row for row in rows}
        wrong += [f"{question} is missing" for question in sorted(wanted.keys() - found.keys())]
        for question in sorted(wanted.keys() & found.keys()):
            expected = [item for item in wanted[question].history if self._may(item)]
            got = [f"{item.question} | {item.answer}" for item in found[question].history]
            if got != expected:
                wrong.append(f"{question} has the history {got}, not {expected}")
        return len(rows), wrong

    async def _person(self, number: int) -> Person:
        return await self.store.people.person(f"telegram:{number + 1}", telegram_id=number + 1)

    async def _ask(self, person: Person, step: Step, about: Said | None) -> None:
        if step.do in (Do.AGAIN, Do.EDIT) and about is None:
            return
        self._number += 1
        word = f"word{self._number}x"
        if about is None:
            now = await self.store.conversations.current(person.id, person.telegram_id, _CHAT)
            conversation = now.id
        else:
            conversation = about.conversation
        before = None if about is None else about.turn_id
        exchanges = await self.store.conversations.exchanges(conversation, 40, before=before)
        question, meant = f"{word} asked", None
        if about is not None and step.do is Do.AGAIN:
            question = f"{about.question} {word}"  # the same words, and ours to tell it by
        elif step.do is Do.FOLLOW_UP and exchanges:
            meant = f"{word} of {exchanges[-1][0]}"
        turn = await self.store.conversations.receive(
            conversation,
            question,
            asked=Asked(
                meant=meant,
                again_of=before if step.do is Do.AGAIN else None,
                replaces=before if step.do is Do.EDIT else None,
            ),
            preferences={},
            consent_improve=improves(await self.store.consents.decisions(person.id)),
        )
        allowed = self._agreed.get(step.person, False) and self._keeps.get(step.person, True)
        history = tuple(f"{asked} | {answer}" for asked, answer in exchanges)
        if step.do is Do.AGAIN and about is not None:
            allowed = allowed and about.allowed
        made = Said(turn.id, step.person, conversation, word, question, history, allowed)
        gone = any(item.conversation == conversation and not item.allowed for item in self.said)
        if meant is not None and (gone or not all(self._may(item) for item in history)):
            # What it was written out with may have been theirs: left out, even where it was deleted before.
            made.shown = False
        made.shown = made.shown and step.do not in (Do.ASK_IN_VAIN, Do.REFUSED)
        self.said.append(made)
        if step.do is not Do.ASK_IN_VAIN:
            verdict = "refused" if step.do is Do.REFUSED else "passed"
            record = TurnRecord(answer=f"{word} answered", notices=("Noted.",), guard_status=verdict)
            await self.store.conversations.answer(turn.id, record)

    async def _decide(self, person: Person, number: int, purpose: Purpose, *, granted: bool) -> None:
        await Consented(self.store).decide(person, purpose, granted=granted)
        account = self._agreed if purpose is Purpose.IMPROVEMENT else self._keeps
        account[number] = granted
        if not granted:
            self._take_back(number)

    def _take_back(self, number: int, *, forget: bool = False) -> None:
        for item in self.said:
            if item.owner == number:
                item.allowed = False
                item.turn_id = 0 if forget else item.turn_id

    def _may(self, exchange: str) -> bool:
        allowed = {item.word for item in self.said if item.allowed}
        return set(_WORD.findall(exchange)) <= allowed


async def play(store: Store, steps: Sequence[Step]) -> Lives:
    """Let people live through all steps."""
    lives = Lives(store)
    for step in steps:
        await lives.play(step)
    return lives
