"""Documents in pieces that can be found and shown: cut along headings, never inside a paragraph or an item."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.knowledge.loaders.markdown import Block, Shape
from retrieval.knowledge.loaders.recipe_words import Part, ingredient, is_group, recipe_words

_WORDS = 200  # of a chunk: what an embedder reads whole
_SPACED = 10  # characters that count as a word in scripts that write none
_HARD = 1_200  # characters of a piece without sentences and spaces
_LONGEST_HEADING = 120
_REACH = 5
"""Chunks after a list outside of sections that still belong to its recipe: 1,000 words of directions."""

# Full stops of Chinese and Japanese have no space after them.
_SENTENCE_END = re.compile(r"(?<=[.!?]) +|(?<=[.!?][\"'”’)]) +|(?<=[\u3002\uff01\uff1f])")

Headings = tuple[str, ...]
"""The headings above a chunk, outermost first."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document: its text, the headings above it, the page it begins on, `None` without pages.

    `ingredients` are the lines of the recipe that it is part of, empty when it is part of none.
    """

    path: Headings
    text: str
    page: int | None
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """What isn't cut: a paragraph or an item, as shown, with its ingredient when it is one."""

    text: str
    path: Headings
    page: int | None
    block: int
    ingredient: str = ""


def chunked(blocks: Sequence[Block]) -> tuple[Chunk, ...]:
    """Return a document in chunks of at most 200 words, a longer sentence apart.

    What reads like a recipe's list of ingredients makes its whole section a recipe: the section that the list stands
    in, or the one above when headings such as 'Ingredients' and 'Method' divide it. Without headings, the next five
    chunks up to the next list. Each chunk of it carries all its ingredients, so that 'mix everything and bake' isn't
    taken for free of them.
    """
    units = tuple(_units(blocks))
    chunks = tuple(_packed(units))
    sections = _recipe_sections(units)
    return _with_ingredients(chunks, sections)


def _units(blocks: Sequence[Block]) -> Iterator[_Unit]:
    stack: list[tuple[int, str]] = []
    for number, block in enumerate(blocks):
        path = tuple(heading for _, heading in stack)
        if block.shape is Shape.HEADING:
            while stack and stack[-1][0] >= block.level:
                stack.pop()
            stack.append((block.level, block.text[:_LONGEST_HEADING]))
        elif block.shape is Shape.LIST:
            yield from _item_units(block, path, number)
        else:
            yield from _paragraph_units(block, path, number)


def _item_units(block: Block, path: Headings, number: int) -> Iterator[_Unit]:
    listed = _lists_ingredients(block, path)
    for line in block.lines:
        shown = f"{'  ' * line.depth}{line.marker} {line.text}" if line.marker else line.text
        found = ingredient(line.text) if listed and not is_group(line) else ""
        for piece in _pieces(shown):
            yield _Unit(piece, path, block.page, number, found)


def _paragraph_units(block: Block, path: Headings, number: int) -> Iterator[_Unit]:
    if _lists_ingredients(block, path) and (len(block.lines) > 1 or recipe_words().has_amount(block.text)):
        for line in block.lines:
            yield _Unit(line.text, path, block.page, number, line.text)
        return
    separator = "\n" if all(len(line.text) < 60 for line in block.lines) else " "
    for piece in _pieces(separator.join(line.text for line in block.lines)):
        yield _Unit(piece, path, block.page, number)


def _lists_ingredients(block: Block, path: Headings) -> bool:
    headed = bool(path) and recipe_words().part(path[-1]) is Part.INGREDIENTS
    return headed or recipe_words().reads_like_ingredients(block)


def _packed(units: Iterable[_Unit]) -> Iterator[Chunk]:
    """Put units together as long as they stand under the same headings and there is room."""
    held: list[_Unit] = []
    words = 0
    for unit in units:
        size = _size(unit.text)
        if held and (unit.path != held[0].path or words + size > _WORDS):
            yield _chunk(held)
            held, words = [], 0
        held.append(unit)
        words += size
    if held:
        yield _chunk(held)


def _chunk(units: Sequence[_Unit]) -> Chunk:
    text = units[0].text
    for above, unit in itertools.pairwise(units):
        text += ("\n" if unit.block == above.block else "\n\n") + unit.text
    found = tuple(dict.fromkeys(unit.ingredient for unit in units if unit.ingredient))
    return Chunk(path=units[0].path, text=text, page=units[0].page, ingredients=found)


def _recipe_sections(units: Iterable[_Unit]) -> frozenset[Headings]:
    """Return the sections that headings such as 'Ingredients' or 'Method' divide."""
    parts = {Part.INGREDIENTS, Part.DIRECTIONS}
    return frozenset(
        unit.path[:size]
        for unit in units
        for size in range(1, len(unit.path))
        if recipe_words().part(unit.path[size]) in parts
    )


def _with_ingredients(chunks: Sequence[Chunk], divided: frozenset[Headings]) -> tuple[Chunk, ...]:
    """Give every chunk of a recipe all its ingredients."""
    recipes: dict[Headings, list[str]] = {}
    for chunk in chunks:
        if chunk.ingredients:
            recipes.setdefault(_section(chunk.path, divided), []).extend(chunk.ingredients)
    loose = _loose(chunks, divided)
    return tuple(
        replace(chunk, ingredients=tuple(dict.fromkeys(lines)))
        if (lines := [*loose.get(number, ()), *_lines_above(chunk.path, recipes)])
        else chunk
        for number, chunk in enumerate(chunks)
    )


def _section(path: Headings, divided: frozenset[Headings]) -> Headings:
    """Return the section that is the recipe: the innermost one that is divided into parts, else the own one."""
    for size in range(len(path), 0, -1):
        if path[:size] in divided:
            return path[:size]
    own = bool(path) and recipe_words().part(path[-1]) in {Part.INGREDIENTS, Part.DIRECTIONS}
    return path[:-1] if own else path


def _lines_above(path: Headings, recipes: dict[Headings, list[str]]) -> Iterator[str]:
    """Yield the ingredients of every recipe that the section `path` is part of."""
    for size in range(1, len(path) + 1):
        yield from recipes.get(path[:size], ())


def _loose(chunks: Sequence[Chunk], divided: frozenset[Headings]) -> dict[int, list[str]]:
    """Return the ingredients of recipes outside of sections, for the chunks up to the next such recipe."""
    found: dict[int, list[str]] = {}
    current: list[str] = []
    listing = False  # the chunk before has ingredients: a long list goes on
    last = 0
    for number, chunk in enumerate(chunks):
        if _section(chunk.path, divided):
            current, listing = [], False
            continue
        if chunk.ingredients:
            current = current if listing else []
            current.extend(chunk.ingredients)
            last = number
        listing = bool(chunk.ingredients)
        if number - last <= _REACH:
            found[number] = current
    return found


def _pieces(text: str) -> Iterator[str]:
    """Yield `text` whole, or cut at sentences when it is longer than a chunk."""
    if _size(text) <= _WORDS:
        yield text
        return
    held = ""
    for sentence in _short_sentences(text):
        if held and _size(held) + _size(sentence) > _WORDS:
            yield held
            held = ""
        held = f"{held} {sentence}" if held else sentence
    yield held


def _short_sentences(text: str) -> Iterator[str]:
    for sentence in filter(None, _SENTENCE_END.split(text)):
        if _size(sentence) <= _WORDS:
            yield sentence
            continue
        words = [
            word[start : start + _HARD] for word in sentence.split() for start in range(0, len(word), _HARD)
        ]
        step = max(1, _WORDS * len(words) // _size(sentence))
        yield from (" ".join(words[start : start + step]) for start in range(0, len(words), step))


def _size(text: str) -> int:
    return max(len(text.split()), len(text) // _SPACED)
