from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.assistant.turns import LONGEST_HISTORY as HISTORY_OF_PROMPTS
from bot.store import dataset_rows, earlier
from bot.store.columns import utc_now
from bot.store.conversations import Asked, TurnRecord
from bot.store.dataset_rows import DatasetRows, MinFeedback, Selection
from bot.store.people import Names, Person
from bot.store.pseudonyms import Pseudonyms
from bot.store.store import Store
from bot.store.tables import Purpose, Rating, tombstones
from training.dataset.source import Turn

PASSAGE = {"id": "food:tofu", "kind": "food", "title": "Tofu", "text": "Tofu has 17 g.", "source": "USDA"}


@pytest.fixture
def rows(store: Store, tmp_path: Path) -> DatasetRows:
    return DatasetRows(store.database, Pseudonyms.of(tmp_path))


async def person_who(store: Store, number: int, *, agrees: bool = True) -> Person:
    person = await store.people.person(
        f"telegram:{number}", telegram_id=number, names=Names("Ada", "Lovelace", "ada_l")
    )
    await store.consents.give(person.id, Purpose.IMPROVEMENT, agrees, "1")
    return person


async def say(
    store: Store,
    person: Person,
    question: str,
    *,
    asked: Asked = Asked(),  # noqa: B008 (immutable)
    consented: bool = True,
    guard: str = "passed",
    score: float = 1.0,
) -> int:
    conversation = await store.conversations.current(person.id, person.telegram_id, "private")
    turn = await store.conversations.receive(
        conversation.id,
        question,
        asked=asked,
        preferences={"diets": ["vegan"], "settings": {"language": "de"}},
        consent_improve=consented,
    )
    record = TurnRecord(
        answer=f"Answer to {question}",
        notices=("Noted: vegan.",),
        passages=(PASSAGE | {"score": score},),
        guard_status=guard,
        prompt_tokens=9,
        completion_tokens=3,
        timings={"total": 12.5},
    )
    await store.conversations.answer(turn.id, record)
    return turn.id


async def found(rows: DatasetRows, **wanted: Any) -> list[Turn]:
    return [turn async for turn in rows.turns(Selection(**wanted))]


def questions(turns: Sequence[Turn]) -> list[str]:
    return [turn.row.question for turn in turns]


async def test_a_consented_turn_comes_with_all_that_the_model_saw(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    turn_id = await say(store, ada, "How much protein?", asked=Asked(meant="How much protein has tofu?"))
    await store.feedback.give(turn_id, ada.id, Rating.DOWN, "facts")

    (turn,) = await found(rows)

    row = turn.row
    assert (row.question, row.asked) == ("How much protein?", "How much protein has tofu?")
    assert row.answer == "Answer to How much protein?"
    assert row.preferences["diets"] == ["vegan"]
    assert row.language == "de"
    assert row.passages[0].text == "Tofu has 17 g."
    assert row.feedback is not None
    assert (row.feedback.value, row.feedback.reason) == ("down", "facts")
    assert row.consent is not None
    assert row.consent.version == "1"
    assert row.asked_at is not None
    assert row.consent.given_at <= row.asked_at
    assert turn.names == ("Ada", "Lovelace", "ada_l")


async def test_ids_of_telegram_and_of_the_store_are_nowhere_in_a_row(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 123456789)
    await say(store, ada, "And tofu?")
    (turn,) = await found(rows)
    text = turn.row.model_dump_json()
    assert not [trace for trace in ("123456789", "telegram:", ada.pseudonym, "Lovelace") if trace in text]


async def test_names_of_rows_stay_the_same_and_need_the_key(
    store: Store, rows: DatasetRows, tmp_path: Path
) -> None:
    await say(store, await person_who(store, 1), "And tofu?")
    ((first,), (again,)) = (
        await found(rows),
        await found(DatasetRows(store.database, Pseudonyms.of(tmp_path))),
    )
    (elsewhere,) = await found(DatasetRows(store.database, Pseudonyms.of(tmp_path / "another")))
    assert again == first
    assert {first.row.row, first.row.person, first.row.conversation}.isdisjoint(
        {elsewhere.row.row, elsewhere.row.person, elsewhere.row.conversation}
    )


async def test_a_passage_with_other_words_has_another_version(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    await say(store, ada, "one", score=0.5)
    await say(store, ada, "two", score=0.7)
    await say(store, ada, "three")
    async with store.database.write() as connection:
        await connection.exec_driver_sql(
            'UPDATE turns SET passages = \'[{"id": "food:tofu", "text": "Tofu has 8 g."}]\''
            " WHERE question = 'three'"
        )
    one, two, three = [turn.row.passages[0].version for turn in await found(rows)]
    assert one == two != three


async def test_history_is_what_stood_in_the_prompt(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    first = await say(store, ada, "first")
    edited = await say(store, ada, "first, edited", asked=Asked(replaces=first))
    await say(store, ada, "second")
    await say(store, ada, "first, edited", asked=Asked(again_of=edited))

    seen = {turn.row.row: [item.question for item in turn.row.history] for turn in await found(rows)}

    # An edited question gave way; another answer is written from what came before the question.
    assert list(seen.values()) == [[], [], ["first, edited"], []]
    last = (await found(rows))[2].row
    assert last.history[0].answer == "Noted: vegan.\n\nAnswer to first, edited"
    assert [turn.row.position for turn in await found(rows)] == [0, 1, 2, 3]
    assert (await store.conversations.exchanges(1, 40))[0][0] == "second"


async def test_siblings_and_edits_point_to_their_rows(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    first = await say(store, ada, "first")
    await say(store, ada, "first", asked=Asked(again_of=first))
    await say(store, ada, "edited", asked=Asked(replaces=first))
    one, again, edit = [turn.row for turn in await found(rows)]
    assert again.again_of == one.row
    assert edit.replaces == one.row


async def test_what_was_not_consented_to_is_in_no_history_and_no_follow_up(
    store: Store, rows: DatasetRows
) -> None:
    ada = await person_who(store, 1)
    private = await say(store, ada, "private", consented=False)
    await say(store, ada, "and for her?", asked=Asked(meant="private for her?"))
    await say(store, ada, "private", asked=Asked(again_of=private))
    await say(store, ada, "plain")
    (turn,) = await found(rows)
    assert turn.row.question == "plain"
    assert "private" not in turn.row.model_dump_json()


async def test_who_takes_it_back_takes_back_what_was_said_before(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    await say(store, ada, "before")
    await store.consents.give(ada.id, Purpose.IMPROVEMENT, False, "1")
    assert await found(rows) == []
    await store.consents.give(ada.id, Purpose.IMPROVEMENT, True, "2")
    await say(store, ada, "after")
    (turn,) = await found(rows)
    assert turn.row.question == "after"
    assert turn.row.history == ()
    assert turn.row.consent is not None
    assert turn.row.consent.version == "2"


async def test_who_wants_nothing_kept_is_in_nothing(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    await say(store, ada, "before")
    await store.consents.give(ada.id, Purpose.SERVICE, False, "1")
    assert await found(rows) == []
    await store.consents.give(ada.id, Purpose.SERVICE, True, "1")
    await say(store, ada, "after")
    assert questions(await found(rows)) == ["after"]


async def test_erased_people_stay_out_of_a_restored_backup(store: Store, rows: DatasetRows) -> None:
    eve = await person_who(store, 3)
    await say(store, eve, "back with an old backup")
    async with store.database.write() as connection:
        await connection.execute(sa.insert(tombstones).values(pseudonym=eve.pseudonym, erased_at=utc_now()))
    assert await found(rows) == []


async def test_a_turn_without_words_stays_out(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    gone = await say(store, ada, "gone")
    await store.texts.forget(gone)
    conversation = await store.conversations.current(ada.id, ada.telegram_id, "private")
    await store.conversations.receive(conversation.id, "waits", preferences={}, consent_improve=True)
    assert await found(rows) == []


async def test_a_flag_without_a_decision_is_no_consent(store: Store, rows: DatasetRows) -> None:
    ada = await store.people.person("telegram:1", telegram_id=1)
    await say(store, ada, "the flag alone")
    assert await found(rows) == []


async def test_what_the_guard_kept_back_comes_only_on_request(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    await say(store, ada, "kept back", guard="refused")
    assert await found(rows) == []
    assert rows.left_out == {"refused by the guard": 1}
    assert questions(await found(rows, include_refused=True)) == ["kept back"]


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (MinFeedback.ANY, ["bad", "unsaid", "good"]),
        (MinFeedback.NOT_DOWN, ["unsaid", "good"]),
        (MinFeedback.UP, ["good"]),
    ],
)
async def test_the_least_feedback(
    store: Store, rows: DatasetRows, least: MinFeedback, expected: list[str]
) -> None:
    ada, bob = await person_who(store, 1), await person_who(store, 2)
    bad, unsaid, good = [await say(store, ada, word) for word in ("bad", "unsaid", "good")]
    await store.feedback.give(bad, ada.id, Rating.DOWN)
    await store.feedback.give(good, ada.id, Rating.UP)
    await store.feedback.give(unsaid, bob.id, Rating.DOWN)  # somebody else in a group
    assert questions(await found(rows, min_feedback=least)) == expected


async def test_a_time_cuts_between_answers(store: Store, rows: DatasetRows) -> None:
    ada = await person_who(store, 1)
    await say(store, ada, "early")
    moment = utc_now()
    await say(store, ada, "late")
    assert questions(await found(rows, until=moment)) == ["early"]
    (late,) = await found(rows, since=moment)
    assert [item.question for item in late.row.history] == ["early"]


async def test_many_turns_are_read_some_at_a_time_and_none_is_missed(
    store: Store, rows: DatasetRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await person_who(store, number, agrees=number != 2) for number in (1, 2, 3)]
    for number in range(12):
        await say(store, people[number % 3], f"question {number}")
    whole = await found(rows)
    monkeypatch.setattr(dataset_rows, "_PAGE", dataset_rows._PAGE.limit(3))
    assert await found(rows) == whole
    assert sorted(questions(whole)) == sorted(f"question {number}" for number in range(12) if number % 3 != 1)
    assert [len(turn.row.history) for turn in whole] == [0, 1, 2, 3] * 2


async def test_who_leaves_while_an_export_runs_is_told(store: Store, rows: DatasetRows) -> None:
    ada, bob, _eve = [await person_who(store, number) for number in (1, 2, 3)]
    moment = utc_now()
    assert await rows.left_since(moment) == frozenset()
    await store.consents.give(ada.id, Purpose.IMPROVEMENT, False, "1")
    await store.erasure.erase(bob)
    names = {rows.pseudonyms.person(person.pseudonym) for person in (ada, bob)}
    assert await rows.left_since(moment) == names
    assert await rows.left_since(datetime.now(UTC) + timedelta(minutes=1)) == frozenset()


def test_history_is_as_long_as_the_assistants() -> None:
    assert earlier.LONGEST_HISTORY == HISTORY_OF_PROMPTS
