"""What `tests/unit/bot/store/test_store_forms.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_store_forms import *  # noqa: F403 - the tests themselves
