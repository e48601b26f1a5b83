"""What `tests/unit/bot/store/test_store_conversations.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_conversations import *  # noqa: F403 - the tests themselves
