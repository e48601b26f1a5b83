"""How often is somebody recommended what they must not eat? Violations and over-blocking, per configuration.

.venv/bin/python -m bench.restrictions.run --model-url http://127.0.0.1:8000 [--cases 750] [--keep answers.jsonl]
.venv/bin/python -m bench.restrictions.run --adversary [--cases 3000]

The first form asks a real model server in four configurations; the second asks a model that always recommends what is
forbidden, over the same protocol. README.md says what the cases are and how an answer is judged. `--keep` stores what
the model wrote, so that another run with the same prompts needs it only for what is new.
"""

import argparse
import asyncio
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.assistant.answer import Answer
from bot.assistant.assistant import Assistant, Heard, hear, prompt_budget, query_for
from bot.assistant.finding import find_passages
from bot.assistant.guard import GuardStatus
from bot.assistant.model import Finished, Limits, ModelClient, ServedModel, Usage, Words
from bot.commands.restrictions import preferences_from
from bot.logs import quieten_libraries
from bot.messages import say
from retrieval.adding import add
from retrieval.embedding import Embedder, load_embedder
from retrieval.errors import UnavailableError
from retrieval.index import Index
from retrieval.knowledge.catalogue import load_catalogue
from retrieval.knowledge.documents import Passage
from retrieval.knowledge.loaders.recognise import recognise
from retrieval.prompt import Message, build_prompt
from retrieval.upkeep import bring_up_to_date
from tests.fakes.model import FakeModel

from .adversary import adversarial_answer
from .cases import Case, adversarial, generated, handwritten
from .judge import judge, upper_bound

ALONE, PROMPT, FILTER, GUARDED = "model alone", "prompt only", "retrieval filter", "filter + guard"
PATIENT = Limits(first_token_s=300.0, between_tokens_s=120.0, total_s=600.0, concurrent=32, max_tokens=120)
"""A shared machine without a GPU is slow; what is measured here is what is said, not when."""

_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Result:
    """One case in one configuration. `blocked`: a control whose permitted food wasn't given."""

    case: Case
    violations: tuple[str, ...]
    mentions: tuple[str, ...]
    blocked: bool
    status: str
    answer: str


@dataclass(slots=True)
class Kept:
    """A model client that remembers what was written to each prompt; `stream` as in `ModelClient`."""

    client: ModelClient
    file: Path | None
    answers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.is_file():
            for line in self.file.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self.answers[entry["prompt"]] = entry["text"]

    async def served(self, *, fresh: bool = False) -> ServedModel:
        """Return the model that answers."""
        return await self.client.served(fresh=fresh)

    async def stream(
        self, messages: Sequence[Message], *, max_tokens: int | None = None
    ) -> AsyncGenerator[Words | Finished, None]:
        """Yield the whole answer, kept or new."""
        text = await self.text(messages, max_tokens)
        yield Words(text, Usage())
        yield Finished(Usage(), truncated=not text.rstrip().endswith((".", "!", "?", "]")))

    async def text(self, messages: Sequence[Message], max_tokens: int | None = None) -> str:
        """Return the answer to `messages`. Raises `UnavailableError` when the server is away."""
        key = hashlib.sha256(json.dumps(list(messages), ensure_ascii=False).encode()).hexdigest()
        if key not in self.answers:
            stream = self.client.stream(messages, max_tokens=max_tokens)
            self.answers[key] = "".join([item.text async for item in stream if isinstance(item, Words)])
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(
                        json.dumps({"prompt": key, "text": self.answers[key]}, ensure_ascii=False) + "\n"
                    )
        return self.answers[key]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all configurations work with: the model, the shipped knowledge base, and one with the hostile documents."""

    model: Any
    index: Index
    hostile: Index

    def index_of(self, case: Case) -> Index:
        """Return the knowledge base that a case is asked of."""
        return self.hostile if case.document else self.index

    async def alone(self, case: Case) -> Result:
        """Ask the question and give nothing else."""
        messages: list[Message] = [{"role": "user", "content": case.text}]
        return _judged(case, await self.model.text(messages), (), "")

    async def prompted(self, case: Case) -> Result:
        """Give the person's preferences, too, but no passages."""
        prompt = build_prompt(case.text, _heard(case).preferences, ())
        return _judged(case, await self.model.text(prompt.messages), (), "")

    async def filtered(self, case: Case) -> Result:
        """Give preferences and the passages that this person may be given."""
        heard = _heard(case)
        query = query_for(case.text, heard.understanding, limit=_PASSAGES)
        passages = await find_passages(self.index_of(case), query, heard.preferences)
        if not passages:  # the model isn't asked then: there is nothing to answer from
            return _judged(case, say("nothing_found"), (), "")
        budget = prompt_budget(await self.model.served())
        prompt = build_prompt(case.text, heard.preferences, passages, budget=budget)
        return _judged(case, await self.model.text(prompt.messages), prompt.passages, "")

    async def guarded(self, case: Case) -> Result:
        """Ask the assistant as it serves: understanding, filter, prompt, guard, repair, composed answer."""
        assistant = Assistant(self.index_of(case), self.model, limit=_PASSAGES)
        async for event in assistant.answer(_heard(case)):
            if isinstance(event, Answer):
                return _judged(case, event.text, event.sources, str(event.guard.status))
        raise AssertionError("a turn ends with its answer")


def _heard(case: Case) -> Heard:
    return hear(case.text, preferences_from(case.profile.diets, case.profile.allergies, ()))


def _judged(case: Case, answer: str, passages: Sequence[Passage], status: str) -> Result:
    titles = tuple(passage.title for passage in passages)
    verdict = judge(answer, titles, case.profile.diets, case.profile.allergies)
    said = answer.casefold()
    blocked = bool(case.expects) and not any(word.casefold() in said for word in case.expects)
    return Result(case, verdict.violations, verdict.mentions, blocked, status, answer)


def main() -> int:
    """Read the options, measure, and print the tables."""
    parser = argparse.ArgumentParser(description="Measure violations of restrictions, and over-blocking.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--model-url", help="an OpenAI-compatible server, such as http://127.0.0.1:8000")
    which.add_argument(
        "--adversary", action="store_true", help="ask a model that always recommends the forbidden"
    )
    parser.add_argument("--cases", type=int, default=0, help="only so many, evenly taken; 0 means all")
    parser.add_argument("--at-once", type=int, default=8, help="cases that are asked at a time")
    parser.add_argument("--keep", type=Path, help="a file for what the model wrote")
    parser.add_argument(
        "--results", type=Path, help="a file for each case's answer and judgement (JSON lines)"
    )
    options = parser.parse_args()
    quieten_libraries()
    try:
        return asyncio.run(_measure(options))
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 1


async def _measure(options: argparse.Namespace) -> int:
    cases = adversarial() if options.adversary else (*handwritten(), *generated())
    cases = _some(cases, options.cases)
    with tempfile.TemporaryDirectory() as folder:
        embedder = await asyncio.to_thread(load_embedder)
        index, hostile = await _knowledge(Path(folder), embedder, cases)
        try:
            if options.adversary:
                results = await _against_adversary(cases, index, hostile, options)
            else:
                results = await _against_server(cases, index, hostile, options)
        finally:
            index.close()
            hostile.close()
            embedder.close()
    _print(results)
    if options.results:
        _write(options.results, results)
    return 0


async def _knowledge(folder: Path, embedder: Embedder, cases: Sequence[Case]) -> tuple[Index, Index]:
    """Build the shipped knowledge base twice, the second time with the documents that cases bring along."""
    catalogue = load_catalogue()
    documents = folder / "documents"
    documents.mkdir()
    for number, case in enumerate(case for case in cases if case.document):
        (documents / f"document-{number}.md").write_text(case.document or "", encoding="utf-8")
    for name in ("shipped", "hostile"):
        await bring_up_to_date(str(folder / name), embedder, catalogue)
    for path in sorted(documents.iterdir()):
        await add(str(folder / "hostile"), embedder, recognise(path), reason="bench", source=path.name)
    return (
        await Index.open(str(folder / "shipped"), embedder),
        await Index.open(str(folder / "hostile"), embedder),
    )


async def _against_server(
    cases: Sequence[Case], index: Index, hostile: Index, options: argparse.Namespace
) -> Mapping[str, list[Result]]:
    client = ModelClient(options.model_url, limits=PATIENT)
    bench = Bench(Kept(client, options.keep), index, hostile)
    try:
        ways = {ALONE: bench.alone, PROMPT: bench.prompted, FILTER: bench.filtered, GUARDED: bench.guarded}
        return {name: await _each(cases, ask, name, options.at_once) for name, ask in ways.items()}
    finally:
        await client.aclose()


async def _against_adversary(
    cases: Sequence[Case], index: Index, hostile: Index, options: argparse.Namespace
) -> Mapping[str, list[Result]]:
    by_question = {case.text: case for case in cases}  # the adversary's questions are all different
    asked: Counter[str] = Counter()

    def worst(body: Mapping[str, Any]) -> str:
        users = [item["content"] for item in body["messages"] if item["role"] == "user"]
        case = next(by_question[text] for text in map(_question_in, reversed(users)) if text in by_question)
        asked[case.id] += 1
        return adversarial_answer(case, asked[case.id] - 1)

    async with FakeModel(max_model_len=8192, answers=worst) as server:
        client = ModelClient(server.url, limits=PATIENT)
        bench = Bench(client, index, hostile)
        try:
            guarded = await _each(cases, bench.guarded, GUARDED, options.at_once)
        finally:
            await client.aclose()
    bare = [_judged(case, adversarial_answer(case, 0), (), "") for case in cases]
    return {ALONE: bare, GUARDED: guarded}


def _question_in(message: str) -> str:
    return message.rpartition("Question: ")[2]


async def _each(
    cases: Sequence[Case], ask: Callable[[Case], Coroutine[Any, Any, Result]], name: str, at_once: int
) -> list[Result]:
    places = asyncio.Semaphore(at_once)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(name, total=len(cases))

        async def one(case: Case) -> Result:
            async with places:
                result = await ask(case)
                progress.advance(task)
                return result

        return await asyncio.gather(*(one(case) for case in cases))


def _some(cases: Sequence[Case], count: int) -> tuple[Case, ...]:
    if not 0 < count < len(cases):
        return tuple(cases)
    return tuple(cases[position * len(cases) // count] for position in range(count))


def _print(results: Mapping[str, list[Result]]) -> None:
    console = Console(width=140)
    table = Table(
        "configuration",
        "cases",
        "violations",
        "rate",
        "95 % upper bound",
        "controls",
        "over-blocked",
        "by the guard",
    )
    for name, found in results.items():
        broken = sum(bool(result.violations) for result in found)
        controls = [result for result in found if result.case.expects]
        blocked = sum(result.blocked for result in controls)
        statuses = Counter(result.status for result in found if result.status)
        table.add_row(
            name,
            str(len(found)),
            str(broken),
            f"{broken / len(found):.2%}",
            f"{upper_bound(broken, len(found)):.2%}",
            str(len(controls)),
            f"{blocked} ({blocked / len(controls):.1%})" if controls else "-",
            ", ".join(f"{status} {statuses[status]}" for status in GuardStatus if statuses[status]),
        )
    console.print(table)
    by_trap = Table("trap", "cases", *results)
    for trap in sorted({result.case.trap for found in results.values() for result in found}):
        counts = [
            _broken(result for result in found if result.case.trap == trap) for found in results.values()
        ]
        total = sum(result.case.trap == trap for result in next(iter(results.values())))
        by_trap.add_row(trap, str(total), *map(str, counts))
    console.print(by_trap)
    for result in [item for item in results[GUARDED] if item.violations or item.blocked][:12]:
        what = ", ".join(result.violations) if result.violations else "over-blocked"
        console.print(
            f"{result.case.id}: {what}: {result.case.text[:120]!r} → {result.answer[:300]!r}", markup=False
        )


def _broken(results: Iterable[Result]) -> int:
    return sum(bool(result.violations) for result in results)


def _write(path: Path, results: Mapping[str, list[Result]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for name, found in results.items():
            for result in found:
                entry = {
                    "configuration": name,
                    "id": result.case.id,
                    "text": result.case.text,
                    "diets": list(result.case.profile.diets),
                    "allergies": list(result.case.profile.allergies),
                    "violations": list(result.violations),
                    "mentions": list(result.mentions),
                    "blocked": result.blocked,
                    "status": result.status,
                    "answer": result.answer,
                }
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
