"""What `tests/unit/bot/store/test_store_erasure.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_erasure import *  # noqa: F403 - the tests themselves
