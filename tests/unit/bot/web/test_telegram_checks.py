"""When /healthz is red because of Telegram."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import WebhookInfo
from telegram.error import TimedOut

from bot.web import telegram_checks
from bot.web.telegram_checks import SILENCE_S, polling_check, webhook_check
from retrieval.errors import UnavailableError

URL = "https://bot.example.org/telegram"


class Clock:
    """`time` as the checks see it; it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return datetime.now(UTC).timestamp()


class Telegram:
    """Says what it is told to say of the webhook; `None` is no answer."""

    def __init__(self) -> None:
        self.info: WebhookInfo | None = info()
        self.asked = 0

    async def get_webhook_info(self) -> WebhookInfo:
        self.asked += 1
        if self.info is None:
            raise TimedOut
        return self.info


def info(*, waiting: int = 0, url: str = URL, failed_s_ago: float | None = None) -> WebhookInfo:
    failed = None if failed_s_ago is None else datetime.now(UTC) - timedelta(seconds=failed_s_ago)
    message = None if failed is None else "Connection refused"
    return WebhookInfo(url, False, waiting, last_error_date=failed, last_error_message=message)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(telegram_checks, "time", made)
    return made


def test_red_comes_within_a_minute_of_silence() -> None:
    assert 30 < SILENCE_S < 60


async def test_a_poll_that_is_not_answered_turns_red_and_an_answer_turns_green_again() -> None:
    bot: Any = SimpleNamespace(seconds_since_poll=29.0)
    check = polling_check(bot)
    assert "29 s ago" in await check()
    bot.seconds_since_poll = SILENCE_S + 1
    with pytest.raises(UnavailableError, match="telegram: no answer"):
        await check()
    bot.seconds_since_poll = 0.0
    assert await check()


async def test_a_webhook_that_works_is_green(clock: Clock) -> None:
    telegram: Any = Telegram()
    assert await webhook_check(telegram, URL)() == "0 updates wait"


async def test_telegram_is_asked_every_few_seconds_only(clock: Clock) -> None:
    telegram: Any = Telegram()
    check = webhook_check(telegram, URL)
    for _ in range(10):
        await check()
    assert telegram.asked == 1
    clock.now += 6
    await check()
    assert telegram.asked == 2


async def test_a_black_hole_is_red_within_a_minute_and_green_when_telegram_is_back(clock: Clock) -> None:
    telegram: Any = Telegram()
    check = webhook_check(telegram, URL)
    await check()
    telegram.info = None
    clock.now += 10
    assert await check()  # one lost answer is no failure
    clock.now += 40
    with pytest.raises(UnavailableError, match="no answer for 50 s"):
        await check()
    telegram.info = info()
    assert await check()


async def test_updates_that_wait_while_deliveries_fail_are_red(clock: Clock) -> None:
    telegram: Any = Telegram()
    telegram.info = info(waiting=3, failed_s_ago=5)
    with pytest.raises(
        UnavailableError, match="3 updates wait; the last delivery failed: Connection refused"
    ):
        await webhook_check(telegram, URL)()


@pytest.mark.parametrize("said", [info(failed_s_ago=5), info(waiting=3, failed_s_ago=300), info(waiting=3)])
async def test_an_old_failure_or_one_that_was_made_good_is_green(clock: Clock, said: WebhookInfo) -> None:
    telegram: Any = Telegram()
    telegram.info = said
    assert await webhook_check(telegram, URL)()


async def test_another_address_is_red(clock: Clock) -> None:
    telegram: Any = Telegram()
    telegram.info = info(url="")
    with pytest.raises(UnavailableError, match="another address"):
        await webhook_check(telegram, URL)()
