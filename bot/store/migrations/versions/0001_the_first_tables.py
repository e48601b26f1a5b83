"""The first tables: people, preferences, conversations, turns, feedback, consents, updates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Spelled out here and not taken from `bot.store.columns`: a migration must do tomorrow what it does today.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_WORD = sa.String(32)


def upgrade() -> None:
    _people()
    _preferences()
    _conversations()
    _turns()
    _feedback()
    _consents()
    _updates()


def downgrade() -> None:
    for table in (
        "updates",
        "consents",
        "feedback",
        "turns",
        "conversations",
        "chats",
        "preferences",
        "people",
    ):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, nullable=False),
        sa.Column("telegram_id", _ID),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("telegram_id", name="uq_people_telegram_id"),
        sa.UniqueConstraint("handle", name="uq_people_handle"),
        sqlite_autoincrement=True,
    )


def _preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Double()),
        sa.Column("choice", sa.Text()),
        sa.Column("polarity", _WORD, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text()),
        sa.Column("stated_at", _MOMENT, nullable=False),
        sa.Column("superseded_by", _ID),
        sa.PrimaryKeyConstraint("id", name="pk_preferences"),
        sa.UniqueConstraint(
            "person_id", "source", "source_id", "kind", "value", "polarity", name="uq_preferences_statement"
        ),
        _belongs_to("preferences", "person_id", "people"),
        _belongs_to("preferences", "superseded_by", "preferences", ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_preferences_person_id", "preferences", ["person_id"])
    op.create_index("ix_preferences_superseded_by", "preferences", ["superseded_by"])


def _conversations() -> None:
    op.create_table(
        "chats",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("chat_id", _ID),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        _belongs_to("conversations", "person_id", "people"),
        _belongs_to("conversations", "chat_id", "chats"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversations_person_id", "conversations", ["person_id"])
    op.create_index("ix_conversations_chat_id", "conversations", ["chat_id"])
    for name, columns, where in (
        ("open_in_chat", ["person_id", "chat_id"], "ended_at IS NULL AND chat_id IS NOT NULL"),
        ("open_elsewhere", ["person_id"], "ended_at IS NULL AND chat_id IS NULL"),
    ):
        op.create_index(
            f"uq_conversations_{name}",
            "conversations",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("update_id", _ID),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("preferences", _JSON, nullable=False),
        sa.Column("consent_improve", sa.Boolean(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("message_ids", _JSON, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("notices", _JSON),
        sa.Column("intent", sa.Text()),
        sa.Column("passages", _JSON),
        sa.Column("model", sa.Text()),
        sa.Column("adapter", sa.Text()),
        sa.Column("prompt_tokens", sa.Integer()),
        sa.Column("completion_tokens", sa.Integer()),
        sa.Column("cached_tokens", sa.Integer()),
        sa.Column("timings", _JSON),
        sa.Column("guard_status", sa.Text()),
        sa.Column("guard_reasons", _JSON),
        sa.Column("error_id", sa.Text()),
        sa.Column("answered_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        _belongs_to("turns", "conversation_id", "conversations"),
        sa.UniqueConstraint("update_id", name="uq_turns_update_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_turns_conversation_id", "turns", ["conversation_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", _ID, nullable=False),
        sa.Column("turn_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("value", _WORD, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("turn_id", "person_id", name="uq_feedback_turn_id_person_id"),
        _belongs_to("feedback", "turn_id", "turns"),
        _belongs_to("feedback", "person_id", "people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_person_id", "feedback", ["person_id"])


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("purpose", _WORD, nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        _belongs_to("consents", "person_id", "people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_person_id_purpose", "consents", ["person_id", "purpose"])


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("update_id", _ID, autoincrement=False, nullable=False),
        sa.Column("chat_key", sa.Text(), nullable=False),
        sa.Column("status", _WORD, nullable=False),
        sa.Column("payload", _JSON),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT),
        sa.PrimaryKeyConstraint("update_id", name="pk_updates"),
    )
    op.create_index("ix_updates_received_at", "updates", ["received_at"])
    op.create_index("ix_updates_status_update_id", "updates", ["status", "update_id"])


def _belongs_to(table: str, column: str, other: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )
