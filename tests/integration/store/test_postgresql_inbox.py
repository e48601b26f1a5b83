"""What `tests/unit/bot/store/test_store_inbox.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_inbox import *  # noqa: F403 - the tests themselves
