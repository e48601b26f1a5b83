"""What a search under a person's restrictions costs and finds in large tables, the question's embedding excluded.

.venv/bin/python bench/filtered_search.py [--rows 100000] [--queries 200] [--hnsw] [--chroma] [--out figures.json]

The table is grown from the bundled catalogue: its documents and pairs of them ("Lentils with spinach", with the tags of
both) are embedded once, and every row is a point between two that are close, a little moved, with the text and tags of
the closer one; a tenth has unknown contents. Uniform noise would say nothing about recall. The same rows come out of
every run.

Recall@10 is against brute force over the rows that the restrictions permit, worked out in Python from the tags; nothing
that they forbid may be found, or the script fails. Compared are LanceDB's exact search, ours, with `--hnsw` LanceDB's
graph index (minutes to build), and with `--chroma` a plain Chroma collection, where `chromadb` is installed. Chroma
gets its filter ready-made, as one true or false per person.

A time is the best of several rounds' medians, since other programs may be running; p95 is of the same round.
"""

import argparse
import asyncio
import importlib
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from _grown import World, make_world
from numpy.typing import NDArray

from bot.logs import quieten_libraries
from retrieval.diet.preferences import Diet, Restrictions
from retrieval.hybrid import rank
from retrieval.index import restriction_filter
from retrieval.indexing import index_rows, tuned
from retrieval.rows import TABLE
from retrieval.search import RANKING

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.query import AsyncVectorQuery

PERSONS: Mapping[str, Restrictions] = {
    "nobody in particular": Restrictions(),
    "peanut allergy": Restrictions(allergies=frozenset({"peanuts"})),
    "strawberry allergy": Restrictions(allergies=frozenset({"strawberry"})),
    "vegan": Restrictions(diets=frozenset({Diet.VEGAN})),
    "vegan, tree nut allergy": Restrictions(frozenset({Diet.VEGAN}), frozenset({"tree_nuts"})),
    "low FODMAP, gluten, milk and egg allergies": Restrictions(
        frozenset({Diet.LOW_FODMAP}), frozenset({"gluten", "milk", "eggs"})
    ),
    "vegan, low carb, soy and tree nut allergies": Restrictions(
        frozenset({Diet.VEGAN, Diet.LOW_CARB}), frozenset({"soybeans", "tree_nuts"})
    ),
}
BEST = 10
"""Recall is of so many."""
ASKED_OF_OURS = RANKING.candidates
"""Hits asked of our index, as the bot asks: their exact distances then order them."""
ASKED_OF_GRAPH = 60
"""Hits asked of a graph index: it looks at not many more, and asked for ten it finds eight of them."""
ROUNDS = 3

Ask = Callable[[int], Awaitable[Sequence[str]]]


async def main(rows: int, queries: int, *, hnsw: bool, chroma: bool, out: Path | None) -> int:
    """Measure, print the tables."""
    quieten_libraries()
    world = await make_world(rows, queries)
    best = _brute_force(world)
    with tempfile.TemporaryDirectory() as folder:
        table, built = await create_table(folder, world)
        results = await _measure_lancedb(table, world, best, hnsw=hnsw)
        if chroma:
            results += await _measure_chroma(folder, world, best)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _print(world, results, built, peak)
    if out:
        found = {"rows": rows, "queries": queries, "built_s": built, "peak_memory_mib": round(peak)}
        text = json.dumps({**found, "results": [asdict(result) for result in results]}, indent=2)
        await asyncio.to_thread(out.write_text, text)
    return 0


async def create_table(folder: str, world: "World") -> "tuple[AsyncTable, dict[str, float]]":
    """Make the table and its indexes; return it with the seconds that each step took."""
    from lancedb import connect_async

    started = time.perf_counter()
    table = await (await connect_async(folder)).create_table(TABLE, schema=world.pool.schema)
    for chunk in world.chunks():
        await table.add(chunk.rows)
    added = time.perf_counter()
    await index_rows(table)
    indexed = time.perf_counter()
    await _prewarm(table)
    return table, {"rows": round(added - started, 1), "indexes": round(indexed - added, 1)}


async def _prewarm(table: "AsyncTable") -> None:
    for index in await table.list_indices():
        await table.prewarm_index(index.name)


@dataclass(frozen=True, slots=True)
class Result:
    """One way of searching for one person. Times are in ms; `recall` is of the `BEST` nearest that are permitted."""

    way: str
    person: str
    share: float
    p50: float
    p95: float
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Best:
    """The numbers (queries, BEST) of the nearest permitted rows, and which rows (n,) are permitted."""

    numbers: NDArray[np.int64]
    permitted: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """Return the share of rows that are permitted."""
        return float(self.permitted.mean())


def _brute_force(world: World) -> dict[str, Best]:
    allowed = {name: world.permitted(restrictions) for name, restrictions in PERSONS.items()}
    masks: dict[str, list[NDArray[np.bool_]]] = {name: [] for name in PERSONS}
    scores = {name: np.empty((len(world.asked), 0), np.float32) for name in PERSONS}
    numbers = {name: np.empty((len(world.asked), 0), np.int64) for name in PERSONS}
    for chunk in world.chunks():
        vectors = chunk.rows["vector"].combine_chunks().flatten().to_numpy().reshape(len(chunk.parents), -1)
        similar = world.asked @ vectors.T
        for name in PERSONS:
            mask = allowed[name][chunk.parents]
            masks[name].append(mask)
            at = np.flatnonzero(mask)
            both = np.hstack([scores[name], similar[:, at]])
            where = np.hstack([numbers[name], np.tile(at + chunk.start, (len(similar), 1))])
            order = np.argpartition(-both, min(BEST, both.shape[1] - 1), axis=1)[:, :BEST]
            scores[name] = np.take_along_axis(both, order, 1)
            numbers[name] = np.take_along_axis(where, order, 1)
    return {name: Best(numbers[name], np.concatenate(masks[name])) for name in PERSONS}


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One person's search of a table, by numbers of questions."""

    table: "AsyncTable"
    world: World
    where: str | None
    permitted: int
    distance: Literal["dot", "cosine"] = "dot"

    def exact(self, number: int) -> "AsyncVectorQuery":
        """Return LanceDB's search of all permitted vectors."""
        return self._nearest(number, BEST).bypass_vector_index()

    def ours(self, number: int) -> "AsyncVectorQuery":
        """Return our search of our index."""
        return tuned(self._nearest(number, ASKED_OF_OURS), self.world.rows, self.permitted)

    def graph(self, number: int) -> "AsyncVectorQuery":
        """Return the search of a graph index, with LanceDB's own settings."""
        return self._nearest(number, ASKED_OF_GRAPH)

    def _nearest(self, number: int, limit: int) -> "AsyncVectorQuery":
        query = self.table.query().nearest_to(self.world.asked[number])
        query = query.distance_type(self.distance).limit(limit)
        return query.where(self.where) if self.where else query

    async def fused(self, number: int) -> object:
        """Search text and vectors, as the bot does."""
        vector = asyncio.get_running_loop().create_future()
        vector.set_result(self.world.asked[number])
        return await rank(
            self.table,
            self.world.questions[number],
            vector,
            where=self.where,
            ranking=RANKING,
            tune=self._tune,
        )

    async def _tune(self, query: "AsyncVectorQuery", _where: str | None) -> "AsyncVectorQuery":
        return tuned(query, self.world.rows, self.permitted)


async def _measure_lancedb(
    table: "AsyncTable", world: World, best: Mapping[str, Best], *, hnsw: bool
) -> list[Result]:
    from lancedb.index import HnswSq

    persons = {}
    for name, restrictions in PERSONS.items():
        where = restriction_filter(restrictions)
        persons[name] = Asked(table, world, where, await table.count_rows(where))
    results = []
    every = len(world.asked)
    few = min(every, max(5, min(20, 2_000_000 // world.rows)))
    for name, person in persons.items():
        results.append(await _measured("exact", name, person.exact, best[name], few))
        results.append(await _measured("ours", name, person.ours, best[name], every))
        times = await _times(person.fused, min(50, every))
        results.append(Result("ours, with text", name, best[name].share, *times))
    if hnsw:
        await table.create_index("vector", config=HnswSq(distance_type="cosine"))
        await _prewarm(table)
        for name, person in persons.items():
            graph = replace(person, distance="cosine").graph
            results.append(await _measured("IVF_HNSW_SQ", name, graph, best[name], every))
    return results


async def _measured(
    way: str, person: str, query: "Callable[[int], AsyncVectorQuery]", best: Best, count: int
) -> Result:
    async def timed(number: int) -> object:
        return await query(number).select(["_rowid", "_distance"]).to_arrow()

    recalls = []
    for number in range(count):
        found = await query(number).select(["id", "_distance"]).to_arrow()
        recalls.append(_recall(found["id"].to_pylist(), best, number))
    return Result(way, person, best.share, *await _times(timed, count), statistics.fmean(recalls))


def _recall(found: Sequence[str], best: Best, number: int) -> float:
    """Return the share of the best that was found. Raises `AssertionError` for a row that isn't permitted."""
    numbers = [int(key) for key in found]
    if not best.permitted[numbers].all():
        raise AssertionError(f"question {number}: a forbidden row was found")
    wanted = best.numbers[number].tolist()
    return len(set(wanted) & set(numbers[:BEST])) / max(1, len(wanted))


async def _times(ask: Callable[[int], Awaitable[object]], count: int) -> tuple[float, float]:
    await ask(0)
    rounds = []
    for _ in range(ROUNDS):
        taken = []
        for number in range(count):
            started = time.perf_counter()
            await ask(number)
            taken.append((time.perf_counter() - started) * 1000)
        rounds.append((statistics.median(taken), statistics.quantiles(taken, n=20)[-1]))
    return min(rounds)


async def _measure_chroma(folder: str, world: World, best: Mapping[str, Best]) -> list[Result]:
    try:
        # By name, because it isn't among our dependencies.
        chromadb: Any = importlib.import_module("chromadb")
    except ImportError:
        print("chromadb isn't installed here, so Chroma isn't measured.")
        return []
    client = chromadb.PersistentClient(str(Path(folder) / "chroma"))
    collection = client.create_collection("rows", metadata={"hnsw:space": "cosine"})
    allowed = [world.permitted(restrictions) for restrictions in PERSONS.values()]
    for chunk in world.chunks():
        for part in range(0, len(chunk.parents), 5_000):
            some = chunk.rows.slice(part, 5_000)
            parents = chunk.parents[part : part + 5_000]
            collection.add(
                ids=some["id"].to_pylist(),
                embeddings=some["vector"].combine_chunks().flatten().to_numpy().reshape(len(some), -1),
                metadatas=[{f"p{at}": bool(ok[row]) for at, ok in enumerate(allowed)} for row in parents],
            )
    results = []
    for at, (name, restrictions) in enumerate(PERSONS.items()):

        async def ask(number: int, where: Any = {f"p{at}": True} if restrictions else None) -> Sequence[str]:
            found = collection.query(
                query_embeddings=[world.asked[number]], n_results=BEST, where=where, include=["distances"]
            )
            return found["ids"][0]  # type: ignore[no-any-return]

        count = min(50, len(world.asked))
        recall = statistics.fmean([_recall(await ask(number), best[name], number) for number in range(count)])
        results.append(Result("Chroma", name, best[name].share, *await _times(ask, count), recall))
    return results


def _print(world: World, results: Sequence[Result], built: Mapping[str, float], peak: float) -> None:
    print(f"\n{world.rows:,} rows, {len(world.questions)} questions, {os.cpu_count()} cores\n")
    print("| who asks | permits | how | p50 ms | p95 ms | recall@10 |\n| --- | --- | --- | --- | --- | --- |")
    for result in sorted(results, key=lambda result: list(PERSONS).index(result.person)):
        recall = "" if result.recall is None else f"{result.recall:.3f}"
        print(
            f"| {result.person} | {result.share:.0%} | {result.way} | {result.p50:.1f} | {result.p95:.1f} | {recall} |"
        )
    steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in built.items())
    print(f"\nBuilt: {steps}. Peak memory, with the making of the rows: {peak:,.0f} MiB.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--hnsw", action="store_true", help="measure LanceDB's graph index as well")
    parser.add_argument("--chroma", action="store_true", help="measure Chroma as well")
    parser.add_argument("--out", type=Path, help="write the figures as JSON, too")
    asked = parser.parse_args()
    sys.exit(
        asyncio.run(main(asked.rows, asked.queries, hnsw=asked.hnsw, chroma=asked.chroma, out=asked.out))
    )
