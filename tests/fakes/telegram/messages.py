"""Messages as they stand in a chat, with everything that has happened to them."""

import time
from dataclasses import dataclass, field

from tests.fakes.serving import JSON
from tests.fakes.telegram.keyboards import buttons
from tests.fakes.telegram.world import User


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message said from the moment `at` (seconds of `time.monotonic`)."""

    text: str
    entities: list[JSON]
    reply_markup: JSON | None
    at: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that the bot showed while it was writing."""

    draft_id: int
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Action:
    """A sign like 'typing' that the bot showed."""

    name: str
    at: float


@dataclass(slots=True)
class Message:
    """One message; `text` is the caption when there is `media`.

    `media` maps the kind (`document`, `photo`, `sticker` …) to Telegram's object for it. `entities` are those
    that the sender gave; for a person's message, those that Telegram found. `edits` holds every later version.
    `thread_id` is the topic of a forum.
    """

    id: int
    chat: JSON
    sender: User
    text: str = ""
    entities: list[JSON] = field(default_factory=list)
    reply_markup: JSON | None = None
    media: JSON = field(default_factory=dict)
    reply_to: "Message | None" = None
    date: int = field(default_factory=lambda: int(time.time()))
    sent_at: float = field(default_factory=time.monotonic)
    edits: list[Edit] = field(default_factory=list)
    reactions: list[JSON] = field(default_factory=list)
    deleted: bool = False
    thread_id: int | None = None

    @property
    def buttons(self) -> list[str]:
        """The texts on the buttons of the inline keyboard, row after row."""
        return [button["text"] for button in buttons(self.reply_markup)]

    @property
    def links(self) -> dict[str, str]:
        """The text and the address of each `text_link`."""
        raw = self.text.encode("utf-16-le")
        return {
            raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"): entity[
                "url"
            ]
            for entity in self.entities
            if entity["type"] == "text_link"
        }

    def change(self, text: str, entities: list[JSON], reply_markup: JSON | None) -> None:
        """Put a new version in place of the one that stands."""
        self.text, self.entities, self.reply_markup = text, entities, reply_markup
        self.edits.append(Edit(text, entities, reply_markup, time.monotonic()))

    def as_json(self) -> JSON:
        """Telegram's Message object."""
        body: JSON = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat,
            "from": self.sender.as_json(),
            **self.media,
        }
        if self.text:
            body["caption" if self.media else "text"] = self.text
        if self.entities:
            body["caption_entities" if self.media else "entities"] = self.entities
        if self.reply_markup and "inline_keyboard" in self.reply_markup:
            body["reply_markup"] = self.reply_markup
        if self.edits:
            body["edit_date"] = int(time.time())
        if self.thread_id is not None:
            body |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.reply_to:
            body["reply_to_message"] = self.reply_to.as_json()
        return body
