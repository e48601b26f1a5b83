"""A recipe written in Markdown: front matter, a list of ingredients under a heading, and directions."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from retrieval.knowledge.loaders.files import one_line
from retrieval.knowledge.loaders.markdown import Block, Line, Shape, blocks, front_matter
from retrieval.knowledge.loaders.recipe_text import Group, RecipeText
from retrieval.knowledge.loaders.recipe_words import Part, ingredient, is_group, recipe_words

_PSEUDO_LEVEL = 7
"""The level of a paragraph that stands as a heading ('**Ingredients**'): below all real ones."""

_PSEUDO_WORDS = 2

_ABOUT = re.compile(r"\W*(?P<key>[^\W\d][^:.]{1,30}): *(?P<value>[^:.!?][^!?]{0,80})")
_ABOUT_KEYS = ("servings", "serves", "yield", "prep_time", "cook_time", "total_time")
_SENTENCE = re.compile(r"[.!?:]$|\. ")
_SHORT = 8  # words: a line of ingredients without bullet, rather than a remark
_DATES = ("date", "lastmod", "updated", "modified")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_markdown_recipe(text: str, name: str) -> RecipeText | None:
    """Return the recipe in the Markdown `text` of the file `name`; `None` when it lists no ingredients.

    Without a title, the name of the file is it. Raises `BadInputError` for front matter that can't be read.
    """
    values, body = front_matter(text, name)
    parts = _Parts()
    parts.read(blocks(body))
    if not parts.are_a_recipe:
        return None
    name_of_file = re.sub(r"[_-]+", " ", PurePosixPath(name).stem).strip().capitalize()
    return RecipeText(
        title=scalar(values.get("title")) or parts.title or name_of_file or "Recipe",
        groups=tuple(Group(name=group, lines=tuple(lines)) for group, lines in parts.groups if lines),
        steps=tuple(parts.steps),
        about=(*_stated_about(values), *parts.about),
        tags=tuple(dict.fromkeys(strings(values.get("tags")))),
        description=tuple(parts.description),
        remarks=tuple(parts.remarks),
        author=", ".join(strings(values.get("author"))),
        date=stated_date(values),
        licence=scalar(values.get("licence")) or scalar(values.get("license")),
    )


def scalar(value: object) -> str:
    """Return a single value of front matter as one line; '' for anything else."""
    return (
        one_line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    )


def strings(value: object) -> tuple[str, ...]:
    """Return one value, or a list of them, as lines."""
    values = value if isinstance(value, list) else [value]
    return tuple(line for line in map(scalar, values) if line)


def stated_date(values: Mapping[str, Any]) -> str:
    """Return the newest date that front matter names, in ISO form; '' for none."""
    found = [_iso(values.get(key)) for key in _DATES]
    return max(found)


def _iso(value: object) -> str:
    if isinstance(value, dt.date):  # a datetime is one too
        return value.isoformat()[:10]
    match = _DATE.match(value) if isinstance(value, str) else None
    return match.group() if match else ""


def _stated_about(values: Mapping[str, Any]) -> Iterator[str]:
    for key in _ABOUT_KEYS:
        value = scalar(values.get(key))
        if value:
            yield f"{key.replace('_', ' ').capitalize()}: {value}"


class _Parts:
    """What the blocks of a recipe are, decided by the heading above them."""

    def __init__(self) -> None:
        self.title = ""
        self.about: list[str] = []
        self.description: list[str] = []
        self.groups: list[tuple[str, list[str]]] = []
        self.steps: list[str] = []
        self.remarks: list[str] = []
        self._part: Part | None = None  # `None` before the first part
        self._level = 0
        self._heading = ""  # under the part's own, put before what comes next
        self._listed = False  # the section has a list
        self._headed = False  # there are ingredients under a heading that says so

    @property
    def are_a_recipe(self) -> bool:
        """Whether there are ingredients, under a heading or beside directions."""
        return any(lines for _, lines in self.groups) and (self._headed or bool(self.steps))

    def read(self, all_blocks: Sequence[Block]) -> None:
        for number, block in enumerate(all_blocks):
            if _is_heading(block):
                self._open(block)
                self._listed = _has_list(all_blocks[number + 1 :])
            elif _in_bulk(block) and self._part is not Part.DIRECTIONS:
                self._ingredients(block)  # whatever its heading ('Spice blend')
            elif self._part is Part.INGREDIENTS:
                before_list = number + 1 < len(all_blocks) and all_blocks[number + 1].shape is Shape.LIST
                self._name_group(block) if before_list and _is_name(block) else self._ingredients(block)
            elif self._part is Part.DIRECTIONS:
                self._directions(block)
            elif not self._state(block):
                self._remark(block)

    def _open(self, heading: Block) -> None:
        level = heading.level or _PSEUDO_LEVEL
        text = heading.text.strip(" :*")
        part = recipe_words().part(text)
        self._listed = False
        if part is None and self._part in {Part.INGREDIENTS, Part.DIRECTIONS} and level > self._level:
            self._heading = text
            return
        if part is None and level == 1 and not self.title:
            self.title = text
            return
        self._part, self._level = part or Part.REMARKS, level
        plain = part in {Part.INGREDIENTS, Part.DIRECTIONS} and len(text.split()) == 1
        self._heading = "" if plain else text

    def _name_group(self, block: Block) -> None:
        self._heading = block.text.rstrip(" :")

    def _ingredients(self, block: Block) -> None:
        if self._heading or block.shape is Shape.LIST:
            self._group(self._heading)
            self._heading = ""
        if block.shape is Shape.LIST:
            self._listed_ingredients(block.lines)
        elif self._listed and not all(map(_is_short, block.lines)) and not _in_bulk(block):
            self.remarks.append(block.text)
        else:
            self._loose_ingredients(block.lines)

    def _listed_ingredients(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if is_group(line):
                self._group(line.text.rstrip(" :"))
            else:
                self._add(ingredient(line.text))

    def _loose_ingredients(self, lines: Iterable[Line]) -> None:
        """Take lines without bullets; a sentence that lists ingredients is cut at its commas."""
        for line in lines:
            parts = (line.text,) if _is_short(line) or self._listed else line.text.rstrip(".").split(",")
            for part in parts:
                self._add(part.strip())

    def _group(self, name: str) -> None:
        self.groups = [group for group in self.groups if group[1]]
        self.groups.append((name, []))

    def _add(self, line: str) -> None:
        if not self.groups:
            self._group("")
        if line:
            self.groups[-1][1].append(line)
            self._headed = self._headed or self._part is Part.INGREDIENTS

    def _directions(self, block: Block) -> None:
        for line in block.lines if block.shape is Shape.LIST else (Line(block.text),):
            if line.depth and self.steps:
                self.steps[-1] += f" {line.text}"
            else:
                self.steps.append(f"{self._heading}: {line.text}" if self._heading else line.text)
                self._heading = ""

    def _state(self, block: Block) -> bool:
        """Take short facts before the ingredients ('Servings: 6'); `False` when `block` holds others as well."""
        facts = [_ABOUT.fullmatch(line.text) for line in block.lines]
        if self.groups or not all(facts):
            return False
        self.about += [
            f"{fact['key'].strip().capitalize()}: {fact['value'].strip()}" for fact in facts if fact
        ]
        return True

    def _remark(self, block: Block) -> None:
        separator = "; " if block.shape is Shape.LIST else " "
        text = separator.join(
            line.text.rstrip(".;") if separator == "; " else line.text for line in block.lines
        )
        where = self.description if self._part is None else self.remarks
        where.append(f"{self._heading}: {text}" if self._heading else text)
        self._heading = ""


def _has_list(following: Iterable[Block]) -> bool:
    section = itertools.takewhile(lambda block: not _is_heading(block), following)
    return any(block.shape is Shape.LIST for block in section)


def _is_short(line: Line) -> bool:
    """Return whether a line without bullet is an ingredient rather than a remark."""
    return len(line.text.split()) <= _SHORT and not _SENTENCE.search(line.text)


def _in_bulk(block: Block) -> bool:
    return recipe_words().reads_like_ingredients(block)


def _is_name(block: Block) -> bool:
    return len(block.lines) == 1 and len(block.text.split()) <= _SHORT


def _is_heading(block: Block) -> bool:
    """Return whether a block is a heading, or a paragraph that stands as one ('**Ingredients:**')."""
    if block.shape is not Shape.PARAGRAPH or len(block.lines) > 1:
        return block.shape is Shape.HEADING
    few = len(block.text.split()) <= _PSEUDO_WORDS
    return few and recipe_words().part(block.text) in {Part.INGREDIENTS, Part.DIRECTIONS}
