"""Telegram's own drafts (Bot API 9.3): a text that grows while it is written, and is no message yet.

They cost none of the messages that Telegram takes, and can't carry a button; so there is no ⏹ under them. Not every
server knows them, so that they are an option (`PLATEWISE_DRAFTS`).
"""

import logging

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.telegram.inbox import PollingBot
from bot.telegram.limits import ShedError
from bot.telegram.splitting import Part

_LOG = logging.getLogger(__name__)


class Drafts:
    """Shows drafts in private chats while `on`; the first refusal of the method ends that for the process."""

    def __init__(self, *, on: bool = False) -> None:
        self._on = on

    def shown_in(self, chat_id: int) -> bool:
        """Tell whether what is written in a chat is shown as a draft: there are none in groups."""
        return self._on and chat_id > 0

    async def show(
        self, bot: PollingBot, chat_id: int, draft_id: int, part: Part, thread_id: int | None = None
    ) -> bool:
        """Show a draft in the place of the one with the same id (not 0); return False where there are none.

        Raises `TelegramError` for what says nothing of drafts: there is no room, Telegram doesn't answer, or nobody is
        there to read it.
        """
        if not self.shown_in(chat_id):
            return False
        try:
            await bot.send_message_draft(
                chat_id, draft_id, part.text, message_thread_id=thread_id, entities=part.entities
            )
        except (ShedError, RetryAfter, Forbidden):
            raise
        except TelegramError as error:
            if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
                raise
            self._switch_off(error)
        return self._on

    def _switch_off(self, error: TelegramError) -> None:
        if self._on:
            _LOG.warning("drafts were refused (%s); answers are shown by edits now", type(error).__name__)
        self._on = False
