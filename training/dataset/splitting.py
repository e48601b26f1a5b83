"""Train, validation and test: by person, the same side for ever. Near duplicates are left out before."""

from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Literal

from retrieval.errors import BadInputError

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
SHARES: Mapping[Split, float] = MappingProxyType({"train": 0.9, "validation": 0.05, "test": 0.05})


def split_of(person: str, salt: str, shares: Mapping[Split, float] = SHARES) -> Split:
    """Return the side that a person's rows are on. It depends on nothing else, so it stays as data grows.

    `shares` are of people, not of rows, and add up to 1. Raises `BadInputError` when they don't.
    """
    unknown = sorted(set(shares) - set(SPLITS))
    if unknown or min(shares.values(), default=0) < 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise BadInputError(
            f"Shares of {', '.join(SPLITS)} must be 0 or more and add up to 1, not {dict(shares)}."
        )
    digest = blake2b(f"{salt}\0{person}".encode(), digest_size=8).digest()
    place, reached = int.from_bytes(digest, "big") / 2**64, 0.0
    # Test comes first: raising the share of train never moves a person from one side of an evaluation to another's.
    for split in reversed(SPLITS):
        reached += shares.get(split, 0.0)
        if place < reached:
            return split
    return next(split for split in SPLITS if shares.get(split, 0.0) > 0)
