"""What `tests/unit/bot/store/test_store_preferences.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_preferences import *  # noqa: F403 - the tests themselves
