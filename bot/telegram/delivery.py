"""Getting an answer to a chat: drafts by edits while it is written, and the final text exactly once.

An answer is only ever *edited* into messages whose ids are stored, so a process that is killed anywhere can be followed
by another that edits the same text into the same messages. The one thing that can be left behind is a bare placeholder.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.messages import say
from bot.store.conversations import Conversations
from bot.telegram.formatting import parts, render
from bot.telegram.splitting import Part, split

_LOG = logging.getLogger(__name__)

EDIT_EVERY_S = 1.0
"""Telegram allows about one message or edit a second in one chat."""

_T = TypeVar("_T")
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


@dataclass(slots=True)
class Delivery:
    """One turn's answer on its way to one chat. `message_ids` are stored before anything is written into them."""

    bot: Bot
    chat_id: int
    turn_id: int
    conversations: Conversations
    message_ids: list[int]
    thread_id: int | None = None
    _shown: dict[int, Part] = field(default_factory=dict)
    _draft: str = ""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _next_edit: float = 0.0

    async def show_drafts(self) -> None:
        """Keep the first message up with the newest draft, at most one edit a second, until `stop_drafts`.

        A draft that can't be shown is skipped: the next one, or the final text, holds it.
        """
        while await self._draft_due():
            try:
                await self._show_draft()
            except RetryAfter as error:
                self._next_edit = time.monotonic() + _seconds(error)
            except TelegramError as error:
                _LOG.info("turn %d: a draft was skipped: %s", self.turn_id, type(error).__name__)

    def draft(self, markdown: str) -> None:
        """Offer a newer draft; only the newest is shown."""
        self._draft = markdown
        self._wake.set()

    def stop_drafts(self) -> None:
        """Show no further draft; the call under way still ends."""
        self._stopped.set()
        self._wake.set()

    async def finish(self, markdown: str, keyboard: InlineKeyboardMarkup | None) -> None:
        """Write the whole answer, over as many messages as it takes; the keyboard goes under the last.

        Waits through floods and network failures. Raises `TelegramError` only where the chat can't be written to.
        """
        whole = parts(markdown)
        for number, part in enumerate(whole):
            last = number == len(whole) - 1
            await persistently(partial(self._message, number))
            await persistently(partial(self._write, number, part, keyboard if last else None))

    async def _draft_due(self) -> bool:
        """Wait for a draft and for its time; return False when there will be none."""
        await self._wake.wait()
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._next_edit - time.monotonic())):
                await self._stopped.wait()
        return not self._stopped.is_set()

    async def _show_draft(self) -> None:
        first = split(render(self._draft))[:1]
        if first:
            await self._message(0)
            self._next_edit = time.monotonic() + EDIT_EVERY_S
            await self._write(0, first[0], None)

    async def _message(self, number: int) -> int:
        """Return the id of message `number` of the answer, sent as a placeholder when there is none yet."""
        if number >= len(self.message_ids):
            await self._send_placeholder()
        return self.message_ids[number]

    async def _send_placeholder(self) -> None:
        sent = await self.bot.send_message(self.chat_id, say("placeholder"), message_thread_id=self.thread_id)
        self.message_ids.append(sent.message_id)
        await self.conversations.set_messages(self.turn_id, self.message_ids)

    async def _write(
        self, number: int, part: Part, keyboard: InlineKeyboardMarkup | None, *, resend: bool = True
    ) -> None:
        if self._shown.get(number) == part and keyboard is None:
            return
        try:
            await self.bot.edit_message_text(
                part.text,
                chat_id=self.chat_id,
                message_id=self.message_ids[number],
                entities=part.entities,
                reply_markup=keyboard,
            )
        except BadRequest as error:
            said = error.message.lower()
            if "to edit not found" in said and resend:
                # The person has deleted it. What comes after it goes into new messages, in order.
                del self.message_ids[number:]
                await self._send_placeholder()
                await self._write(number, part, keyboard, resend=False)
                return
            # Not modified: an earlier try arrived, though its reply was lost.
            if "not modified" not in said:
                raise
        self._shown[number] = part


async def persistently(call: Callable[[], Awaitable[_T]]) -> _T:
    """Make a call again until Telegram has answered it: after the pause that a flood asks for, or a growing one.

    Only for calls that may be repeated. Refusals (`BadRequest`, `Forbidden`) are raised. A network that stays away is
    waited for, however long: giving up would lose what was to be said. A stop of the bot ends the wait, and the
    update is handled again after the next start.
    """
    for pause_s in chain(_PAUSES_S, repeat(_PAUSES_S[-1])):
        try:
            return await call()
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
        except (BadRequest, Forbidden):
            raise
        except NetworkError as error:
            _LOG.warning("Telegram: %s; again in %.1f s", type(error).__name__, pause_s)
            await asyncio.sleep(pause_s)
    raise AssertionError("the pauses never end")


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
