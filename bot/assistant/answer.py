"""What comes out of a turn: drafts while it is written, and one answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.assistant.guard import Verdict, cited_numbers
from bot.assistant.model import Usage
from bot.assistant.understand import Understanding
from bot.store.conversations import Turn
from retrieval.diet.preferences import Preferences
from retrieval.knowledge.documents import Passage

PHASES = ("understand", "search", "model", "guard")


@dataclass(frozen=True, slots=True)
class Draft:
    """The text so far. All of it has passed the guard's checks of single sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished turn. `text` is Markdown whose citation [n] is `sources[n - 1]`.

    `notices` stand before the text: what was noted, what was left out. `preferences` are those that the answer was made
    under. `timing_ms` holds `PHASES` and `total`, in milliseconds. `stopped`: it is what was written until the person
    had heard enough. `turn` is the turn as it is stored, where it is.
    """

    question: str
    text: str
    notices: tuple[str, ...]
    sources: tuple[Passage, ...]
    understanding: Understanding
    preferences: Preferences
    guard: Verdict
    model: str | None
    adapter: str | None
    usage: Usage
    timing_ms: dict[str, float]
    stopped: bool = False
    turn: Turn | None = None

    @property
    def full_text(self) -> str:
        """Notices and answer together, as a person reads them."""
        return "\n\n".join((*self.notices, self.text))

    @property
    def cited(self) -> tuple[tuple[int, Passage], ...]:
        """The sources that the text cites, with their numbers, in the order of their first mention."""
        numbers = [number for number in cited_numbers(self.text) if number <= len(self.sources)]
        return tuple((number, self.sources[number - 1]) for number in numbers)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of `platewise ask`."""
        return {
            "answer": self.full_text,
            "sources": [
                {"id": item.id, "kind": str(item.kind), "title": item.title, "text": item.text}
                for item in self.sources
            ],
            "preferences": self.preferences.as_dict(),
            "guard": {"status": str(self.guard.status), "reasons": list(self.guard.reasons)},
            "model": self.model,
            "adapter": self.adapter,
            "usage": {
                "prompt_tokens": self.usage.prompt,
                "completion_tokens": self.usage.completion,
                "cached_tokens": self.usage.cached,
            },
            "timing_ms": self.timing_ms,
        }


@dataclass(slots=True)
class Stopwatch:
    """Adds up the milliseconds of each phase of a turn. `before_ms` were spent before it was started."""

    before_ms: float = 0.0
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    _started: float = field(default_factory=time.perf_counter)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time inside to `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] += (time.perf_counter() - start) * 1000

    def read(self) -> dict[str, float]:
        """Return all phases and `total`, rounded to microseconds."""
        total = (time.perf_counter() - self._started) * 1000 + self.before_ms
        return {name: round(value, 3) for name, value in {**self.spent, "total": total}.items()}
