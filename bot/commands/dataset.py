"""`platewise dataset`: from conversations to datasets, and back to whom they hold."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from bot.assistant.datasets import MANIFEST, Datasets, Held, Made, digest
from bot.assistant.exporting import Wanted, evaluation_sets, order, since_of, views_of
from bot.commands.output import print_json
from bot.settings import Settings
from bot.store.dataset_rows import MinFeedback
from bot.store.ledger import LEDGER_FILE
from bot.wiring import open_knowledge, open_store
from retrieval.errors import BadInputError
from training.dataset.check import Fault
from training.dataset.check import check as faults_of
from training.dataset.export import Progress
from training.dataset.manifest import Manifest, read_manifest
from training.dataset.options import Contexts, ExportOptions, Format
from training.dataset.quality import Quality

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said about files; words are checked here, not by the parser, to say what is near."""

    views: Sequence[str]
    formats: Sequence[str]
    context: str = "with"
    tokenizer: Path | None = None
    max_tokens: int | None = None

    def options(self, languages: Sequence[str] = ()) -> ExportOptions:
        """Return these as options. Raises `BadInputError` for a word that isn't known."""
        return ExportOptions(
            views=views_of(self.views),
            formats=tuple(dict.fromkeys(_one_of(Format, word, "format") for word in self.formats)),
            contexts=_one_of(Contexts, self.context, "context"),
            tokenizer=self.tokenizer,
            max_tokens=self.max_tokens,
            quality=Quality(languages=frozenset(languages)),
        )


def export(
    out: Path,
    asked: Asked,
    *,
    since: str | None,
    min_feedback: str,
    include_refused: bool,
    languages: Sequence[str],
    as_json: bool,
) -> int:
    """Write consented turns as a dataset into the folder `out`, which isn't there yet."""
    settings = Settings.read()
    options = asked.options(languages)
    wish = Wanted(
        views=options.views,
        since=None if since is None else since_of(since),
        min_feedback=_one_of(MinFeedback, min_feedback, "feedback"),
        include_refused=include_refused,
    )
    with export_bar() as show:
        made = asyncio.run(_export(settings, out, wish, options, show))
    manifest = read_manifest(out)
    if as_json:
        print_json(
            {"path": str(made.path), "sha256": made.sha256, **summary(manifest), "left_out": made.left_out}
        )
    else:
        print_summary(made.path, manifest)
        for reason, count in sorted(made.left_out.items()):
            Console(highlight=False).print(f"  not taken: {count} turns, {reason}", markup=False)
    return 0


def check(folder: Path, *, as_json: bool) -> int:
    """Verify a dataset, and name what holds people who have left since; 1 when there is anything to say."""
    settings = Settings.read()
    held = asyncio.run(_held(settings)) if (settings.data / LEDGER_FILE).exists() else []
    read_manifest(folder)
    mine = digest(folder / MANIFEST)
    gone = [row for item in held if item.export.sha256 == mine for row in item.rows]
    faults = faults_of(folder, erased_rows=frozenset(gone), evaluations=evaluation_sets())
    if as_json:
        print_json(
            {
                "dataset": str(folder),
                "sha256": mine,
                "faults": [{"where": fault.where, "what": fault.what} for fault in faults],
                "holding": [
                    {
                        "dataset": str(item.export.path),
                        "sha256": item.export.sha256,
                        "rows": len(item.rows),
                        "adapters": list(item.adapters),
                    }
                    for item in held
                ],
            }
        )
    else:
        _print_check(folder, faults, held)
    return int(bool(faults or held))


def summary(manifest: Manifest) -> dict[str, object]:
    """Return what came of an export, for JSON."""
    return {
        "counts": dict(manifest.counts),
        "dropped": {step: dict(reasons) for step, reasons in manifest.dropped.items()},
        "rows": dict(manifest.rows),
        "people": dict(manifest.people),
        "redacted": dict(manifest.redacted),
    }


def print_summary(path: Path, manifest: Manifest) -> None:
    """Print what came of an export, for people."""
    console = Console(highlight=False, soft_wrap=True)
    rows = ", ".join(f"{count:,} {split}" for split, count in manifest.rows.items())
    console.print(f"{sum(manifest.rows.values()):,} rows ({rows}) in {path}", markup=False)
    for step, reasons in manifest.dropped.items():
        for reason, count in reasons.items():
            console.print(f"  left out: {count:,}, {step}: {reason}", markup=False)


@contextmanager
def export_bar() -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows how far an export is; nothing is shown where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=progress.step, completed=progress.done, total=progress.total)

        yield show


async def _export(
    settings: Settings, out: Path, wish: Wanted, options: ExportOptions, show: Callable[[Progress], None]
) -> Made:
    async with open_store(settings) as store:
        datasets = Datasets(store, settings.data)
        if "raft" not in wish.views:
            return await datasets.export(out, order(wish, options, settings.data, progress=show))
        async with open_knowledge(settings) as index:
            return await datasets.export(out, order(wish, options, settings.data, index=index, progress=show))


async def _held(settings: Settings) -> list[Held]:
    async with open_store(settings) as store:
        return await Datasets(store, settings.data).held()


def _print_check(folder: Path, faults: Sequence[Fault], held: Sequence[Held]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for fault in faults:
        console.print(str(fault), markup=False)
    for item in held:
        rows = f"{len(item.rows):,} rows of people who left since; export again without them"
        console.print(f"{item.export.path}: holds {rows}", markup=False)
        for adapter in item.adapters:
            console.print(f"adapter {adapter}: was trained from it; train again", markup=False)
    if not faults:
        manifest = read_manifest(folder)
        files = f"{len(manifest.files)} files, {sum(manifest.rows.values()):,} rows"
        console.print(f"{folder}: all is as {MANIFEST} says ({files})", markup=False)


def _one_of(kind: type[_Word], word: str, what: str) -> _Word:
    try:
        return kind(word)
    except ValueError as error:
        raise BadInputError(f"{word}: there is no such {what}; there are {', '.join(kind)}") from error
