"""Getting an answer to a chat: drafts by edits while it is written, and the final text exactly once.

A message whose id is stored can be written again by any later process: an edit to the same text changes nothing. So
each message is either sent as a placeholder first, which at worst leaves a bare "…" behind, or, where every call counts
and for what needs no draft, at once, with a note in the store that it is on its way. Who finds that note (or has heard
nothing of a call) doesn't know whether the message arrived, and looks for it among the ids that it can have.
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

from telegram import InlineKeyboardMarkup, ReplyParameters
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.messages import say
from bot.store.conversations import Conversations
from bot.telegram.drafts import Drafts
from bot.telegram.formatting import parts, render
from bot.telegram.inbox import PollingBot
from bot.telegram.limits import ShedError, Urgency
from bot.telegram.splitting import Part, split

_LOG = logging.getLogger(__name__)

EDIT_EVERY_S = 1.0
"""Telegram allows about one message or edit a second in one chat."""

SHOWN_AFTER_S = 1.5
"""Seconds for which "typing" is all that a person sees. Most answers are there by then, whole and in one call; of
others, what is written is shown from now on, with a button to stop it."""

DRAFT_AFTER_S = 0.3
"""The same where Telegram's own drafts are used: they are no messages, and cost none."""

SEARCHED_IDS = 60
"""Ids that are searched for a message of unknown fate: two seconds of all that a bot may send."""

_T = TypeVar("_T")
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


@dataclass(slots=True)
class Delivery:
    """One turn's answer on its way to one chat.

    `message_ids` are stored before anything is edited into them; `question_id` is the message that is answered, and
    `sending_after` what the store holds of a message of unknown fate. `draft_keyboard` goes under drafts. `reply_to` is
    the message that the answer's first part quotes, if it is still there.
    """

    bot: PollingBot
    chat_id: int
    turn_id: int
    conversations: Conversations
    message_ids: list[int]
    thread_id: int | None = None
    question_id: int = 0
    sending_after: int | None = None
    draft_keyboard: InlineKeyboardMarkup | None = None
    reply_to: int | None = None
    drafts: Drafts = field(default_factory=Drafts)
    _shown: dict[int, Part] = field(default_factory=dict)
    _draft: str = ""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _next_edit: float = 0.0

    async def show_drafts(self) -> None:
        """Send what is written after `SHOWN_AFTER_S`, and keep it at the newest draft, at most one edit a second.

        Until `stop_drafts`. What there is no room for is skipped: the next draft, or the final text, holds it.
        """
        as_drafts = self.drafts.shown_in(self.chat_id)
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAFT_AFTER_S if as_drafts else SHOWN_AFTER_S):
                await self._stopped.wait()
        unsent = not self.message_ids and self.sending_after is None
        if unsent and not as_drafts and not self._stopped.is_set():
            await self._passing(self._send_first_draft)
        while await self._draft_due():
            if self.message_ids:
                await self._passing(self._show_draft)
            elif unsent and as_drafts and self.sending_after is None:
                await self._passing(self._show_as_draft)

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
            below = keyboard if number == len(whole) - 1 else None
            if number >= len(self.message_ids) or self._is_looked_for(number):
                await self._send(number, part, below)
            else:
                await persistently(partial(self._write, number, part, below))
        for message_id in self.message_ids[len(whole) :]:
            # An earlier answer in the same messages was longer.
            with suppress(BadRequest):
                await persistently(partial(self.bot.delete_message, self.chat_id, message_id))
        if len(self.message_ids) > len(whole):
            del self.message_ids[len(whole) :]
            await self.conversations.set_messages(self.turn_id, self.message_ids)

    async def _draft_due(self) -> bool:
        """Wait for a draft and for its time; return False when there will be none."""
        await self._wake.wait()
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._next_edit - time.monotonic())):
                await self._stopped.wait()
        return not self._stopped.is_set()

    async def _passing(self, call: Callable[[Urgency], Awaitable[None]]) -> None:
        self._next_edit = time.monotonic() + EDIT_EVERY_S
        try:
            await call(Urgency.PASSING)
        except RetryAfter as error:
            self._next_edit = time.monotonic() + _seconds(error)
        except TelegramError as error:
            _LOG.debug("turn %d: a draft was skipped: %s", self.turn_id, type(error).__name__)

    async def _show_draft(self, urgency: Urgency) -> None:
        first = split(render(self._draft))[:1]
        if first:
            await self._write(0, first[0], self.draft_keyboard, urgency=urgency)

    async def _show_as_draft(self, urgency: Urgency) -> None:
        """Show what is written as a draft; where there are none any more, as a message that is edited from now on."""
        first = split(render(self._draft))[:1]
        if first and not await self.drafts.show(
            self.bot, self.chat_id, self.turn_id, first[0], self.thread_id
        ):
            await self._send_first_draft(urgency)

    async def _send_first_draft(self, urgency: Urgency) -> None:
        """Send what is written until now, or a placeholder; whoever finds the note looks for that message."""
        written = split(render(self._draft))[:1]
        if not written:
            await self._send_placeholder(urgency)
            return
        self.sending_after = self._highest_id()
        await self.conversations.set_sending(self.turn_id, self.sending_after)
        try:
            await self._post(written[0], self.draft_keyboard, urgency)
        except (ShedError, RetryAfter, BadRequest, Forbidden):
            self.sending_after = None  # it surely wasn't sent
            raise
        self._shown[0] = written[0]

    async def _send_placeholder(self, urgency: Urgency = Urgency.LASTING) -> None:
        await self._post(Part(say("placeholder")), self.draft_keyboard, urgency)

    async def _send(self, number: int, part: Part, keyboard: InlineKeyboardMarkup | None) -> None:
        """Send a message that has no id; look for it where it is unknown whether it was sent before."""
        if self.sending_after is None:
            self.sending_after = self._highest_id()
            await self.conversations.set_sending(self.turn_id, self.sending_after)
            try:
                await self._post(part, keyboard, Urgency.LASTING)
                self._shown[number] = part
                return  # noqa: TRY300 - what follows is for the other case
            except (BadRequest, Forbidden):
                raise
            except NetworkError:
                _LOG.info("turn %d: a call wasn't answered; looking for its message", self.turn_id)
        await self._find_or_send(number, part, keyboard)

    def _is_looked_for(self, number: int) -> bool:
        """Tell whether an earlier process was looking for this message: what has its id is only a placeholder.

        A placeholder is newer than what it stands for; the messages before that one are older.
        """
        return self.sending_after is not None and self.message_ids[number] > self.sending_after

    async def _find_or_send(self, number: int, part: Part, keyboard: InlineKeyboardMarkup | None) -> None:
        lowest = self.sending_after or 0
        if number >= len(self.message_ids):
            # A placeholder tells where the ids are by now, and holds the answer if the message isn't found. Its id is
            # stored before the search, which may take a while: the next process goes on with the same one.
            sent = await persistently(
                lambda: self.bot.send_message(
                    self.chat_id,
                    say("placeholder"),
                    message_thread_id=self.thread_id,
                    reply_parameters=self._quoted(),
                )
            )
            await self._keep(sent.message_id, looking_after=lowest)
        placeholder = self.message_ids[number]
        for message_id in range(lowest + 1, min(placeholder, lowest + 1 + SEARCHED_IDS)):
            if await self._is_ours(message_id, part, keyboard):
                with suppress(BadRequest):
                    await persistently(partial(self.bot.delete_message, self.chat_id, placeholder))
                del self.message_ids[number:]
                await self._keep(message_id)
                self._shown[number] = part
                return
        await persistently(partial(self._write, number, part, keyboard))
        await self.conversations.set_messages(self.turn_id, self.message_ids)
        self.sending_after = None

    async def _is_ours(self, message_id: int, part: Part, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Tell whether a message of this chat and this bot has this id; it has this text then."""
        if message_id in self.message_ids or message_id == self.question_id:
            return False
        try:
            await persistently(partial(self._edit, message_id, part, keyboard, Urgency.LASTING))
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True

    async def _post(self, part: Part, keyboard: InlineKeyboardMarkup | None, urgency: Urgency) -> None:
        sent = await self.bot.send_message(
            self.chat_id,
            part.text,
            entities=part.entities,
            reply_markup=keyboard,
            message_thread_id=self.thread_id,
            reply_parameters=self._quoted(),
            rate_limit_args=urgency,
        )
        await self._keep(sent.message_id)

    def _quoted(self) -> ReplyParameters | None:
        if self.reply_to is None or self.message_ids:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)

    async def _keep(self, message_id: int, *, looking_after: int | None = None) -> None:
        self.message_ids.append(message_id)
        self.sending_after = looking_after
        self.bot.saw(self.chat_id, message_id)
        await self.conversations.set_messages(self.turn_id, self.message_ids, looking_after=looking_after)

    def _highest_id(self) -> int:
        known = max(self.question_id, *self.message_ids, 0)
        return max(known, self.bot.highest_id) if self.chat_id > 0 else known

    async def _write(
        self,
        number: int,
        part: Part,
        keyboard: InlineKeyboardMarkup | None,
        *,
        urgency: Urgency = Urgency.LASTING,
        resend: bool = True,
    ) -> None:
        if self._shown.get(number) == part and keyboard is None and self.draft_keyboard is None:
            return
        try:
            await self._edit(self.message_ids[number], part, keyboard, urgency)
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

    async def _edit(
        self, message_id: int, part: Part, keyboard: InlineKeyboardMarkup | None, urgency: Urgency
    ) -> None:
        await self.bot.edit_message_text(
            part.text,
            chat_id=self.chat_id,
            message_id=message_id,
            entities=part.entities,
            reply_markup=keyboard,
            rate_limit_args=urgency,
        )


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
