"""`platewise knowledge evaluate`: how well search finds what it should."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.commands.output import print_json
from bot.settings import Settings
from bot.wiring import open_embedder, open_knowledge
from retrieval.errors import BadInputError
from retrieval.evaluate import Evaluation, Measure, evaluate


def evaluate_folder(folder: Path, split: str, *, as_json: bool) -> int:
    """Measure the folder's questions on its own corpus, or without one on the knowledge base."""
    if not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; give one with queries.jsonl and qrels/")
    settings = Settings.read()
    own = not (folder / "corpus.jsonl").exists()
    return asyncio.run(
        _own(settings, folder, split, as_json) if own else _beir(settings, folder, split, as_json)
    )


async def _beir(settings: Settings, folder: Path, split: str, as_json: bool) -> int:  # noqa: FBT001
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{folder.name}, {split}", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        async with open_embedder(settings) as embedder:
            result = await evaluate(folder, split, embedder, settings.data / "evaluations", progress)
    if as_json:
        print_json(result.as_dict())
    else:
        Console(width=110).print(_beir_table(result))
    return 0


async def _own(settings: Settings, folder: Path, split: str, as_json: bool) -> int:  # noqa: FBT001
    from bot.evaluation import evaluate_own

    async with open_knowledge(settings) as index:
        result = await evaluate_own(folder, split, index)
    if as_json:
        print_json(result.as_dict())
        return 0
    title = f"{result.name}, {result.split}: {result.passages} passages"
    table = Table("questions", "number", "an answer in the first 5", "recall@5, capped", title=title)
    for item in result.results:
        table.add_row(
            item.kind, str(item.questions), _shown(item.answer_in_first_5), _shown(item.recall_at_5_capped)
        )
    console = Console(width=110)
    console.print(table)
    console.print(
        f"{result.unanswerable} unanswerable: recognised {_shown(result.unanswerable_recognised)}; "
        f"answerable refused: {_shown(result.answerable_refused)}"
    )
    return 0


def _beir_table(result: Evaluation) -> Table:
    size = f"{result.documents} documents, {result.questions} questions"
    title = f"{result.name}, {result.split}: {size}, {result.embedder}"
    table = Table("configuration", "nDCG@10", "Recall@100", "MRR@10", title=title)
    for item in result.results:
        table.add_row(
            item.configuration, _shown(item.ndcg_at_10), _shown(item.recall_at_100), _shown(item.mrr_at_10)
        )
    return table


def _shown(value: Measure) -> str:
    return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})"
