"""Both fakes run as programs, for other processes and for tries by hand."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import openai
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tests.fakes.telegram.server import TOKEN


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[str]:
    """Run a fake in a process of its own; yields its address, and stops it with SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        yield line.split()[1]
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_a_shell_script_can_drive_a_bot_in_another_process() -> None:
    async with (
        program("tests.fakes.telegram") as url,
        aiohttp.ClientSession(url) as session,
        Bot(TOKEN, base_url=f"{url}/bot") as bot,
    ):
        await session.post("/control/send", json={"chat": 1, "text": "lentils?"})
        (update,) = await bot.get_updates()
        assert update.message
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="good")]])
        await update.message.reply_text("9 g", reply_markup=keyboard)
        async with session.get("/control/messages", params={"chat": 1, "count": 1}) as response:
            (message,) = await response.json()
        assert message["text"] == "9 g"
        body = {"chat": 1, "message": message["message_id"], "button": "👍"}
        await session.post("/control/press", json=body)
        (update,) = await bot.get_updates(offset=update.update_id + 1)
        assert update.callback_query
        assert update.callback_query.data == "good"
        async with session.get("/control/calls") as response:
            assert [call["method"] for call in await response.json()] == [
                "getMe",
                "getUpdates",
                "sendMessage",
                "getUpdates",
            ]


async def test_a_wrong_control_request_is_explained() -> None:
    async with program("tests.fakes.telegram") as url, aiohttp.ClientSession(url) as session:
        async with session.post("/control/send", data="hello") as response:
            assert response.status == 400
            assert "chat, text" in await response.text()
        async with session.post("/control/send", json={"chat": 1}) as response:
            assert (response.status, await response.text()) == (400, "missing: text\n")
        async with session.get(
            "/control/messages", params={"chat": 1, "count": 1, "timeout": 0.05}
        ) as response:
            assert response.status == 504


async def test_the_model_program_says_so_many_tokens() -> None:
    async with (
        program("tests.fakes.model", "--text", "beans and", "--tokens", "5") as url,
        openai.AsyncOpenAI(
            base_url=f"{url}/v1", api_key="none", http_client=openai.DefaultAioHttpClient()
        ) as client,
    ):
        answer = await client.chat.completions.create(
            model="platewise-test-model", messages=[{"role": "user", "content": "what?"}]
        )
    assert answer.choices[0].message.content == "beans and beans and beans"
    assert answer.usage
    assert answer.usage.completion_tokens == 5
