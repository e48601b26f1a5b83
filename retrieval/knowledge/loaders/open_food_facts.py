"""Open Food Facts' exports: products as JSON lines, plain or gzipped, and as Parquet."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Origin, Record
from retrieval.knowledge.loaders.archives import MAX_LINE, is_gzip, open_lines
from retrieval.knowledge.loaders.loader import BATCH, Batch, Fault, Parsed
from retrieval.knowledge.loaders.off_records import COLUMNS, product_record

if TYPE_CHECKING:
    import pyarrow.parquet as pq

KIND = "open-food-facts"

_NEEDED = ("code", "product_name", "ingredients_text", "allergens_tags", "nutriments")
_LOOKED_AT = 20  # lines: the first may be damaged
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class OffLines:
    """The export as JSON lines, one product each."""

    path: Path
    kind: str = KIND
    complete: bool = False  # exports are cut down by country or category, and none says that it is all

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The one collection."""
        return (_origin(self.path),)

    def batches(self) -> Iterator[Batch]:
        """Yield (where, line) of every product."""
        with open_lines(self.path) as lines:
            rows: list[tuple[str, str]] = []
            for line in lines:
                if line.strip():
                    rows.append((f"{lines.name}, line {lines.number}", line))
                if len(rows) == BATCH:
                    yield Batch(tuple(rows), lines.share)
                    rows = []
            if rows:
                yield Batch(tuple(rows), 1.0)

    def parse(self, batch: Batch) -> Parsed:
        """Return the products of `batch`."""
        products: list[tuple[str, Any]] = []
        faults: list[Fault] = []
        for where, line in batch.rows:
            try:
                products.append((where, _decoded(line)))
            except (ValueError, RecursionError) as error:
                faults.append(Fault(where, f"not JSON ({error})"))
        return _parsed(products, faults, self.origins[0])


@dataclass(frozen=True, slots=True)
class OffParquet:
    """The export as Parquet."""

    path: Path
    kind: str = KIND
    complete: bool = False

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The one collection."""
        return (_origin(self.path),)

    def batches(self) -> Iterator[Batch]:
        """Yield (where, row) of every product."""
        with _opened(self.path) as file:
            columns = [name for name in COLUMNS if name in file.schema_arrow.names]
            total, read = max(1, file.metadata.num_rows), 0
            found = file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False)
            while True:
                try:
                    rows = next(found, None)
                    listed = [] if rows is None else rows.to_pylist()
                except (OSError, ValueError) as error:
                    raise _broken(self.path, error) from None
                if rows is None:
                    return
                where = [f"{self.path.name}, row {read + number}" for number in range(1, len(listed) + 1)]
                read += len(listed)
                yield Batch(tuple(zip(where, listed, strict=True)), read / total)

    def parse(self, batch: Batch) -> Parsed:
        """Return the products of `batch`."""
        return _parsed(batch.rows, [], self.origins[0])


def recognised(path: Path) -> OffLines | OffParquet | None:
    """Return a loader for an export of Open Food Facts, `None` for another file.

    Raises `BadInputError` for one that is damaged, or lacks what it needs.
    """
    if not path.is_file():
        return None
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PAR1"):
        return _recognised_parquet(path)
    if is_gzip(path):
        start = _unfolded_start(path)
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return None
    with open_lines(path) as lines:
        for _number, line in zip(range(_LOOKED_AT), lines, strict=False):
            if _is_product(line):
                return OffLines(path)
    return None


def _recognised_parquet(path: Path) -> OffParquet | None:
    with _opened(path) as file:
        names = file.schema_arrow.names
        if "code" not in names or not {"product_name", "nutriments", "ingredients_text"} & set(names):
            return None
        if missing := [name for name in _NEEDED if name not in names]:
            raise BadInputError(
                f"{path.name}: column '{missing[0]}' is missing; download the Parquet export again"
            )
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            if group.total_byte_size > MAX_LINE * max(1, group.num_rows):
                raise BadInputError(
                    f"{path.name}: its rows are over {MAX_LINE // 2**20} MB; this is no list of products"
                )
    return OffParquet(path)


def _opened(path: Path) -> "pq.ParquetFile":
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise _broken(path, error) from None


def _broken(path: Path, error: BaseException) -> BadInputError:
    return BadInputError(
        f"{path.name}: damaged or cut off ({' '.join(str(error).split())[:200]}); download it again"
    )


def _unfolded_start(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(4096)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from None


def _is_product(line: str) -> bool:
    try:
        product = _decoded(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(product, dict) and "code" in product and any(name in product for name in _NEEDED[1:])


def _decoded(line: str) -> Any:
    return json.loads(line, parse_constant=_refused)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")


def _parsed(rows: Sequence[tuple[str, Any]], faults: list[Fault], origin: Origin) -> Parsed:
    records: list[Record] = []
    for where, product in rows:
        read = product_record(product, origin) if isinstance(product, dict) else "it isn't a product"
        if isinstance(read, str):
            faults.append(Fault(where, read))
        else:
            records.append(read)
    return Parsed(tuple(records), tuple(faults))


def _origin(path: Path) -> Origin:
    date = _DATE.search(path.name)
    return Origin(
        id="open-food-facts",
        name="Open Food Facts",
        release=date.group() if date else "undated export",
        licence="ODbL 1.0, DbCL 1.0",
    )
