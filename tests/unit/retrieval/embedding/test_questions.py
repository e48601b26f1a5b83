"""Questions of many callers, run together."""

import asyncio
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from retrieval.embedding.embedder import Vectors
from retrieval.embedding.questions import QuestionBatcher
from retrieval.embedding.recent import RecentVectors
from retrieval.errors import UnavailableError


class SlowModel:
    """Runs when it is let; a text's vector is its length. "bad" makes its whole batch fail."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.may_run = Event()

    def run(self, texts: list[str]) -> Vectors:
        self.batches.append(texts)
        assert self.may_run.wait(timeout=10)
        if "bad" in texts:
            raise ValueError("a bad text")
        return np.asarray([[len(text)] for text in texts], dtype=np.float32)


@pytest.fixture
def model() -> SlowModel:
    return SlowModel()


@pytest.fixture
def batcher(model: SlowModel) -> Iterator[QuestionBatcher]:
    with ThreadPoolExecutor(1) as executor:
        batcher = QuestionBatcher(model.run, executor, most=3)
        yield batcher
        model.may_run.set()
        batcher.close()


async def asked(batcher: QuestionBatcher, *texts: str) -> list[asyncio.Task[Vectors]]:
    tasks = [asyncio.create_task(batcher.vector(text)) for text in texts]
    await asyncio.sleep(0)  # lets each of them hand in its question
    return tasks


async def answers(*tasks: Awaitable[Vectors]) -> list[float | BaseException]:
    """The numbers or errors that callers get; a caller that is forgotten fails the test."""
    async with asyncio.timeout(10):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    return [result if isinstance(result, BaseException) else float(result[0]) for result in results]


async def test_what_arrives_during_a_batch_runs_together_next(
    batcher: QuestionBatcher, model: SlowModel
) -> None:
    tasks = await asked(batcher, "a", "bb", "ccc", "bb", "dddd", "eeeee")
    model.may_run.set()
    assert await answers(*tasks) == [1, 2, 3, 2, 4, 5]
    # The first finds the model idle; three at most go together, and a text that two ask for is run once.
    assert model.batches == [["a"], ["bb", "ccc"], ["dddd", "eeeee"]]


async def test_a_caller_that_gives_up_takes_nobody_along(batcher: QuestionBatcher, model: SlowModel) -> None:
    running, waiting, same, other = await asked(batcher, "running", "waiting", "other", "other")
    for task in (running, waiting, same):
        task.cancel()
    await asyncio.wait((running, waiting, same))
    model.may_run.set()
    assert await answers(other, batcher.vector("later")) == [5, 5]
    assert model.batches == [["running"], ["other"], ["later"]]  # nobody wanted "waiting" any more


async def test_when_all_who_wait_give_up_the_next_is_answered(
    batcher: QuestionBatcher, model: SlowModel
) -> None:
    first, second = await asked(batcher, "first", "second")
    second.cancel()
    model.may_run.set()
    assert await answers(first, batcher.vector("x")) == [5, 1]


async def test_an_error_reaches_all_of_its_batch_and_nobody_else(
    batcher: QuestionBatcher, model: SlowModel
) -> None:
    tasks = await asked(batcher, "before", "bad", "beside", "other", "after")
    model.may_run.set()
    results = await answers(*tasks)
    assert [isinstance(result, ValueError) for result in results] == [False, True, True, True, False]


async def test_a_question_asked_lately_is_not_run_again(batcher: QuestionBatcher, model: SlowModel) -> None:
    model.may_run.set()
    first = await batcher.vector("lentils")
    assert await batcher.vector("lentils") is first
    assert model.batches == [["lentils"]]
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0


async def test_closing_answers_the_running_and_refuses_the_rest(model: SlowModel) -> None:
    executor = ThreadPoolExecutor(1)
    batcher = QuestionBatcher(model.run, executor)
    running, waiting = await asked(batcher, "running", "waiting")
    batcher.close()
    model.may_run.set()
    assert await answers(running) == [7]
    with pytest.raises(UnavailableError, match="closed"):
        await waiting
    with pytest.raises(UnavailableError, match="closed"):
        await batcher.vector("late")
    executor.shutdown()


def test_one_batcher_serves_one_event_loop_after_another(batcher: QuestionBatcher, model: SlowModel) -> None:
    model.may_run.set()
    assert [float(asyncio.run(batcher.vector(text))[0]) for text in ("a", "bb")] == [1, 2]


def test_only_the_latest_are_remembered() -> None:
    recent = RecentVectors(most=2)
    for text in "ab":
        recent.put(text, np.ones(1, dtype=np.float32))
    recent.get("a")
    recent.put("c", np.ones(1, dtype=np.float32))
    assert [text for text in "abc" if recent.get(text) is not None] == ["a", "c"]
