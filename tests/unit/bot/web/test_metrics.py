"""What Prometheus reads."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.assistant.answer import Answer, Draft
from bot.assistant.guard import GuardStatus, Verdict
from bot.assistant.model import Usage
from bot.assistant.turns import Turns
from bot.assistant.understand import understand
from bot.web.health import serve_health
from bot.web.metrics import MeasuredTurns, Metrics
from retrieval.diet.preferences import Preferences

BEGUN: Any = SimpleNamespace()


def answer(status: GuardStatus = GuardStatus.PASSED) -> Answer:
    return Answer(
        question="Is Ada's cake vegan?",
        text="Ada's cake is not [1].",
        notices=(),
        sources=(),
        understanding=understand("Is it vegan?", Preferences()),
        preferences=Preferences(),
        guard=Verdict(status),
        model="tiny",
        adapter=None,
        usage=Usage(prompt=900, completion=40, cached=800),
        timing_ms={"search": 30.0, "model": 700.0, "total": 800.0},
    )


def lines(metrics: Metrics) -> set[str]:
    return set(metrics.text().decode().splitlines())


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `Turns.answer` yields; an exception is raised."""
    events: list[Any] = []

    async def answers(self: Turns, begun: Any) -> AsyncIterator[Any]:
        for event in events:
            if isinstance(event, Exception):
                raise event
            yield event

    monkeypatch.setattr(Turns, "answer", answers)
    return events


async def consume(turns: Turns) -> list[Any]:
    return [event async for event in turns.answer(BEGUN)]


async def test_a_turn_is_counted_by_verdict_phase_and_tokens(said: list[Any]) -> None:
    metrics = Metrics()
    turns: Any = MeasuredTurns(metrics, None, None)
    said += [Draft("Ada"), answer(GuardStatus.COMPOSED)]
    assert len(await consume(turns)) == 2
    shown = lines(metrics)
    assert 'platewise_turns_total{verdict="composed"} 1.0' in shown
    assert 'platewise_turn_seconds_bucket{le="1.0",phase="model"} 1.0' in shown
    assert 'platewise_turn_seconds_bucket{le="0.5",phase="model"} 0.0' in shown
    assert 'platewise_turn_seconds_sum{phase="total"} 0.8' in shown
    assert 'platewise_tokens_total{kind="cached"} 800.0' in shown
    assert "platewise_open_turns 0.0" in shown


async def test_a_turn_that_fails_is_counted_and_no_longer_open(said: list[Any]) -> None:
    metrics = Metrics()
    turns: Any = MeasuredTurns(metrics, None, None)
    said.append(RuntimeError("broken"))
    with pytest.raises(RuntimeError):
        await consume(turns)
    assert 'platewise_turns_total{verdict="failed"} 1.0' in lines(metrics)
    assert "platewise_open_turns 0.0" in lines(metrics)


async def test_a_turn_under_way_is_open_and_one_that_is_stopped_has_not_failed(said: list[Any]) -> None:
    metrics = Metrics()
    turns: Any = MeasuredTurns(metrics, None, None)
    said += [Draft("Ada"), answer()]
    stream = turns.answer(BEGUN)
    await anext(stream)
    assert "platewise_open_turns 1.0" in lines(metrics)
    await stream.aclose()
    assert "platewise_open_turns 0.0" in lines(metrics)
    assert not [line for line in lines(metrics) if "failed" in line]


def test_calls_to_telegram_are_counted_and_refused_floods_stand_out() -> None:
    metrics = Metrics()
    for status in (200, 429, 0):
        metrics.called("sendMessage", status)
    shown = lines(metrics)
    assert 'platewise_telegram_calls_total{method="sendMessage",status="429"} 1.0' in shown
    assert 'platewise_telegram_calls_total{method="sendMessage",status="0"} 1.0' in shown
    assert "platewise_telegram_floods_total 1.0" in shown


async def test_the_page_is_served_with_the_lengths_of_queues_as_they_are_then(said: list[Any]) -> None:
    metrics, queue = Metrics(), asyncio.Queue[int]()
    metrics.watch("queued_updates", "Updates that wait", queue.qsize)
    queue.put_nowait(1)
    said.append(answer())
    await consume(MeasuredTurns(metrics, None, None))
    async with (
        serve_health("127.0.0.1", 0, alive={}, ready={}, routes=metrics.routes()) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
        http.get("/metrics") as page,
    ):
        text = await page.text()
        assert page.headers["Content-Type"].startswith("text/plain; version=")
    assert "platewise_queued_updates 1.0" in text.splitlines()
    assert "Ada" not in text


async def test_an_answer_without_its_model_is_counted_as_that(said: list[Any]) -> None:
    metrics = Metrics()
    away = replace(answer(), guard=Verdict(GuardStatus.COMPOSED, ("model: http://m: no answer in time",)))
    said += [away, answer(GuardStatus.COMPOSED)]
    await consume(MeasuredTurns(metrics, None, None))
    assert "platewise_model_failures_total 1.0" in lines(metrics)


def test_a_handler_that_broke_is_counted_by_the_errors_class_and_without_its_words() -> None:
    metrics = Metrics()
    metrics.broke(ValueError("Ada's words"))
    assert 'platewise_errors_total{error="ValueError"} 1.0' in lines(metrics)
    assert "Ada" not in metrics.text().decode()


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.called("getMe", 200)
    assert "getMe" not in other.text().decode()
