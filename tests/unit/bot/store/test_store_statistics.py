from datetime import timedelta

from bot.store.columns import utc_now
from bot.store.conversations import Asked, TurnRecord
from bot.store.statistics import Tokens, percentile
from bot.store.store import Store
from bot.store.tables import Rating


async def answered(store: Store, number: int, *, status: str = "passed", total_ms: float = 100.0) -> int:
    """One answered turn of person `number`; returns its id."""
    person = await store.people.person(f"telegram:{number}", telegram_id=number)
    conversation = await store.conversations.current(person.id, number, "private")
    turn = await store.conversations.receive(
        conversation.id, "And tofu?", asked=Asked(), preferences={}, consent_improve=False
    )
    record = TurnRecord(
        answer="17 g.",
        prompt_tokens=900,
        completion_tokens=40,
        cached_tokens=800,
        timings={"total": total_ms},
        guard_status=status,
    )
    await store.conversations.answer(turn.id, record)
    return turn.id


async def test_nothing_has_happened_yet(store: Store) -> None:
    figures = await store.statistics.figures()
    assert (figures.people, figures.turns, figures.active_week) == (0, 0, 0)
    assert figures.p50_ms is figures.p95_ms is None
    assert figures.verdicts == {}
    assert figures.tokens == Tokens(0, 0, 0)


async def test_people_turns_verdicts_latency_tokens_and_thumbs_are_counted(store: Store) -> None:
    for number in (1, 1, 2):
        turn_id = await answered(store, number, total_ms=100.0 * number)
    await answered(store, 3, status="composed", total_ms=900)
    await store.people.person("telegram:4", telegram_id=4)
    person = await store.people.person("telegram:2", telegram_id=2)
    await store.feedback.give(turn_id, person.id, Rating.UP)
    figures = await store.statistics.figures()
    assert (figures.people, figures.active_today, figures.active_week) == (4, 3, 3)
    assert (figures.turns, figures.turns_today, figures.failed_week) == (4, 4, 0)
    assert figures.verdicts == {"composed": 1, "passed": 3}
    assert (figures.p50_ms, figures.p95_ms) == (100, 900)
    assert figures.tokens == figures.tokens_today == Tokens(3600, 160, 3200)
    assert (figures.thumbs_up, figures.thumbs_down) == (1, 0)


async def test_today_and_the_week_are_over_some_time_later(store: Store) -> None:
    await answered(store, 1)
    tomorrow = await store.statistics.figures(utc_now() + timedelta(days=1))
    assert (tomorrow.active_today, tomorrow.active_week, tomorrow.turns_today) == (0, 1, 0)
    assert tomorrow.tokens_today == Tokens(0, 0, 0)
    later = await store.statistics.figures(utc_now() + timedelta(days=8))
    assert (later.active_week, later.turns, later.verdicts) == (0, 1, {})


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1.0)) == (50, 95, 100)
    assert percentile([3.0], 0.01) == 3.0


async def test_tokens_of_a_person_are_summed_from_a_moment_on(store: Store) -> None:
    for number in (1, 1, 2):
        await answered(store, number)
    person = await store.people.person("telegram:1", telegram_id=1)
    assert await store.quotas.tokens_since(person.id, utc_now() - timedelta(hours=1)) == 2 * 940
    await store.conversations.start_new(person.id, 1, "private")
    assert await store.quotas.tokens_since(person.id, utc_now() - timedelta(hours=1)) == 2 * 940
    assert await store.quotas.tokens_since(person.id, utc_now() + timedelta(seconds=1)) == 0
