"""People with something of everything that is kept, to be handed out, erased, or left alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.store.conversations import Asked, Turn, TurnRecord
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import Purpose, Rating, forms, metadata
from retrieval.diet.preferences import Preferences

GROUP = -100_123


@dataclass(frozen=True, slots=True)
class Life:
    """A person, their turns, and the words that nobody else has."""

    person: Person
    turns: tuple[Turn, ...]
    words: tuple[str, ...]


def update_of(telegram_id: int, number: int) -> int:
    """The id of a person's update; nobody could read the person's id in it."""
    return 9000 + telegram_id % 100 * 10 + number


def payload(telegram_id: int, text: str, *, chat: int | None = None) -> dict[str, Any]:
    """An update's JSON, as it is stored."""
    sender = {"id": telegram_id, "is_bot": False, "first_name": f"Name{telegram_id}"}
    where = {"id": chat or telegram_id, "type": "supergroup" if chat else "private"}
    return {"update_id": 1, "message": {"message_id": 5, "from": sender, "chat": where, "text": text}}


async def live(store: Store, telegram_id: int, word: str) -> Life:
    """Let a person do everything: state preferences, consent, ask in private and in a group, rate, fill in a form."""
    person = await store.people.person(f"telegram:{telegram_id}", telegram_id=telegram_id, language="en")
    await store.preferences.apply(
        person.id,
        add=Preferences(allergies=frozenset({"peanuts"}), dislikes=(f"{word}dislike",)),
        source="message",
        source_id="turn:1",
    )
    await store.preferences.apply(
        person.id, remove=Preferences(allergies=frozenset({"peanuts"})), source="button"
    )
    await store.consents.give(person.id, Purpose.IMPROVEMENT, granted=True, version="1")
    said = []
    for chat_id, kind in ((telegram_id, "private"), (GROUP, "supergroup")):
        conversation = await store.conversations.current(person.id, chat_id, kind)
        turn = await store.conversations.receive(
            conversation.id,
            f"{word}question in a {kind} chat",
            asked=Asked(update_id=update_of(telegram_id, len(said)), message_id=7),
            preferences={"dislikes": [f"{word}dislike"]},
            consent_improve=True,
        )
        record = TurnRecord(
            answer=f"{word}answer",
            passages=[{"id": "food:1", "title": "Lentils", "kind": "food", "text": "9 g"}],
            timings={"total": 12.5},
        )
        said.append(await store.conversations.answer(turn.id, record))
        await store.feedback.give(turn.id, person.id, Rating.DOWN, f"{word}reason")
    async with store.database.write() as connection:
        await connection.execute(
            sa.insert(forms).values(
                person_id=person.id,
                name="welcome",
                state={"said": f"{word}form"},
                changed_at=datetime(2026, 5, 3, tzinfo=UTC),
            )
        )
    for number, chat in enumerate((None, GROUP)):
        update_id = update_of(telegram_id, number)
        key = f"chat:{chat or telegram_id}"
        await store.inbox.receive(update_id, key, payload(telegram_id, f"{word}update", chat=chat))
    handled = update_of(telegram_id, 5)
    await store.inbox.receive(handled, f"chat:{telegram_id}", payload(telegram_id, word))
    await store.inbox.done(handled)
    kinds = ("dislike", "question", "answer", "reason", "form", "update")
    return Life(person, tuple(said), tuple(f"{word}{kind}" for kind in kinds))


async def everything(store: Store) -> str:
    """All rows of all tables, as one text."""
    async with store.database.read() as connection:
        found = [
            f"{table.name} {[tuple(row) for row in await connection.execute(sa.select(table))]}"
            for table in metadata.sorted_tables
        ]
    return "\n".join(found)
