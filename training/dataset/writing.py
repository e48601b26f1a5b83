"""Files of a dataset: records as JSON lines, the same compressed, and Parquet; the same records give the same bytes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, Self

from training.dataset.options import Format
from training.dataset.views.view import Record

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP = 2_000
"""Records of a Parquet row group: small enough that a reader, and we, need little memory."""


def json_lines(records: Iterable[Record]) -> bytes:
    """Return records as JSON lines: fields in their own order, text as it is, a newline at each end."""
    return b"".join(
        json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        for record in records
    )


def arrow_batch(records: Sequence[Record], schema: "pa.Schema") -> bytes:
    """Return records as an Arrow stream, to be handed from process to process."""
    import pyarrow as pa
    import pyarrow.json

    # Not `from_pylist`: it imports pandas, if that is there, which takes 50 MB of every worker.
    lines = json_lines(records)
    table = pyarrow.json.read_json(
        pa.BufferReader(lines),
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(table)
    encoded: bytes = sink.getvalue().to_pybytes()
    return encoded


class Writer(Protocol):
    """Writes one file from what a worker encoded for its format."""

    def write(self, encoded: bytes) -> None:
        """Append records."""

    def close(self) -> None:
        """Write what is left and flush it to the disk. Raises `OSError`, as `write` does."""


class _File:
    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, encoded: bytes) -> None:
        self._file.write(encoded)

    def close(self) -> None:
        self._file.close()


class _Zstd(_File):
    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        super().__init__(path)
        self._stream = pa.CompressedOutputStream(pa.PythonFile(self._file, mode="w"), "zstd")

    def write(self, encoded: bytes) -> None:
        self._stream.write(encoded)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Parquet(_File):
    """Row groups have `_GROUP` records, however the records arrive: so the bytes don't tell how they were made."""

    def __init__(self, path: Path, schema: "pa.Schema") -> None:
        import pyarrow.parquet as pq

        super().__init__(path)
        self._schema = schema
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd", compression_level=3)
        self._waiting: list[pa.RecordBatch] = []
        self._held = 0

    def write(self, encoded: bytes) -> None:
        import pyarrow as pa

        with pa.ipc.open_stream(encoded) as stream:
            for batch in stream:
                self._waiting.append(batch)
                self._held += batch.num_rows
        while self._held >= _GROUP:
            self._write_group()

    def close(self) -> None:
        if self._held:
            self._write_group()
        self._writer.close()
        super().close()

    def _write_group(self) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._waiting, schema=self._schema)
        group = table.slice(0, _GROUP).combine_chunks()
        self._writer.write_table(group, row_group_size=_GROUP)
        rest = table.slice(_GROUP)
        self._waiting, self._held = rest.to_batches(), rest.num_rows


def open_writer(path: Path, how: Format, schema: "pa.Schema") -> Writer:
    """Open a file of a format for writing; its folder must be there."""
    if how is Format.PARQUET:
        return _Parquet(path, schema)
    return _Zstd(path) if how is Format.JSONL_ZSTD else _File(path)


def encode(records: Sequence[Record], how: Format, schema: "pa.Schema") -> bytes:
    """Return records as `open_writer`'s files of this format want them."""
    return arrow_batch(records, schema) if how is Format.PARQUET else json_lines(records)


def plain(value: Any) -> Any:
    """Return a value of a record with mappings and tuples as dicts and lists, as JSON and Arrow want them."""
    if isinstance(value, Mapping):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    return value
