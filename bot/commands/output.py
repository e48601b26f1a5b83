"""How commands print: one JSON document, or text for a person."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.errors import BadInputError


def print_json(document: Any) -> None:
    """Print one JSON document on one line of stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def json_lines(allowed: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the objects on stdin, one a line; empty lines are skipped.

    Raises `BadInputError` with the line's number for what isn't an object with a 'text' and `allowed` keys only.
    """
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise BadInputError(f"stdin, line {number}: not JSON ({error})") from None
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            raise BadInputError(f'stdin, line {number}: must be an object with a "text"')
        if unknown := sorted(set(item) - allowed):
            raise BadInputError(
                f"stdin, line {number}: unknown key '{unknown[0]}'; use {', '.join(sorted(allowed))}"
            )
        yield item


def json_object(text: str, what: str) -> dict[str, Any]:
    """Return the JSON object in `text`. Raises `BadInputError` that says `what` was wrong."""
    try:
        item = json.loads(text)
    except ValueError as error:
        raise BadInputError(f"{what}: not JSON ({error})") from None
    if not isinstance(item, dict):
        raise BadInputError(f"{what}: must be a JSON object")
    return item
