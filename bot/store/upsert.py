"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

DIALECTS = ("sqlite", "postgresql")


def insert(where: AsyncConnection | str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return the INSERT of a connection's database (or of a dialect), which has `on_conflict_do_…`."""
    dialect = where if isinstance(where, str) else where.dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
