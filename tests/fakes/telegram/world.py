"""Everything the fake Telegram knows: people, chats, files, queries and updates."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.fakes.serving import JSON
from tests.fakes.telegram.protocol import Upload, bad_request
from tests.fakes.telegram.updates import UpdateQueue

if TYPE_CHECKING:
    from tests.fakes.telegram.chats import Chat


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_json(self) -> JSON:
        """Telegram's User object."""
        names = ("id", "is_bot", "first_name", "last_name", "username", "language_code")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a person or the bot has sent."""

    file_id: str
    path: str
    upload: Upload

    def as_json(self) -> JSON:
        """What every kind of file has in common."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"unique-{self.file_id}",
            "file_size": len(self.upload.content),
        }


@dataclass(slots=True)
class Query:
    """A button press that waits for answerCallbackQuery."""

    id: str
    chat: "Chat"
    answered: bool = False
    old: bool = False
    answer: JSON | None = None


@dataclass(slots=True)
class Profile:
    """What the bot has told Telegram about itself."""

    commands: dict[tuple[str, str], list[JSON]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)


class World:
    """The state behind the Bot API. Whoever changes it calls `announce`, which wakes everybody who waits."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.profile = Profile()
        self.changed = asyncio.Condition()
        self.updates = UpdateQueue(self.changed)
        self.message_ids = count(1)
        self._numbers = count(1)

    def chat(self, chat_id: object) -> "Chat":
        """Find a chat by its id or its @username. Raises `ApiError` as Telegram does."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        for chat in self.chats.values():
            if chat.id == chat_id or (chat.username and f"@{chat.username}" == chat_id):
                return chat
        raise bad_request("chat not found")

    def new_query(self, chat: "Chat") -> Query:
        """A button press with an id of its own."""
        query = Query(id=str(next(self._numbers) + 4_000_000_000), chat=chat)
        self.queries[query.id] = query
        return query

    def store(self, upload: Upload, folder: str) -> StoredFile:
        """Keep a file, so that it can be downloaded and sent again."""
        number = next(self._numbers)
        file = StoredFile(f"{folder}-file-{number}", f"{folder}/file_{number}", upload)
        self.files[file.file_id] = file
        return file

    async def announce(self) -> None:
        """Wake everybody who waits for a change."""
        async with self.changed:
            self.changed.notify_all()

    async def wait_until(
        self, predicate: Callable[[], object], seconds: float, describe: Callable[[], str]
    ) -> None:
        """Wait for a change that makes `predicate` true. Raises `TimeoutError` with `describe()` in it."""
        try:
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(lambda: bool(predicate()))
        except TimeoutError:
            raise TimeoutError(f"not within {seconds:g} s; {describe()}") from None
