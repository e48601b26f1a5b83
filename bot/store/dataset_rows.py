"""Consented turns, as rows of datasets: what an export is fed with.

Nothing comes out of here without a permission that is found: a turn that was asked under consent, of a person who
refused nothing since, who wasn't erased, and whose words are still there. So do a row's history, its written-out
question and the question it answers again come from such turns alone.
"""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.store.agreements import Agreements
from bot.store.database import Database
from bot.store.earlier import Earlier, Talk
from bot.store.held import Decision
from bot.store.pseudonyms import Pseudonyms
from bot.store.tables import (
    Purpose,
    Rating,
    TurnStatus,
    consents,
    conversations,
    feedback,
    people,
    tombstones,
    turns,
)
from training.dataset.schema import Consent, Exchange, Feedback, Guard, Passage, Row, Usage
from training.dataset.source import Turn

AT_ONCE = 500
"""Turns read at a time, so that memory doesn't grow with them."""

REFUSED = "refused"
"""The guard's word for an answer that was guarded away."""

_VERSION_DIGITS = 16


class MinFeedback(StrEnum):
    """The least that must be thought of an answer: anything, nothing bad, or a thumb up."""

    ANY = "any"
    NOT_DOWN = "not-down"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which consented turns are wanted: answered from `since` on and before `until`, and thought of so well."""

    since: datetime | None = None
    until: datetime | None = None
    min_feedback: MinFeedback = MinFeedback.ANY
    include_refused: bool = False


@dataclass(slots=True)
class DatasetRows:
    """Reads rows; `left_out` counts by reason the turns of consenting people that didn't come out."""

    database: Database
    pseudonyms: Pseudonyms
    left_out: Counter[str] = field(default_factory=Counter)

    async def turns(self, selection: Selection = Selection()) -> AsyncIterator[Turn]:
        """Yield what `pages` does, one by one."""
        async for page in self.pages(selection):
            for turn in page:
                yield turn

    async def pages(self, selection: Selection = Selection()) -> AsyncIterator[list[Turn]]:
        """Yield lists of consented turns: by conversation, in the order in which they were asked.

        Raises `UnavailableError` when the database doesn't answer.
        """
        talk, after = Talk(0), (0, 0)
        while rows := await self._page(after):
            agreements = await self._agreements({row.person_id for row in rows})
            found = []
            for row in rows:
                if row.conversation_id != talk.conversation_id:
                    talk = Talk(row.conversation_id)
                turn = self._turn(row, agreements[row.person_id], talk, selection)
                if turn is not None:
                    found.append(turn)
            after = (rows[-1].conversation_id, rows[-1].id)
            yield found

    async def left_since(self, moment: datetime) -> frozenset[str]:
        """Return who was erased, or refused anything, since this moment, by their names in datasets."""
        erased = sa.select(tombstones.c.pseudonym).where(tombstones.c.erased_at >= moment)
        refused = (
            sa.select(people.c.pseudonym)
            .join(consents)
            .where(consents.c.given_at >= moment, sa.not_(consents.c.granted))
        )
        async with self.database.read() as connection:
            found = await connection.scalars(sa.union(erased, refused))
            return frozenset(self.pseudonyms.person(pseudonym) for pseudonym in found)

    async def _page(self, after: tuple[int, int]) -> Sequence[sa.Row[Any]]:
        async with self.database.read() as connection:
            found = await connection.execute(_PAGE, {"conversation": after[0], "turn": after[1]})
            return list(found)

    async def _agreements(self, person_ids: set[int]) -> dict[int, Agreements]:
        """Return everybody's decisions as they are at this moment, so that what is refused meanwhile counts, too."""
        query = (
            sa.select(*consents.c["person_id", "purpose", "granted", "version", "given_at"])
            .where(consents.c.person_id.in_(person_ids))
            .order_by(consents.c.id)
        )
        made: dict[int, list[Decision]] = {person_id: [] for person_id in person_ids}
        async with self.database.read() as connection:
            for row in await connection.execute(query):
                made[row.person_id].append(Decision(row.purpose, row.granted, row.version, row.given_at))
        return {person_id: Agreements(decisions) for person_id, decisions in made.items()}

    def _turn(
        self, row: sa.Row[Any], agreements: Agreements, talk: Talk, selection: Selection
    ) -> Turn | None:
        """Return a turn that may and shall be used; note in `talk` what was said."""
        given = agreements.covering(row.received_at) if row.consent_improve and row.question else None
        before = row.again_of or row.replaces
        earlier = talk.before(row.received_at, before)
        allowed = given is not None and talk.allows(row.again_of)
        position = talk.add(
            Earlier(
                turn_id=row.id,
                answered_at=row.answered_at,
                replaces=before,
                allowed=allowed,
                question=row.question if allowed else "",
                said="\n\n".join((*(row.notices or ()), row.answer)) if allowed and row.answer else "",
            )
        )
        if row.status != TurnStatus.ANSWERED or row.answer is None or row.answered_at is None:
            return None
        reason = self._fault(row, selection, allowed=allowed, earlier=earlier)
        if reason is not None:
            self.left_out[reason] += 1
        if reason is not None or given is None:
            return None
        history = tuple(
            Exchange(question=item.question, answer=item.said) for item in earlier if item.allowed
        )
        return Turn(_row(row, position, history, given, self.pseudonyms), _names(row))

    @staticmethod
    def _fault(
        row: sa.Row[Any], selection: Selection, *, allowed: bool, earlier: Sequence[Earlier]
    ) -> str | None:
        """Return why a turn stays out."""
        if not allowed:
            return "not consented to"
        if row.meant is not None and not all(item.allowed for item in earlier):
            # It may have been written out with words that weren't.
            return "a follow-up to what isn't consented to"
        if row.guard_status == REFUSED and not selection.include_refused:
            return "refused by the guard"
        if selection.since is not None and row.answered_at < selection.since:
            return "before the time asked for"
        if selection.until is not None and row.answered_at >= selection.until:
            return "after the time asked for"
        return None if _pleases(row.value, selection.min_feedback) else "feedback"


def _not_erased() -> sa.ColumnElement[bool]:
    # Only a restored backup can still hold somebody who was erased.
    return ~sa.exists().where(tombstones.c.pseudonym == people.c.pseudonym)


def _page_query() -> sa.Select[Any]:
    """Return the query for a page of turns; what wasn't consented to is read without a word that was said."""
    said = ("question", "meant", "answer", "notices", "passages", "preferences", "guard_reasons")
    plain = [column for column in turns.c if column.name not in said]
    words = [sa.case((turns.c.consent_improve, turns.c[name])).label(name) for name in said]
    agreed = sa.exists().where(
        consents.c.person_id == conversations.c.person_id,
        consents.c.purpose == Purpose.IMPROVEMENT,
        consents.c.granted,
    )
    # Of groups' members, only the author's own opinion is the author's to give.
    own = sa.and_(feedback.c.turn_id == turns.c.id, feedback.c.person_id == conversations.c.person_id)
    after = sa.tuple_(
        sa.bindparam("conversation", type_=sa.BigInteger), sa.bindparam("turn", type_=sa.BigInteger)
    )
    return (
        sa.select(
            *plain,
            *words,
            conversations.c.person_id,
            *people.c["pseudonym", "handle", "language", "first_name", "last_name", "user_name"],
            *feedback.c["value", "reason"],
        )
        .select_from(turns.join(conversations).join(people).outerjoin(feedback, own))
        .where(sa.tuple_(turns.c.conversation_id, turns.c.id) > after, agreed, _not_erased())
        .order_by(turns.c.conversation_id, turns.c.id)
        .limit(AT_ONCE)
    )


_PAGE = _page_query()


def _pleases(value: Rating | None, least: MinFeedback) -> bool:
    if least is MinFeedback.UP:
        return value is Rating.UP
    return least is MinFeedback.ANY or value is not Rating.DOWN


def _row(
    row: sa.Row[Any],
    position: int,
    history: tuple[Exchange, ...],
    given: Decision,
    pseudonyms: Pseudonyms,
) -> Row:
    def named(turn_id: int | None) -> str | None:
        return None if turn_id is None else pseudonyms.row(row.pseudonym, turn_id)

    guard = None
    if row.guard_status is not None:
        guard = Guard(status=row.guard_status, reasons=tuple(row.guard_reasons or ()))
    return Row(
        row=pseudonyms.row(row.pseudonym, row.id),
        person=pseudonyms.person(row.pseudonym),
        conversation=pseudonyms.conversation(row.pseudonym, row.conversation_id),
        position=position,
        asked_at=row.received_at,
        language=_language(row),
        intent=row.intent,
        question=row.question,
        meant=row.meant,
        history=history,
        preferences=row.preferences or {},
        passages=tuple(passage_of(item) for item in row.passages or ()),
        answer=row.answer,
        stopped=row.stopped,
        feedback=None if row.value is None else Feedback(value=str(row.value), reason=row.reason),
        again_of=named(row.again_of),
        replaces=named(row.replaces),
        model=row.model,
        adapter=row.adapter,
        guard=guard,
        usage=_usage(row),
        timings=row.timings or {},
        consent=Consent(version=given.version, given_at=given.given_at),
    )


def _language(row: sa.Row[Any]) -> str:
    """Return the language that the answer was asked for in: the model got it from the preferences."""
    settings = (row.preferences or {}).get("settings") or {}
    return str(settings.get("language") or row.language or "en")


def _usage(row: sa.Row[Any]) -> Usage | None:
    if row.prompt_tokens is None and row.completion_tokens is None:
        return None
    return Usage(
        prompt=row.prompt_tokens or 0, completion=row.completion_tokens or 0, cached=row.cached_tokens or 0
    )


def passage_of(snapshot: Mapping[str, Any]) -> Passage:
    """Return a passage as rows hold it, from all its fields (`retrieval`'s `Passage.as_dict`)."""
    # The score belongs to the question: the same passage has another one the next time.
    said = {key: value for key, value in snapshot.items() if key != "score"}
    version = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_VERSION_DIGITS]
    return Passage(
        id=snapshot["id"],
        version=version,
        kind=snapshot.get("kind", ""),
        title=snapshot.get("title", ""),
        text=snapshot.get("text", ""),
        source=snapshot.get("source") or "",
    )


def _names(row: sa.Row[Any]) -> tuple[str, ...]:
    """Return what the person is called: on Telegram, or at a terminal."""
    names = [row.first_name, row.last_name, row.user_name]
    place, _, name = row.handle.partition(":")
    if place == "terminal" and name != "default":
        names.append(name)
    return tuple(name for name in names if name)
