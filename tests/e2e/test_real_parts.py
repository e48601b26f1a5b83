"""One message end to end on the real parts: LanceDB, the embedder, vLLM, the command line, a killed process."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.serving.server import ModelServer, ServerOptions, free_port
from retrieval.errors import UnavailableError
from tests.e2e.conftest import ROOT, environment
from tests.fakes.model import FakeModel
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.chats import Chat

pytestmark = pytest.mark.e2e
QUESTION = "How much protein is in cooked lentils?"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of all commands here, so that the knowledge base is built once."""
    return tmp_path_factory.mktemp("data")


def platewise(*arguments: str, given: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run `platewise` and return what it did."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        input=given,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_ask_gives_the_documented_json_and_nothing_forbidden(vllm: str, folder: Path) -> None:
    done = platewise(
        "ask", "What snack has a lot of protein?", "--allergy", "peanuts", "--diet", "vegan", "--json",
        PLATEWISE_DATA=str(folder), PLATEWISE_MODEL_URL=vllm,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {
        "answer", "sources", "preferences", "guard", "model", "adapter", "usage", "timing_ms"
    }  # fmt: skip
    assert answer["sources"]
    for source in answer["sources"]:
        words = f"{source['title']} {source['text']}".lower()
        assert not any(word in words for word in ("peanut", "chicken", "beef", "yoghurt", "cheese", "honey"))
    assert answer["guard"]["status"] in {"passed", "repaired", "composed"}
    assert answer["model"] == "smollm2-135m-instruct"
    assert answer["usage"]["prompt_tokens"] > 0
    assert answer["usage"]["completion_tokens"] > 0
    assert answer["timing_ms"]["model"] > 0
    assert answer["timing_ms"]["total"] >= answer["timing_ms"]["model"]


def test_lines_from_a_pipe_are_answered_in_order(vllm: str, folder: Path) -> None:
    done = platewise(
        "chat", given=f"{QUESTION}\nHow much iron is in raw spinach?\n",
        PLATEWISE_DATA=str(folder), PLATEWISE_MODEL_URL=vllm,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "9.02 g" in done.stdout
    assert "FDC 172421" in done.stdout
    assert done.stdout.index("9.02 g") < done.stdout.index("2.71 mg")


async def test_the_telegram_bot_answers_through_vllm(
    vllm: str, folder: Path, tmp_path: Path, telegram: FakeTelegram
) -> None:
    chat = telegram.private_chat()
    async with _bot(telegram, vllm, tmp_path, folder / "knowledge"):
        await chat.send("/prefs add allergy peanuts")
        await chat.send(QUESTION)
        await chat.wait_until(lambda chat: "9.02 g" in _shown(chat), timeout=120)
    assert "FDC 172421" in _shown(chat)


async def test_a_bot_killed_in_the_middle_of_an_answer_gives_exactly_one(
    folder: Path, tmp_path: Path, telegram: FakeTelegram, model: FakeModel
) -> None:
    model.default = "Cooked lentils have 9.02 g of protein per 100 g [1]."
    model.ttft = 3600.0
    chat = telegram.private_chat()
    async with _bot(telegram, model.url, tmp_path, folder / "knowledge") as process:
        await chat.send(QUESTION)
        await model.wait_until(lambda fake: fake.active == 1, timeout=120)
        process.kill()
        await process.wait()
    model.ttft = 0.0
    async with _bot(telegram, model.url, tmp_path, folder / "knowledge"):
        await chat.wait_until(lambda chat: "9.02 g" in _shown(chat), timeout=120)
        await chat.send("/help")
        await chat.wait_until(lambda chat: "/prefs" in _shown(chat), timeout=60)
    assert _shown(chat).count("9.02 g") == 1


async def test_the_model_server_dies_with_its_parent(tmp_path: Path, vllm: str) -> None:
    del vllm  # only so that two servers never load at the same time
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "model", "serve", "--port", str(port),
        cwd=ROOT, env=environment(PLATEWISE_DATA=str(tmp_path)), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    while b"loading weights" not in await process.stderr.readline():
        pass  # until vLLM has started its own children
    os.kill(process.pid, signal.SIGKILL)
    # The pipe ends when the last process that holds it is gone: vLLM's own children among them.
    async with asyncio.timeout(60):
        await process.stderr.read()
    await process.wait()


async def test_a_port_in_use_is_one_clear_line(vllm: str, tmp_path: Path) -> None:
    port = int(vllm.rpartition(":")[2])
    with pytest.raises(UnavailableError, match=f"port {port}"):
        await ModelServer(ServerOptions.embedded(data=tmp_path, port=port)).start()


@asynccontextmanager
async def _bot(
    telegram: FakeTelegram, model_url: str, data: Path, knowledge: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`platewise run` in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=ROOT,
        env=environment(
            PLATEWISE_TELEGRAM_TOKEN=telegram.token,
            PLATEWISE_TELEGRAM_API=telegram.url,
            PLATEWISE_MODEL_URL=model_url,
            PLATEWISE_DATA=str(data),
            PLATEWISE_KNOWLEDGE=str(knowledge),
            PLATEWISE_WEB_PORT="0",
        ),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _shown(chat: Chat) -> str:
    return "\n".join(chat.texts)
