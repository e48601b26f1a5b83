"""How the bot is used, in figures about everybody together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.tables import Rating, TurnStatus, conversations, feedback, people, turns

_LATEST = 1000
"""Answered turns that the latencies are taken from."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the model was asked to read and write. `cached` are those of the prompts that it had read before."""

    prompt: int
    completion: int
    cached: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of `/stats`. Today begins at midnight UTC, a week is the last seven days.

    `p50_ms` and `p95_ms` are of the last thousand answers, from the message's reading to the answer's last word; None
    where there is no answer yet. `verdicts` counts the guard's words in the last seven days.
    """

    people: int
    active_today: int
    active_week: int
    turns: int
    turns_today: int
    failed_week: int
    verdicts: Mapping[str, int]
    p50_ms: float | None
    p95_ms: float | None
    tokens_today: Tokens
    tokens: Tokens
    thumbs_up: int
    thumbs_down: int


class Statistics:
    """Counts; nothing of what anybody wrote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, now: datetime | None = None) -> Figures:
        """Return the figures at `now`."""
        moment = (now or utc_now()).astimezone(UTC)
        today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        week = moment - timedelta(days=7)
        async with self._database.read() as connection:
            latencies = await _latencies(connection)
            thumbs = await _thumbs(connection)
            verdicts = await _verdicts(connection, week)
            failed = turns.c.status == TurnStatus.FAILED
            return Figures(
                people=await _count(connection, sa.select(sa.func.count()).select_from(people)),
                active_today=await _active(connection, today),
                active_week=await _active(connection, week),
                turns=await _count(connection, _turns()),
                turns_today=await _count(connection, _turns(turns.c.received_at >= today)),
                failed_week=await _count(connection, _turns(failed, turns.c.received_at >= week)),
                verdicts=verdicts,
                p50_ms=percentile(latencies, 0.50),
                p95_ms=percentile(latencies, 0.95),
                tokens_today=await _tokens(connection, turns.c.received_at >= today),
                tokens=await _tokens(connection),
                thumbs_up=thumbs.get(Rating.UP, 0),
                thumbs_down=thumbs.get(Rating.DOWN, 0),
            )


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest of `values` that at least `share` (0 to 1) of them don't exceed; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _turns(*conditions: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(turns).where(*conditions)


async def _count(connection: AsyncConnection, query: sa.Select[int]) -> int:
    return int(await connection.scalar(query) or 0)


async def _active(connection: AsyncConnection, since: datetime) -> int:
    query = (
        sa.select(sa.func.count(conversations.c.person_id.distinct()))
        .select_from(turns.join(conversations))
        .where(turns.c.received_at >= since)
    )
    return await _count(connection, query)


async def _verdicts(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    query = (
        sa.select(turns.c.guard_status, sa.func.count())
        .where(turns.c.guard_status.is_not(None), turns.c.received_at >= since)
        .group_by(turns.c.guard_status)
        .order_by(turns.c.guard_status)
    )
    return {str(status): int(number) for status, number in await connection.execute(query)}


async def _latencies(connection: AsyncConnection) -> list[float]:
    query = (
        sa.select(turns.c.timings)
        .where(turns.c.status == TurnStatus.ANSWERED)
        .order_by(turns.c.id.desc())
        .limit(_LATEST)
    )
    found = [timings or {} for (timings,) in await connection.execute(query)]
    return [float(timings["total"]) for timings in found if "total" in timings]


async def _tokens(connection: AsyncConnection, *conditions: sa.ColumnElement[bool]) -> Tokens:
    columns = (turns.c.prompt_tokens, turns.c.completion_tokens, turns.c.cached_tokens)
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns]
    row = (await connection.execute(sa.select(*sums).where(*conditions))).one()
    return Tokens(*(int(value) for value in row))


async def _thumbs(connection: AsyncConnection) -> dict[Rating, int]:
    query = sa.select(feedback.c.value, sa.func.count()).group_by(feedback.c.value)
    return {value: int(number) for value, number in await connection.execute(query)}
