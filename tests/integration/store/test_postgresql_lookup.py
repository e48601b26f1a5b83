"""What `tests/unit/bot/store/test_store_lookup.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_lookup import *  # noqa: F403 - the tests themselves
