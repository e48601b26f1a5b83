import pytest

from bot.telegram import forgotten as module
from bot.telegram.forgotten import Forgotten

ADA, BOB = 1, 2


def test_only_what_was_written_before_the_wish_is_covered() -> None:
    forgotten = Forgotten()
    forgotten.note(ADA, 10)

    assert forgotten.covers(ADA, 9)
    assert not forgotten.covers(ADA, 10)
    assert not forgotten.covers(ADA, 11)
    assert not forgotten.covers(BOB, 9)


def test_after_a_while_nobody_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    forgotten = Forgotten()
    forgotten.note(ADA, 10)

    now += 601

    # Telegram may begin anew with a smaller id after a week: it isn't an old message then.
    assert not forgotten.covers(ADA, 3)
