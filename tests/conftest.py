"""Fixtures that every test may use."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram

# A busy machine isn't a failure, so examples may take their time.
settings.register_profile("platewise", deadline=None)
settings.load_profile("platewise")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A Bot API server for one test."""
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def model() -> AsyncIterator[FakeModel]:
    """A model server for one test."""
    async with FakeModel() as fake:
        yield fake
