"""A Bot API server that refuses what Telegram refuses.

`FakeTelegram` is the server; a `Chat` is where a test writes, presses buttons and waits for answers.
"""

from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.limits import FloodLimits
from tests.fakes.telegram.messages import Message
from tests.fakes.telegram.protocol import ApiError
from tests.fakes.telegram.server import Call, FakeTelegram
from tests.fakes.telegram.world import User

__all__ = ["ApiError", "Call", "Chat", "FakeTelegram", "FloodLimits", "Message", "User"]
