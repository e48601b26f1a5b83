"""What an embedder costs and how well it finds: PyTorch, and ONNX Runtime in several precisions.

.venv/bin/python bench/embedding.py [--rows 2000] [--skip-quality]

Each way runs in a process of its own, one after another: its start, its memory, questions one by one, documents in
bulk, and nDCG@10 by cosine alone over NFCorpus (dev questions), where ../shared/data is there. Processor time
stands beside the clock's, as that of a busy machine tells little.
"""

import argparse
import asyncio
import csv
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
_PYTORCH = "PyTorch fp32 (sentence-transformers)"
WAYS = {
    _PYTORCH: "",
    "the same, one thread": "",
    "ONNX Runtime fp32": "whole whole",
    "ONNX Runtime int8 by blocks": "blocks blocks",
    "ONNX Runtime int8 by channels": "channels channels",
    "shipped: questions by blocks, documents by channels": "blocks channels",
}
"""Way → which precision questions and documents have; none: not exported."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One way's figures. Times of questions in ms; memory in MiB, when only questions came, and at its highest."""

    start_s: float
    serving: float
    peak: float
    p50: float
    p95: float
    cpu: float
    rows_per_s: float
    rows_per_cpu_s: float
    ndcg: float | None


def main(rows: int, *, quality: bool) -> int:
    """Export the graphs, measure each way in its own process, and print the table."""
    measured: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run("--export", str(folder))
        for way in WAYS:
            arguments = ["--way", way, "--graphs", str(folder), "--rows", str(rows)]
            output = _run(*arguments, *([] if quality else ["--skip-quality"]))
            measured[way] = Measured(**json.loads(output.splitlines()[-1]))
    _print(measured, rows)
    return 0


def export_graphs(folder: Path) -> None:
    """Fill `folder` with a tokenizer and the bundled model in each precision."""
    from sentence_transformers import SentenceTransformer

    from retrieval.embedding import embedder_folder
    from retrieval.embedding.exporting import to_onnx
    from retrieval.embedding.quantising import by_blocks, by_channels

    model: Any = SentenceTransformer(str(embedder_folder("all-MiniLM-L6-v2")), device="cpu")
    model[0].tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    to_onnx(model[0].auto_model, folder / "whole.onnx")
    by_blocks(folder / "whole.onnx", folder / "blocks.onnx")
    by_channels(folder / "whole.onnx", folder / "channels.onnx")


async def measure(way: str, graphs: Path, rows: int, *, quality: bool) -> Measured:
    """Measure one way in this process."""
    questions, texts = _questions(), _texts()[:rows]
    started = time.perf_counter()
    embedder = _embedder(way, graphs)
    await embedder.query("warm")
    start_s = time.perf_counter() - started
    for number in range(10):
        await embedder.query(f"warm up number {number} with some more words")
    cpu, times = time.process_time(), []
    for question in questions:
        asked = time.perf_counter()
        await embedder.query(question)
        times.append((time.perf_counter() - asked) * 1000)
    cpu_ms = (time.process_time() - cpu) / len(questions) * 1000
    serving = _resident()

    await embedder.embed(texts[:64])
    wall, cpu = time.perf_counter(), time.process_time()
    await embedder.embed(texts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # PyTorch's vectors don't depend on its threads, so its minutes are spent once.
    wanted = quality and way != _PYTORCH and (DATA / "nfcorpus").exists()
    ndcg = await _ndcg(embedder) if wanted else None
    embedder.close()
    return Measured(
        start_s=start_s,
        serving=serving,
        peak=peak,
        p50=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1],
        cpu=cpu_ms,
        rows_per_s=len(texts) / wall,
        rows_per_cpu_s=len(texts) / cpu,
        ndcg=ndcg,
    )


def _embedder(way: str, graphs: Path) -> Any:
    from retrieval.embedding import BUNDLED, embedder_folder

    if not (precisions := WAYS[way]):
        import torch

        torch.set_num_threads(torch.get_num_threads() if way == _PYTORCH else 1)
        from retrieval.embedding.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(BUNDLED, embedder_folder(BUNDLED))
    from retrieval.embedding.exported import Exported
    from retrieval.embedding.onnx_embedder import OnnxEmbedder

    folder = graphs / precisions.replace(" ", "-")
    folder.mkdir(exist_ok=True)
    names = zip(("questions.onnx", "documents.onnx"), precisions.split(), strict=True)
    for name, source in (("tokenizer.json", "tokenizer.json"), *((to, f"{of}.onnx") for to, of in names)):
        (folder / name).symlink_to(graphs / source)
    return OnnxEmbedder(BUNDLED, Exported(folder, dimension=384, most_tokens=256, pad=0))


async def _ndcg(embedder: Any) -> float:
    """Return nDCG@10 over NFCorpus' dev questions, by cosine alone."""
    corpus = [json.loads(line) for line in (DATA / "nfcorpus/corpus.jsonl").open(encoding="utf-8")]
    documents = await embedder.embed([f"{item['title']} {item['text']}".strip() for item in corpus])
    judged = _judged()
    gains = []
    for question, relevant in judged.values():
        best = np.argsort(-(documents @ await embedder.query(question)), kind="stable")[:10]
        found = [relevant.get(corpus[place]["_id"], 0) for place in best]
        gains.append(_gain(found) / _gain(sorted(relevant.values(), reverse=True)[:10]))
    return statistics.mean(gains)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def _judged() -> dict[str, tuple[str, dict[str, int]]]:
    """Return NFCorpus' dev questions: id → text, and the grade of each relevant document."""
    lines = (DATA / "nfcorpus/queries.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {item["_id"]: item["text"] for item in map(json.loads, lines)}
    judged: dict[str, tuple[str, dict[str, int]]] = {}
    with (DATA / "nfcorpus/qrels/dev.tsv").open(encoding="utf-8") as file:
        for question, document, grade in list(csv.reader(file, delimiter="\t"))[1:]:
            judged.setdefault(question, (texts[question], {}))[1][document] = int(grade)
    return judged


def _questions() -> list[str]:
    if (DATA / "nfcorpus").exists():
        return list(dict.fromkeys(text for text, _ in _judged().values()))
    return [f"How much protein is in {text}?" for text in _texts()[:300]]


def _texts() -> list[str]:
    """Return the descriptions of SR Legacy's foods, or else our own catalogue's rows, in a mixed order."""
    if (table := DATA / "usda/sr_legacy_facts.csv").exists():
        with table.open(encoding="utf-8") as file:
            texts = [row["description"] for row in csv.DictReader(file)]
    else:
        with (ROOT / "retrieval/knowledge/data/foods.csv").open(encoding="utf-8") as file:
            texts = [", ".join(row) for row in csv.reader(file)]
    mixed = np.random.default_rng(1).permutation(len(texts))
    return [texts[place] for place in mixed]


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def _print(measured: dict[str, Measured], rows: int) -> None:
    columns = "start s|serving MiB|peak MiB|question p50 ms|p95 ms|CPU ms|rows/s|rows per CPU s|nDCG@10"
    table = Table(
        "", *columns.split("|"), title=f"all-MiniLM-L6-v2: questions one by one, {rows} rows in bulk"
    )
    for way, figures in measured.items():
        table.add_row(
            way,
            f"{figures.start_s:.1f}",
            f"{figures.serving:.0f}",
            f"{figures.peak:.0f}",
            f"{figures.p50:.2f}",
            f"{figures.p95:.2f}",
            f"{figures.cpu:.2f}",
            f"{figures.rows_per_s:.0f}",
            f"{figures.rows_per_cpu_s:.0f}",
            "–" if figures.ndcg is None else f"{figures.ndcg:.4f}",
        )
    Console(width=150).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--skip-quality", action="store_true", help="leave nDCG@10 out: it takes minutes")
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--graphs", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.export:
        export_graphs(given.export)
    elif given.way:
        found = asyncio.run(measure(given.way, given.graphs, given.rows, quality=not given.skip_quality))
        print(json.dumps(asdict(found)))
    else:
        sys.exit(main(given.rows, quality=not given.skip_quality))
