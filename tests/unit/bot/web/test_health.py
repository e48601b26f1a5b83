import aiohttp
import pytest

from bot.web import health
from bot.web.health import serve_health
from retrieval.errors import UnavailableError


async def fine() -> str:
    return "answers"


async def broken() -> str:
    raise UnavailableError("model: nobody listens")


async def test_ready_says_which_part_is_wrong_while_alive_stays_green() -> None:
    async with (
        serve_health(
            "127.0.0.1", 0, alive={"telegram": fine}, ready={"database": fine, "model": broken}
        ) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http,
    ):
        async with http.get("/healthz") as alive:
            assert alive.status == 200
        async with http.get("/readyz") as ready:
            assert ready.status == 503
            parts = (await ready.json())["parts"]
    assert parts["database"]["ok"] is True
    assert parts["model"] == {"ok": False, "detail": "model: nobody listens"}


async def test_a_part_that_hangs_is_wrong_and_the_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(health, "CHECK_S", 0.01)

    async def hangs() -> str:
        await asyncio.Event().wait()
        return ""

    results = await health.run_checks({"model": hangs})
    assert results["model"][0] is False


async def test_a_port_in_use_names_the_setting() -> None:
    async with serve_health("127.0.0.1", 0, alive={}, ready={}) as port:
        with pytest.raises(UnavailableError, match="PLATEWISE_WEB_PORT"):
            async with serve_health("127.0.0.1", port, alive={}, ready={}):
                pass
