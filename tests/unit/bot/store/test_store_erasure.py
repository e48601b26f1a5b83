import asyncio

import pytest

from bot.store.conversations import TurnRecord
from bot.store.faults import ErasedError
from bot.store.store import Store
from bot.store.tables import Purpose, Rating
from retrieval.diet.preferences import Preferences
from tests.unit.bot.store.lives import GROUP, everything, live, payload, update_of

ADA, BOB = 424_242_001, 535_353_002
ASKED_IN = update_of(ADA, 8)


async def test_nothing_of_an_erased_person_is_in_any_table(store: Store) -> None:
    life = await live(store, ADA, "quokka")

    await store.erasure.erase(life.person)

    rows = await everything(store)
    assert not [word for word in (*life.words, "quokka", "peanuts", str(ADA)) if word in rows]


async def test_others_keep_everything(store: Store) -> None:
    await live(store, BOB, "wombat")
    before = (await everything(store)).split("\n")
    life = await live(store, ADA, "quokka")

    await store.erasure.erase(life.person)

    after = (await everything(store)).split("\n")
    changed = {line.split()[0] for line, other in zip(before, after, strict=True) if line != other}
    assert changed == {"updates", "tombstones"}
    assert f"'chat:{BOB}'" in after[[line.split()[0] for line in after].index("updates")]


async def test_a_chat_is_deleted_when_nobody_else_talks_there(store: Store) -> None:
    bob, ada = await live(store, BOB, "wombat"), await live(store, ADA, "quokka")

    await store.erasure.erase(ada.person)
    assert str(GROUP) in (rows := await everything(store)).partition("chats ")[2].partition("\n")[0]
    assert str(BOB) in rows

    await store.erasure.erase(bob.person)
    assert (await everything(store)).partition("chats ")[2].partition("\n")[0] == "[]"


async def test_only_the_pseudonym_stays(store: Store) -> None:
    life = await live(store, ADA, "quokka")

    await store.erasure.erase(life.person)

    assert await store.erasure.erased() == {life.person.pseudonym}


async def test_erasing_twice_does_no_harm(store: Store) -> None:
    life = await live(store, ADA, "quokka")

    await asyncio.gather(*(store.erasure.erase(life.person) for _ in range(5)))
    await store.erasure.erase(life.person)

    assert await store.erasure.erased() == {life.person.pseudonym}


async def test_a_duplicate_of_an_update_is_recognised_and_brings_nothing_back(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    await store.erasure.erase(life.person)

    for number in (0, 1, 5):
        assert not await store.inbox.receive(update_of(ADA, number), f"chat:{ADA}", payload(ADA, "quokka"))

    assert "quokka" not in await everything(store)
    assert await store.inbox.pending() == ()


async def test_the_update_that_asks_is_handled_again_after_a_kill_and_then_forgotten(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    await store.inbox.receive(ASKED_IN, f"chat:{ADA}", payload(ADA, "quokka says yes"))

    await store.erasure.erase(life.person, asked_in=ASKED_IN)
    assert [item.update_id for item in await store.inbox.pending()] == [ASKED_IN]

    await store.erasure.forget_updates(ADA, ASKED_IN)
    assert await store.inbox.pending() == ()
    assert "quokka" not in await everything(store)


async def test_what_was_written_after_the_wish_is_still_to_be_handled(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    await store.inbox.receive(ASKED_IN, f"chat:{ADA}", payload(ADA, "yes"))
    await store.inbox.receive(ASKED_IN + 1, f"chat:{ADA}", payload(ADA, "hello again"))

    await store.erasure.erase(life.person, asked_in=ASKED_IN)
    await store.erasure.forget_updates(ADA, ASKED_IN)

    assert [item.update_id for item in await store.inbox.pending()] == [ASKED_IN + 1]


async def test_whoever_still_writes_about_an_erased_person_is_told_and_writes_nothing(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    person, turn = life.person, life.turns[0]
    await store.erasure.erase(person)

    for late in (
        lambda: store.conversations.current(person.id, ADA, "private"),
        lambda: store.conversations.receive(
            turn.conversation_id, "late", preferences={}, consent_improve=False
        ),
        lambda: store.conversations.answer(turn.id, TurnRecord(answer="late")),
        lambda: store.conversations.set_messages(turn.id, [1]),
        lambda: store.preferences.apply(person.id, add=Preferences(likes=("late",)), source="message"),
        lambda: store.consents.give(person.id, Purpose.SERVICE, granted=True, version="1"),
        lambda: store.feedback.give(turn.id, person.id, Rating.UP),
    ):
        with pytest.raises(ErasedError):
            await late()

    assert "late" not in await everything(store)


async def test_writing_and_erasing_at_once_leaves_nothing(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    person = life.person

    async def talk(number: int) -> None:
        conversation = await store.conversations.current(person.id, GROUP - number % 3, "supergroup")
        turn = await store.conversations.receive(
            conversation.id, f"quokka {number}", preferences={}, consent_improve=False
        )
        await store.conversations.answer(turn.id, TurnRecord(answer=f"quokka {number}"))

    talking = [asyncio.create_task(talk(number)) for number in range(12)]
    await asyncio.sleep(0)
    await store.erasure.erase(person)
    outcomes = await asyncio.gather(*talking, return_exceptions=True)

    assert all(outcome is None or isinstance(outcome, ErasedError) for outcome in outcomes), outcomes
    assert "quokka" not in await everything(store)
