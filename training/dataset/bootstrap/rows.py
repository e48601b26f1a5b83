"""Seeded conversations from a knowledge base, as rows of a dataset."""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from retrieval import embedding
from retrieval.errors import BadInputError
from retrieval.index import Index
from retrieval.knowledge import documents
from training.dataset.bootstrap.finding import Finder
from training.dataset.bootstrap.kinds import CONVERSATIONS
from training.dataset.bootstrap.library import Library
from training.dataset.bootstrap.people import People
from training.dataset.bootstrap.phrasing import Voice
from training.dataset.bootstrap.scene import Ask, Conversation, Said, Scene
from training.dataset.bootstrap.splits import Split, split_of
from training.dataset.schema import Exchange, Guard, Origin, Passage, Row

_TOGETHER = 128
"""Conversations that are written side by side, so that their questions are embedded together."""

_LONGEST, _GOES_ON = 4, 0.25
"""Turns after which a conversation ends at the next change of subject, and how often the subject changes before."""

_IN_VAIN = 5
"""Rounds of conversations that give nothing new, after which the knowledge base has no more to be asked."""


class Made(NamedTuple):
    """A row, the split it belongs to, and the passages that the answer cites by number, with all their fields."""

    row: Row
    split: Split
    passages: tuple[documents.Passage, ...]


Accepts = Callable[[Made], Sequence[str]]
"""Returns what is wrong with an answer; nothing when it may be given. The bot's guard comes in so."""


@dataclass(slots=True)
class Tally:
    """What came of it: `made` and `guarded` by kind, and why turns were left out."""

    made: Counter[str] = field(default_factory=Counter)
    guarded: Counter[str] = field(default_factory=Counter)
    """Rows by kind that `accepts` was against."""

    left_out: Counter[str] = field(default_factory=Counter)
    """Turns by reason that weren't made: not permitted, or said before."""

    faults: Counter[str] = field(default_factory=Counter)
    """Guarded rows by kind and fault."""


async def bootstrap_rows(
    index: Index, *, count: int, seed: int, accepts: Accepts | None = None, tally: Tally | None = None
) -> AsyncIterator[Made]:
    """Yield `count` rows from the documents of `index`, whole conversations one after the other.

    The same seed, knowledge base and machine give the same rows. A row's split is that of the made-up person; foods,
    recipes, notes and phrasings that are asked about in one split are asked about in no other, and none of test's
    is in a prompt of train. Rows that `accepts` finds fault with are dropped, with all that follows in their
    conversation; `tally` counts. Raises `BadInputError` for a count that isn't positive, and for a knowledge base that
    is too small, or has nothing more to ask before `count` rows are made.
    """
    if count < 1:
        raise BadInputError(f"bootstrap: {count} rows can't be made; ask for 1 or more")
    library = await Library.read(index)
    finder = await Finder.open(index, library)
    tally = tally or Tally()
    try:
        writer = _Writer(seed, finder, library, tally)
        done, in_vain = 0, 0
        while in_vain < _IN_VAIN:
            before = done
            for conversation in await writer.conversations():
                for item in _accepted(conversation, accepts, tally):
                    tally.made[item.row.kind or ""] += 1
                    yield item
                    if (done := done + 1) == count:
                        return
            in_vain = in_vain + 1 if done == before else 0
        raise BadInputError(
            f"bootstrap: nothing new is found to ask, or passes the guard, after {done:,} rows; "
            f"ask for fewer than {count:,}, or add documents"
        )
    finally:
        finder.close()


def rows(
    knowledge: str,
    *,
    count: int,
    seed: int,
    embedder: str = embedding.BUNDLED,
    accepts: Accepts | None = None,
    tally: Tally | None = None,
) -> Iterator[Made]:
    """Yield what `bootstrap_rows` does, from the knowledge base at `knowledge`, for callers without an event loop.

    Raises what `bootstrap_rows`, `retrieval.embedding.load_embedder` and `Index.open` raise.
    """
    loaded = embedding.load_embedder(embedder)
    try:
        with asyncio.Runner() as runner:
            index = runner.run(Index.open(knowledge, loaded))
            made = bootstrap_rows(index, count=count, seed=seed, accepts=accepts, tally=tally)
            try:
                while (item := runner.run(_next(made))) is not None:
                    yield item
            finally:
                runner.run(_closed(made))
                index.close()
    finally:
        loaded.close()


async def _next(made: AsyncIterator[Made]) -> Made | None:
    return await anext(made, None)


async def _closed(made: AsyncIterator[Made]) -> None:
    if hasattr(made, "aclose"):
        await made.aclose()


class _Writer:
    """Writes conversations, some at a time."""

    def __init__(self, seed: int, finder: Finder, library: Library, tally: Tally) -> None:
        self._seed = seed
        self._finder = finder
        self._library = library
        self._tally = tally
        self._people = People(random.Random(f"{seed} people"))  # noqa: S311 (the same again for the same seed)
        self._number = 0
        self._said: set[bytes] = set()

    async def conversations(self) -> list[list[Made]]:
        """Write the next conversations; those that came to nothing are left out."""
        numbers = range(self._number, self._number + _TOGETHER)
        scenes = [self._scene(number) for number in numbers]
        self._number = numbers.stop
        running = [(scene, _talk(scene)) for scene in scenes]
        sent: list[tuple[documents.Passage, ...] | None] = [None] * len(running)
        while running:
            asked = []
            for (scene, conversation), passages in zip(running, sent, strict=True):
                if (ask := _next_ask(conversation, passages)) is not None:
                    asked.append((scene, conversation, ask))
            sent = [*await self._finder.passages([ask for _scene, _conversation, ask in asked])]
            running = [(scene, conversation) for scene, conversation, _ask in asked]
        made = (self._rows(number, scene) for number, scene in zip(numbers, scenes, strict=True))
        return [rows for rows in made if rows]

    def _scene(self, number: int) -> Scene:
        rng = random.Random(f"{self._seed} conversation {number}")  # noqa: S311 (as above)
        split = split_of(f"{self._seed} person {number}")

        def spoiled(reason: str) -> None:
            self._tally.left_out[reason] += 1

        return Scene(rng, split, self._library, self._people.draw(rng), Voice(rng, split), spoiled)

    def _rows(self, number: int, scene: Scene) -> list[Made]:
        person = _identity(f"{self._seed} person {scene.rng.random()} {number}")
        made = []
        for position, said in enumerate(scene.turns):
            key = hashlib.blake2b(
                f"{said.meant or said.question}\0{said.answer}".encode(), digest_size=8
            ).digest()
            if key in self._said:
                self._tally.left_out["said before"] += 1
                break
            self._said.add(key)
            made.append(Made(_row(person, position, said), scene.split, said.passages))
        return made


def _talk(scene: Scene) -> Conversation:
    """Ask one kind of question, and perhaps another: who got an answer may go on."""
    while True:
        before = len(scene.turns)
        (kind,) = scene.rng.choices(list(CONVERSATIONS), list(CONVERSATIONS.values()))
        yield from kind(scene)
        if len(scene.turns) == before or len(scene.turns) >= _LONGEST or not scene.chance(_GOES_ON):
            return


def _next_ask(conversation: Conversation, passages: tuple[documents.Passage, ...] | None) -> Ask | None:
    try:
        return next(conversation) if passages is None else conversation.send(passages)
    except StopIteration:
        return None


def _accepted(made: Sequence[Made], accepts: Accepts | None, tally: Tally) -> Iterator[Made]:
    for item in made:
        kind = item.row.kind or ""
        if accepts is not None and (faults := accepts(item)):
            tally.guarded[kind] += 1
            tally.faults.update(f"{kind}: {fault}" for fault in faults)
            return
        yield item if accepts is None else _passed(item)


def _passed(item: Made) -> Made:
    return item._replace(row=item.row.model_copy(update={"guard": Guard(status="passed")}))


def _row(person: str, position: int, said: Said) -> Row:
    return Row(
        row=_identity(f"{person} {position}"),
        person=person,
        conversation=_identity(f"{person} conversation"),
        position=position,
        origin=Origin.BOOTSTRAP,
        kind=said.kind,
        intent=said.intent,
        question=said.question,
        meant=said.meant,
        history=tuple(Exchange(question=item.question, answer=item.answer) for item in said.history),
        preferences=said.preferences.as_dict(),
        passages=tuple(_passage(item) for item in said.passages),
        answer=said.answer,
    )


def _passage(passage: documents.Passage) -> Passage:
    return Passage(
        id=passage.id,
        version=_version(passage),
        kind=str(passage.kind),
        title=passage.title,
        text=passage.text,
        source=passage.source,
    )


def _version(passage: documents.Passage) -> str:
    said = {key: value for key, value in passage.as_dict().items() if key != "score"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _identity(text: str) -> str:
    return hashlib.blake2b(f"platewise bootstrap {text}".encode(), digest_size=16).hexdigest()
