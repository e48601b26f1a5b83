"""`/metrics` for Prometheus: counts and times; nothing that tells one person from another."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.assistant.answer import Answer, Draft
from bot.assistant.turns import Begun, Turns

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0)
_TOO_MANY = 429
_AWAY = "model:"
"""What the guard's reason begins with where the model server failed."""


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._turns = Counter(
            "platewise_turns", "Turns by the guard's verdict", ["verdict"], registry=self._registry
        )
        self._seconds = Histogram(
            "platewise_turn_seconds",
            "Time that a turn took, by phase",
            ["phase"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._tokens = Counter(
            "platewise_tokens", "Tokens that the model read and wrote", ["kind"], registry=self._registry
        )
        self._failures = Counter(
            "platewise_model_failures",
            "Answers for which the model server was away, too slow, or broke off",
            registry=self._registry,
        )
        self._calls = Counter(
            "platewise_telegram_calls",
            "Calls to the Bot API, by method and HTTP status; 0: no answer",
            ["method", "status"],
            registry=self._registry,
        )
        self._floods = Counter(
            "platewise_telegram_floods", "Calls that Telegram refused as too many", registry=self._registry
        )
        self._updates = Counter(
            "platewise_updates", "Updates that were begun, by kind", ["kind"], registry=self._registry
        )
        self._errors = Counter(
            "platewise_errors",
            "Updates that broke a handler, by the error's class",
            ["error"],
            registry=self._registry,
        )
        self._open = Gauge("platewise_open_turns", "Turns that are being answered", registry=self._registry)
        ProcessCollector(registry=self._registry)

    def routes(self) -> list[web.RouteDef]:
        """Return what to serve."""
        return [web.get("/metrics", self._show)]

    def watch(self, name: str, what: str, figure: Callable[[], float]) -> None:
        """Show `figure()` as `platewise_<name>`, asked whenever somebody looks."""
        Gauge(f"platewise_{name}", what, registry=self._registry).set_function(figure)

    def received(self, kind: str) -> None:
        """Count an update of a kind (`message`, `callback_query`)."""
        self._updates.labels(kind).inc()

    def broke(self, error: BaseException | None) -> None:
        """Count an update whose handler failed."""
        self._errors.labels(type(error).__name__).inc()

    def called(self, method: str, status: int) -> None:
        """Count a call to the Bot API."""
        self._calls.labels(method, str(status)).inc()
        if status == _TOO_MANY:
            self._floods.inc()

    def begun(self) -> None:
        """Count a turn that is being answered."""
        self._open.inc()

    def ended(self) -> None:
        """Count it no more."""
        self._open.dec()

    def failed(self) -> None:
        """Count a turn that came to no answer."""
        self._turns.labels("failed").inc()

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self._turns.labels(str(answer.guard.status)).inc()
        if any(reason.startswith(_AWAY) for reason in answer.guard.reasons):
            self._failures.inc()
        for phase, milliseconds in answer.timing_ms.items():
            self._seconds.labels(phase).observe(milliseconds / 1000)
        for kind in ("prompt", "completion", "cached"):
            self._tokens.labels(kind).inc(getattr(answer.usage, kind))

    def text(self) -> bytes:
        """Return the page that Prometheus reads."""
        return generate_latest(self._registry)

    async def _show(self, _request: web.Request) -> web.Response:
        return web.Response(body=self.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


class MeasuredTurns(Turns):
    """Turns that are counted and timed."""

    def __init__(self, metrics: Metrics, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._metrics = metrics

    async def answer(self, begun: Begun) -> AsyncIterator[Draft | Answer]:
        """Yield what `Turns.answer` yields."""
        self._metrics.begun()
        try:
            async for event in super().answer(begun):
                if isinstance(event, Answer):
                    self._metrics.answered(event)
                yield event
        except Exception:  # counted, whatever it was, and raised again
            self._metrics.failed()
            raise
        finally:
            self._metrics.ended()
