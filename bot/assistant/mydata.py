"""`/mydata`: everything that is held about a person, as JSON that a person can read.

One document as a rule. A larger one than a messenger takes is cut between turns: each part is a whole document that
says which part it is, and the last one says so.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.store.columns import utc_now
from bot.store.conversations import Turn
from bot.store.export import Exports
from bot.store.feedback import Feedback
from bot.store.held import Held, HeldConversation
from bot.store.people import Person
from bot.store.store import Store

SCHEMA = "platewise-mydata/1"
_AT_ONCE = 100
_INDENT = 2
_DEEPER = 8
"""Columns that a turn's lines stand further to the right in the document than on their own."""

_Said = tuple[Turn, tuple[Feedback, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    """A part of what is held: a file's name and its content, JSON in UTF-8."""

    name: str
    content: bytes


async def documents(
    store: Store, exports: Exports, person: Person, *, largest: int
) -> AsyncIterator[Document]:
    """Yield everything that is held about `person`, in documents of at most about `largest` bytes.

    Raises `UnavailableError` when the database doesn't answer.
    """
    held = await store.held.about(person)
    whole = await _beginning(store, exports, person, held)
    heading = {name: whole[name] for name in ("schema", "made_at")}
    number, size, said = 1, len(_bytes(whole)), list[_Said]()
    async for turn, turn_size in _turns(store, person):
        if said and size + turn_size > largest:
            yield await asyncio.to_thread(_document, whole, held.conversations, said, number, False)  # noqa: FBT003
            whole, number, size, said = heading, number + 1, 0, []
        said.append(turn)
        size += turn_size
    yield await asyncio.to_thread(_document, whole, held.conversations, said, number, True)  # noqa: FBT003


async def _beginning(store: Store, exports: Exports, person: Person, held: Held) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "made_at": utc_now(),
        "person": {**asdict(person), "language_chosen": held.language_chosen},
        "preferences": {
            "now": (await store.preferences.load(person.id)).as_dict(),
            "history": [asdict(event) for event in await store.preferences.history(person.id)],
        },
        "consents": [asdict(decision) for decision in held.consents],
        "forms": [asdict(form) for form in held.forms],
        "updates": [asdict(update) for update in held.updates],
        "exports": await exports.holding(person.pseudonym),
    }


async def _turns(store: Store, person: Person) -> AsyncIterator[tuple[_Said, int]]:
    """Yield the turns, oldest first, each with its bytes in the document."""
    after = 0
    while found := await store.held.turns(person.id, after=after, limit=_AT_ONCE):
        for said, size in zip(found, await asyncio.to_thread(_sizes, found), strict=True):
            yield said, size
        after = found[-1][0].id


def _sizes(found: Iterable[_Said]) -> list[int]:
    texts = (_bytes(_turn(said)) for said in found)
    return [len(text) + _DEEPER * (text.count(b"\n") + 2) for text in texts]


def _document(
    beginning: Mapping[str, Any],
    talked: Sequence[HeldConversation],
    said: Sequence[_Said],
    part: int,
    last: bool,  # noqa: FBT001 - passed on by position
) -> Document:
    conversations = [
        {**asdict(conversation), "turns": turns}
        for conversation in talked
        # In the first part all are named, those of later turns and without turns, too.
        if (turns := [_turn(item) for item in said if item[0].conversation_id == conversation.id])
        or part == 1
    ]
    content = _bytes({**beginning, "part": part, "last": last, "conversations": conversations})
    return Document(
        "platewise-mydata.json" if part == 1 and last else f"platewise-mydata-{part}.json", content
    )


def _turn(said: _Said) -> dict[str, Any]:
    turn, opinions = said
    left_out = ("conversation_id",)
    return {
        **{name: value for name, value in asdict(turn).items() if name not in left_out},
        "feedback": [
            {"value": item.value, "reason": item.reason, "given_at": item.given_at} for item in opinions
        ],
    }


def _bytes(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=_INDENT, default=_plain).encode()


def _plain(value: object) -> str:
    """Write a moment as ISO 8601. Raises `TypeError` for what no document holds."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
