"""Vectors from a server, over a real socket."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import numpy as np
import pytest

from retrieval.embedding import load_embedder
from retrieval.embedding.background_loop import BackgroundLoop
from retrieval.embedding.endpoint import OpenAIEmbedder
from retrieval.embedding.served import Endpoint, Limits
from retrieval.errors import BadInputError, PlatewiseError, UnavailableError
from tests.fakes.embeddings import MODEL, FakeEmbeddings

IMPATIENT = Limits(connect_s=2.0, question_s=0.2, batch_s=0.2, retries=1, texts=3)
THREE_AT_ONCE = Limits(texts=3)
Connect = Callable[..., Awaitable[OpenAIEmbedder]]


@pytest.fixture
async def server() -> AsyncIterator[FakeEmbeddings]:
    async with FakeEmbeddings() as fake:
        yield fake


@pytest.fixture
async def connect(server: FakeEmbeddings) -> AsyncIterator[Connect]:
    made: list[OpenAIEmbedder] = []

    async def connected(
        suffix: str = f"#{MODEL}", limits: Limits = THREE_AT_ONCE, key: str = ""
    ) -> OpenAIEmbedder:
        endpoint = Endpoint.parse(f"{server.url}/v1{suffix}")
        made.append(await asyncio.to_thread(OpenAIEmbedder, endpoint, key=key, limits=limits))
        server.requests.clear()
        server.asked.clear()
        return made[-1]

    yield connected
    for embedder in made:
        await asyncio.to_thread(embedder.close)


async def test_vectors_come_in_order_in_batches_and_unit_length(
    connect: Connect, server: FakeEmbeddings
) -> None:
    embedder = await connect()
    texts = [f"text {number % 7}" for number in range(10)]
    vectors = await embedder.embed(texts)
    np.testing.assert_allclose(vectors, [server.direction(text) for text in texts], atol=1e-6)
    assert vectors.dtype == np.float32
    assert sorted(len(body["input"]) for body in server.requests) == [1, 3, 3]  # seven different ones
    assert (await embedder.embed([])).shape == (0, 8)


async def test_a_question_is_asked_once(connect: Connect, server: FakeEmbeddings) -> None:
    embedder = await connect()
    vectors = [await embedder.query("lentils?") for _ in range(2)]
    np.testing.assert_allclose(vectors, [server.direction("lentils?")] * 2, atol=1e-6)
    assert len(server.requests) == 1


async def test_the_name_is_the_models_wherever_it_is_served(connect: Connect) -> None:
    embedder = await connect(suffix="")
    assert (embedder.name, embedder.dimension) == (f"served:{MODEL}:8", 8)


@pytest.mark.parametrize(("owner", "cuts"), [("vllm", True), ("somebody", False)])
async def test_long_texts_are_cut_where_the_server_can(
    connect: Connect, server: FakeEmbeddings, owner: str, *, cuts: bool
) -> None:
    server.owner = owner
    await (await connect()).query("long")
    assert ("truncate_prompt_tokens" in server.requests[0]) is cuts


async def test_a_busy_moment_is_waited_out(connect: Connect, server: FakeEmbeddings) -> None:
    embedder = await connect()
    server.failures = [503, 429]
    np.testing.assert_allclose(await embedder.query("x"), server.direction("x"), atol=1e-6)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("failures", "error", "words"),
    [
        ([500, 500], UnavailableError, "answered 500"),
        ([0, 0], UnavailableError, "can't connect"),
        ([404], UnavailableError, "answered 404"),
        ([400], BadInputError, "refuses \\(400\\)"),
    ],
)
async def test_a_failure_is_one_clear_line(
    connect: Connect,
    server: FakeEmbeddings,
    failures: list[int],
    error: type[PlatewiseError],
    words: str,
) -> None:
    embedder = await connect(limits=Limits(retries=1))
    server.failures = failures
    with pytest.raises(error, match=words) as caught:
        await embedder.embed(["secret words"])
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"data": []},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [2.0]}]},
        {"data": [{"index": 0, "embedding": [float("nan")] * 8}]},
        {"data": [{"index": 0, "embedding": [1.0] * 7}]},
        {"data": "no"},
        {"data": [{"index": 0, "embedding": None}]},
    ],
)
async def test_nonsense_is_not_taken_for_vectors(
    connect: Connect, server: FakeEmbeddings, broken: dict[str, object]
) -> None:
    embedder = await connect()
    server.broken = broken
    with pytest.raises(UnavailableError, match="answered"):
        await embedder.query("x")


async def test_a_silent_server_costs_the_time_out_and_no_more(
    connect: Connect, server: FakeEmbeddings
) -> None:
    embedder = await connect(limits=IMPATIENT)
    server.silent = True
    with pytest.raises(UnavailableError, match="no answer in time"):
        await embedder.query("x")


async def test_who_waits_when_it_is_closed_is_told(connect: Connect, server: FakeEmbeddings) -> None:
    embedder = await connect()
    server.silent = True
    waiting = asyncio.create_task(embedder.query("x"))
    await server.asked.wait()
    await asyncio.to_thread(embedder.close)
    with pytest.raises(UnavailableError, match="closed"):
        await waiting
    with pytest.raises(UnavailableError, match="closed"):
        await embedder.query("y")


def test_work_is_ended_or_refused_however_close_to_the_end_it_comes() -> None:
    async def endless() -> None:
        await asyncio.Event().wait()

    loop = BackgroundLoop("test")

    async def start_more() -> None:
        with pytest.raises(RuntimeError, match="closed"):
            loop.start(endless())

    started = loop.start(endless())
    loop.close(last=start_more)
    loop.close()
    assert started.cancelled()


async def test_a_wrong_setting_says_which(connect: Connect, server: FakeEmbeddings) -> None:
    with pytest.raises(BadInputError, match=f"doesn't serve 'other'; it serves: {MODEL}"):
        await connect(suffix="#other")
    server.key = "right"
    with pytest.raises(BadInputError, match="refuses the key"):
        await connect(key="wrong")
    assert (await connect(key="right")).dimension == 8
    with pytest.raises(BadInputError, match="http://host:8001/v1#model-name"):
        load_embedder("http://")


async def test_no_server_is_one_clear_line(server: FakeEmbeddings, connect: Connect) -> None:
    await server.stop()
    with pytest.raises(UnavailableError, match=r"can't connect to http.*is the server running"):
        await connect(limits=Limits(retries=0))


async def test_a_setting_with_an_address_loads_it(server: FakeEmbeddings) -> None:
    embedder = await asyncio.to_thread(load_embedder, f"{server.url}/v1#{MODEL}")
    assert embedder.name == f"served:{MODEL}:8"
    await asyncio.to_thread(embedder.close)
