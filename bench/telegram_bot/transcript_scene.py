"""A person in a chat with the bot: what they do, what the bot does then, and that it is what was expected."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.serving import JSON
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.messages import Message

PATIENCE_S = 60.0
QUIET_S = 0.7
"""How long nothing new must come until the bot is taken to be done with what the person did."""
_SILENT = ("getUpdates", "sendChatAction")


class MissingError(Exception):
    """The bot didn't do what it should have done; the message says what that was, and what stood there instead."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as a person sees it. `entities` are Telegram's; `rows` are the buttons' texts."""

    id: int
    text: str
    entities: tuple[JSON, ...]
    rows: tuple[tuple[str, ...], ...]
    media: JSON


@dataclass(frozen=True, slots=True)
class Step:
    """What the person did, and all that followed: new messages, changed ones, and what popped up.

    `what` are the words, or the button `under` a message. `changed` are messages before and after; `gone` those that
    lost their buttons and nothing else. `written_by` says who wrote a new answer: `model` or `bot`.
    """

    what: str
    under: Seen | None
    new: tuple[Seen, ...]
    changed: tuple[tuple[Seen, Seen], ...]
    gone: tuple[Seen, ...]
    popped_up: tuple[tuple[str, bool], ...]
    written_by: str


@dataclass(slots=True)
class Heading:
    """What the next steps are about."""

    title: str
    remark: str = ""


class Scene:
    """A new person in a private chat; every step is kept in `steps`, in order."""

    def __init__(self, telegram: FakeTelegram, data: Path, name: str, language: str) -> None:
        self.telegram = telegram
        self.chat: Chat = telegram.private_chat(telegram.user(first_name=name, language_code=language))
        self.steps: list[Step | Heading] = []
        self._database = data / "platewise.db"

    def heading(self, title: str, remark: str = "") -> None:
        """Begin a part."""
        self.steps.append(Heading(title, remark))

    async def write(self, text: str, *then: str) -> Step:
        """Write a message; `then` are texts that must come. Raises `MissingError`."""
        before = self._before()
        await self.chat.send(text)
        return await self._keep(text, None, before, then)

    async def press(self, button: str, *then: str) -> Step:
        """Press the newest button of this name; `then` are texts that must come. Raises `MissingError`."""
        before = self._before()
        message = next((item for item in reversed(self.chat.messages) if button in item.buttons), None)
        if message is None:
            raise MissingError(f"no button '{button}'; {self._shown()}")
        under = _seen(message)
        await self.chat.press(message, button)
        return await self._keep(button, under, before, then)

    def file(self, file_id: str) -> bytes:
        """Return a file that was sent."""
        return self.telegram.files[file_id].upload.content

    async def _keep(self, what: str, under: Seen | None, before: "_Before", then: tuple[str, ...]) -> Step:
        try:
            await self.chat.wait_until(
                lambda _: all(self._has_come(text, before) for text in then), PATIENCE_S
            )
        except TimeoutError:
            missing = [text for text in then if not self._has_come(text, before)]
            raise MissingError(f"after '{what}': {missing} didn't come; {self._shown()}") from None
        await self._quiet()
        now = {message.id: _seen(message) for message in self.chat.messages}
        both = [(before.messages[number], seen) for number, seen in now.items() if number in before.messages]
        gone = [new for old, new in both if old.rows and not new.rows and old.text == new.text]
        step = Step(
            what,
            under,
            new=tuple(seen for number, seen in now.items() if number not in before.messages),
            changed=tuple((old, new) for old, new in both if old != new and new not in gone),
            gone=tuple(gone),
            popped_up=tuple(_pop_ups(self.chat.callback_answers[before.answers :])),
            written_by=self._written_by(before.turn),
        )
        self.steps.append(step)
        return step

    async def _quiet(self) -> None:
        """Wait until nothing new comes."""
        while True:
            calls = self._calls()
            await asyncio.sleep(QUIET_S)
            if self._calls() == calls and not self.telegram.unconfirmed:
                return

    def _calls(self) -> int:
        return sum(call.method not in _SILENT for call in self.telegram.calls)

    def _has_come(self, text: str, before: "_Before") -> bool:
        """Whether a message or what popped up says `text`, and did not when the person acted."""
        for message in self.chat.messages:
            old = before.messages.get(message.id)
            if any(text in words for words in _words(_seen(message))) and (
                old is None or _words(old) != _words(_seen(message))
            ):
                return True
        return any(text in said for said, _ in _pop_ups(self.chat.callback_answers[before.answers :]))

    def _before(self) -> "_Before":
        return _Before(
            {message.id: _seen(message) for message in self.chat.messages},
            len(self.chat.callback_answers),
            self._turns()[0],
        )

    def _written_by(self, last: int) -> str:
        """Who wrote the answer of the turn that has come since, if one has: by its verdict in the database."""
        number, model, status = self._turns()
        if number == last or not status:
            return ""
        return "model" if model and status in ("passed", "repaired") else "bot"

    def _turns(self) -> tuple[int, str, str]:
        """Return the newest turn's id, model and verdict."""
        with closing(sqlite3.connect(self._database)) as database:
            row = database.execute(
                "SELECT id, model, guard_status FROM turns ORDER BY id DESC LIMIT 1"
            ).fetchone()
        return (row[0], row[1] or "", row[2] or "") if row else (0, "", "")

    def _shown(self) -> str:
        return "the chat shows:\n" + "\n---\n".join(
            f"{item.text} {item.buttons}" for item in self.chat.messages[-4:]
        )


@dataclass(frozen=True, slots=True)
class _Before:
    """How things stood when the person acted."""

    messages: dict[int, Seen]
    answers: int
    turn: int


def _seen(message: Message) -> Seen:
    keyboard = (message.reply_markup or {}).get("inline_keyboard", ())
    rows = tuple(tuple(str(button["text"]) for button in row) for row in keyboard)
    return Seen(message.id, message.text, tuple(message.entities), rows, message.media)


def _words(seen: Seen) -> tuple[str, ...]:
    return (seen.text, *(button for row in seen.rows for button in row))


def _pop_ups(answers: list[JSON]) -> Iterator[tuple[str, bool]]:
    for answer in answers:
        if answer.get("text"):
            yield str(answer["text"]), bool(answer.get("show_alert"))
