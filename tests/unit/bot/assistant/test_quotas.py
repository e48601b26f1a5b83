import tracemalloc
from datetime import UTC, datetime, timedelta

from bot.assistant.quotas import MOST_A_TURN, Allowance, MessageQuota, TokenQuota

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
GRANTED, FIRST, REFUSED = Allowance.GRANTED, Allowance.FIRST_REFUSAL, Allowance.REFUSED


class Used:
    """Stands for the store: the tokens of each person, and how often it was asked."""

    def __init__(self, **tokens: int) -> None:
        self.tokens = tokens
        self.asked: list[tuple[int, datetime]] = []

    async def tokens_since(self, person_id: int, since: datetime) -> int:
        self.asked.append((person_id, since))
        return self.tokens.get(f"p{person_id}", 0)


def test_the_message_over_the_limit_is_told_once_and_the_rest_of_the_minute_is_silent() -> None:
    quota = MessageQuota(3)
    assert [quota.take(1, at) for at in (0, 1, 2, 3, 4, 5)] == [GRANTED] * 3 + [FIRST, REFUSED, REFUSED]


def test_a_minute_later_there_is_room_again_and_a_new_flood_is_told_again() -> None:
    quota = MessageQuota(2)
    assert [quota.take(1, at) for at in (0, 1, 2)] == [GRANTED, GRANTED, FIRST]
    assert [quota.take(1, at) for at in (60, 61, 62, 63)] == [GRANTED, GRANTED, FIRST, REFUSED]


def test_refused_messages_do_not_prolong_the_wait() -> None:
    quota = MessageQuota(1)
    assert [quota.take(1, at) for at in (0, 59, 60)] == [GRANTED, FIRST, GRANTED]


def test_people_have_quotas_of_their_own() -> None:
    quota = MessageQuota(1)
    assert [quota.take(person, 0) for person in (1, 2, 1, 2)] == [GRANTED, GRANTED, FIRST, FIRST]


def test_what_was_written_over_an_hour_and_comes_at_once_is_no_flood() -> None:
    quota = MessageQuota(2)
    assert {quota.take(1, 31.0 * number) for number in range(100)} == {GRANTED}


def test_idle_people_are_forgotten_and_never_more_than_the_bound_are_kept() -> None:
    quota = MessageQuota(5, people=100)
    for person in range(1000):
        quota.take(person, 0)
    assert len(quota) == 100
    quota.take(1, 61)
    assert len(quota) == 1


def test_somebody_who_wrote_once_takes_less_than_half_a_kilobyte() -> None:
    quota = MessageQuota(20)
    tracemalloc.start()
    try:
        for person in range(1000, 3000):
            quota.take(person, 0.0)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(quota) == 2000
    assert taken / 2000 < 512


async def test_tokens_are_refused_from_the_limit_on_told_once_a_day_and_granted_the_next() -> None:
    used = Used(p1=200)
    quota = TokenQuota(used, 200)  # type: ignore[arg-type]
    assert [await quota.take(1, NOON) for _ in range(3)] == [FIRST, REFUSED, REFUSED]
    assert await quota.take(2, NOON) is GRANTED
    used.tokens["p1"] = 0  # the store counts from midnight on
    assert await quota.take(1, NOON + timedelta(days=1)) is GRANTED
    assert used.asked[-1] == (1, datetime(2026, 5, 4, tzinfo=UTC))


async def test_the_store_is_not_asked_while_the_next_turns_surely_fit() -> None:
    used = Used(p1=0)
    quota = TokenQuota(used, 10 * MOST_A_TURN)  # type: ignore[arg-type]
    assert {await quota.take(1, NOON) for _ in range(11)} == {GRANTED}
    assert len(used.asked) == 1
    used.tokens["p1"] = 10 * MOST_A_TURN
    assert await quota.take(1, NOON) is FIRST
