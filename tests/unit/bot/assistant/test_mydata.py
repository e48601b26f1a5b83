import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bot.assistant.mydata import Document, documents
from bot.store.conversations import Asked
from bot.store.export import Exports
from bot.store.store import Store
from tests.unit.bot.store.exporting import zipped
from tests.unit.bot.store.lives import GROUP, Life, live

ADA, BOB = 424_242_001, 535_353_002
LARGE = 10**9

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_ID = {"type": "integer"}
_ID_OR_NULL = {"type": ["integer", "null"]}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$"}
_MOMENT_OR_NULL = {"anyOf": [_MOMENT, {"type": "null"}]}
_OBJECT = {"type": "object"}


def shape(**properties: object) -> dict[str, object]:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def many(item: object) -> dict[str, object]:
    return {"type": "array", "items": item}


_RECORD = shape(
    answer=_TEXT,
    notices=many(_TEXT),
    intent=_TEXT_OR_NULL,
    preferences=_OBJECT,
    passages=many({"type": "object", "required": ["id", "title", "text"]}),
    model=_TEXT_OR_NULL,
    adapter=_TEXT_OR_NULL,
    prompt_tokens=_ID_OR_NULL,
    completion_tokens=_ID_OR_NULL,
    cached_tokens=_ID_OR_NULL,
    timings={"type": "object", "additionalProperties": {"type": "number"}},
    guard_status=_TEXT_OR_NULL,
    guard_reasons=many(_TEXT),
    stopped={"type": "boolean"},
)
_TURN = shape(
    id=_ID,
    update_id=_ID_OR_NULL,
    status={"enum": ["received", "answering", "answered", "failed"]},
    question=_TEXT,
    preferences=_OBJECT,
    consent_improve={"type": "boolean"},
    received_at=_MOMENT,
    message_ids=many(_ID),
    record={"anyOf": [_RECORD, {"type": "null"}]},
    error_id=_TEXT_OR_NULL,
    answered_at=_MOMENT_OR_NULL,
    question_message_id=_ID_OR_NULL,
    again_of=_ID_OR_NULL,
    replaces=_ID_OR_NULL,
    meant=_TEXT_OR_NULL,
    sending_after=_ID_OR_NULL,
    feedback=many(shape(value={"enum": ["up", "down"]}, reason=_TEXT_OR_NULL, given_at=_MOMENT)),
)
_STATEMENT = shape(
    id=_ID,
    kind={"enum": ["diet", "allergy", "exception", "like", "dislike", "target", "setting"]},
    value=_TEXT,
    polarity={"enum": ["add", "remove"]},
    number={"type": ["number", "null"]},
    choice=_TEXT_OR_NULL,
    source=_TEXT,
    source_id=_TEXT_OR_NULL,
    stated_at=_MOMENT,
    superseded_by=_ID_OR_NULL,
)
_EVERY_PART = {
    "schema": {"const": "platewise-mydata/1"},
    "made_at": _MOMENT,
    "part": {"type": "integer", "minimum": 1},
    "last": {"type": "boolean"},
    "conversations": many(
        shape(
            id=_ID,
            chat_id=_ID_OR_NULL,
            chat_type=_TEXT_OR_NULL,
            started_at=_MOMENT,
            ended_at=_MOMENT_OR_NULL,
            turns=many(_TURN),
        )
    ),
}
FURTHER_PART = shape(**_EVERY_PART)
SCHEMA = shape(
    **_EVERY_PART,
    person=shape(
        id=_ID,
        handle=_TEXT,
        telegram_id=_ID_OR_NULL,
        language=_TEXT_OR_NULL,
        created_at=_MOMENT,
        pseudonym=_TEXT,
        first_name=_TEXT_OR_NULL,
        last_name=_TEXT_OR_NULL,
        user_name=_TEXT_OR_NULL,
        language_chosen={"type": "boolean"},
    ),
    preferences=shape(now=_OBJECT, history=many(_STATEMENT)),
    consents=many(
        shape(
            purpose={"enum": ["service", "improvement"]},
            granted={"type": "boolean"},
            version=_TEXT,
            given_at=_MOMENT,
        )
    ),
    forms=many(shape(name=_TEXT, state=_OBJECT, changed_at=_MOMENT)),
    updates=many(
        shape(
            update_id=_ID,
            status={"enum": ["received", "done"]},
            received_at=_MOMENT,
            done_at=_MOMENT_OR_NULL,
            payload={"type": ["object", "null"]},
        )
    ),
    exports=many(_TEXT),
)


def checked(content: bytes, schema: dict[str, object] = SCHEMA) -> dict[str, Any]:
    """The document, which has to be valid."""
    document: dict[str, Any] = json.loads(content)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(document)
    return document


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'platewise.db'}")
    await opened.database.migrate()
    yield opened
    await opened.close()


async def given_to(store: Store, life: Life, folder: Path, largest: int = LARGE) -> list[Document]:
    exports = Exports(folder)
    return [item async for item in documents(store, exports, life.person, largest=largest)]


async def test_the_document_is_valid_and_holds_everything(store: Store, tmp_path: Path) -> None:
    life = await live(store, ADA, "quokka")
    made = await zipped(store, tmp_path)

    (given,) = await given_to(store, life, tmp_path)
    document = checked(given.content)

    assert given.name == "platewise-mydata.json"
    assert document["person"]["telegram_id"] == ADA
    assert document["preferences"]["now"]["dislikes"] == ["quokkadislike"]
    history = [
        (item["value"], item["polarity"], item["source"]) for item in document["preferences"]["history"]
    ]
    assert ("peanuts", "add", "message") in history
    assert ("peanuts", "remove", "button") in history
    talked = document["conversations"]
    assert [item["chat_id"] for item in talked] == [ADA, GROUP]
    turn = talked[0]["turns"][0]
    assert turn["record"]["passages"][0]["title"] == "Lentils"
    assert turn["record"]["timings"] == {"total": 12.5}
    assert turn["feedback"][0]["reason"] == "quokkareason"
    assert document["exports"] == [made.path.name]
    assert all(word in given.content.decode() for word in life.words)


async def test_an_unanswered_turn_is_in_it(store: Store, tmp_path: Path) -> None:
    life = await live(store, ADA, "quokka")
    conversation = life.turns[0].conversation_id
    await store.conversations.receive(
        conversation, "still waiting", asked=Asked(), preferences={}, consent_improve=False
    )

    (given,) = await given_to(store, life, tmp_path)

    assert checked(given.content)["conversations"][0]["turns"][-1]["record"] is None


async def test_nothing_of_anybody_else_is_in_it(store: Store, tmp_path: Path) -> None:
    life, other = await live(store, ADA, "quokka"), await live(store, BOB, "wombat")
    await zipped(store, tmp_path)

    (given,) = await given_to(store, life, tmp_path)

    text = given.content.decode()
    assert not [word for word in ("wombat", str(BOB), other.person.pseudonym) if word in text]


async def test_a_person_can_read_it(store: Store, tmp_path: Path) -> None:
    life = await live(store, ADA, "ñandú")

    (given,) = await given_to(store, life, tmp_path)

    lines = given.content.decode().splitlines()
    assert "ñandúquestion" in given.content.decode()
    assert max(map(len, lines)) < 200


async def test_what_is_too_large_comes_in_whole_documents(store: Store, tmp_path: Path) -> None:
    life = await live(store, ADA, "quokka")
    for number in range(120):
        await store.conversations.receive(
            life.turns[number % 2].conversation_id,
            f"question {number} " + "x" * 300,
            preferences={},
            consent_improve=False,
        )
    largest = 20_000

    given = await given_to(store, life, tmp_path, largest)

    first, *further = given
    parts = [checked(first.content), *(checked(item.content, FURTHER_PART) for item in further)]
    assert [item.name for item in given] == [
        f"platewise-mydata-{number + 1}.json" for number in range(len(given))
    ]
    assert [part["part"] for part in parts] == list(range(1, len(given) + 1))
    assert [part["last"] for part in parts] == [False] * (len(given) - 1) + [True]
    assert all(len(item.content) <= largest + 2_000 for item in given), [len(item.content) for item in given]
    ids = [turn["id"] for part in parts for talked in part["conversations"] for turn in talked["turns"]]
    assert len(ids) == len(set(ids)) == 122
