"""What people are called on Telegram."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NAMES = ("first_name", "last_name", "user_name")


def upgrade() -> None:
    # Unknown of those who are here already, until they write again.
    for name in _NAMES:
        op.add_column("people", sa.Column(name, sa.Text()))


def downgrade() -> None:
    for name in reversed(_NAMES):
        op.drop_column("people", name)
