"""Places in a text that are somebody's, and what kind of thing stands there."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is taken out; the placeholder of the first e-mail address in a conversation is `<EMAIL_1>`."""

    EMAIL = "EMAIL"
    URL = "URL"
    HANDLE = "HANDLE"
    CARD = "CARD"
    IBAN = "IBAN"
    IP = "IP"
    PHONE = "PHONE"
    LOCATION = "LOCATION"
    ADDRESS = "ADDRESS"
    BIRTH_DATE = "BIRTH_DATE"
    NAME = "NAME"


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is of this kind; two spans with the same `key` are the same thing written in two ways."""

    start: int
    end: int
    kind: Kind
    key: str
