"""What each person eats and must not eat: the current value, and every statement that led to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import storable_text, utc_now
from bot.store.database import Database
from bot.store.people import lock_person
from bot.store.tables import Polarity, PreferenceKind
from bot.store.tables import preferences as table
from retrieval.diet.exceptions import narrows
from retrieval.diet.preferences import Preferences, Settings, parse_diet

_OPPOSITE = {PreferenceKind.LIKE: PreferenceKind.DISLIKE, PreferenceKind.DISLIKE: PreferenceKind.LIKE}
_NOTHING = Preferences()


@dataclass(frozen=True, slots=True)
class PreferenceEvent:
    """One statement: `value` was added or removed, and still counts unless a later event superseded it.

    `value` is a diet, an ingredient, a target's id or a setting's name; `number` is a target's amount (see
    `TARGETS` for units), `choice` what a setting was set to. `source` says how it was stated (`message`,
    `command`, `button`, …) and `source_id` where: the id of the update or turn.
    """

    id: int
    kind: PreferenceKind
    value: str
    polarity: Polarity
    number: float | None
    choice: str | None
    source: str
    source_id: str | None
    stated_at: datetime
    superseded_by: int | None


_EVENT_FIELDS = PreferenceEvent.__slots__
_STANDING = (
    sa.select(*table.c[_EVENT_FIELDS])
    .where(table.c.person_id == sa.bindparam("person"), table.c.superseded_by.is_(None))
    .order_by(table.c.id)
)


class PreferenceStore:
    """Preferences as a history of statements, of which the latest about each thing holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, person_id: int) -> Preferences:
        """Return what holds now; nothing for an unknown person. Tastes are in the order they were stated."""
        async with self._database.read() as connection:
            return _preferences(await _standing(connection, person_id))

    async def history(self, person_id: int) -> tuple[PreferenceEvent, ...]:
        """Return every statement, oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(*table.c[_EVENT_FIELDS]).where(table.c.person_id == person_id).order_by(table.c.id)
            )
            return tuple(PreferenceEvent(*row) for row in rows)

    async def apply(
        self,
        person_id: int,
        *,
        add: Preferences = _NOTHING,
        remove: Preferences = _NOTHING,
        source: str,
        source_id: str | None = None,
        at: datetime | None = None,
    ) -> Preferences:
        """Record what a message, command or button stated, and return what holds now.

        Settings are left out here (see `choose`); of `remove.targets` only the keys count. A value that is both
        removed and added is added; one both liked and disliked is disliked. The same statement from the same
        `source` and `source_id` counts once, even when a later one has superseded it: handling a message again
        changes nothing. Without a `source_id`, stating what holds already records nothing.
        `at` is when it was said: now, when not given. Raises `BadInputError` for an unknown person or target,
        or a target that isn't above 0; nothing is stored then.
        """
        # Whoever built these may have skipped the checks of `from_dict`.
        removed, added = (Preferences.from_dict(given.as_dict()) for given in (remove, add))
        statements = [*_statements(removed, Polarity.REMOVE), *_statements(added, Polarity.ADD)]
        return await self._record(person_id, statements, _Origin(source, source_id, at or utc_now()))

    async def choose(
        self,
        person_id: int,
        settings: Settings,
        *,
        source: str,
        source_id: str | None = None,
        at: datetime | None = None,
    ) -> Preferences:
        """Record how the person wants to be answered, and return what holds now.

        Raises `BadInputError` for an unknown person.
        """
        chosen = {"units": settings.units, "language": settings.language}
        statements = [
            _Statement(PreferenceKind.SETTING, name, Polarity.ADD, choice=storable_text(choice))
            for name, choice in chosen.items()
        ]
        return await self._record(person_id, statements, _Origin(source, source_id, at or utc_now()))

    async def clear(self, person_id: int, source: str, source_id: str | None = None) -> Preferences:
        """Take back every restriction, taste and target (settings stay), and return what held before.

        From the same `source` and `source_id` again it changes nothing and returns the same.
        Raises `BadInputError` for an unknown person.
        """
        origin = _Origin(source, source_id, utc_now())
        async with self._database.write() as connection:
            await lock_person(connection, person_id)
            ledger = await _Ledger.read(connection, person_id, origin)
            if cleared := await _cleared_before(connection, person_id, origin):
                return cleared
            before = _preferences(ledger.standing)
            for statement in _statements(before, Polarity.REMOVE):
                await ledger.record(statement)
        return before

    async def _record(
        self, person_id: int, statements: Iterable["_Statement"], origin: "_Origin"
    ) -> Preferences:
        async with self._database.write() as connection:
            await lock_person(connection, person_id)
            ledger = await _Ledger.read(connection, person_id, origin)
            for statement in statements:
                await ledger.record(statement)
            return _preferences(ledger.standing)


@dataclass(frozen=True, slots=True)
class _Origin:
    source: str
    source_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Statement:
    kind: PreferenceKind
    value: str
    polarity: Polarity
    number: float | None = None
    choice: str | None = None


class _Ledger:
    """One person's statements that stand, within one transaction."""

    def __init__(
        self, connection: AsyncConnection, person_id: int, origin: _Origin, events: Iterable[PreferenceEvent]
    ) -> None:
        self._connection = connection
        self._person_id = person_id
        self._origin = origin
        self._latest = {(event.kind, event.value): event for event in events}
        self._said: set[tuple[PreferenceKind, str, Polarity]] = set()

    @classmethod
    async def read(cls, connection: AsyncConnection, person_id: int, origin: _Origin) -> "_Ledger":
        ledger = cls(connection, person_id, origin, await _standing(connection, person_id))
        if origin.source_id is not None:
            said = await connection.execute(
                sa.select(table.c.kind, table.c.value, table.c.polarity).where(
                    *_from_origin(person_id, origin)
                )
            )
            ledger._said = {(kind, value, polarity) for kind, value, polarity in said}
        return ledger

    @property
    def standing(self) -> list[PreferenceEvent]:
        return sorted(self._latest.values(), key=lambda event: event.id)

    async def record(self, statement: _Statement) -> None:
        if (statement.kind, statement.value, statement.polarity) in self._said:
            return
        if self._origin.source_id is None and self._holds(statement):
            return
        added = await self._connection.execute(
            sa.insert(table)
            .values(
                person_id=self._person_id,
                kind=statement.kind,
                value=statement.value,
                polarity=statement.polarity,
                number=statement.number,
                choice=statement.choice,
                source=self._origin.source,
                source_id=self._origin.source_id,
                stated_at=self._origin.at,
            )
            .returning(*table.c[_EVENT_FIELDS])
        )
        event = PreferenceEvent(*added.one())
        earlier = [self._latest.pop(key) for key in self._superseded(statement) if key in self._latest]
        if earlier:
            await self._connection.execute(
                sa.update(table)
                .where(table.c.id.in_([old.id for old in earlier]))
                .values(superseded_by=event.id)
            )
        self._latest[statement.kind, statement.value] = event

    def _superseded(self, statement: _Statement) -> Iterator[tuple[PreferenceKind, str]]:
        yield statement.kind, statement.value
        # Who likes olives now doesn't dislike them any more; who takes back a like says nothing about a dislike.
        if statement.polarity is Polarity.ADD and statement.kind in _OPPOSITE:
            yield _OPPOSITE[statement.kind], statement.value
        if statement.kind is PreferenceKind.ALLERGY:
            # Whoever says 'tree nuts' again without the almonds means the almonds, too.
            exceptions = [value for kind, value in self._latest if kind is PreferenceKind.EXCEPTION]
            for value in exceptions:
                if value == statement.value or narrows(value, statement.value):
                    yield PreferenceKind.EXCEPTION, value

    def _holds(self, statement: _Statement) -> bool:
        latest = self._latest.get((statement.kind, statement.value))
        if statement.polarity is Polarity.REMOVE:
            return latest is None or latest.polarity is Polarity.REMOVE
        return (
            latest is not None
            and latest.polarity is Polarity.ADD
            and (latest.number, latest.choice) == (statement.number, statement.choice)
        )


async def _standing(connection: AsyncConnection, person_id: int) -> list[PreferenceEvent]:
    rows = await connection.execute(_STANDING, {"person": person_id})
    return [PreferenceEvent(*row) for row in rows]


def _from_origin(person_id: int, origin: _Origin) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.person_id == person_id,
        table.c.source == origin.source,
        table.c.source_id == origin.source_id,
    )


async def _cleared_before(connection: AsyncConnection, person_id: int, origin: _Origin) -> Preferences:
    """Return what this very origin has cleared already; nothing when it hasn't."""
    if origin.source_id is None:
        return _NOTHING
    removals = sa.select(table.c.id).where(
        *_from_origin(person_id, origin), table.c.polarity == Polarity.REMOVE
    )
    rows = await connection.execute(
        sa.select(*table.c[_EVENT_FIELDS])
        .where(table.c.person_id == person_id, table.c.superseded_by.in_(removals))
        .order_by(table.c.id)
    )
    return _preferences(PreferenceEvent(*row) for row in rows)


def _statements(preferences: Preferences, polarity: Polarity) -> Iterator[_Statement]:
    for kind, values in (
        (PreferenceKind.DIET, sorted(preferences.diets)),
        (PreferenceKind.ALLERGY, sorted(preferences.allergies)),
        (PreferenceKind.EXCEPTION, sorted(preferences.exceptions)),  # after the allergy that ends older ones
        (PreferenceKind.LIKE, preferences.likes),
        (PreferenceKind.DISLIKE, preferences.dislikes),
    ):
        for value in values:
            yield _Statement(kind, storable_text(value), polarity)
    for target, amount in preferences.targets.items():
        number = amount if polarity is Polarity.ADD else None
        yield _Statement(PreferenceKind.TARGET, target, polarity, number=number)


def _preferences(events: Iterable[PreferenceEvent]) -> Preferences:
    added = [event for event in events if event.polarity is Polarity.ADD]

    def values(kind: PreferenceKind) -> list[str]:
        return [event.value for event in added if event.kind is kind]

    chosen = {event.value: event.choice for event in added if event.kind is PreferenceKind.SETTING}
    usual = Settings()
    return Preferences(
        diets=frozenset(parse_diet(value) for value in values(PreferenceKind.DIET)),
        allergies=frozenset(values(PreferenceKind.ALLERGY)),
        exceptions=frozenset(values(PreferenceKind.EXCEPTION)),
        likes=tuple(values(PreferenceKind.LIKE)),
        dislikes=tuple(values(PreferenceKind.DISLIKE)),
        targets={event.value: event.number for event in added if event.number is not None},
        settings=Settings(
            units=chosen.get("units") or usual.units, language=chosen.get("language") or usual.language
        ),
    )
