"""When a handler fails: an id in the log and in the chat, and nothing else."""

import logging
import secrets
from collections.abc import Awaitable

from telegram import Update

from bot.messages import say
from bot.store.conversations import Conversations
from bot.store.faults import ErasedError
from bot.telegram.context import Context
from bot.telegram.replies import reply

_LOG = logging.getLogger(__name__)


class ErrorHandler:
    """Registered with `Application.add_error_handler`."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def handle(self, update: object, context: Context) -> None:
        """Log the failure under a new id, note it with the turn, and tell the person the id."""
        error_id = secrets.token_hex(4)
        error = context.error
        if isinstance(error, ErasedError) and isinstance(update, Update):
            # Its person had everything erased meanwhile, and was told so: there is nothing to answer any more.
            _LOG.info("update %d: its person was erased", update.update_id)
            return
        # The traceback holds code, never text: a message's words must not reach the log through an exception.
        where = _innermost(error)
        _LOG.error("error %s: %s at %s", error_id, type(error).__name__, where)
        if not isinstance(update, Update):
            return
        # Each on its own: a database that is away is no reason to leave a person without a word.
        await _tried(error_id, self._conversations.fail_update(update.update_id, error_id))
        await _tried(error_id, reply(update, say("failure", id=error_id)))


async def _tried(error_id: str, last_thing: Awaitable[None]) -> None:
    try:
        await last_thing
    except Exception as second:  # noqa: BLE001 - the last resort: whatever fails here has nobody else to tell
        _LOG.error("error %s: not noted, or not told: %s", error_id, type(second).__name__)


def _innermost(error: BaseException | None) -> str:
    place = error.__traceback__ if error is not None else None
    if place is None:
        return "an unknown place"
    while place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
