"""Reads the YAML files that lie in `bot/assistant/data`: rules and texts that people may want to change."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import yaml

from retrieval.errors import BadInputError

DATA = Path(__file__).with_name("data")


def read_data(name: str, keys: AbstractSet[str], folder: Path = DATA) -> dict[str, Any]:
    """Return the mapping in the file `name`.

    Raises `BadInputError` that names the file when it isn't YAML or its top-level keys aren't `keys`.
    """
    path = folder / name
    data = _read(path)
    found = set(data) if isinstance(data, dict) else set()
    if found != keys:
        wrong = ", ".join(sorted(map(str, found ^ keys)))
        raise BadInputError(f"{path}: must have exactly the keys {', '.join(sorted(keys))}; check: {wrong}")
    return dict(data)


def read_list(path: Path) -> list[Any]:
    """Return the list in a file. Raises `BadInputError` that names the file when it isn't YAML or no list."""
    data = _read(path)
    if not isinstance(data, list):
        raise BadInputError(f"{path}: must be a list of rules")
    return data


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise BadInputError(f"{path}: can't be read: {reason}; restore the file from the package") from error
