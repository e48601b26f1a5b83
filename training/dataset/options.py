"""What an export may be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from training.dataset.quality import DEFAULT, Quality
from training.dataset.splitting import SHARES, Split


class Format(StrEnum):
    """How files are written."""

    JSONL = "jsonl"
    JSONL_ZSTD = "jsonl.zst"
    PARQUET = "parquet"


class Contexts(StrEnum):
    """Whether prompts hold the passages that were served, so that RAG and fine-tuning can be compared fairly."""

    WITH = "with"
    WITHOUT = "without"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a dataset is made. The same turns and options give the same bytes.

    `views` are names of `training.dataset.views.VIEWS`. `tokenizer` is a folder with a `tokenizer.json` (and the chat
    template beside it); None counts no tokens. Rows whose prompt and answer have more than `max_tokens` are left out,
    counted and listed; None keeps all. `salt` decides who is on which side: it must stay the same for a deployment.
    `evaluations` is the folder with the evaluation sets (`bench/`); None looks for no leaks, and the manifest says so.
    `selection` is how the turns were chosen, for the manifest only. `workers` changes speed, never bytes.
    """

    views: tuple[str, ...] = ("prompt-completion",)
    formats: tuple[Format, ...] = (Format.JSONL, Format.PARQUET)
    contexts: Contexts = Contexts.WITH
    tokenizer: Path | None = None
    max_tokens: int | None = None
    shares: Mapping[Split, float] = field(default_factory=lambda: SHARES)
    salt: str = "platewise"
    quality: Quality = DEFAULT
    evaluations: Path | None = None
    redact: bool = True
    selection: Mapping[str, Any] = field(default_factory=dict)
    workers: int | None = None
