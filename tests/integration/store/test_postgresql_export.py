"""What `tests/unit/bot/store/test_store_export.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_export import *  # noqa: F403 - the tests themselves
