"""The tables, as SQLAlchemy sees them. Rows never leave `bot.store`; its methods return frozen dataclasses.

A change here needs a migration in `migrations/versions/`; a test compares the two.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from bot.store.columns import BigId, Json, Text, UtcDateTime, word_type


class PreferenceKind(StrEnum):
    """What a statement about eating is about."""

    DIET = "diet"
    ALLERGY = "allergy"
    EXCEPTION = "exception"
    """A food that is fine in spite of an allergy to its group."""
    LIKE = "like"
    DISLIKE = "dislike"
    TARGET = "target"
    SETTING = "setting"


class Polarity(StrEnum):
    """Whether a statement adds a preference or takes it back."""

    ADD = "add"
    REMOVE = "remove"


class TurnStatus(StrEnum):
    """How far a turn has come."""

    RECEIVED = "received"
    ANSWERING = "answering"
    ANSWERED = "answered"
    FAILED = "failed"


class UpdateStatus(StrEnum):
    """Whether an update still has to be handled."""

    RECEIVED = "received"
    DONE = "done"


class Purpose(StrEnum):
    """What a person allows their conversations to be used for."""

    SERVICE = "service"
    IMPROVEMENT = "improvement"


class Rating(StrEnum):
    """The thumb that a person gives an answer."""

    UP = "up"
    DOWN = "down"


# Named constraints can be changed by a later migration; unnamed ones can't on SQLite.
metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""What migrations are compared with."""


def _table(name: str, *parts: SchemaItem, keyed_by_us: bool = True) -> sa.Table:
    """Return a table; `keyed_by_us`: with an `id` of ours.

    An id that was given once is never given again: datasets, erasure records and buttons in old messages
    refer to ids that may be gone from the tables.
    """
    if not keyed_by_us:
        return sa.Table(name, metadata, *parts)
    return sa.Table(
        name, metadata, sa.Column("id", BigId, primary_key=True), *parts, sqlite_autoincrement=True
    )


def _key(
    name: str, table: str, *, index: bool = True, required: bool = True, ondelete: str = "CASCADE"
) -> sa.Column[int]:
    """Return a reference to `table`; what belongs to a person goes when the person goes."""
    return sa.Column(
        name, BigId, sa.ForeignKey(f"{table}.id", ondelete=ondelete), index=index, nullable=not required
    )


people = _table(
    "people",
    sa.Column("telegram_id", BigId, unique=True),
    sa.Column("handle", Text, nullable=False, unique=True),
    sa.Column("language", Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("pseudonym", Text, nullable=False, unique=True),
    sa.Column("language_chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("first_name", Text),
    sa.Column("last_name", Text),
    sa.Column("user_name", Text),
)
"""Everybody who talks with the assistant, on Telegram or in a terminal.

`pseudonym` is drawn by chance and stands for the person where their name must not: in tombstones, and, hashed with the
deployment's key, in datasets. What Telegram calls them is kept for one purpose: to take it out of what is exported.
"""

preferences = _table(
    "preferences",
    _key("person_id", "people"),
    sa.Column("kind", word_type(PreferenceKind), nullable=False),
    sa.Column("value", Text, nullable=False),
    sa.Column("number", sa.Double),
    sa.Column("choice", Text),
    sa.Column("polarity", word_type(Polarity), nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("source_id", Text),
    sa.Column("stated_at", UtcDateTime, nullable=False),
    _key("superseded_by", "preferences", required=False, ondelete="SET NULL"),
    # A message that is handled twice states nothing twice.
    sa.UniqueConstraint(
        "person_id", "source", "source_id", "kind", "value", "polarity", name="uq_preferences_statement"
    ),
)
"""Every statement of a person. What holds today is what no later statement superseded."""

chats = _table(
    "chats",
    sa.Column("id", BigId, primary_key=True, autoincrement=False),
    sa.Column("type", Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    keyed_by_us=False,
)
"""Telegram's chats under Telegram's ids."""

conversations = _table(
    "conversations",
    _key("person_id", "people"),
    _key("chat_id", "chats", required=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)
"""The turns of one person in one chat (none: a terminal) until `/new`."""

# At most one open conversation for each person and chat, however many messages come at once.
_OPEN_IN_CHAT = sa.text("ended_at IS NULL AND chat_id IS NOT NULL")
_OPEN_ELSEWHERE = sa.text("ended_at IS NULL AND chat_id IS NULL")
sa.Index(
    "uq_conversations_open_in_chat",
    conversations.c.person_id,
    conversations.c.chat_id,
    unique=True,
    sqlite_where=_OPEN_IN_CHAT,
    postgresql_where=_OPEN_IN_CHAT,
)
sa.Index(
    "uq_conversations_open_elsewhere",
    conversations.c.person_id,
    unique=True,
    sqlite_where=_OPEN_ELSEWHERE,
    postgresql_where=_OPEN_ELSEWHERE,
)

turns = _table(
    "turns",
    _key("conversation_id", "conversations"),
    sa.Column("update_id", BigId, unique=True),
    sa.Column("status", word_type(TurnStatus), nullable=False),
    sa.Column("question", Text, nullable=False),
    sa.Column("preferences", Json, nullable=False),
    sa.Column("consent_improve", sa.Boolean, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("message_ids", Json, nullable=False),
    sa.Column("answer", Text),
    sa.Column("notices", Json),
    sa.Column("intent", Text),
    sa.Column("passages", Json),
    sa.Column("model", Text),
    sa.Column("adapter", Text),
    sa.Column("prompt_tokens", sa.Integer),
    sa.Column("completion_tokens", sa.Integer),
    sa.Column("cached_tokens", sa.Integer),
    sa.Column("timings", Json),
    sa.Column("guard_status", Text),
    sa.Column("guard_reasons", Json),
    sa.Column("error_id", Text),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("question_message_id", BigId),
    sa.Column("meant", Text),
    sa.Column("stopped", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sending_after", BigId),
    _key("again_of", "turns", required=False, ondelete="SET NULL"),
    _key("replaces", "turns", required=False, ondelete="SET NULL"),
)
"""Each question and its answer, with what the model saw.

`again_of`: another answer to that turn's question was wanted. `replaces`: the question is that turn's, edited.
`meant` is a follow-up written out ("and with chicken?" → "recipe with chicken?"). `stopped`: the person had heard
enough. `sending_after`: a message of the answer is on its way, and will have a higher id than this.
"""

feedback = _table(
    "feedback",
    _key("turn_id", "turns", index=False),
    _key("person_id", "people"),
    sa.Column("value", word_type(Rating), nullable=False),
    sa.Column("reason", Text),
    sa.Column("given_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("turn_id", "person_id"),
)
"""What a person thought of an answer."""

consents = _table(
    "consents",
    _key("person_id", "people", index=False),
    sa.Column("purpose", word_type(Purpose), nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("version", Text, nullable=False),
    sa.Column("given_at", UtcDateTime, nullable=False),
    sa.Index(None, "person_id", "purpose"),
)
"""Each decision about a purpose; rows are added, never changed."""

updates = _table(
    "updates",
    sa.Column("update_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("chat_key", Text, nullable=False),
    sa.Column("status", word_type(UpdateStatus), nullable=False),
    sa.Column("payload", Json),
    sa.Column("received_at", UtcDateTime, nullable=False, index=True),
    sa.Column("done_at", UtcDateTime),
    sa.Index(None, "status", "update_id"),
    keyed_by_us=False,
)
"""Telegram's updates: kept whole until handled, then only the id, to recognise a duplicate."""

bots = _table("bots", sa.Column("bot_id", BigId, primary_key=True, autoincrement=False), keyed_by_us=False)
"""The bot whose updates and messages the ids belong to; one row, none before the first start."""

forms = _table(
    "forms",
    _key("person_id", "people", index=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("state", Json, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("person_id", "name"),
)
"""How far a person has come in a form that the bot asks them to fill in."""

tombstones = _table(
    "tombstones",
    sa.Column("pseudonym", Text, nullable=False, unique=True),
    sa.Column("erased_at", UtcDateTime, nullable=False),
    sa.Column("swept_at", UtcDateTime),
)
"""Who was erased, known by nothing but the pseudonym: what was exported before is dropped by it later.

`swept_at`: files hold nothing of them any more; a process that was killed between the two leaves it empty.
"""
