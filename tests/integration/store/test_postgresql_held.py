"""What `tests/unit/bot/store/test_store_held.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_held import *  # noqa: F403 - the tests themselves
