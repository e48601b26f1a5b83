"""Many callers, each with one question; one model that is quicker with several at once."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from threading import Lock

from retrieval.embedding.embedder import Vectors
from retrieval.embedding.recent import RecentVectors
from retrieval.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    vector: "Future[Vectors]" = field(default_factory=Future)


class QuestionBatcher:
    """Gathers the questions that arrive while a batch runs into the next one.

    Nobody waits for company: a question that finds the model idle runs at once. A caller that gives up takes nobody
    along; an error reaches everyone whose question was in that batch, and nobody else. It belongs to no event loop, so
    that one embedder can serve several.

    `run` turns texts into one row each, in a thread of `executor`, one call at a time; `most` bounds a call.
    """

    def __init__(self, run: Callable[[list[str]], Vectors], executor: Executor, *, most: int = 32) -> None:
        self._run = run
        self._executor = executor
        self._most = most
        self._recent = RecentVectors()
        self._lock = Lock()
        self._waiting: list[_Question] = []
        self._busy = False
        self._closed = False

    async def vector(self, text: str) -> Vectors:
        """Return the vector of `text`, read-only. Raises what `run` raised, or `UnavailableError` when closed."""
        if (known := self._recent.get(text)) is not None:
            return known
        question = _Question(text)
        with self._lock:
            if self._closed:
                raise UnavailableError("embedder: it is closed")
            self._waiting.append(question)
            starts, self._busy = not self._busy, True
        if starts:
            self._run_next()
        return await asyncio.wrap_future(question.vector)

    def close(self) -> None:
        """Refuse new questions and those that wait; the batch that runs is answered still."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = self._waiting, []
        for question in _still_wanted(waiting):
            question.vector.set_exception(UnavailableError("embedder: it was closed"))

    def _run_next(self) -> None:
        asked: list[_Question] = []
        while not asked:
            with self._lock:
                taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                self._busy = bool(taken)
            if not taken:
                return
            asked = _still_wanted(taken)
        texts = list(dict.fromkeys(question.text for question in asked))
        try:
            work = self._executor.submit(self._vectors, texts)
        except RuntimeError as error:  # the executor was shut down first
            self.close()
            _fail(asked, UnavailableError(f"embedder: it was closed ({error})"))
            return
        work.add_done_callback(lambda done: self._answer(asked, done))

    def _vectors(self, texts: list[str]) -> dict[str, Vectors]:
        rows = self._run(texts)
        return {text: self._recent.put(text, row) for text, row in zip(texts, rows, strict=True)}

    def _answer(self, asked: Sequence[_Question], done: "Future[dict[str, Vectors]]") -> None:
        if (error := done.exception()) is not None:
            _fail(asked, error)
        else:
            for question in asked:
                question.vector.set_result(done.result()[question.text])
        self._run_next()


def _still_wanted(questions: Sequence[_Question]) -> list[_Question]:
    """Return the questions whose callers still wait, and mark them so that giving up later does no harm."""
    return [question for question in questions if question.vector.set_running_or_notify_cancel()]


def _fail(asked: Sequence[_Question], error: BaseException) -> None:
    for question in asked:
        question.vector.set_exception(error)
