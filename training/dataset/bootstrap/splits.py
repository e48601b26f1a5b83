"""Which of train, validation and test a food, a phrasing or a person belongs to: by hash, so for ever the same."""

import hashlib
from collections.abc import Sequence
from typing import Literal, get_args

from retrieval.knowledge.documents import Kind, Passage
from retrieval.words import significant_words

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_SHARES = {"train": 80, "validation": 10, "test": 10}
"""Per cent of foods, recipes, notes and people."""

_MORE_HELD_OUT = 15
"""Per cent of the phrasings in each of validation and test; at least one of each, where there are three."""


def split_of(key: str) -> Split:
    """Return the split of whatever is called `key`, by the shares."""
    return _by_share(_number(key) % 100)


def family(passage: Passage) -> str:
    """Return what a document is a kind of: 'Lentils, cooked' and 'Lentils, dry' are both lentils.

    A whole family is on one side: who has seen the one has seen the other.
    """
    if passage.kind is not Kind.FOOD:
        return passage.id
    if passage.contains is not None and len(passage.contains) == 1:
        return f"food {passage.contains[0]}"
    return f"food {' '.join(sorted(significant_words(passage.title.partition(',')[0])))}"


def lines_of(split: Split, name: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Return those of `lines` that belong to `split`, in a fixed order; fewer than three are everybody's."""
    if len(lines) < 3:
        return tuple(lines)
    ordered = sorted(lines, key=lambda line: _number(f"{name}: {line}"))
    held = max(1, len(ordered) * _MORE_HELD_OUT // 100)
    parts = {"test": ordered[:held], "validation": ordered[held : 2 * held], "train": ordered[2 * held :]}
    return tuple(parts[split])


def may_show(split: Split, other: Split) -> bool:
    """Tell whether what belongs to `other` may stand beside what is asked in `split`.

    Nothing of the test part is ever in a prompt of train, not even as a passage that doesn't answer; the other way
    round it may, as somebody's knowledge base holds everything.
    """
    return SPLITS.index(other) <= SPLITS.index(split)


def _by_share(place: int) -> Split:
    for split in SPLITS:
        if place < _SHARES[split]:
            return split
        place -= _SHARES[split]
    raise AssertionError("the shares add up to 100")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
