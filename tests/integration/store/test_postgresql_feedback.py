"""What `tests/unit/bot/store/test_store_feedback.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_feedback import *  # noqa: F403 - the tests themselves
