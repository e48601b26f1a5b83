"""`platewise demo`: all parts get ready side by side, then the talk begins."""

import asyncio
import io

import pytest
from rich.console import Console

from bot.demo import Step, demo, model_server_answers
from bot.serving.server import Report, free_port
from retrieval.errors import UnavailableError


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=200)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def quick(report: Report) -> None:
    report("counting", 0.5)


async def test_after_all_steps_the_talk_begins_and_gives_the_exit_code(console: Console) -> None:
    async def talk() -> int:
        assert printed(console).count("ready") == 2
        return 7

    assert await demo([Step("one", quick), Step("two", quick)], talk, console=console) == 7


async def test_steps_run_side_by_side(console: Console) -> None:
    met = asyncio.Barrier(2)

    async def meet(_report: Report) -> None:
        async with asyncio.timeout(10):
            await met.wait()

    async def talk() -> int:
        return 0

    assert await demo([Step("one", meet), Step("two", meet)], talk, console=console) == 0


async def test_without_a_terminal_each_change_is_a_line(console: Console) -> None:
    async def work(report: Report) -> None:
        report("loading weights", 0.1)
        report("loading weights", 0.2)
        report("warming up", 0.9)

    async def talk() -> int:
        return 0

    await demo([Step("model server", work)], talk, console=console)
    assert [line.partition(" (")[0] for line in printed(console).splitlines()] == [
        "model server: loading weights",
        "model server: warming up",
        "model server: ready",
    ]


async def test_on_a_terminal_there_is_a_bar_for_each_step() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)

    async def talk() -> int:
        return 0

    await demo([Step("knowledge base", quick), Step("model server", quick)], talk, console=console)
    assert "knowledge base" in printed(console)
    assert "━" in printed(console)


async def test_the_first_failure_is_raised_itself_and_ends_the_others(console: Console) -> None:
    ended = False

    async def endless(_report: Report) -> None:
        nonlocal ended
        try:
            await asyncio.Event().wait()
        finally:
            ended = True

    async def fail(_report: Report) -> None:
        raise UnavailableError("port 8001 can't be used")

    async def talk() -> int:
        raise AssertionError("nothing to talk with")

    with pytest.raises(UnavailableError, match="port 8001"):
        await demo([Step("one", endless), Step("two", fail)], talk, console=console)
    assert ended


async def test_a_model_server_of_ones_own_has_to_answer(console: Console) -> None:
    async def talk() -> int:
        return 0

    nowhere = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnavailableError, match="no answer"):
        await demo([model_server_answers(nowhere)], talk, console=console)
