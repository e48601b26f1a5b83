"""Pseudonyms, chosen languages, other answers, edited questions, forms, tombstones."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_LINKS = ("again_of", "replaces")


def upgrade() -> None:
    _people()
    _turns()
    op.create_table(
        "forms",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", _JSON, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.UniqueConstraint("person_id", "name", name="uq_forms_person_id_name"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_forms_person_id_people", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tombstones",
        sa.Column("id", _ID, nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("swept_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_tombstones"),
        sa.UniqueConstraint("pseudonym", name="uq_tombstones_pseudonym"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("tombstones")
    op.drop_table("forms")
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as turns:
        for link in _LINKS:
            turns.drop_index(f"ix_turns_{link}")
            turns.drop_constraint(f"fk_turns_{link}_turns", type_="foreignkey")
        for column in (*_LINKS, "question_message_id", "meant", "stopped", "sending_after"):
            turns.drop_column(column)
    with op.batch_alter_table("people", table_kwargs={"sqlite_autoincrement": True}) as people:
        people.drop_constraint("uq_people_pseudonym", type_="unique")
        people.drop_column("pseudonym")
        people.drop_column("language_chosen")


def _people() -> None:
    op.add_column("people", sa.Column("pseudonym", sa.Text()))
    op.add_column(
        "people", sa.Column("language_chosen", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    people = sa.table("people", sa.column("id"), sa.column("pseudonym"))
    connection = op.get_bind()
    for (person_id,) in connection.execute(sa.select(people.c.id)).all():
        drawn = sa.update(people).where(people.c.id == person_id).values(pseudonym=secrets.token_hex(16))
        connection.execute(drawn)
    with op.batch_alter_table("people", table_kwargs={"sqlite_autoincrement": True}) as changed:
        changed.alter_column("pseudonym", existing_type=sa.Text(), nullable=False)
        changed.create_unique_constraint("uq_people_pseudonym", ["pseudonym"])


def _turns() -> None:
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as turns:
        turns.add_column(sa.Column("question_message_id", _ID))
        turns.add_column(sa.Column("meant", sa.Text()))
        turns.add_column(sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()))
        turns.add_column(sa.Column("sending_after", _ID))
        for link in _LINKS:
            turns.add_column(sa.Column(link, _ID))
            turns.create_foreign_key(f"fk_turns_{link}_turns", "turns", [link], ["id"], ondelete="SET NULL")
            turns.create_index(f"ix_turns_{link}", [link])
