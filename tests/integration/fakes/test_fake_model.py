"""The fake model server, met by the real OpenAI client on aiohttp."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from tests.fakes.model import FakeModel, Fault
from tests.fakes.model.completion import PrefixCache
from tests.fakes.model.server import ANSWER, MODEL

QUESTION: list[Any] = [
    {"role": "system", "content": "You are a diet assistant. " * 8},
    {"role": "user", "content": "How much protein is in cooked lentils?"},
]


async def ask(client: openai.AsyncOpenAI, **options: Any) -> openai.AsyncStream[ChatCompletionChunk]:
    stream: openai.AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
        model=MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}, **options
    )
    return stream


async def read(client: openai.AsyncOpenAI, **options: Any) -> tuple[str, list[ChatCompletionChunk]]:
    chunks = [chunk async for chunk in await ask(client, **options)]
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices), chunks


async def test_an_answer_is_streamed_word_by_word_and_ends_with_its_usage(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    text, chunks = await read(client)
    assert text == ANSWER
    assert len(chunks) > 10
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == []
    usage = chunks[-1].usage
    assert usage
    assert usage.completion_tokens == len(chunks) - 2
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert model.requests[0]["messages"] == QUESTION
    assert (model.active, model.peak, model.aborted) == (0, 1, 0)


async def test_without_streaming_the_answer_comes_whole(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model=MODEL, messages=QUESTION)
    assert answer.choices[0].message.content == ANSWER
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage


async def test_a_prompt_that_begins_as_one_before_is_cached_in_blocks(client: openai.AsyncOpenAI) -> None:
    async def cached(messages: list[Any]) -> int:
        answer = await client.chat.completions.create(model=MODEL, messages=messages)
        assert answer.usage
        assert answer.usage.prompt_tokens_details
        return answer.usage.prompt_tokens_details.cached_tokens or 0

    assert await cached(QUESTION) == 0
    again = await cached(QUESTION)
    assert again > 0
    assert again % 16 == 0
    assert await cached([*QUESTION, {"role": "assistant", "content": "9 g"}]) >= again
    assert await cached([{"role": "system", "content": "New. " + QUESTION[0]["content"]}]) == 0


def test_the_last_token_of_a_prompt_is_never_cached() -> None:
    cache, prompt = PrefixCache(), ["word"] * 32
    assert cache.lookup(MODEL, prompt) == 0
    assert cache.lookup(MODEL, prompt) == 16
    assert cache.lookup(MODEL, [*prompt, "more"]) == 32
    assert cache.lookup("tuned", prompt) == 0


async def test_answers_follow_the_script_and_then_the_default(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.answers = ["one", "two"]
    model.default = "else"
    assert [(await read(client))[0] for _ in range(3)] == ["one", "two", "else"]


async def test_a_function_answers_from_the_request(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.answers = lambda body: f"{body['temperature']}: {body['messages'][-1]['content']}"
    assert (await read(client, temperature=0.5))[0] == f"0.5: {QUESTION[1]['content']}"


async def test_an_answer_is_cut_at_max_tokens_and_at_a_stop_word(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.answers = ["one two three four", "one two STOP three"]
    text, chunks = await read(client, max_tokens=2)
    assert (text, chunks[-2].choices[0].finish_reason) == ("one two", "length")
    text, chunks = await read(client, stop=["STOP"])
    assert (text, chunks[-2].choices[0].finish_reason) == ("one two ", "stop")


async def test_the_first_token_and_the_others_take_their_time(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.answers = ["one two three"]
    model.ttft, model.per_token = 0.1, 0.05
    now = asyncio.get_running_loop().time
    start = now()
    times = [now() - start async for chunk in await ask(client)]
    assert times[0] >= 0.1
    assert times[-1] - times[0] >= 0.14


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
        (429, openai.RateLimitError),
    ],
)
async def test_an_http_error_lasts_as_long_as_it_was_planned(
    model: FakeModel, client: openai.AsyncOpenAI, status: int, error: type[openai.APIStatusError]
) -> None:
    model.fail_next(status, times=2, retry_after=3)
    for _ in range(2):
        with pytest.raises(error) as caught:
            await read(client)
        assert caught.value.status_code == status
        assert caught.value.response.headers["Retry-After"] == "3"
    assert (await read(client))[0] == ANSWER
    assert len(model.requests) == 3


async def test_garbage_in_the_stream_cant_be_read(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.break_next(Fault.GARBAGE)
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        await read(client)


async def test_an_error_in_the_stream_is_an_api_error(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.break_next(Fault.ERROR)
    with pytest.raises(openai.APIError, match="EngineCore encountered an issue"):
        await read(client)


async def test_a_hang_up_ends_the_stream_with_an_error(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.break_next(Fault.HANG_UP, after_tokens=2)
    chunks = aiter(await ask(client))
    words = [(await anext(chunks)).choices[0].delta.content for _ in range(3)]
    assert words == ["", "Cooked", " lentils"]
    with pytest.raises(openai.APIConnectionError):
        await anext(chunks)
    assert model.aborted == 0


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.SILENCE])
async def test_a_server_that_says_nothing_more_runs_into_the_clients_time_out(
    model: FakeModel, client: openai.AsyncOpenAI, fault: Fault
) -> None:
    model.break_next(fault)
    with pytest.raises(openai.APITimeoutError):
        await read(client.with_options(timeout=0.2))
    await model.wait_until(lambda model: model.aborted == 1)
    assert model.active == 0


async def test_an_answer_may_be_empty(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.break_next(Fault.EMPTY)
    text, chunks = await read(client)
    assert text == ""
    assert chunks[-2].choices[0].finish_reason == "stop"


async def test_an_endless_answer_repeats_itself_up_to_the_limit(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.answers = ["again and "]
    model.break_next(Fault.ENDLESS)
    text, chunks = await read(client, max_tokens=50)
    assert text.count("again") > 10
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == 50


async def test_faults_without_an_end_last_until_the_model_is_healed(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.fail_next(times=None)
    for _ in range(5):
        with pytest.raises(openai.InternalServerError):
            await read(client)
    model.heal()
    assert (await read(client))[0] == ANSWER


async def test_a_client_that_leaves_early_is_counted(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.per_token = 0.5
    stream = await ask(client)
    await anext(aiter(stream))
    await stream.close()
    await model.wait_until(lambda model: model.aborted == 1)


async def test_requests_at_one_time_are_counted(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.ttft = 0.2
    await asyncio.gather(*(read(client) for _ in range(4)))
    assert (model.active, model.peak) == (0, 4)


async def test_a_prompt_over_the_limit_and_an_unknown_model_are_refused(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.max_model_len = 40
    with pytest.raises(openai.BadRequestError, match="maximum context length is 40 tokens"):
        await read(client)
    with pytest.raises(openai.NotFoundError, match="The model `other` does not exist"):
        await client.chat.completions.create(model="other", messages=QUESTION)


async def test_adapters_are_listed_used_and_unloaded(
    model: FakeModel, client: openai.AsyncOpenAI, tmp_path: Path
) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    async with aiohttp.ClientSession(model.url) as session:

        async def post(path: str, body: dict[str, str]) -> tuple[int, str]:
            async with session.post(path, json=body) as response:
                return response.status, await response.text()

        load = {"lora_name": "tuned", "lora_path": str(tmp_path)}
        assert (await post("/v1/load_lora_adapter", load))[0] == 200
        assert "already been loaded" in (await post("/v1/load_lora_adapter", load))[1]
        nowhere = {"lora_name": "x", "lora_path": "/nowhere"}
        assert (await post("/v1/load_lora_adapter", nowhere))[0] == 404
        cards = [(card.id, card.model_dump()["parent"]) async for card in client.models.list()]
        assert cards == [(MODEL, None), ("tuned", MODEL)]
        answer = await client.chat.completions.create(model="tuned", messages=QUESTION)
        assert answer.model == "tuned"
        assert (await post("/v1/unload_lora_adapter", load))[0] == 200
        assert (await post("/v1/unload_lora_adapter", load))[0] == 404
    with pytest.raises(openai.NotFoundError):
        await client.chat.completions.create(model="tuned", messages=QUESTION)


async def test_health_version_and_tokens_can_be_asked_for(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    async with aiohttp.ClientSession(model.url) as session:
        async with session.get("/health") as response:
            assert response.status == 200
        model.healthy = False
        async with session.get("/health") as response:
            assert response.status == 503
        async with session.get("/version") as response:
            assert "version" in await response.json()
        async with session.post("/tokenize", json={"model": MODEL, "messages": QUESTION}) as response:
            count = (await response.json())["count"]
        async with session.post("/v1/chat/completions", data="{") as response:
            assert response.status == 400
    answer = await client.chat.completions.create(model=MODEL, messages=QUESTION)
    assert answer.usage
    assert answer.usage.prompt_tokens == count
    (card,) = [card async for card in client.models.list()]
    assert card.model_dump()["max_model_len"] == 2048


async def test_a_key_is_asked_for_when_one_is_set(model: FakeModel, client: openai.AsyncOpenAI) -> None:
    model.key = "s3cret"
    with pytest.raises(openai.AuthenticationError):
        await read(client)
    assert (await read(client.with_options(api_key="s3cret")))[0] == ANSWER


async def test_a_model_that_stops_is_gone_and_comes_back_on_its_port(
    model: FakeModel, client: openai.AsyncOpenAI
) -> None:
    model.ttft = 30
    waiting = asyncio.create_task(read(client))
    await model.wait_until(lambda model: model.active)
    async with asyncio.timeout(1):
        await model.stop()
    with pytest.raises(openai.APIConnectionError):
        await waiting
    with pytest.raises(openai.APIConnectionError):
        await read(client)
    model.ttft = 0
    await model.start()
    assert (await read(client))[0] == ANSWER
    assert model.aborted == 0
