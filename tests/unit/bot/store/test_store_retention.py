from datetime import timedelta

import pytest

from bot.store import retention
from bot.store.columns import utc_now
from bot.store.store import Store
from tests.unit.bot.store.lives import everything, live

ADA = 424_242_001
YEAR = timedelta(days=365)


async def test_what_is_younger_than_the_limit_stays(store: Store) -> None:
    await live(store, ADA, "quokka")
    before = await everything(store)

    assert await store.retention.enforce(YEAR, now=utc_now() + YEAR - timedelta(minutes=5)) == 0

    assert await everything(store) == before


async def test_what_is_older_goes_with_its_feedback_and_preferences_stay(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    life = await live(store, ADA, "quokka")

    assert await store.retention.enforce(YEAR, now=utc_now() + YEAR + timedelta(minutes=5)) == 2

    rows = await everything(store)
    assert "quokkaquestion" not in rows
    assert "quokkaanswer" not in rows
    assert "quokkareason" not in rows
    assert (await store.preferences.load(life.person.id)).dislikes == ("quokkadislike",)


async def test_an_ended_conversation_goes_when_it_is_empty_and_an_open_one_stays(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    await store.conversations.start_new(life.person.id, ADA, "private")

    await store.retention.enforce(YEAR, now=utc_now() + 2 * YEAR)

    held = (await store.held.about(life.person)).conversations
    assert life.turns[0].conversation_id not in {item.id for item in held}
    assert life.turns[1].conversation_id in {item.id for item in held}
