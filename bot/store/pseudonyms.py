"""Names for rows, people and conversations in datasets: HMAC-SHA256 under a key that never leaves the deployment.

The same turn has the same name in every export, so that rows can be found again, and whoever has a dataset and not the
key can't tell who or which turn it is (RFC 2104; FIPS 198-1 for cutting it to 128 bits).
"""

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from retrieval.errors import BadInputError

KEY_FILE = "dataset.key"
_KEY_BYTES = 32
_DIGITS = 32
"""Hexadecimal digits of a name: 128 bits."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """What things are called in datasets. `pseudonym` is the person's in the store, drawn by chance."""

    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, data: Path) -> Self:
        """Read the key in the folder `data`; it is made when there is none, readable for nobody else.

        Raises `BadInputError` for a file that holds no key: other names would part people from their earlier rows.
        """
        path = data / KEY_FILE
        if not path.exists():
            _make(path)
        written = path.read_bytes().strip()
        try:
            key = bytes.fromhex(written.decode("ascii"))
        except ValueError:
            key = b""
        if len(key) != _KEY_BYTES:
            raise BadInputError(f"{path}: this is no key for datasets; put the file back from a backup")
        return cls(key)

    def person(self, pseudonym: str) -> str:
        """Return what a person is called."""
        return self._name("person", pseudonym)

    def conversation(self, pseudonym: str, conversation_id: int) -> str:
        """Return what a conversation of a person is called."""
        return self._name("conversation", pseudonym, str(conversation_id))

    def row(self, pseudonym: str, turn_id: int) -> str:
        """Return what a turn of a person is called."""
        return self._name("turn", pseudonym, str(turn_id))

    def split_salt(self) -> str:
        """Return what decides on which side of a dataset a person is: the same for every export of a deployment."""
        return self._name("split")

    def _name(self, *parts: str) -> str:
        return hmac.digest(self._key, "\0".join(parts).encode(), "sha256").hex()[:_DIGITS]


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of several processes that do so at once, all take the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            return
    finally:
        partial.unlink()
