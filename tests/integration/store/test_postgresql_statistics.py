"""What `tests/unit/bot/store/test_store_statistics.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_statistics import *  # noqa: F403 - the tests themselves
