"""Types of fields that several views share. Only called where files are written: pyarrow is heavy."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def chat() -> "pa.DataType":
    """Return the type of a list of chat messages."""
    import pyarrow as pa

    return pa.list_(pa.struct([pa.field("role", pa.string()), pa.field("content", pa.string())]))


def schema(**fields: "pa.DataType") -> "pa.Schema":
    """Return a schema of these fields, after `rows`, the ids of the rows that a record holds."""
    import pyarrow as pa

    return pa.schema([pa.field("rows", pa.list_(pa.string())), *(pa.field(*item) for item in fields.items())])
