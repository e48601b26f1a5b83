"""What `tests/unit/bot/store/test_store_retention.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_retention import *  # noqa: F403 - the tests themselves
