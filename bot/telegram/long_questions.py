"""Long questions: what Telegram cut into several messages is put together again before it is answered.

The parts stay in the inbox until the turn that holds them all is stored. A process that is killed before leaves them to
the next one, which joins them again; one that is killed later leaves a turn that knows the whole question.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram import Message, Update
from telegram.constants import MessageLimit

from bot.assistant.assistant import LONGEST_QUESTION
from bot.store.inbox import Inbox
from bot.telegram.inbox import chat_key

CUT_FROM = 4000
"""Characters. Telegram's programs cut at 4,096, or at the last space before."""

WAIT_S = 1.0
"""How long the next part is waited for. The parts are sent together, so it is only under way."""

_APART = timedelta(seconds=2)
"""Between two parts. Telegram gives whole seconds."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The whole text, and the ids of the updates with its further parts."""

    text: str
    further: tuple[int, ...] = ()


class LongQuestions:
    """Joins the parts of long questions. `wait` is what waits for a part that isn't there yet."""

    def __init__(self, inbox: Inbox, *, wait: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._inbox = inbox
        self._wait = wait
        self._taken: set[int] = set()

    def is_taken(self, update: Update) -> bool:
        """Tell whether an update holds a part of a question that was answered already. It is told once."""
        if update.update_id not in self._taken:
            return False
        self._taken.discard(update.update_id)
        return True

    async def join(self, update: Update, text: str) -> Joined:
        """Return `text`, the text of `update`, with what its person wrote on in the next messages.

        Only a text that may have been cut is waited for.
        """
        message = update.effective_message
        if message is None or len(message.text or "") < CUT_FROM:
            return Joined(text)
        texts, last, further = [text], message, list[int]()
        while len(last.text or "") >= CUT_FROM and sum(map(len, texts)) < LONGEST_QUESTION:
            after = further[-1] if further else update.update_id
            found = await self._next(update, last, after)
            if found is None:
                await self._wait(WAIT_S)
                found = await self._next(update, last, after)
            if found is None or (part := found.effective_message) is None:
                break
            texts.append(_separator(last) + (part.text or ""))
            last = part
            further.append(found.update_id)
        return Joined("".join(texts), tuple(further))

    async def took(self, joined: Joined) -> None:
        """Note that the whole question is stored: its further parts are no questions of their own."""
        self._taken.update(joined.further)
        for update_id in joined.further:
            await self._inbox.done(update_id)

    async def _next(self, first: Update, last: Message, after: int) -> Update | None:
        """Return the update with the part after `last`, if it has come."""
        pending = await self._inbox.pending_in(chat_key(first), after)
        updates = (Update.de_json(dict(item.payload)) for item in pending)
        return _first_of(last, [update for update in updates if update.message is not None])


def _first_of(last: Message, updates: Sequence[Update]) -> Update | None:
    for update in updates:
        message = update.message
        if message is None or message.from_user != last.from_user:
            continue
        is_text = bool(message.text) and not (message.text or "").startswith("/")
        return update if is_text and message.date - last.date <= _APART else None
    return None


def _separator(part: Message) -> str:
    """Return what stood between a part and the next: nothing, where it was cut in the middle of a word."""
    return "" if len(part.text or "") >= MessageLimit.MAX_TEXT_LENGTH else "\n"
