"""`platewise dataset bootstrap`: a dataset before anybody has asked, made from the knowledge base."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bot.assistant.bootstrapped import faults_of
from bot.assistant.datasets import MANIFEST, digest
from bot.assistant.exporting import evaluation_sets
from bot.commands.dataset import Asked, export_bar, print_summary, summary
from bot.commands.output import print_json
from bot.settings import Settings
from bot.wiring import open_knowledge
from retrieval.errors import BadInputError
from training.dataset.bootstrap import Tally, rows
from training.dataset.export import export
from training.dataset.source import Turn


def bootstrap(out: Path, asked: Asked, *, count: int, seed: int, as_json: bool) -> int:
    """Write `count` made-up rows, true by construction and passed by the guard, as a dataset into the folder `out`."""
    settings = Settings.read()
    if out.exists():
        raise BadInputError(f"{out}: is there already; name a folder that isn't")
    options = replace(
        asked.options(), evaluations=evaluation_sets(), selection={"bootstrap_rows": count, "seed": seed}
    )
    asyncio.run(_knowledge_is_there(settings))
    tally = Tally()

    def turns() -> Iterator[Turn]:
        made = rows(
            settings.knowledge_uri,
            count=count,
            seed=seed,
            embedder=settings.embedder,
            accepts=faults_of,
            tally=tally,
        )
        for item in made:
            yield Turn(item.row, split=item.split)

    with export_bar() as show:
        manifest = export(turns(), out, options, progress=show)
    kinds = dict(sorted(tally.made.items()))
    if as_json:
        print_json(
            {
                "path": str(out),
                "sha256": digest(out / MANIFEST),
                **summary(manifest),
                "kinds": kinds,
                "guarded": dict(sorted(tally.guarded.items())),
            }
        )
    else:
        print_summary(out, manifest)
        console = Console(highlight=False, soft_wrap=True)
        console.print("  " + ", ".join(f"{kind} {made:,}" for kind, made in kinds.items()), markup=False)
        if tally.guarded:
            console.print(f"  the guard was against {sum(tally.guarded.values()):,} more", markup=False)
    return 0


async def _knowledge_is_there(settings: Settings) -> None:
    async with open_knowledge(settings):
        pass
