"""Each kind of message without text has its own kind line."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import (
    Animation,
    Audio,
    Chat,
    Contact,
    Dice,
    Document,
    Location,
    Message,
    PhotoSize,
    Sticker,
    Story,
    Venue,
    Video,
    VideoNote,
    Voice,
)

from bot.messages import say, speaking
from bot.telegram.fallback import line_for

FILE = ("id", "unique")
GIF = Animation(*FILE, 1, 1, 1)
CHAT = Chat(1, "private")
MESSAGES: list[tuple[str, dict[str, Any]]] = [
    ("voice", {"voice": Voice(*FILE, 3)}),
    ("audio", {"audio": Audio(*FILE, 3)}),
    ("video", {"video": Video(*FILE, 1, 1, 3)}),
    ("video", {"video_note": VideoNote(*FILE, 1, 3)}),
    ("photo", {"photo": [PhotoSize(*FILE, 1, 1)]}),
    ("sticker", {"sticker": Sticker(*FILE, 1, 1, is_animated=False, is_video=False, type="regular")}),
    ("animation", {"animation": GIF, "document": Document(*FILE)}),
    ("location", {"location": Location(13.4, 52.5)}),
    ("location", {"location": Location(13.4, 52.5), "venue": Venue(Location(13.4, 52.5), "Café", "Street")}),
    ("contact", {"contact": Contact("+49", "Ada")}),
    ("document", {"document": Document(*FILE)}),
    ("dice", {"dice": Dice(6, "🎲")}),
]


@pytest.mark.parametrize(("kind", "content"), MESSAGES, ids=[kind for kind, _ in MESSAGES])
def test_each_kind_has_its_line_in_both_languages(kind: str, content: dict[str, Any]) -> None:
    key = line_for(Message(1, datetime(2026, 5, 3, tzinfo=UTC), CHAT, **content))
    assert key == f"not_text_{kind}"
    english = say(key)
    with speaking("es"):
        assert say(key) != english
    assert "\n" not in english


def test_what_telegram_may_yet_invent_has_a_line() -> None:
    message = Message(1, datetime(2026, 5, 3, tzinfo=UTC), CHAT, story=Story(CHAT, 1))
    assert say(line_for(message)) == say("only_text")
