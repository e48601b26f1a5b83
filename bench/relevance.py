"""Fits the weights of `retrieval/data/relevance.yaml` on the dev half of our own questions, judges them on the other.

.venv/bin/python bench/relevance.py

Prints the weights to be written into the file, and how often the line that they draw is right. Logistic regression with
balanced classes (scikit-learn, C = 1, features scaled by their deviation); the line is where 5 % of dev's answerable
questions fall under it, by ten-fold cross-validation five times over.
"""

import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.evaluation import asked
from bot.logs import quieten_libraries
from retrieval.beir import Wish, read_wishes
from retrieval.embedding import load_embedder
from retrieval.index import Index
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.relevance import Evidence
from retrieval.search import find
from retrieval.upkeep import bring_up_to_date

QUESTIONS = Path(__file__).parent / "data" / "questions"
REFUSED = 0.05


async def main() -> int:
    """Fit, print."""
    quieten_libraries()
    ids = {passage.id for passage in passages(load_catalogue())}
    embedder = await asyncio.to_thread(load_embedder)
    with tempfile.TemporaryDirectory() as folder:
        await bring_up_to_date(folder, embedder, load_catalogue())
        index = await Index.open(folder, embedder)
        halves = {}
        for split in ("dev", "test"):
            wishes = read_wishes(QUESTIONS, split, ids)
            found = [asdict(await _evidence(index, wish)) for wish in wishes]
            features = np.array([list(item.values()) for item in found])
            halves[split] = (features, np.array([bool(wish.judgements) for wish in wishes]))
    weights = _fitted(*halves["dev"])
    table = Table("half", "answerable refused", "unanswerable recognised", title="the line, judged")
    for split, (features, answerable) in halves.items():
        says_yes = features @ weights[1:] + weights[0] >= 0.0
        refused = 1.0 - says_yes[answerable].mean()
        table.add_row(split, f"{refused:.3f}", f"{1.0 - says_yes[~answerable].mean():.3f}")
    names = ("constant", *Evidence.__dataclass_fields__)
    Console().print(table)
    for name, weight in zip(names, weights, strict=True):
        print(f"  {name}: {weight:.3f}")
    return 0


async def _evidence(index: Index, wish: Wish) -> Evidence:
    query, preferences = asked(wish)
    candidates = await find(index, query, preferences)
    return candidates.evidence(query)


def _fitted(features: NDArray[np.float64], answerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (constant, weights…) on the features as they are, moved so that the line is at 0."""
    scale = features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, class_weight="balanced")
    folds = [StratifiedKFold(10, shuffle=True, random_state=seed) for seed in range(5)]
    odds = np.mean(
        [
            cross_val_predict(model, features / scale, answerable, cv=fold, method="decision_function")
            for fold in folds
        ],
        axis=0,
    )
    line = np.quantile(odds[answerable], REFUSED)
    model.fit(features / scale, answerable)
    return np.asarray(np.concatenate([model.intercept_ - line, model.coef_[0] / scale]))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
