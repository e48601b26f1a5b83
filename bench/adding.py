"""How fast a table of USDA's size is added, by our embedder and by SentenceTransformer, and what is found then.

.venv/bin/python bench/adding.py [--source ../shared/data/usda/sr_legacy_facts.csv] [--rounds 2]

Both add the same file to a knowledge base of their own (read, tagged, embedded, stored, indexed, published), in turns,
so that whatever else the machine does meets both. Then our own questions are asked of the shipped catalogue under both.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.evaluation import evaluate_own
from bot.logs import quieten_libraries
from retrieval.adding import add
from retrieval.embedding import BUNDLED, Embedder, embedder_folder, load_embedder
from retrieval.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.index import Index
from retrieval.knowledge.catalogue import load_catalogue
from retrieval.knowledge.loaders.recognise import recognise
from retrieval.upkeep import bring_up_to_date

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT.parent / "shared" / "data" / "usda" / "sr_legacy_facts.csv"
QUESTIONS = ROOT / "bench" / "data" / "questions"


async def main(source: Path, rounds: int) -> int:
    """Measure, print the table."""
    quieten_libraries()
    embedders: dict[str, Embedder] = {
        "SentenceTransformer, fp32": SentenceTransformerEmbedder(BUNDLED, embedder_folder(BUNDLED)),
        "Platewise": load_embedder(),
    }
    for embedder in embedders.values():
        await embedder.embed(["warm up"] * 64)
    adding: dict[str, list[float]] = {name: [] for name in embedders}
    embedding: dict[str, list[float]] = {name: [] for name in embedders}
    for _ in range(rounds):
        for name, embedder in embedders.items():
            whole, alone = await _added(source, embedder)
            adding[name].append(whole)
            embedding[name].append(alone)
    table = Table("embedder", "rows/s, embedding", "rows/s, all of adding", "answer in first 5, dev", "test")
    for name, embedder in embedders.items():
        quality = await _quality(embedder)
        table.add_row(name, f"{max(embedding[name]):.0f}", f"{max(adding[name]):.0f}", *quality)
    Console(width=110).print(table)
    return 0


async def _added(source: Path, embedder: Embedder) -> tuple[float, float]:
    """Return rows per second of the whole addition, and of embedding the same texts alone."""
    loader = recognise(source)
    texts: list[str] = []

    class Listening:
        """The embedder, which notes what it is given."""

        name, dimension = embedder.name, embedder.dimension
        query, close = embedder.query, embedder.close

        async def embed(self, some: Sequence[str]) -> object:
            texts.extend(some)
            return await embedder.embed(some)

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        added = await add(folder, Listening(), loader, reason="measured", source="measured")  # type: ignore[arg-type]
        whole = added.added / (time.perf_counter() - started)
    started = time.perf_counter()
    for start in range(0, len(texts), 500):
        await embedder.embed(texts[start : start + 500])
    return whole, len(texts) / (time.perf_counter() - started)


async def _quality(embedder: Embedder) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        await bring_up_to_date(folder, embedder, load_catalogue())
        index = await Index.open(folder, embedder)
        results = [await evaluate_own(QUESTIONS, split, index) for split in ("dev", "test")]
    return [f"{result.results[-1].answer_in_first_5.mean:.3f}" for result in results]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    if not arguments.source.exists():
        Console(stderr=True).print(f"{arguments.source} isn't here: nothing to measure", soft_wrap=True)
        sys.exit(0)
    sys.exit(asyncio.run(main(arguments.source, arguments.rounds)))
