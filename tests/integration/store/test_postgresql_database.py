"""What `tests/unit/bot/store/test_store_database.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_database import *  # noqa: F403 - the tests themselves
