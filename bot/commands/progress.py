"""A progress bar on stderr for work on the knowledge base."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from retrieval.staging import Progress


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[["Progress"], None]]:
    """Yield a function that shows how far an addition is; nothing is shown where stderr is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0, rows="")

        def show(progress: "Progress") -> None:
            rows = f"{progress.records} records"
            if progress.faults:
                rows += f", {progress.faults} left out"
            bar.update(task, completed=progress.share, rows=rows)

        yield show
