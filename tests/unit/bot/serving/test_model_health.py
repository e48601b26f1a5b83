"""Whether a model server is there, said in one line when it isn't."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.serving.health import is_healthy, list_models
from bot.serving.server import free_port
from retrieval.errors import UnavailableError


class Answers:
    """What the server below says next."""

    status = 200
    text = '{"data": [{"id": "small"}, {"id": "platewise-1"}]}'
    key = ""


@pytest.fixture
async def answers() -> Answers:
    return Answers()


@pytest.fixture
async def url(answers: Answers) -> AsyncIterator[str]:
    async def reply(request: web.Request) -> web.Response:
        answers.key = request.headers.get("Authorization", "")
        return web.Response(status=answers.status, text=answers.text)

    application = web.Application()
    application.router.add_get("/v1/models", reply)
    application.router.add_get("/health", reply)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_models_are_listed_however_the_url_ends(url: str, suffix: str) -> None:
    assert await list_models(url + suffix) == ("small", "platewise-1")


async def test_the_key_is_sent(url: str, answers: Answers) -> None:
    await list_models(url, key="abc")
    assert answers.key == "Bearer abc"


async def test_a_refusal_names_its_status(url: str, answers: Answers) -> None:
    answers.status = 401
    with pytest.raises(UnavailableError, match="answers 401"):
        await list_models(url)
    assert not await is_healthy(url)


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"data": 5}', '{"data": [{}]}'])
async def test_another_kind_of_server_is_named_as_such(url: str, answers: Answers, text: str) -> None:
    answers.text = text
    with pytest.raises(UnavailableError, match="isn't a list of models"):
        await list_models(url)


async def test_nobody_there_is_one_line_with_the_url() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnavailableError, match=rf"{nowhere}: no answer"):
        await list_models(nowhere)
    assert not await is_healthy(nowhere)
