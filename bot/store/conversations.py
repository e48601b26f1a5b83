"""Chats, conversations and their turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import turn_statements as statements
from bot.store.columns import utc_now
from bot.store.database import Database
from bot.store.faults import ErasedError
from bot.store.people import lock_person
from bot.store.tables import TurnStatus, chats, conversations, turns
from bot.store.upsert import insert


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one person in one chat since `/new`. `chat_id` is Telegram's; a terminal has none."""

    id: int
    person_id: int
    chat_id: int | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """How a question was answered: the answer, what the model saw, what it cost, what the guard said.

    `passages` are `Passage.as_dict()` snapshots, `timings` are milliseconds by step. `preferences` are those
    that the answer was written with; None keeps those of `Conversations.receive`. `notices` are the bot's own sentences
    that stand before the answer ("Noted: …"); they are no part of what a model should learn to write.
    `stopped`: the person stopped the answer, which is what was written until then.
    """

    answer: str
    notices: Sequence[str] = ()
    intent: str | None = None
    preferences: Mapping[str, Any] | None = None
    passages: Sequence[Mapping[str, Any]] = ()
    model: str | None = None
    adapter: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    guard_status: str | None = None
    guard_reasons: Sequence[str] = ()
    stopped: bool = False

    @property
    def said(self) -> str:
        """What the person read: notices and answer."""
        return "\n\n".join((*self.notices, self.answer))


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, and its answer once there is one.

    `message_ids` are the Telegram messages that hold the answer, or the part of it that was sent so far.
    `consent_improve` is what the person allowed when they asked. `meant` is a follow-up's question written out,
    which is what stood in the prompt then.
    `sending_after` is set while a further message is on its way (see `Conversations.set_sending`).
    `again_of` is the turn to whose question this is another answer, `replaces` the one whose question was edited.
    """

    id: int
    conversation_id: int
    update_id: int | None
    status: TurnStatus
    question: str
    preferences: Mapping[str, Any]
    consent_improve: bool
    received_at: datetime
    message_ids: tuple[int, ...]
    record: TurnRecord | None
    error_id: str | None
    answered_at: datetime | None
    question_message_id: int | None = None
    again_of: int | None = None
    replaces: int | None = None
    meant: str | None = None
    sending_after: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a question comes from, and what it has to do with an earlier turn; see `Turn`."""

    update_id: int | None = None
    message_id: int | None = None
    again_of: int | None = None
    replaces: int | None = None
    meant: str | None = None


class Conversations:
    """Who talks where, and what was said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, person_id: int, chat_id: int | None, chat_type: str) -> Conversation:
        """Return the person's open conversation in the chat, begun now when there is none.

        Raises `BadInputError` for an unknown person.
        """
        async with self._database.read() as connection:
            row = await _open(connection, person_id, chat_id)
        if row is None:
            async with self._database.write() as connection:
                await lock_person(connection, person_id)
                # Another message of the same moment may have begun it.
                row = await _open(connection, person_id, chat_id)
                row = row or await _begin(connection, person_id, chat_id, chat_type)
        return _conversation(row)

    async def start_new(self, person_id: int, chat_id: int | None, chat_type: str) -> Conversation:
        """End the open conversation and begin another; one without turns yet is as good as new and stays.

        Raises `BadInputError` for an unknown person.
        """
        async with self._database.write() as connection:
            await lock_person(connection, person_id)
            row = await _open(connection, person_id, chat_id)
            if row is not None:
                begun = sa.select(turns.c.id).where(turns.c.conversation_id == row.id).limit(1)
                if await connection.scalar(begun) is None:
                    return _conversation(row)
                await connection.execute(
                    sa.update(conversations).where(conversations.c.id == row.id).values(ended_at=utc_now())
                )
            return _conversation(await _begin(connection, person_id, chat_id, chat_type))

    async def history(
        self, conversation_id: int, limit: int, *, before: int | None = None
    ) -> tuple[Turn, ...]:
        """Return the last `limit` answered turns, oldest first; with `before`, of those before that turn.

        A turn whose question was edited, or answered again, gives way to the later one.
        """
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(turns)
                .where(*statements.answered(conversation_id, before))
                .order_by(turns.c.id.desc())
                .limit(limit)
            )
            return tuple(turn_of(row) for row in reversed(rows.all()))

    async def exchanges(
        self, conversation_id: int, limit: int, *, before: int | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Return the same turns as (question, what was said).

        What `history` also holds, the passages above all, is most of a turn's bytes, and a prompt needs none of it.
        """
        async with self._database.read() as connection:
            if before is None:
                asked = {"conversation": conversation_id, "most": limit}
                rows = await connection.execute(statements.EXCHANGES, asked)
            else:
                asked = {"conversation": conversation_id, "most": limit, "before": before}
                rows = await connection.execute(statements.EARLIER_EXCHANGES, asked)
            found = [(row.question, "\n\n".join((*(row.notices or ()), row.answer))) for row in rows]
        return tuple(reversed(found))

    async def receive(
        self,
        conversation_id: int,
        question: str,
        *,
        asked: Asked = Asked(),
        preferences: Mapping[str, Any],
        consent_improve: bool,
    ) -> Turn:
        """Store a question. The same `asked.update_id` again returns the turn that it made, as it is by now.

        Raises `BadInputError` for an unknown conversation.
        """
        async with self._database.write_one() as connection:
            new: dict[str, Any] = {
                "conversation_id": conversation_id,
                "update_id": asked.update_id,
                "question_message_id": asked.message_id,
                "again_of": asked.again_of,
                "replaces": asked.replaces,
                "meant": asked.meant,
                "status": TurnStatus.RECEIVED,
                "question": question,
                "preferences": dict(preferences),
                "consent_improve": consent_improve,
                "received_at": utc_now(),
                "message_ids": [],
            }
            inserted = await connection.execute(statements.RECEIVE[connection.dialect.name], new)
            row = inserted.one_or_none()
            if row is None:
                before = await connection.execute(
                    sa.select(turns).where(turns.c.update_id == asked.update_id)
                )
                row = before.one()
            return turn_of(row)

    async def set_messages(
        self, turn_id: int, message_ids: Sequence[int], *, looking_after: int | None = None
    ) -> None:
        """Note the Telegram messages that hold the answer; the first ones make a received turn `answering`.

        Nothing is on its way any more then, unless the last is a placeholder for a message that is still looked for
        among the ids above `looking_after`. Raises `BadInputError` for an unknown turn.
        """
        async with self._database.write_one() as connection:
            changed = await connection.execute(
                statements.SET_MESSAGES,
                {"the_turn": turn_id, "sent": list(message_ids), "after": looking_after},
            )
            if changed.rowcount == 0:
                raise _missing(turn_id)

    async def set_sending(self, turn_id: int, after: int) -> None:
        """Note that another message of the answer is on its way; its id will be higher than `after`.

        A process that finds this note doesn't know whether the message arrived, and has to look for it.
        """
        async with self._database.write_one() as connection:
            await connection.execute(statements.SET_SENDING, {"the_turn": turn_id, "after": after})

    async def answer(self, turn_id: int, record: TurnRecord) -> Turn:
        """Store the answer, and return the turn. An answered turn keeps its first answer.

        Raises `BadInputError` for an unknown turn.
        """
        answered = {"status": TurnStatus.ANSWERED, "error_id": None, "answered_at": utc_now()}
        async with self._database.write_one() as connection:
            return await _unless_answered(connection, turn_id, answered | _columns(record))

    async def fail(self, turn_id: int, error_id: str) -> None:
        """Note that the turn failed, under the id that the person was told. An answered turn stays answered.

        Raises `BadInputError` for an unknown turn.
        """
        async with self._database.write_one() as connection:
            await _unless_answered(connection, turn_id, {"status": TurnStatus.FAILED, "error_id": error_id})

    async def fail_update(self, update_id: int, error_id: str) -> None:
        """Note a failure with the turn that an update made, if it made one that isn't answered."""
        unanswered = (turns.c.update_id == update_id, turns.c.status != TurnStatus.ANSWERED)
        failed = {"status": TurnStatus.FAILED, "error_id": error_id}
        async with self._database.write_one() as connection:
            await connection.execute(sa.update(turns).where(*unanswered).values(failed))

    async def asker(self, turn_id: int) -> int | None:
        """Return the id of the person whose turn it is, or None when there is no such turn (any more)."""
        query = sa.select(conversations.c.person_id).join(turns).where(turns.c.id == turn_id)
        async with self._database.read() as connection:
            person_id: int | None = await connection.scalar(query)
        return person_id

    async def get(self, turn_id: int) -> Turn | None:
        """Return a turn, or None when there is none (any more)."""
        async with self._database.read() as connection:
            found = await connection.execute(statements.GET, {"the_turn": turn_id})
            row = found.one_or_none()
        return None if row is None else turn_of(row)


async def _open(connection: AsyncConnection, person_id: int, chat_id: int | None) -> sa.Row[Any] | None:
    if chat_id is None:
        found = await connection.execute(statements.OPEN_ELSEWHERE, {"person": person_id})
    else:
        found = await connection.execute(statements.OPEN_IN_CHAT, {"person": person_id, "chat": chat_id})
    return found.one_or_none()


async def _begin(
    connection: AsyncConnection, person_id: int, chat_id: int | None, chat_type: str
) -> sa.Row[Any]:
    if chat_id is not None:
        chat = {"id": chat_id, "type": chat_type, "created_at": utc_now()}
        await connection.execute(insert(connection, chats).values(chat).on_conflict_do_nothing())
    begun = await connection.execute(
        sa.insert(conversations)
        .values(person_id=person_id, chat_id=chat_id, started_at=utc_now())
        .returning(*conversations.c)
    )
    return begun.one()


async def _unless_answered(connection: AsyncConnection, turn_id: int, new: Mapping[str, Any]) -> Turn:
    """Change a turn that isn't answered yet; return it as it is then."""
    changed = await connection.execute(statements.UNLESS_ANSWERED, {"the_turn": turn_id, **new})
    row = changed.one_or_none()
    if row is None:
        row = (await connection.execute(statements.GET, {"the_turn": turn_id})).one_or_none()
    if row is None:
        raise _missing(turn_id)
    return turn_of(row)


def _missing(turn_id: int) -> ErasedError:
    return ErasedError(f"there is no turn {turn_id}; it may have been erased")


def _columns(record: TurnRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in record.__slots__}
    if record.preferences is None:
        del columns["preferences"]
    return columns


def _conversation(row: sa.Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        person_id=row.person_id,
        chat_id=row.chat_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def turn_of(row: sa.Row[Any]) -> Turn:
    """Return the turn in a row, for the other files of this package."""
    return Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        update_id=row.update_id,
        status=row.status,
        question=row.question,
        preferences=row.preferences,
        consent_improve=row.consent_improve,
        received_at=row.received_at,
        message_ids=tuple(row.message_ids),
        record=_record(row),
        error_id=row.error_id,
        answered_at=row.answered_at,
        question_message_id=row.question_message_id,
        again_of=row.again_of,
        replaces=row.replaces,
        meant=row.meant,
        sending_after=row.sending_after,
    )


def _record(row: sa.Row[Any]) -> TurnRecord | None:
    if row.answer is None:
        return None
    return TurnRecord(
        answer=row.answer,
        notices=tuple(row.notices or ()),
        intent=row.intent,
        preferences=row.preferences,
        passages=tuple(row.passages or ()),
        model=row.model,
        adapter=row.adapter,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        cached_tokens=row.cached_tokens,
        timings=row.timings or {},
        guard_status=row.guard_status,
        guard_reasons=tuple(row.guard_reasons or ()),
        stopped=row.stopped,
    )
