"""Which bot the ids of updates and messages come from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # What is here already stays: the bot that starts next takes it for its own.
    op.create_table(
        "bots",
        sa.Column("bot_id", _ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name="pk_bots"),
    )


def downgrade() -> None:
    op.drop_table("bots")
