"""What the bot says on its own: sentences in `bot/data/messages.en.yaml`, so that they can be changed without code."""

from functools import cache
from pathlib import Path

import yaml

from retrieval.errors import BadInputError

_FOLDER = Path(__file__).parent / "data"


def say(key: str, **values: object) -> str:
    """Return the message called `key` with its `{names}` filled in. `KeyError` when there is no such message."""
    return _catalogue()[key].format(**values)


@cache
def _catalogue() -> dict[str, str]:
    path = _FOLDER / "messages.en.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders
    if not isinstance(loaded, dict) or not all(isinstance(text, str) for text in loaded.values()):
        raise BadInputError(f"{path}: must be a list of 'name: text'")
    return {key: text.rstrip("\n") for key, text in loaded.items()}
