"""The model client against a server that speaks vLLM's protocol, and misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.assistant.model import Finished, Limits, ModelClient, Words
from retrieval.errors import UnavailableError
from retrieval.prompt import Message
from tests.fakes.model import FakeModel
from tests.fakes.model.faults import Fault

QUESTION: list[Message] = [{"role": "user", "content": "How much protein is in cooked lentils?"}]
IMPATIENT = Limits(
    connect_s=1.0,
    first_token_s=0.3,
    between_tokens_s=0.3,
    total_s=1.0,
    retries=0,
    failures_to_open=3,
    open_s=60.0,
)


@pytest.fixture
async def client(model: FakeModel) -> AsyncIterator[ModelClient]:
    async with aclosing(ModelClient(model.url, limits=IMPATIENT)) as client:
        yield client


async def _ask(client: ModelClient) -> tuple[str, Finished]:
    text, finished = "", None
    async for item in client.stream(QUESTION):
        if isinstance(item, Words):
            text += item.text
        else:
            finished = item
    assert finished is not None
    return text, finished


async def test_words_arrive_and_tokens_are_counted(model: FakeModel, client: ModelClient) -> None:
    model.answers = ["Nine grams [1]."]
    text, finished = await _ask(client)
    assert text == "Nine grams [1]."
    assert finished.usage.prompt > 0
    assert finished.usage.completion > 0
    assert not finished.truncated


async def test_an_answer_at_the_token_limit_is_marked_truncated(
    model: FakeModel, client: ModelClient
) -> None:
    model.break_next(Fault.ENDLESS)
    async for item in client.stream(QUESTION, max_tokens=8):
        if isinstance(item, Finished):
            assert item.truncated


@pytest.mark.parametrize(
    "fault",
    [Fault.GARBAGE, Fault.ERROR, Fault.HANG_UP, Fault.STALL, Fault.SILENCE],
    ids=str,
)
async def test_every_way_to_break_off_is_one_clear_failure(
    model: FakeModel, client: ModelClient, fault: Fault
) -> None:
    model.break_next(fault)
    with pytest.raises(UnavailableError, match="model: "):
        await _ask(client)


async def test_nobody_listening_is_one_clear_failure() -> None:
    async with aclosing(ModelClient("http://127.0.0.1:9", limits=IMPATIENT)) as client:
        with pytest.raises(UnavailableError, match="platewise model serve"):
            await _ask(client)


async def test_a_passing_failure_is_retried_and_unnoticed(model: FakeModel) -> None:
    model.fail_next(503, times=1)
    async with aclosing(ModelClient(model.url, limits=Limits(retries=2))) as client:
        assert (await _ask(client))[0] == model.default


async def test_a_failing_server_is_left_alone_after_a_few_failures(
    model: FakeModel, client: ModelClient
) -> None:
    model.fail_next(500, times=None)
    for _ in range(3):
        with pytest.raises(UnavailableError):
            await _ask(client)
    asked = len(model.requests)
    with pytest.raises(UnavailableError, match="left alone"):
        await _ask(client)
    assert len(model.requests) == asked


@pytest.mark.parametrize("reads", ["everything", "the first word"])
async def test_a_server_that_answers_in_between_is_not_given_up(
    model: FakeModel, client: ModelClient, reads: str
) -> None:
    for _ in range(3):
        model.fail_next(500, times=2)
        for _ in range(2):
            with pytest.raises(UnavailableError, match="500"):
                await _ask(client)
        async with aclosing(client.stream(QUESTION)) as words:
            async for _item in words:
                if reads == "the first word":
                    break


async def test_a_server_that_comes_back_is_asked_again(model: FakeModel) -> None:
    limits = replace(IMPATIENT, open_s=0.0)
    await model.stop()
    async with aclosing(ModelClient(model.url, limits=limits)) as client:
        for _ in range(limits.failures_to_open + 1):
            with pytest.raises(UnavailableError):
                await _ask(client)
        await model.start()
        assert (await _ask(client))[0] == model.default


async def test_leaving_early_stops_the_server_writing(model: FakeModel, client: ModelClient) -> None:
    model.per_token = 0.02
    model.default = "word " * 200
    async with aclosing(client.stream(QUESTION)) as words:
        async for _item in words:
            break
    await model.wait_until(lambda fake: fake.aborted == 1)


async def test_no_more_calls_at_once_than_allowed(model: FakeModel) -> None:
    model.ttft = 0.02
    async with aclosing(ModelClient(model.url, limits=Limits(concurrent=3))) as client:
        await asyncio.gather(*(_ask(client) for _ in range(12)))
    assert model.peak == 3


async def test_an_adapter_is_told_from_its_base(model: FakeModel) -> None:
    model.adapters["platewise-1"] = "/adapters/1"
    async with aclosing(ModelClient(model.url, model="platewise-1")) as client:
        served = await client.served()
    assert (served.adapter, served.base) == ("platewise-1", model.name)


async def test_a_model_that_is_not_served_is_named_with_those_that_are(model: FakeModel) -> None:
    async with aclosing(ModelClient(model.url, model="gpt-99")) as client:
        with pytest.raises(UnavailableError, match=f"PLATEWISE_MODEL to one of: {model.name}"):
            await client.served()
