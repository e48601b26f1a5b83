"""Recipes: a folder of them, or one file, in Markdown or as schema.org JSON-LD.

The Markdown is as in Public Domain Recipes: front matter, a list under a heading such as 'Ingredients', directions.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Origin, Record
from retrieval.knowledge.loaders.files import (
    decoded,
    digest,
    fault_of,
    read_bytes,
    read_head,
    shown,
    slug,
    walk,
)
from retrieval.knowledge.loaders.loader import BATCH, Batch, Fault, Parsed
from retrieval.knowledge.loaders.recipe_text import RecipeText, recipe_record
from retrieval.knowledge.loaders.recipe_words import recipe_words
from retrieval.knowledge.loaders.recipes_markdown import read_markdown_recipe
from retrieval.knowledge.loaders.schema_org import (
    Json,
    address,
    read_schema_recipe,
    recipes_in_json,
    recipes_in_page,
)

KIND = "recipes"

_LARGEST = 20_000_000  # bytes of a file, which JSON needs in memory as a whole
_HEAD = 100_000  # bytes
_BATCH_CHARACTERS = 4_000_000
_JSON_RECIPE = 5_000  # characters that an object counts for
_LICENCE_FILES = frozenset({"license", "licence", "unlicense", "copying"})
_DOCUMENT = "to read it as a document, add it with --as documents"

_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{])")
_LINKED_DATA = re.compile(r"<script[^>]{0,200}application/ld\+json", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One recipe as its file writes it: Markdown text, or a JSON object.

    `key` is its id without 'recipe:', `source` its address on the web, '' for none.
    """

    key: str
    name: str
    content: str | Json
    source: str = ""


@dataclass(frozen=True, slots=True)
class RecipesLoader:
    """The recipes under `root`, a folder or a file."""

    root: Path
    origin: Origin

    @property
    def kind(self) -> str:
        """What `--as` calls it."""
        return KIND

    @property
    def origins(self) -> tuple[Origin, ...]:
        """One collection for the folder."""
        return (self.origin,)

    @property
    def complete(self) -> bool:
        """A folder is all of its collection: a recipe that was taken out of it goes."""
        return True

    def batches(self) -> Iterator[Batch]:
        """Yield every recipe as it is written, in the order of the files' names."""
        folder = walk(self.root)
        rows: list[tuple[str, Row]] = []
        faults = list(folder.faults)
        keys: set[str] = set()
        size = 0
        for number, path in enumerate(folder.files, 1):
            name = shown(path, self.root)
            if _is_licence(path):
                continue
            try:
                content = _content(path, name)
            except BadInputError as error:
                faults.append(fault_of(error, name))
                continue
            rows += self._rows(name, content, keys)
            size += len(content) if isinstance(content, str) else _JSON_RECIPE * len(content)
            if len(rows) >= BATCH or size >= _BATCH_CHARACTERS:
                yield Batch(rows=tuple(rows), share=number / len(folder.files), faults=tuple(faults))
                rows, faults, size = [], [], 0
        yield Batch(rows=tuple(rows), share=1.0, faults=tuple(faults))

    def parse(self, batch: Batch) -> Parsed:
        """Return the recipes of `batch`; one that lacks its name or its ingredients is a fault."""
        records: list[Record] = []
        faults: list[Fault] = list(batch.faults)
        for where, row in batch.rows:
            try:
                records.append(self._record(row))
            except BadInputError as error:
                faults.append(fault_of(error, row.name, where))
        return Parsed(records=tuple(records), faults=tuple(faults))

    def _record(self, row: Row) -> Record:
        recipe = _recipe(row.content, row.name)
        source = row.source or f"{self.origin.name}, {row.name}"
        author = f" (by {recipe.author[:80]})" if recipe.author else ""
        return recipe_record(recipe, key=row.key, source=source + author, origin=self.origin)

    def _rows(self, name: str, content: str | tuple[Json, ...], keys: set[str]) -> Iterator[tuple[str, Row]]:
        collection = self.origin.id.removeprefix(f"{KIND}-")
        if isinstance(content, str):
            key = _unique(f"{collection}-{slug(Path(name).with_suffix('').as_posix())}", name, keys)
            yield name, Row(key=key, name=name, content=content)
            return
        for number, recipe in enumerate(content, 1):
            where = f"{name}, recipe {number}" if len(content) > 1 else name
            source = address(recipe)
            title = slug(str(recipe.get("name", ""))[:200]) or "recipe"
            key = _unique(f"{collection}-{title}", source or where, keys)
            yield where, Row(key=key, name=name, content=recipe, source=source)


def recognised(path: Path, *, asked: bool = False) -> RecipesLoader | None:
    """Return a loader for the recipes in `path`, a folder or a file; `None` when it holds none.

    Raises `BadInputError` for a folder that can't be listed, and for a file of JSON that names recipes and is broken;
    with `asked`, also when there is no recipe.
    """
    files = [file for file in walk(path).files if not _is_licence(file)]
    newest, licences, found = "", set[str](), False
    problem: BadInputError | None = None
    for file in files:
        try:
            for recipe in _recipes(file, shown(file, path)):
                found, newest = True, max(newest, recipe.date)
                licences.add(recipe.licence)
        except BadInputError as error:
            problem = error
    if not found:
        if asked or (problem and path.is_file() and _names_recipes(path)):
            raise problem or BadInputError(f"{path} holds no recipe")
        return None
    origin = Origin(
        id=f"{KIND}-{slug(path.name if path.is_dir() else path.stem)}",
        name=shown(path, path),
        release=newest or "undated",
        licence=_stated_licence(path) or _only(licences),
    )
    return RecipesLoader(root=path, origin=origin)


def _content(path: Path, name: str) -> str | tuple[Json, ...]:
    """Return the text of a Markdown file, or the recipe objects of JSON or a page.

    Raises `BadInputError` when the file can't be read, or is JSON without a recipe.
    """
    text = decoded(read_bytes(path, name, _LARGEST), name)
    if _JSON.match(text):
        found = recipes_in_json(text, name)
    elif _LINKED_DATA.search(text):
        found = recipes_in_page(text, name)
    else:
        return text
    if not found:
        raise BadInputError(f"{name}: no recipe: it holds no schema.org/Recipe in JSON-LD; {_DOCUMENT}")
    return found


def _recipe(content: str | Json, name: str) -> RecipeText:
    if not isinstance(content, str):
        return read_schema_recipe(content)
    recipe = read_markdown_recipe(content, name)
    if recipe is None:
        raise BadInputError(f"{name}: no recipe: no list under a heading such as 'Ingredients'; {_DOCUMENT}")
    return recipe


def _recipes(path: Path, name: str) -> Iterator[RecipeText]:
    """Yield the recipes of a file that can be read. Raises `BadInputError` after them when there was another."""
    content = _content(path, name)
    problem: BadInputError | None = None
    for item in (content,) if isinstance(content, str) else content:
        try:
            yield _recipe(item, name)
        except BadInputError as error:
            problem = error
    if problem:
        raise problem


def _names_recipes(path: Path) -> bool:
    head = read_head(path, _HEAD)
    return b'"Recipe"' in head and head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}


def _is_licence(path: Path) -> bool:
    return path.stem.lower() in _LICENCE_FILES


def _stated_licence(folder: Path) -> str:
    """Return the licence that a file beside the recipes states, '' for none."""
    for path in walk(folder).files if folder.is_dir() else ():
        if _is_licence(path) and path.parent == folder:
            try:
                return recipe_words().licence(decoded(read_bytes(path, path.name, _LARGEST), path.name))
            except BadInputError:
                continue  # it states nothing that can be read: unknown
    return ""


def _only(licences: Iterable[str]) -> str:
    """Return the licence that all recipes state; 'unknown' when one states none or they differ."""
    stated = sorted(set(licences))
    return stated[0] if len(stated) == 1 and stated[0] else "unknown"


def _unique(key: str, what: str, keys: set[str]) -> str:
    """Return `key`, with a digest of `what` when it is taken."""
    if key in keys:
        key = f"{key}-{digest(what)}"
    keys.add(key)
    return key
