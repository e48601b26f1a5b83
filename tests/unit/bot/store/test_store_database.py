"""What holds of the whole database, whichever it is. Processes are real; they meet through pipes."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store.conversations import Asked, TurnRecord
from bot.store.store import Store
from bot.store.tables import metadata, turns
from retrieval.diet.preferences import Diet, Preferences
from retrieval.errors import BadInputError, UnavailableError

ROOT = Path(__file__).parents[4]

MIGRATE = """
import asyncio, sys
from bot.store.store import Store

async def main():
    store = Store.open(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    await store.database.migrate()
    await store.database.ping()
    await store.close()

asyncio.run(main())
"""

WRITE_FOR_EVER = """
import asyncio, itertools, json, sys
from bot.store.conversations import Asked, TurnRecord
from bot.store.store import Store
from retrieval.diet.preferences import Preferences

async def one_person(store, name):
    for number in itertools.count():
        person = await store.people.person(f"terminal:{name}-{number}")
        stated = Preferences.from_dict({"diets": ["vegan"], "allergies": ["peanuts"], "likes": ["tofu"]})
        await store.preferences.apply(person.id, add=stated, source="message", source_id="1")
        conversation = await store.conversations.current(person.id, None, "terminal")
        turn = await store.conversations.receive(
            conversation.id, "?" * 2000, preferences=stated.as_dict(), consent_improve=False
        )
        await store.conversations.answer(turn.id, TurnRecord(answer="!" * 2000))
        print(json.dumps([person.id, turn.id]), flush=True)

async def main():
    store = Store.open(sys.argv[1])
    await asyncio.gather(*(one_person(store, name) for name in range(8)))

asyncio.run(main())
"""


async def start(program: str, url: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, url, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_an_empty_database_gets_its_tables_and_a_second_start_changes_nothing(empty_url: str) -> None:
    store = Store.open(empty_url)
    with pytest.raises(UnavailableError, match="platewise run"):
        await store.database.ping()

    await store.database.migrate()
    person = await store.people.person("telegram:1")
    await store.database.migrate()

    await store.database.ping()
    assert await store.people.person("telegram:1") == person
    await store.close()


async def test_three_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    processes = [await start(MIGRATE, empty_url) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"

    results = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    assert [(process.returncode, error) for process, (_, error) in zip(processes, results, strict=True)] == [
        (0, b"")
    ] * 3
    store = Store.open(empty_url)
    async with store.database.read() as connection:
        versions = await connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        assert len(versions.all()) == 1
    await store.close()


async def test_migrations_make_exactly_the_tables_that_the_code_uses(store: Store) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with store.database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_tables_of_a_newer_platewise_are_left_alone(store: Store) -> None:
    async with store.database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnavailableError, match=r"9999.*newest Platewise"):
        await store.database.migrate()


async def test_a_killed_process_leaves_whole_transactions_and_all_it_had_confirmed(store_url: str) -> None:
    process = await start(WRITE_FOR_EVER, store_url)
    assert process.stdout is not None
    confirmed = [json.loads(await process.stdout.readline()) for _ in range(25)]
    process.kill()
    output, error = await process.communicate()
    assert error == b""
    confirmed += [
        json.loads(line) for line in output.decode().splitlines(keepends=True) if line.endswith("\n")
    ]

    store = Store.open(store_url)
    for _, turn_id in confirmed:
        turn = await store.conversations.get(turn_id)
        assert turn is not None
        assert turn.record == TurnRecord(answer="!" * 2000, preferences=turn.preferences)
    async with store.database.read() as connection:
        people = (await connection.execute(sa.select(metadata.tables["people"].c.id))).scalars().all()
    whole = Preferences(diets=frozenset({Diet.VEGAN}), allergies=frozenset({"peanuts"}), likes=("tofu",))
    assert len(people) >= len(confirmed)
    for person_id in people:
        assert await store.preferences.load(person_id) in (Preferences(), whole)
    await store.people.person("terminal:afterwards")
    await store.close()


async def test_a_row_never_refers_to_nothing(store: Store) -> None:
    with pytest.raises(BadInputError, match="isn't stored"):
        async with store.database.write() as connection:
            await connection.execute(
                sa.insert(metadata.tables["conversations"]).values(
                    person_id=999, started_at=sa.func.current_timestamp()
                )
            )


async def test_with_a_person_goes_all_that_is_theirs_and_the_id_is_never_given_again(store: Store) -> None:
    person = await store.people.person("telegram:1")
    await store.preferences.apply(person.id, add=Preferences(likes=("tofu",)), source="command")
    await store.preferences.apply(person.id, remove=Preferences(likes=("tofu",)), source="command")
    conversation = await store.conversations.current(person.id, 1, "private")
    turn = await store.conversations.receive(
        conversation.id, "Hello?", asked=Asked(update_id=1), preferences={}, consent_improve=False
    )

    people = metadata.tables["people"]
    async with store.database.write() as connection:
        await connection.execute(sa.delete(people).where(people.c.id == person.id))

    assert await store.conversations.get(turn.id) is None
    assert await store.preferences.history(person.id) == ()
    assert (await store.people.person("telegram:1")).id > person.id


async def test_two_hundred_messages_at_once_are_all_stored(store: Store) -> None:
    async def one(number: int) -> int:
        assert await store.inbox.receive(number, f"chat:{number}", {"update_id": number})
        person = await store.people.person(f"telegram:{number}", telegram_id=number)
        conversation = await store.conversations.current(person.id, number, "private")
        turn = await store.conversations.receive(
            conversation.id, "Hello?", asked=Asked(update_id=number), preferences={}, consent_improve=False
        )
        await store.inbox.done(number)
        return turn.id

    assert len(set(await asyncio.gather(*(one(number) for number in range(1, 201))))) == 200
    assert await store.inbox.pending() == ()


async def test_a_transaction_that_fails_half_way_leaves_nothing(store: Store) -> None:
    chats = metadata.tables["chats"]

    async def half_way() -> None:
        async with store.database.write() as connection:
            await connection.execute(
                sa.insert(chats).values(id=1, type="private", created_at=sa.func.current_timestamp())
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await half_way()

    async with store.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(chats)) == 0


async def test_cancelled_writers_leave_the_store_usable_and_no_turn_half_written(store: Store) -> None:
    person = await store.people.person("terminal:default")
    conversation = await store.conversations.current(person.id, None, "terminal")

    async def one(number: int) -> None:
        await store.conversations.receive(
            conversation.id, "Hello?", asked=Asked(update_id=number), preferences={}, consent_improve=False
        )

    async def cancel_after(task: asyncio.Task[None], ticks: int) -> None:
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()

    tasks = [asyncio.create_task(one(number)) for number in range(60)]
    await asyncio.gather(*(cancel_after(task, ticks * 3) for ticks, task in enumerate(tasks[::2])))
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(result is None for result in results[1::2])
    async with asyncio.timeout(20):
        await asyncio.gather(*(one(number) for number in range(60)))
    async with store.database.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(turns)) == 60


async def test_error_texts_never_hold_what_people_wrote(store: Store) -> None:
    await store.people.person("my secret allergy")
    people = metadata.tables["people"]
    again = sa.insert(people).values(handle="my secret allergy", created_at=sa.func.current_timestamp())

    with pytest.raises(sa.exc.IntegrityError) as caught:
        async with store.database.write() as connection:
            await connection.execute(again)

    assert "secret" not in str(caught.value)
