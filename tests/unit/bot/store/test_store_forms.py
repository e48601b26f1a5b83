"""States of forms, and texts that are taken out of turns again."""

import pytest

from bot.store.conversations import Asked, Turn, TurnRecord
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose
from retrieval.errors import BadInputError


async def test_a_form_is_one_persons_and_the_latest_state_counts(store: Store) -> None:
    first = await store.people.person("telegram:1")
    second = await store.people.person("telegram:2")
    assert await store.forms.load(first.id, "first") is None

    await store.forms.save(first.id, "first", {"marks": {"diets": "none"}})
    await store.forms.save(second.id, "first", {"marks": {}})
    await store.forms.save(first.id, "first", {"marks": {"diets": "said"}, "card": 7})

    assert await store.forms.load(first.id, "first") == {"marks": {"diets": "said"}, "card": 7}
    assert await store.forms.load(second.id, "first") == {"marks": {}}
    assert await store.forms.load(first.id, "another") is None


async def test_a_form_of_nobody_is_refused_and_goes_with_its_person(store: Store) -> None:
    person = await store.people.person("telegram:1")
    await store.forms.save(person.id, "first", {})
    await store.erasure.erase(person)

    assert await store.forms.load(person.id, "first") is None
    with pytest.raises(BadInputError):
        await store.forms.save(person.id, "first", {})


async def asked(store: Store, person: Person, update_id: int, *, answer: bool = True) -> Turn:
    """A turn of a person, answered or not yet."""
    conversation = await store.conversations.current(person.id, None, "terminal")
    turn = await store.conversations.receive(
        conversation.id,
        "a question",
        asked=Asked(update_id, meant="meant"),
        preferences={"diets": ["vegan"]},
        consent_improve=True,
    )
    if answer:
        record = TurnRecord("an answer", notices=("Noted",), passages=[{"id": "p"}], guard_reasons=("why",))
        turn = await store.conversations.answer(turn.id, record)
    return turn


async def test_a_forgotten_turn_says_nothing_any_more(store: Store) -> None:
    person = await store.people.person("telegram:1")
    turn, other = await asked(store, person, 1), await asked(store, person, 2)

    await store.texts.forget(turn.id)

    left = await store.conversations.get(turn.id)
    assert left is not None
    assert (left.question, left.meant, left.record, left.preferences) == ("", None, None, {})
    assert not left.consent_improve
    assert left.answered_at == turn.answered_at
    assert await store.conversations.get(other.id) == other
    # The same update again finds it, so that nobody answers it twice.
    again = await asked(store, person, 1, answer=False)
    assert (again.id, again.question) == (turn.id, "")
    assert await store.conversations.exchanges(turn.conversation_id, 9) == (
        ("a question", "Noted\n\nan answer"),
    )


async def test_all_of_a_person_is_forgotten_but_what_is_under_way(store: Store) -> None:
    person, other = await store.people.person("telegram:1"), await store.people.person("telegram:2")
    await store.inbox.receive(3, "chat:1", {})
    delivered, waiting = await asked(store, person, 1), await asked(store, person, 2, answer=False)
    being_delivered, theirs = await asked(store, person, 3), await asked(store, other, 4)
    failed = await asked(store, person, 5, answer=False)
    await store.conversations.fail(failed.id, "e1")

    await store.texts.forget_all(person.id)

    kept = [await store.conversations.get(turn.id) for turn in (waiting, being_delivered, theirs)]
    assert kept == [waiting, being_delivered, theirs]
    gone = [await store.conversations.get(turn.id) for turn in (delivered, failed)]
    assert [turn.question for turn in gone if turn is not None] == ["", ""]


async def test_the_latest_decision_is_told_with_its_date_and_wording(store: Store) -> None:
    person = await store.people.person("telegram:1")
    assert await store.consents.decisions(person.id) == {}
    for granted, version in ((True, "1-en"), (False, "2-es")):
        await store.consents.give(person.id, Purpose.SERVICE, granted, version)

    (decision,) = (await store.consents.decisions(person.id)).values()

    assert (decision.purpose, decision.granted, decision.version) == (Purpose.SERVICE, False, "2-es")
    assert decision.given_at.tzinfo is not None
