"""What `tests/unit/bot/store/test_dataset_rows.py` promises, on PostgreSQL."""

from tests.unit.bot.store.test_dataset_rows import *  # noqa: F403 - the tests themselves
