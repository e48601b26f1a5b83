"""How the installer shows its progress: Rich bars on a terminal, plain lines elsewhere. All on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_REMIND_S = 15.0


class Line(Protocol):
    """The progress of one thing that is being made."""

    def show(self, what: str, share: float) -> None:
        """Say what is being done and how much of all of it is done, from 0 to 1."""


class Display(Protocol):
    """A place for several lines."""

    def line(self, title: str) -> Line:
        """Add a line for what is called `title`."""


@contextmanager
def open_display() -> Iterator[Display]:
    """Give bars when stderr is a terminal and Rich is installed, else lines."""
    if not (sys.stderr.isatty() and rich_is_here()):
        yield PlainDisplay()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.fields[title]:<12}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield RichDisplay(progress)


def rich_is_here() -> bool:
    """Say whether this Python can import Rich."""
    try:
        import rich.progress  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True


class RichDisplay:
    """Lines as bars."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress

    def line(self, title: str) -> Line:
        """Add a bar."""
        return _Bar(self._progress, self._progress.add_task("waiting", total=1.0, title=title))


class PlainDisplay:
    """Lines as lines: one when something new begins, and a reminder every 15 s."""

    def line(self, title: str) -> Line:
        """Add a source of lines."""
        return _PlainLine(title)


class _Bar:
    def __init__(self, progress: "Progress", task: "TaskID") -> None:
        self._progress = progress
        self._task = task

    def show(self, what: str, share: float) -> None:
        self._progress.update(self._task, description=what, completed=share)


class _PlainLine:
    def __init__(self, title: str) -> None:
        self._title = title
        self._started = time.monotonic()
        self._activity = ""
        self._said = 0.0

    def show(self, what: str, share: float) -> None:
        now = time.monotonic()
        activity = what.partition(",")[0]
        if activity == self._activity and (share < 1 and now - self._said < _REMIND_S):
            return
        self._activity, self._said = activity, now
        sys.stderr.write(f"{self._title}: {what} ({now - self._started:.0f} s)\n")
        sys.stderr.flush()
