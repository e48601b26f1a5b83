"""What a path holds, decided by its content: the loader for it, or one clear line that says why there is none."""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders import open_food_facts, recipes, texts, usda
from retrieval.knowledge.loaders.files import read_head, walk
from retrieval.knowledge.loaders.loader import Loader

_TABLE_STARTS = (b"PK", b"\x1f\x8b", b"PAR1", b"{")
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".zip", ".gz", ".parquet", ".jsonl", ".ndjson"})
_MOST_TABLES = 50  # looked into, of a folder


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of source: what it is called in messages, how it is recognised, and when a person asked for it."""

    what: str
    recognised: Callable[[Path], Loader | None]
    asked: Callable[[Path], Loader | None]


_KINDS: Mapping[str, _Kind] = {
    "usda": _Kind(
        what="USDA FoodData Central tables (a zip of CSV files)",
        recognised=usda.recognised,
        asked=usda.recognised,
    ),
    "open-food-facts": _Kind(
        what="an Open Food Facts export (JSONL, plain or gzipped, or Parquet)",
        recognised=open_food_facts.recognised,
        asked=open_food_facts.recognised,
    ),
    recipes.KIND: _Kind(
        what="recipes (Markdown with a list of ingredients, or schema.org/Recipe JSON-LD; a file or a folder)",
        recognised=recipes.recognised,
        asked=lambda path: recipes.recognised(path, asked=True),
    ),
    texts.KIND: _Kind(
        what="documents (Markdown, HTML, Word .docx or PDF; a file or a folder)",
        recognised=texts.recognised,
        asked=lambda path: texts.recognised(path, asked=True),
    ),
}
"""Every kind, in the order in which they are tried: a recipe is a document too."""

KINDS = tuple(_KINDS)
"""What `--as` may be."""

_UNDERSTOOD = "; ".join(kind.what for kind in _KINDS.values())


def recognise(path: Path, kind: str | None = None) -> Loader:
    """Return the loader for what `path` holds; with `kind`, one of `KINDS`, the loader of that kind.

    A folder that holds a recipe is a folder of recipes, and all else in it is left out, as faults that say how to add
    it. Links in folders aren't followed and are faults as well; `path` itself may be a link, since the person who gave
    it named it.

    Raises `BadInputError` for a path that doesn't exist, is empty, is neither file nor folder, or can't be read; for a
    folder that holds tables beside other things; for an unknown kind; and for what isn't of the kind, or of any.
    """
    if kind is not None and kind not in _KINDS:
        raise BadInputError(f"unknown kind '{kind}': it must be one of {', '.join(KINDS)}")
    root = _plain(path)
    if kind is not None:
        loader = _KINDS[kind].asked(root)
        if loader is None:
            raise BadInputError(f"{path} doesn't hold {_KINDS[kind].what}")
        return loader
    for name, tried in _KINDS.items():
        if name == recipes.KIND:
            _refuse_tables(root, path)
        loader = tried.recognised(root)
        if loader is not None:
            return loader
    raise BadInputError(f"{path} holds nothing that can be added. What can: {_UNDERSTOOD}")


def _plain(path: Path) -> Path:
    """Return the file or folder that `path` names, without links. Raises `BadInputError` when there is none."""
    try:
        root = path.resolve(strict=True)
        state = root.stat()
        if stat.S_ISREG(state.st_mode):
            with root.open("rb") as file:
                empty = not file.read(1)
        elif stat.S_ISDIR(state.st_mode):
            empty = not any(root.iterdir())
        else:
            raise BadInputError(f"{path} is neither a file nor a folder")
    except FileNotFoundError:
        raise BadInputError(f"{path} doesn't exist") from None
    except (
        OSError,
        RuntimeError,
        ValueError,
    ) as error:  # no permission, links in a ring, a zero byte in the name
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInputError(f"{str(path)[:200]!r} can't be read: {why}") from error
    if empty:
        raise BadInputError(f"{path} is empty")
    return root


def _refuse_tables(root: Path, path: Path) -> None:
    """Raise `BadInputError` when the folder `root` holds tables: nobody could tell what adding it would replace."""
    if not root.is_dir():
        return
    candidates = [file for file in walk(root).files if _may_be_table(file)]
    for file in candidates[:_MOST_TABLES]:
        for kind in ("usda", "open-food-facts"):
            if _is(kind, file):
                raise BadInputError(
                    f"{path} holds {_KINDS[kind].what} in {file.relative_to(root)}: add such files one by one"
                )


def _may_be_table(file: Path) -> bool:
    return file.suffix.lower() in _TABLE_SUFFIXES or read_head(file, 4).startswith(_TABLE_STARTS)


def _is(kind: str, file: Path) -> bool:
    try:
        return _KINDS[kind].recognised(file) is not None
    except BadInputError:
        return False  # a broken one: left out with the reason when the folder is read
