"""What tests of the commands share."""

from pathlib import Path

import pytest

from bot.assistant.assistant import Assistant
from bot.store.store import Store
from tests.integration.commands.terminals import Sit, seat


@pytest.fixture
def sit(assistant: Assistant, store: Store, tmp_path: Path) -> Sit:
    """Sit somebody down at a terminal; the talk ends with the block."""
    return seat(assistant, store, tmp_path)
