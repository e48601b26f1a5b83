"""What each part of the ranking is worth: a question set in the BEIR layout, ranked with and without it.

.venv/bin/python bench/retrieval_quality.py [FOLDER] [--split dev] [--work var/evaluate]

FOLDER has corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv; without one it's NFCorpus in ../shared/data. The corpus is
embedded once (minutes for some thousand documents) and found again in the work folder.
"""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from retrieval.embedding import BUNDLED, load_embedder
from retrieval.errors import PlatewiseError
from retrieval.evaluate import CONFIGURATIONS, Evaluation, Measure, evaluate
from retrieval.hybrid import Method, Ranking

ROOT = Path(__file__).resolve().parents[1]
NFCORPUS = ROOT.parent / "shared" / "data" / "nfcorpus"
BEST = Ranking()
ABLATIONS = {
    **CONFIGURATIONS,
    "hybrid, z-scores": replace(BEST.once(), method=Method.Z_SCORE),
    "rerank, RRF": replace(BEST, method=Method.RRF),
    "rerank, z-scores": replace(BEST, method=Method.Z_SCORE),
    "rerank, vectors only": replace(BEST, expansion_weight=0.0),
    "rerank, words only": replace(BEST, feedback_weight=0.0),
    "rerank, 1 document": replace(BEST, feedback=1),
    "rerank, 5 documents": replace(BEST, feedback=5),
    "rerank, weight 0.5": replace(BEST, weight=0.5),
    "rerank, weight 0.8": replace(BEST, weight=0.8),
    "rerank, 50 candidates": replace(BEST, candidates=50),
    "rerank, 200 candidates": replace(BEST, candidates=200),
}


async def main(folder: Path, split: str, work: Path) -> None:
    """Evaluate every ablation and print the table."""
    embedder = await asyncio.to_thread(load_embedder, BUNDLED)
    try:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Ranking")
            result = await evaluate(
                folder,
                split,
                embedder,
                work,
                lambda done, total: bar.update(task, completed=done, total=total),
                configurations=ABLATIONS,
            )
    finally:
        embedder.close()
    _print(result)


def _print(result: Evaluation) -> None:
    title = f"{result.name}, {result.split}: {result.questions} questions, {result.documents} documents"
    table = Table("ranking", "nDCG@10", "Recall@100", "MRR@10", title=f"{title}, {result.embedder}")
    for quality in result.results:
        measures = (quality.ndcg_at_10, quality.recall_at_100, quality.mrr_at_10)
        table.add_row(quality.configuration, *map(_shown, measures))
    Console(width=120).print(table)


def _shown(measure: Measure) -> str:
    return f"{measure.mean:.3f} ({measure.low:.3f} to {measure.high:.3f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=NFCORPUS)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "evaluate")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        Console(stderr=True).print(f"{arguments.folder} isn't here: nothing to measure", soft_wrap=True)
        sys.exit(0)
    try:
        asyncio.run(main(arguments.folder, arguments.split, arguments.work))
    except PlatewiseError as error:
        sys.exit(str(error))
