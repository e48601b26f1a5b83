"""The two passes of an export, as its worker processes do them: cleaning conversations, and rendering what stays.

Between the passes rows lie on the disk, compressed, a batch of whole conversations to a frame: memory doesn't grow with
their number.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from training.dataset.balance import Balance
from training.dataset.decontamination import Contamination, bundled
from training.dataset.manifest import Leak, TooLong
from training.dataset.options import Contexts, ExportOptions, Format
from training.dataset.quality import fault_of
from training.dataset.redaction import ConversationRedactor, Redactor
from training.dataset.schema import Exchange, Passage, Row
from training.dataset.source import Turn
from training.dataset.splitting import Split, split_of
from training.dataset.tokens import TokenCounter
from training.dataset.views import VIEWS
from training.dataset.views.view import Sample, folder_of, prompt_of
from training.dataset.writing import encode

PARTS = ("prompt", "completion", "both")
_PLACEHOLDER = re.compile(r"<([A-Z]+(?:_[A-Z]+)*)_\d+>")
_CODEC = "zstd"
_HEADER = 8


@dataclass(slots=True)
class Staged:
    """A row between the passes."""

    row: Row
    split: Split
    given: bool
    """Whether the row was made for its split: it is unlike the others by construction, however alike they look."""

    distractors: tuple[Passage, ...] = ()


@dataclass(slots=True)
class Cleaned:
    """What the first pass makes of a batch: the frame to be staged, and what tells its rows apart."""

    frame: bytes
    compared: list[tuple[str, str, str] | None]
    """Of each staged row: question, answer and restrictions; None for those that are compared with no other."""

    people: list[int]
    splits: list[Split]
    turns: int = 0
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)


@dataclass(slots=True)
class Rendered:
    """What the second pass makes of a batch: records by (folder, split, format), and what the manifest counts."""

    files: dict[tuple[str, Split, Format], bytes] = field(default_factory=dict)
    records: Counter[tuple[str, Split]] = field(default_factory=Counter)
    rows: Counter[Split] = field(default_factory=Counter)
    written: list[bool] = field(default_factory=list)
    too_long: list[TooLong] = field(default_factory=list)
    lengths: dict[Split, dict[str, Counter[int]]] = field(default_factory=dict)
    """Tokens (characters, without a tokenizer) by split and part of `PARTS`."""

    balance: dict[Split, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    redacted: Counter[str] = field(default_factory=Counter)
    origins: set[str] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)


class Passes:
    """Both passes, for one process."""

    def __init__(self, options: ExportOptions) -> None:
        self._options = options
        self._redactor = Redactor() if options.redact else None
        self._contamination = (
            Contamination.of(bundled(options.evaluations)) if options.evaluations is not None else None
        )
        self._counter = TokenCounter(options.tokenizer) if options.tokenizer is not None else None

    def clean(self, turns: Sequence[Turn]) -> Cleaned:
        """Redact whole conversations, and leave out what isn't good or is in an evaluation set."""
        staged: list[Staged] = []
        made = Cleaned(b"", [], [], [], turns=len(turns))
        for _, grouped in groupby(turns, key=lambda turn: turn.row.conversation):
            conversation = list(grouped)
            redactor = self._conversation(conversation)
            for turn in conversation:
                row = turn.row if redactor is None else _redacted(turn.row, redactor)
                if self._is_good(row, made):
                    staged.append(self._staged(row, turn))
        from training.dataset.duplicates import restrictions_of

        for item in staged:
            row = item.row
            made.compared.append(None if item.given else (row.asked, row.answer, restrictions_of(row)))
            made.people.append(int(row.person[:16], 16))
            made.splits.append(item.split)
        made.frame = _frame(staged)
        return made

    def render(self, frame: bytes, kept: Sequence[bool]) -> Rendered:
        """Write the rows of a frame that are kept, and fit, in all views and formats that are asked for."""
        made = Rendered()
        balances: dict[Split, Balance] = {}
        fitting: list[Staged] = []
        for item, keep in zip(_staged_in(frame), kept, strict=True):
            fits = keep and self._fits(item, made)
            made.written.append(fits)
            if not fits:
                continue
            fitting.append(item)
            made.rows[item.split] += 1
            balances.setdefault(item.split, Balance()).add(item.row)
            made.redacted.update(
                _PLACEHOLDER.findall(f"{item.row.question}\n{item.row.meant or ''}\n{item.row.answer}")
            )
            made.origins.add(item.row.origin.value)
            if item.row.consent is not None:
                made.consents.add(item.row.consent.version)
        made.balance = {split: balance.report() for split, balance in balances.items()}
        self._views(fitting, made)
        return made

    def _conversation(self, turns: Sequence[Turn]) -> ConversationRedactor | None:
        if self._redactor is None:
            return None
        names = dict.fromkeys(name for turn in turns for name in turn.names)
        redactor = self._redactor.conversation(tuple(names))
        redactor.learn(dict.fromkeys(text for turn in turns for text in _texts(turn.row)))
        return redactor

    def _is_good(self, row: Row, made: Cleaned) -> bool:
        if (fault := fault_of(row, self._options.quality)) is not None:
            made.dropped["quality", fault] += 1
            return False
        if self._contamination is None or (match := self._contamination.match_row(row)) is None:
            return True
        made.dropped["evaluation sets", match.set] += 1
        made.leaks.append(Leak(row=row.row, set=match.set, id=match.id, overlap=round(match.overlap, 3)))
        return False

    def _staged(self, row: Row, turn: Turn) -> Staged:
        split = turn.split or split_of(row.person, self._options.salt, self._options.shares)
        return Staged(row, split, turn.split is not None, turn.distractors)

    def _fits(self, item: Staged, made: Rendered) -> bool:
        messages = list(prompt_of(item.row, context=self._options.contexts is not Contexts.WITHOUT))
        if self._counter is None:
            prompt = sum(len(message["content"]) for message in messages)
            both = prompt + len(item.row.answer)
        else:
            prompt = self._counter.chat(messages, answer_follows=True)
            answered = [*messages, {"role": "assistant", "content": item.row.answer}]
            both = self._counter.chat(answered)
        if self._options.max_tokens is not None and both > self._options.max_tokens:
            made.too_long.append(TooLong(row=item.row.row, tokens=both))
            return False
        lengths = made.lengths.setdefault(item.split, {part: Counter() for part in PARTS})
        for part, length in zip(PARTS, (prompt, both - prompt, both), strict=True):
            lengths[part][length] += 1
        return True

    def _views(self, items: Sequence[Staged], made: Rendered) -> None:
        options = self._options
        contexts = {Contexts.WITH: (True,), Contexts.WITHOUT: (False,), Contexts.BOTH: (True, False)}
        for name in options.views:
            view = VIEWS[name]
            for context in contexts[options.contexts]:
                records: dict[Split, list[Any]] = {}
                for (_, split), group in groupby(items, key=lambda item: (item.row.conversation, item.split)):
                    samples = [Sample(item.row, item.distractors) for item in group]
                    records.setdefault(split, []).extend(view.records(samples, context=context))
                folder = folder_of(name, context=context)
                for split, found in records.items():
                    if not found:
                        continue
                    made.records[folder, split] += len(found)
                    for how in options.formats:
                        made.files[folder, split, how] = encode(found, how, view.columns)


class StageFile:
    """The frames between the passes, in one file."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("w+b")

    def append(self, frame: bytes) -> None:
        """Write a frame. Raises `OSError`."""
        self._file.write(len(frame).to_bytes(_HEADER, "big") + frame)

    def frames(self) -> Iterator[bytes]:
        """Yield the frames in their order."""
        self._file.flush()
        self._file.seek(0)
        while header := self._file.read(_HEADER):
            yield self._file.read(int.from_bytes(header, "big"))

    def close(self) -> None:
        """Close the file; it goes with its folder."""
        self._file.close()


def rows_in(frame: bytes) -> int:
    """Return how many rows a frame holds."""
    return int.from_bytes(frame[:_HEADER], "big")


def _frame(staged: Sequence[Staged]) -> bytes:
    import pyarrow as pa

    lines = b"\n".join(
        json.dumps(
            {
                "split": item.split,
                "given": item.given,
                "distractors": [passage.model_dump(mode="json") for passage in item.distractors],
            }
        ).encode()
        + b"\n"
        + item.row.model_dump_json().encode()
        for item in staged
    )
    packed: bytes = pa.compress(lines, codec=_CODEC, asbytes=True)
    return len(staged).to_bytes(_HEADER, "big") + len(lines).to_bytes(_HEADER, "big") + packed


def _staged_in(frame: bytes) -> Iterator[Staged]:
    import pyarrow as pa

    size = int.from_bytes(frame[_HEADER : 2 * _HEADER], "big")
    if not rows_in(frame):
        return
    lines = pa.decompress(frame[2 * _HEADER :], decompressed_size=size, codec=_CODEC, asbytes=True).split(
        b"\n"
    )
    for about, row in zip(lines[::2], lines[1::2], strict=True):
        held = json.loads(about)
        distractors = tuple(map(Passage.model_validate, held["distractors"]))
        yield Staged(Row.model_validate_json(row), held["split"], held["given"], distractors)


def _texts(row: Row) -> Iterator[str]:
    yield row.question
    if row.meant:
        yield row.meant
    yield row.answer
    for exchange in row.history:
        yield exchange.question
        yield exchange.answer


def _redacted(row: Row, redactor: ConversationRedactor) -> Row:
    """Return the row without what is somebody's. Passages are the knowledge base's own words, and stay."""
    clean = redactor.redact
    changed: dict[str, Any] = {
        "history": tuple(
            Exchange(question=clean(item.question), answer=clean(item.answer)) for item in row.history
        ),
        "question": clean(row.question),
        "meant": None if row.meant is None else clean(row.meant),
        "answer": clean(row.answer),
        "preferences": {
            name: [clean(item) if isinstance(item, str) else item for item in held]
            if name in ("likes", "dislikes")
            else held
            for name, held in row.preferences.items()
        },
    }
    if row.feedback is not None and row.feedback.reason:
        reason = clean(row.feedback.reason)
        changed["feedback"] = row.feedback.model_copy(update={"reason": reason})
    return row.model_copy(update=changed)
