"""What a person hears when a handler fails."""

from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update

from bot.telegram import errors
from bot.telegram.errors import ErrorHandler
from retrieval.errors import UnavailableError
from tests.unit.bot.telegram.updates import message, private, user

AWAY = UnavailableError("database: away")


class Turns:
    """Notes failures; fails itself where it is told to."""

    def __init__(self, failure: Exception | None) -> None:
        self._failure = failure

    async def fail_update(self, _update_id: int, _error_id: str) -> None:
        if self._failure:
            raise self._failure


@pytest.mark.parametrize("failure", [None, AWAY], ids=["noted", "database away"])
async def test_the_person_is_told_whether_or_not_it_can_be_noted(
    failure: Exception | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    async def reply(_update: Update, text: str) -> None:
        told.append(text)

    monkeypatch.setattr(errors, "reply", reply)
    turns: Any = Turns(failure)
    context: Any = SimpleNamespace(error=AWAY)
    update = Update.de_json({"update_id": 7, "message": message(private(2), user(2), "secret words")}, None)
    await ErrorHandler(turns).handle(update, context)
    (text,) = told
    assert text.rpartition(" ")[2].strip(".") in caplog.text
    assert "secret" not in caplog.text
