"""A chat as the person on the other side sees it: write, press buttons, read what the bot has said."""

from collections.abc import Callable

from tests.fakes.serving import JSON
from tests.fakes.telegram.entities import detect
from tests.fakes.telegram.keyboards import buttons
from tests.fakes.telegram.messages import Action, Draft, Message
from tests.fakes.telegram.protocol import Upload
from tests.fakes.telegram.world import Query, User, World

# Nothing here looks into a file, so a few bytes are enough.
_PICTURE = Upload("photo.jpg", b"\xff\xd8\xff\xe0 a picture", "image/jpeg")
_VOICE = Upload("voice.ogg", b"OggS a voice", "audio/ogg")
_STICKER = Upload("sticker.webp", b"RIFF a sticker", "image/webp")
DEFAULT_TIMEOUT = 20.0  # seconds: only a failing test waits so long


class Chat:
    """A private chat or a group. Set `blocked` to make it a person who has stopped the bot.

    Every `send…` creates an update and returns its id.
    """

    def __init__(
        self,
        world: World,
        chat_id: int,
        *,
        members: list[User],
        title: str | None = None,
        username: str | None = None,
    ) -> None:
        self.id = chat_id
        self.members = members
        self.title = title
        self.username = username
        self.blocked = False
        self.history: dict[int, Message] = {}
        self.actions: list[Action] = []
        self.drafts: list[Draft] = []
        self.callback_answers: list[JSON] = []
        self._world = world
        self._seen = 0

    @property
    def is_group(self) -> bool:
        """Whether several people write here."""
        return self.title is not None

    @property
    def everything_sent(self) -> list[Message]:
        """All that the bot has sent, what was deleted since included."""
        return [message for message in self.history.values() if message.sender == self._world.bot]

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as they stand now, in order."""
        return [message for message in self.everything_sent if not message.deleted]

    @property
    def texts(self) -> list[str]:
        """What the bot's messages say now, in order."""
        return [message.text for message in self.messages]

    @property
    def written(self) -> list[Message]:
        """The messages of the people here, in order."""
        return [message for message in self.history.values() if message.sender != self._world.bot]

    def as_json(self) -> JSON:
        """Telegram's Chat object."""
        if self.is_group:
            return {"id": self.id, "type": "supergroup", "title": self.title}
        names = {name: value for name, value in self.members[0].as_json().items() if name.endswith("name")}
        return {"id": self.id, "type": "private", **names}

    async def send(
        self,
        text: str,
        *,
        user: User | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Write a text, with the entities that Telegram would find in it; `thread_id` is a topic of a forum."""
        return await self._say(user, text=text, entities=detect(text), reply_to=reply_to, thread_id=thread_id)

    async def send_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        user: User | None = None,
        size: int | None = None,
    ) -> int:
        """Send a file; `size` is what Telegram says it has, in bytes, if that isn't the truth."""
        file = self._world.store(Upload(name, content, "application/octet-stream"), "documents").as_json()
        document = {**file, "file_name": name, "file_size": len(content) if size is None else size}
        return await self._say(user, text=caption, entities=detect(caption), media={"document": document})

    async def send_sticker(self, *, user: User | None = None) -> int:
        """Send a sticker."""
        file = self._world.store(_STICKER, "stickers").as_json()
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._say(user, media={"sticker": {**file, **shape, "emoji": "🍎"}})

    async def send_photo(self, caption: str = "", *, user: User | None = None) -> int:
        """Send a photo in two sizes."""
        file = self._world.store(_PICTURE, "photos").as_json()
        sizes = [{**file, "width": side, "height": side} for side in (90, 800)]
        return await self._say(user, text=caption, entities=detect(caption), media={"photo": sizes})

    async def send_voice(self, *, seconds: int = 3, user: User | None = None) -> int:
        """Send a voice message."""
        file = self._world.store(_VOICE, "voice").as_json()
        return await self._say(user, media={"voice": {**file, "duration": seconds, "mime_type": "audio/ogg"}})

    async def send_location(
        self, latitude: float = 52.52, longitude: float = 13.4, *, user: User | None = None
    ) -> int:
        """Send a place."""
        return await self._say(user, media={"location": {"latitude": latitude, "longitude": longitude}})

    async def edit(self, message_id: int, text: str) -> int:
        """Change one's own message; creates an `edited_message` update and returns its id."""
        message = self.history[message_id]
        message.change(text, detect(text), None)
        return await self._update("edited_message", message.as_json())

    async def press(self, message: Message | int, button: str, *, user: User | None = None) -> int:
        """Press a button, named by its text or its data; returns the update's id.

        Raises `LookupError` when the message has no such button now.
        """
        if isinstance(message, int):
            message = self.history[message]
        for candidate in buttons(message.reply_markup):
            data = candidate.get("callback_data")
            if data is not None and button in {data, candidate["text"]}:
                query = self._world.new_query(self)
                content = {
                    "id": query.id,
                    "from": (user or self.members[0]).as_json(),
                    "message": message.as_json(),
                    "chat_instance": f"instance-{self.id}",
                    "data": data,
                }
                return await self._update("callback_query", content)
        raise LookupError(f"message {message.id} has no button '{button}' to press, only {message.buttons}")

    async def wait_for_answer(self, count: int = 1, timeout: float = DEFAULT_TIMEOUT) -> Message:  # noqa: ASYNC109 - reads best in a test
        """Wait until the bot has sent `count` messages more than at the last call; returns the last of them.

        Messages that were sent before the first call count too. Raises `TimeoutError`.
        """
        wanted = self._seen + count
        await self.wait_until(lambda chat: len(chat.everything_sent) >= wanted, timeout)
        self._seen = wanted
        return self.everything_sent[wanted - 1]

    async def wait_until(
        self,
        predicate: Callable[["Chat"], object],
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109 - reads best in a test
    ) -> None:
        """Wait until `predicate` is true of this chat; it is asked again after every change.

        Raises `TimeoutError` that says what the bot's messages are.
        """
        await self._world.wait_until(
            lambda: predicate(self), timeout, lambda: f"chat {self.id} shows {self.texts}"
        )

    def answered(self, query: Query, answer: JSON) -> None:
        """Note what the bot shows the person who pressed a button."""
        query.answered, query.answer = True, answer
        self.callback_answers.append(answer)

    async def _say(
        self,
        user: User | None,
        *,
        text: str = "",
        entities: list[JSON] | None = None,
        media: JSON | None = None,
        reply_to: Message | None = None,
        thread_id: int | None = None,
    ) -> int:
        message = Message(
            id=next(self._world.message_ids),
            chat=self.as_json(),
            sender=user or self.members[0],
            text=text,
            entities=entities or [],
            media=media or {},
            reply_to=reply_to,
            thread_id=thread_id,
        )
        self.history[message.id] = message
        return await self._update("message", message.as_json())

    async def _update(self, kind: str, content: JSON) -> int:
        update_id = self._world.updates.add(kind, content)
        await self._world.announce()
        return update_id
