"""One turn as datasets hold it: the row that every view is made from.

Nobody is named: `row`, `person` and `conversation` are HMACs under a key that stays with the deployment, and texts have
been through redaction by the time they are in a file. The JSON Schema of a row is docs/dataset-row.schema.json.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

ID = r"^[0-9a-f]{16,64}$"
"""Hexadecimal digits of an HMAC-SHA256, or of a hash for rows that are nobody's."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(StrEnum):
    """Where a row comes from."""

    TURN = "turn"
    """Somebody asked, and allowed that it is used."""
    BOOTSTRAP = "bootstrap"
    """Made from the knowledge base, true by construction."""


class Passage(_Part):
    """A passage as the model saw it. `version` is a hash of its content: the same id may have said something else."""

    id: str
    version: str
    kind: str
    title: str
    text: str
    source: str = ""


class Exchange(_Part):
    """An earlier question and answer of the conversation, as they stood in the prompt."""

    question: str
    answer: str


class Feedback(_Part):
    """What the person thought of the answer."""

    value: Literal["up", "down"]
    reason: str | None = None


class Guard(_Part):
    """The guard's verdict on what the model wrote: passed, repaired, composed or refused."""

    status: str
    reasons: tuple[str, ...] = ()


class Usage(_Part):
    """Tokens as the model server counted them."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0


class Consent(_Part):
    """Under which words, and when, the person allowed that the turn improves the model."""

    version: str
    given_at: datetime


class Row(_Part):
    """One question and its answer, with what the model saw.

    `question` is as it was asked, `meant` a follow-up's question written out: what stood in the prompt. `history` are
    earlier exchanges, oldest first, all of them consented to. `answer` is what the model should have written: without
    the bot's notices. `again_of` is the row to whose question this is another answer (a sibling), `replaces` the one
    whose question was edited. `timings` are milliseconds by step. `kind` is a bootstrap row's question type.
    """

    schema_version: Literal[1] = 1
    row: str = Field(pattern=ID)
    person: str = Field(pattern=ID)
    conversation: str = Field(pattern=ID)
    position: int = Field(ge=0)
    origin: Origin = Origin.TURN
    kind: str | None = None
    asked_at: datetime | None = None
    language: str = "en"
    intent: str | None = None
    question: str
    meant: str | None = None
    history: tuple[Exchange, ...] = ()
    preferences: Mapping[str, Any] = Field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    answer: str
    stopped: bool = False
    feedback: Feedback | None = None
    again_of: str | None = Field(default=None, pattern=ID)
    replaces: str | None = Field(default=None, pattern=ID)
    model: str | None = None
    adapter: str | None = None
    guard: Guard | None = None
    usage: Usage | None = None
    timings: Mapping[str, float] = Field(default_factory=dict)
    consent: Consent | None = None

    @property
    def asked(self) -> str:
        """The question that the prompt holds."""
        return self.meant or self.question
