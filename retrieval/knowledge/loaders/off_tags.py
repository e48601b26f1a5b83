"""What Open Food Facts' allergen tags mean, from `retrieval/knowledge/labels/open_food_facts.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from retrieval.diet.lexicon import Lexicon, lexicon
from retrieval.errors import BadInputError

OFF_TAGS = Path(__file__).parents[1] / "labels" / "open_food_facts.yaml"


@dataclass(frozen=True, slots=True)
class Stated:
    """What tags say: lexicon `ids`, and the words of those that `unknown` tags use."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OffTags:
    """`ids` maps tags to lexicon ids, '' for a tag that says 'none'."""

    ids: Mapping[str, str]

    def read(self, tags: Iterable[str]) -> Stated:
        """Return what `tags` ('en:milk') say; a tag in words of the lexicon is understood without being listed."""
        ids: set[str] = set()
        unknown: list[str] = []
        for tag in tags:
            words = tag.partition(":")[2].replace("-", " ") or tag
            key = self.ids.get(tag.strip().lower(), None)
            key = lexicon().resolve(words) if key is None else key
            if key is None:
                unknown.append(words)
            elif key:
                ids.add(key)
        return Stated(tuple(sorted(ids)), tuple(unknown))


@cache
def off_tags() -> OffTags:
    """Return the shared tags, loaded once."""
    return read_off_tags(OFF_TAGS, lexicon())


def read_off_tags(path: Path, known: Lexicon) -> OffTags:
    """Read a file of tags. Raises `BadInputError` for an id that isn't in the lexicon, or a tag that is there twice."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (both are safe loaders)
        listed = [("", data["none"]), *data["tags"].items()]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(f"{path.name}: can't be read: {' '.join(str(error).split())}") from error
    ids: dict[str, str] = {}
    for key, tags in listed:
        if key and key not in known:
            raise BadInputError(f"{path.name}: '{key}' is no id of the lexicon")
        for tag in tags:
            if ids.setdefault(tag, key) != key:
                raise BadInputError(f"{path.name}: the tag '{tag}' is there twice")
    return OffTags(ids)
