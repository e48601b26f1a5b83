"""What `tests/unit/bot/store/test_store_consents.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_consents import *  # noqa: F403 - the tests themselves
