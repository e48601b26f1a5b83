"""Text of others in SQL: as a literal, and never as anything else."""

from collections.abc import Iterable


def quoted_list(texts: Iterable[str]) -> str:
    """Return `texts` as the inside of an SQL list, each safely quoted."""
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
