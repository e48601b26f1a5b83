"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

# PostgreSQL refuses NUL in text, and neither database stores half a surrogate pair; people (and programs)
# do send both, and a message that can't be stored would never be answered.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits: Telegram's ids need 52. SQLite counts up by itself only in a column called INTEGER."""

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON text on SQLite, JSONB on PostgreSQL; Python's `None` is the database's NULL."""


def utc_now() -> datetime:
    """Return the present moment in UTC, with its zone."""
    return datetime.now(UTC)


def storable_text(text: str) -> str:
    """Return `text` with each character that a database refuses replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def to_json(value: Any) -> str:
    """Serialise for a JSON column: readable text, nothing that PostgreSQL refuses, no NaN or infinity (null)."""
    return json.dumps(_storable(value), ensure_ascii=False, allow_nan=False)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. Goes in with any zone, comes out aware; a moment without a zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC. Raises `ValueError` for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone can't be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back that SQLite leaves out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Text(sa.types.TypeDecorator[str]):
    """Text of any length and content; see `storable_text`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Replace what can't be stored."""
        return None if value is None else storable_text(value)


def word_type(members: type[StrEnum]) -> sa.Enum:
    """Return a column type for a closed set of words, kept as plain text: widening it needs no migration."""
    return sa.Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda kind: [str(member) for member in kind],
    )


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, Mapping):
        return {storable_text(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
