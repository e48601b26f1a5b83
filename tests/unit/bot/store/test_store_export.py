import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import export
from bot.store.columns import utc_now
from bot.store.conversations import Asked, TurnRecord
from bot.store.export import Export, Exports
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose, Rating, tombstones


@pytest.fixture
def exports(store: Store, tmp_path: Path) -> Exports:
    return Exports(store.database, tmp_path / "exports")


async def person_who(store: Store, number: int, *, agrees: bool = True) -> Person:
    person = await store.people.person(f"telegram:{number}", telegram_id=number)
    await store.consents.give(person.id, Purpose.IMPROVEMENT, agrees, "1")
    return person


async def turn_of(store: Store, person: Person, question: str, *, consented: bool = True) -> int:
    conversation = await store.conversations.current(person.id, person.telegram_id, "private")
    turn = await store.conversations.receive(
        conversation.id, question, asked=Asked(), preferences={"diets": ["vegan"]}, consent_improve=consented
    )
    passages = ({"id": "food:tofu", "title": "Tofu", "text": "Tofu has 17 g."},)
    record = TurnRecord(
        answer="Tofu has 17 g [1].", notices=("Noted: vegan.",), passages=passages, guard_status="passed"
    )
    await store.conversations.answer(turn.id, record)
    return turn.id


def read(made: Export) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    with zipfile.ZipFile(made.path) as archive:
        lines = archive.read("turns.jsonl")
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["files"]["turns.jsonl"]["sha256"] == hashlib.sha256(lines).hexdigest()
    return [json.loads(line) for line in lines.splitlines()], manifest


async def test_a_consented_turn_is_written_with_all_that_training_needs(
    store: Store, exports: Exports
) -> None:
    ada = await person_who(store, 1)
    turn_id = await turn_of(store, ada, "How much protein has tofu?")
    await store.feedback.give(turn_id, ada.id, Rating.DOWN, "wrong")
    made = await exports.make()
    (line,), manifest = read(made)
    assert line["person"] == ada.pseudonym
    assert line["question"] == "How much protein has tofu?"
    assert line["answer"] == "Tofu has 17 g [1]."
    assert line["passages"][0]["text"] == "Tofu has 17 g."
    assert line["preferences"] == {"diets": ["vegan"]}
    assert line["feedback"] == {"value": "down", "reason": "wrong"}
    assert (manifest["turns"], manifest["people"], manifest["rated"]) == (1, 1, 1)
    assert (made.turns, made.people, made.rated) == (1, 1, 1)
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.size == made.path.stat().st_size


async def test_names_and_telegram_ids_are_nowhere_in_it(store: Store, exports: Exports) -> None:
    ada = await person_who(store, 123456789)
    await turn_of(store, ada, "And tofu?")
    with zipfile.ZipFile((await exports.make()).path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"123456789" not in everything
    assert b"telegram:" not in everything


async def test_what_was_not_consented_to_or_no_longer_is_stays_out(store: Store, exports: Exports) -> None:
    ada, bob, eve = [await person_who(store, number) for number in (1, 2, 3)]
    await turn_of(store, ada, "asked before she agreed", consented=False)
    await turn_of(store, ada, "agreed")
    await turn_of(store, bob, "took it back")
    await store.consents.give(bob.id, Purpose.IMPROVEMENT, False, "1")
    await turn_of(store, eve, "erased, and back with an old backup")
    async with store.database.write() as connection:
        await connection.execute(sa.insert(tombstones).values(pseudonym=eve.pseudonym, erased_at=utc_now()))
    lines, manifest = read(await exports.make())
    assert [line["question"] for line in lines] == ["agreed"]
    assert manifest["people"] == 1


async def test_a_turn_without_an_answer_is_left_out(store: Store, exports: Exports) -> None:
    ada = await person_who(store, 1)
    conversation = await store.conversations.current(ada.id, 1, "private")
    await store.conversations.receive(
        conversation.id, "?", asked=Asked(), preferences={}, consent_improve=True
    )
    assert (await exports.make()).turns == 0


async def test_many_turns_are_read_some_at_a_time_and_none_is_missed(
    store: Store, exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_AT_ONCE", 3)
    people = [await person_who(store, number, agrees=number != 2) for number in (1, 2, 3)]
    for number in range(10):
        await turn_of(store, people[number % 3], f"question {number}")
    lines, _ = read(await exports.make())
    assert [line["question"] for line in lines] == [f"question {number}" for number in (0, 2, 3, 5, 6, 8, 9)]


async def test_an_export_that_fails_leaves_nothing_behind(
    store: Store, exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await person_who(store, 1)
    await turn_of(store, ada, "And tofu?")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "_write_lines", full)
    with pytest.raises(OSError, match="No space"):
        await exports.make()
    assert list((tmp_path / "exports").iterdir()) == []


async def test_exports_with_an_erased_person_are_deleted_and_others_stay(
    store: Store, exports: Exports
) -> None:
    ada, bob = await person_who(store, 1), await person_who(store, 2)
    await turn_of(store, ada, "And tofu?")
    with_ada = await exports.make()
    await store.consents.give(ada.id, Purpose.IMPROVEMENT, False, "1")
    await turn_of(store, bob, "And eggs?")
    without = await exports.make()
    half = with_ada.path.with_suffix(".partial")
    half.write_bytes(b"And tofu?")
    assert await exports.drop_with(ada.pseudonym) == 1
    assert sorted(with_ada.path.parent.iterdir()) == [without.path]
    assert await exports.drop_with(ada.pseudonym) == 0


async def test_only_the_account_that_runs_the_bot_may_read_an_export(exports: Exports) -> None:
    assert (await exports.make()).path.stat().st_mode & 0o077 == 0
