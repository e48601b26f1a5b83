"""What one search costs, embedding included, on the shipped catalogue; beside LangChain with Chroma where it is there.

.venv/bin/python bench/search.py [--rounds 2]

Every question is asked once a round by every person, one after another, each time in a little other words, so that no
cache of embeddings answers. For the comparison, in an environment of its own:
`pip install -e . langchain-chroma==1.1.0 langchain-huggingface==1.2.3`, then this script. It asks the same
questions of a Chroma collection of the same texts, with the same filter as metadata, through the retriever that
LangChain's documentation shows, with the same embedder (in SentenceTransformer, and in ours).
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.logs import quieten_libraries
from retrieval.diet.lexicon import lexicon
from retrieval.diet.permits import suitable_diets
from retrieval.diet.preferences import Allergen, Diet, Preferences
from retrieval.embedding import Embedder, embedder_folder, load_embedder
from retrieval.index import Index
from retrieval.knowledge.catalogue import load_catalogue, passages
from retrieval.rows import search_text
from retrieval.search import Query, search
from retrieval.upkeep import bring_up_to_date

QUESTIONS = Path(__file__).parent / "data" / "questions" / "queries.jsonl"
PERSONS = (
    ("nobody in particular", Preferences()),
    ("peanut allergy", Preferences(allergies=frozenset({"peanuts"}))),
    (
        "vegan, tree nut allergy",
        Preferences(diets=frozenset({Diet.VEGAN}), allergies=frozenset({"tree_nuts"})),
    ),
)
OTHER_WORDS = ("", "please, ", "and ", "hello, ", "thanks, ", "hi, ")

Ask = Callable[[str, Preferences], Awaitable[object]]


async def main(rounds: int) -> int:
    """Measure, print the tables."""
    quieten_libraries()
    questions = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    embedder = await asyncio.to_thread(load_embedder)
    with tempfile.TemporaryDirectory() as folder:
        await bring_up_to_date(folder, embedder, load_catalogue())
        index = await Index.open(folder, embedder)
        others = await asyncio.to_thread(_chroma, folder)
        contenders: dict[str, Ask] = {"Platewise": _ours(index), **others}
        times: dict[tuple[str, str], list[float]] = {}
        # Turn by turn, so that whatever else the machine does meets all of them alike.
        for ask in contenders.values():
            await _measured(ask, [f"warm-up: {text}" for text in questions[:50]], PERSONS[2][1])
        for number in range(rounds):
            for at, (who, preferences) in enumerate(PERSONS):
                words = OTHER_WORDS[(number * len(PERSONS) + at) % len(OTHER_WORDS)]
                for name, ask in contenders.items():
                    taken = await _measured(ask, [words + text for text in questions], preferences)
                    times.setdefault((name, who), []).extend(taken)
        rows = (await index.snapshot()).change.passages
    _print(times, rows, len(questions), rounds)
    if len(contenders) == 1:
        Console().print("langchain-chroma isn't installed here, so there is nothing to compare with")
    return 0


def _ours(index: Index) -> Ask:
    async def ask(text: str, preferences: Preferences) -> object:
        return await search(index, Query(text), preferences)

    return ask


async def _measured(ask: Ask, questions: Sequence[str], preferences: Preferences) -> list[float]:
    taken = []
    for text in questions:
        started = time.perf_counter()
        await ask(text, preferences)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _chroma(folder: str) -> dict[str, Ask]:
    try:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
    except ImportError:
        return {}
    found = passages(load_catalogue())
    texts = [search_text(passage) for passage in found]
    metadatas = [_metadata(passage.contains, passage.per_100g) for passage in found]
    contenders: dict[str, Ask] = {}
    for name, embeddings in {
        "LangChain + Chroma": HuggingFaceEmbeddings(model_name=str(embedder_folder("all-MiniLM-L6-v2"))),
        "LangChain + Chroma, our embedder": _Embeddings(load_embedder()),
    }.items():
        where = str(Path(folder) / f"chroma-{len(contenders)}")
        store = Chroma.from_texts(texts, embeddings, metadatas=metadatas, persist_directory=where)
        contenders[name] = _retriever(store)
    return contenders


def _metadata(contains: tuple[str, ...] | None, per_100g: Any) -> dict[str, bool]:
    inside = lexicon().contents(contains or ()).everything
    diets = suitable_diets(contains, per_100g)
    return {
        "known": contains is not None,
        **{f"has_{allergen}": allergen in inside for allergen in Allergen},
        **{str(diet): diet in diets for diet in Diet},
    }


def _retriever(store: Any) -> Ask:
    async def ask(text: str, preferences: Preferences) -> object:
        conditions: list[dict[str, bool]] = [{str(diet): True} for diet in preferences.diets]
        if preferences.allergies:
            conditions += [{"known": True}, *({f"has_{item}": False} for item in preferences.allergies)]
        where = {"$and": conditions} if len(conditions) > 1 else conditions[0] if conditions else None
        arguments = {"k": 5, **({"filter": where} if where else {})}
        return await store.as_retriever(search_kwargs=arguments).ainvoke(text)

    return ask


class _Embeddings:
    """Our embedder behind LangChain's interface."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed at once, in a thread without a loop of its own."""
        return asyncio.run(self._embedder.embed(texts)).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """Embed one."""
        return asyncio.run(self._embedder.query(text)).tolist()  # type: ignore[no-any-return]


def _print(times: dict[tuple[str, str], list[float]], rows: int, questions: int, rounds: int) -> None:
    title = f"{rows} passages, {questions} questions, {rounds} rounds, one after another"
    table = Table("what", "who asks", "p50 ms", "p95 ms", title=title)
    for (name, who), taken in sorted(times.items()):
        table.add_row(
            name, who, f"{statistics.median(taken):.1f}", f"{statistics.quantiles(taken, n=20)[-1]:.1f}"
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2)
    sys.exit(asyncio.run(main(parser.parse_args().rounds)))
