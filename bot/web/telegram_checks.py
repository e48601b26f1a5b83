"""Whether Telegram can be reached, when polling and with a webhook."""

import asyncio
import time
from typing import Any

from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.web.health import CHECK_S, Check
from retrieval.errors import UnavailableError

SILENCE_S = 45.0
"""A poll is answered at least every 30 s; longer without an answer means that Telegram can't be reached."""

_ASK_EVERY_S = 5.0
_ERROR_AGE_S = 60.0


def polling_check(bot: Any) -> Check:
    """Check that Telegram answered a poll of `bot` (a `PollingBot`) lately."""

    async def check() -> str:
        silent_s = bot.seconds_since_poll
        if silent_s > SILENCE_S:
            raise UnavailableError(f"telegram: no answer to a poll for {silent_s:.0f} s")
        return f"last poll answered {silent_s:.0f} s ago"

    return check


def webhook_check(bot: Bot, url: str) -> Check:
    """Check that Telegram posts updates to `url`, and that they arrive. Asks Telegram every five seconds at most."""
    watch = _WebhookWatch(bot, url)
    return watch.check


class _WebhookWatch:
    """What Telegram said last of the webhook, and when (seconds of `time.monotonic`)."""

    def __init__(self, bot: Bot, url: str) -> None:
        self._bot = bot
        self._url = url
        self._answered_at = time.monotonic()
        self._info: WebhookInfo | None = None
        self._asking = asyncio.Lock()

    async def check(self) -> str:
        async with self._asking:
            age_s = time.monotonic() - self._answered_at
            if self._info is None or age_s > _ASK_EVERY_S:
                await self._ask()
        silent_s = time.monotonic() - self._answered_at
        if silent_s > SILENCE_S:
            raise UnavailableError(f"telegram: no answer for {silent_s:.0f} s")
        if self._info is None:
            return "not asked yet"
        return self._word_on(self._info)

    async def _ask(self) -> None:
        try:
            # Shorter than what a check may take: a Telegram that hangs is not this check's failure by itself.
            async with asyncio.timeout(CHECK_S / 2):
                self._info = await self._bot.get_webhook_info()
        except (TelegramError, TimeoutError):
            return
        self._answered_at = time.monotonic()

    def _word_on(self, info: WebhookInfo) -> str:
        if info.url != self._url:
            raise UnavailableError(
                "telegram: the webhook is set to another address; another bot with this token has changed it"
            )
        waiting = info.pending_update_count
        if waiting and info.last_error_date is not None:
            error_age_s = time.time() - info.last_error_date.timestamp()
            if error_age_s < _ERROR_AGE_S:
                raise UnavailableError(
                    f"telegram: {waiting} updates wait; the last delivery failed: {info.last_error_message}"
                )
        return f"{waiting} updates wait"
