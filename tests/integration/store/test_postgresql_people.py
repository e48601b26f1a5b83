"""What `tests/unit/bot/store/test_store_people.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_people import *  # noqa: F403 - the tests themselves
