from bot.store.store import Store
from bot.store.tables import Purpose, UpdateStatus
from tests.unit.bot.store.lives import GROUP, live, payload

ADA, BOB = 424_242_001, 535_353_002


async def test_all_that_a_person_has_left_is_found(store: Store) -> None:
    life = await live(store, ADA, "quokka")

    held = await store.held.about(life.person)
    said = await store.held.turns(life.person.id, limit=10)

    assert [(item.purpose, item.granted) for item in held.consents] == [(Purpose.IMPROVEMENT, True)]
    assert [item.state for item in held.forms] == [{"said": "quokkaform"}]
    assert [item.chat_id for item in held.conversations] == [ADA, GROUP]
    assert {item.status for item in held.updates} == {UpdateStatus.RECEIVED, UpdateStatus.DONE}
    assert [str(item.payload).count("quokkaupdate") for item in held.updates] == [1, 1, 0]
    assert [turn for turn, _ in said] == list(life.turns)
    assert [[opinion.reason for opinion in opinions] for _, opinions in said] == 2 * [["quokkareason"]]


async def test_turns_come_in_pages(store: Store) -> None:
    life = await live(store, ADA, "quokka")

    first = await store.held.turns(life.person.id, limit=1)
    second = await store.held.turns(life.person.id, after=first[0][0].id, limit=1)

    assert [turn.id for turn, _ in first + second] == [turn.id for turn in life.turns]


async def test_nothing_of_anybody_else_is_among_it(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    await live(store, BOB, "wombat")

    found = f"{await store.held.about(life.person)} {await store.held.turns(life.person.id, limit=99)}"

    assert "quokka" in found
    assert "wombat" not in found
    assert str(BOB) not in found


async def test_an_update_is_held_without_those_whom_it_names(store: Store) -> None:
    life = await live(store, ADA, "quokka")
    bob = {"id": BOB, "is_bot": False, "first_name": "Bob"}
    update = payload(ADA, "what wombat says", chat=GROUP)
    update["message"] |= {
        "reply_to_message": payload(BOB, "wombat secret", chat=GROUP)["message"],
        "entities": [{"type": "text_mention", "offset": 0, "length": 4, "user": bob}],
        "contact": {"phone_number": "wombat phone"},
    }
    await store.inbox.receive(7, f"chat:{GROUP}", update)

    found = str((await store.held.about(life.person)).updates)

    assert "what wombat says" in found
    assert not [word for word in ("wombat secret", "wombat phone", str(BOB), "Bob") if word in found]
