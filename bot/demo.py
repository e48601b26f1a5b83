"""`make demo` after the installation: get every part ready with its progress in sight, then talk.

    platewise demo

Progress goes to stderr, so that what the assistant prints is all there is on stdout.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.serving.health import list_models
from bot.serving.server import Report
from retrieval.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class Step:
    """A part to get ready. `work` is given a function to report what it does and its share done, 0 to 1."""

    title: str
    work: Callable[[Report], Awaitable[None]]


async def demo(
    steps: Sequence[Step], then: Callable[[], Awaitable[int]], *, console: Console | None = None
) -> int:
    """Do all `steps` at the same time, then `then`, and return its exit code.

    The first step that fails ends the others, and its error is raised: usually a `PlatewiseError`.
    Whatever a step started (the model server) is the caller's to stop, with `async with` around this call.
    """
    with _progress(steps, console or Console(stderr=True)) as reports:
        try:
            async with asyncio.TaskGroup() as group:
                for step, report in zip(steps, reports, strict=True):
                    group.create_task(_do(step, report), name=step.title)
        except BaseExceptionGroup as failures:
            # One line for a person: the first failure, not the tree of them.
            raise failures.exceptions[0] from None
    return await then()


def model_server_answers(url: str, key: str = "") -> Step:
    """Return the step for a model server that runs elsewhere: see that it answers and has a model."""

    async def work(report: Report) -> None:
        report(f"asking {url}", None)
        models = await list_models(url, key=key)
        if not models:
            raise UnavailableError(f"model server {url}: it lists no model; start it with one")
        report(f"{url} serves {', '.join(models)}", 1.0)

    return Step(title="model server", work=work)


async def _do(step: Step, report: Report) -> None:
    await step.work(report)
    report("ready", 1.0)


@contextmanager
def _progress(steps: Sequence[Step], console: Console) -> Iterator[list[Report]]:
    """Yield one report function for each step: bars on a terminal, else a line when something changes."""
    if not console.is_terminal:
        yield [_line_report(step.title, console) for step in steps]
        return
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.fields[title]:<16}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as progress:
        yield [
            _bar_report(progress, progress.add_task("waiting", total=1.0, title=step.title)) for step in steps
        ]


def _bar_report(progress: Progress, bar: TaskID) -> Report:
    def report(what: str, share: float | None) -> None:
        if share is None:
            progress.update(bar, description=what)
        else:
            progress.update(bar, description=what, completed=share)

    return report


def _line_report(title: str, console: Console) -> Report:
    started = time.monotonic()
    last = ""

    def report(what: str, _share: float | None) -> None:
        nonlocal last
        if what != last:
            last = what
            seconds = time.monotonic() - started
            console.print(f"{title}: {what} ({seconds:.0f} s)", markup=False, highlight=False, soft_wrap=True)

    return report
