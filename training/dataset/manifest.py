"""`dataset.json`: where a dataset comes from, what was left out and why, and what its files hold, byte for byte.

No date of the export and no path is in here: the same turns give the same bytes on another day and machine.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from retrieval.errors import BadInputError

MANIFEST = "dataset.json"
CARD = "README.md"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Part):
    """A file of the dataset: its records, its bytes and their SHA-256. `view` is empty for card and pictures."""

    path: str
    view: str = ""
    split: str = ""
    records: int = 0
    size: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Leak(_Part):
    """A row left out because it holds a question of an evaluation set."""

    row: str
    set: str
    id: str
    overlap: float


class TooLong(_Part):
    """A row left out because its prompt and answer have too many tokens."""

    row: str
    tokens: int


class Tokens(_Part):
    """How long one split's prompts, answers, or both are, by the target tokenizer."""

    rows: int
    total: int
    percentiles: Mapping[str, int]
    """`p1`, `p5`, `p25`, `p50`, `p75`, `p95`, `p99`, `max`."""


class Manifest(_Part):
    """All that is to know about a dataset.

    `counts` are rows after each step, in order (`turns`, `good`, `clean`, `unique`, `fitting`);
    `dropped` rows by step and reason. `rows` are those written, by split. `people` counts by split, too. `options`
    are those of the export without paths; `tokenizer` is the SHA-256 of its `tokenizer.json`.
    """

    schema_version: Literal[1] = 1
    code_version: str
    libraries: Mapping[str, str]
    origins: tuple[str, ...]
    consent_versions: tuple[str, ...]
    options: Mapping[str, Any]
    tokenizer: str | None = None
    evaluation_sets: Mapping[str, str] = Field(default_factory=dict)
    """Name → SHA-256 of the file that rows were compared with; empty when none was."""

    counts: Mapping[str, int]
    dropped: Mapping[str, Mapping[str, int]]
    leaks: tuple[Leak, ...] = ()
    too_long: tuple[TooLong, ...] = ()
    """At most 1,000 of each are listed; `dropped` counts them all."""

    redacted: Mapping[str, int] = Field(default_factory=dict)
    """Placeholders by kind in the rows that were written."""

    rows: Mapping[str, int]
    people: Mapping[str, int]
    balance: Mapping[str, Mapping[str, Mapping[str, int]]] = Field(default_factory=dict)
    """Rows by split, class and value."""

    unit: Literal["tokens", "characters"] = "tokens"
    tokens: Mapping[str, Mapping[str, Tokens]] = Field(default_factory=dict)
    """By split, then `prompt`, `completion`, `both`; characters, as `unit` says, where no tokenizer was named."""

    files: tuple[File, ...]

    def dump(self) -> str:
        """Return the manifest as JSON, the same text for the same manifest."""
        return self.model_dump_json(indent=2) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in `folder`. Raises `BadInputError` when there is none, or it can't be one."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise BadInputError(
            f"{folder}: there is no {MANIFEST}, so this isn't a dataset of platewise"
        ) from error
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BadInputError(f"{path}: can't be read as a manifest: {reason}") from error
