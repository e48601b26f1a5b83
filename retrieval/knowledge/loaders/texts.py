"""Documents: Markdown, HTML, Word and PDF, single or a folder of them, as notes cut along their headings."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BadInputError
from retrieval.knowledge.documents import Kind, Origin, Passage, Record, Says
from retrieval.knowledge.loaders.chunks import Chunk, chunked
from retrieval.knowledge.loaders.files import fault_of, read_bytes, shown, slug, walk
from retrieval.knowledge.loaders.loader import Batch, Fault, Parsed
from retrieval.knowledge.loaders.markdown import Shape
from retrieval.knowledge.loaders.pdf import JOINT
from retrieval.knowledge.loaders.readers import Form, Text, about, form_of, read_document
from retrieval.knowledge.loaders.recipe_text import mentioned

KIND = "documents"

_LARGEST = 50_000_000  # bytes of a document
_BATCH_CHARACTERS = 500_000  # about 400 chunks
_SEPARATOR = " \u203a "  # a small angle bracket


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was recognised; `origin` is its own, so that each can be added again by itself."""

    path: Path
    name: str
    form: Form
    origin: Origin


@dataclass(frozen=True, slots=True)
class Row:
    """A document that was read."""

    document: Document
    text: Text


@dataclass(frozen=True, slots=True)
class DocumentsLoader:
    """The documents under `root`; `faults` are files that aren't documents, or can't be opened."""

    root: Path
    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]

    @property
    def kind(self) -> str:
        """What `--as` calls it."""
        return KIND

    @property
    def origins(self) -> tuple[Origin, ...]:
        """One collection for each document."""
        return tuple(document.origin for document in self.documents)

    @property
    def complete(self) -> bool:
        """A document is all of its collection: a passage that was taken out of it goes."""
        return True

    def batches(self) -> Iterator[Batch]:
        """Yield every document as text. Raises `BadInputError` when none can be read."""
        rows: list[tuple[str, Row]] = []
        faults = list(self.faults)
        size, found = 0, False
        problem: BadInputError | None = None
        for number, document in enumerate(self.documents, 1):
            try:
                data = read_bytes(document.path, document.name, _LARGEST)
                text = read_document(data, document.form, document.name)
            except BadInputError as error:
                problem = error
                faults.append(fault_of(error, document.name))
                continue
            found = True
            rows.append((document.name, Row(document, text)))
            size += sum(len(block.text) for block in text.blocks)
            if size >= _BATCH_CHARACTERS:
                yield Batch(rows=tuple(rows), share=number / len(self.documents), faults=tuple(faults))
                rows, faults, size = [], [], 0
        if problem is not None and not found:
            raise problem
        yield Batch(rows=tuple(rows), share=1.0, faults=tuple(faults))

    def parse(self, batch: Batch) -> Parsed:
        """Return the passages of the documents in `batch`."""
        records = (record for _, row in batch.rows for record in _records(row))
        return Parsed(records=tuple(records), faults=batch.faults)


def recognised(path: Path, *, asked: bool = False) -> DocumentsLoader | None:
    """Return a loader for the documents in `path`, a folder or a file; `None` when it holds none.

    With `asked`, every text is a document. Raises `BadInputError` for a folder that can't be listed, for a document
    that can't be opened when it is the only one, and with `asked` when there is none.
    """
    folder = walk(path)
    documents: list[Document] = []
    faults = list(folder.faults)
    problem: BadInputError | None = None
    for file in folder.files:
        name = shown(file, path)
        form = form_of(file, asked=asked)
        if form is None:
            faults.append(Fault(where=name, why="no document: neither Markdown, HTML, Word (.docx) nor PDF"))
            continue
        try:
            documents.append(_document(file, name, form))
        except BadInputError as error:
            problem = error
            faults.append(fault_of(error, name))
    if problem is not None and not documents:
        raise problem
    if not documents and asked:
        raise BadInputError(f"{path} holds no document: Markdown, HTML, Word (.docx) and PDF can be read")
    return DocumentsLoader(path, _distinct(documents), tuple(faults)) if documents else None


def _document(path: Path, name: str, form: Form) -> Document:
    found = about(read_bytes(path, name, _LARGEST), form, name)
    key = slug(Path(name).with_suffix("").as_posix())
    origin = Origin(f"{KIND}-{key}", name, found.date or "undated", found.licence or "unknown")
    return Document(path, name, form, origin)


def _distinct(documents: list[Document]) -> tuple[Document, ...]:
    """Return `documents`, those that differ in their suffix only ('a.md', 'a.pdf') with the suffix in the id."""
    counts = Counter(document.origin.id for document in documents)
    return tuple(
        document if counts[document.origin.id] == 1 else _with_suffix(document) for document in documents
    )


def _with_suffix(document: Document) -> Document:
    old = document.origin
    origin = Origin(f"{KIND}-{slug(document.name)}", old.name, old.release, old.licence)
    return Document(document.path, document.name, document.form, origin)


def _records(row: Row) -> Iterator[Record]:
    """Yield the passages of a document, numbered in each section: an edit elsewhere changes no id."""
    document = row.document.origin.id.removeprefix(f"{KIND}-")
    title, within = _title(row)
    numbers: Counter[str] = Counter()
    for chunk in chunked(row.text.blocks):
        path = chunk.path[1:] if within else chunk.path
        section = slug(" ".join(path)) if path else ""
        numbers[section] += 1
        key = f"{document}--{section}-{numbers[section]}" if section else f"{document}--{numbers['']}"
        yield _record(
            chunk, key=key, title=_SEPARATOR.join((title, *path)), document=title, origin=row.document.origin
        )


def _record(chunk: Chunk, *, key: str, title: str, document: str, origin: Origin) -> Record:
    """Return a chunk as a record.

    A piece of a recipe holds what its lines of ingredients say, and is unknown when one of them is; what else it names
    is stated. Any other text contains whatever it speaks of.
    """
    spoken = _spoken(f"{title}\n{chunk.text}")
    page = f", p. {chunk.page}" if chunk.page else ""
    passage = Passage(
        id=f"{Kind.NOTE}:{key}",
        kind=Kind.NOTE,
        title=title.replace(JOINT, ""),
        text=chunk.text.replace(JOINT, ""),
        source=f"{document.replace(JOINT, '')}{page}",
    )
    if not chunk.ingredients:
        return Record(passage=passage, origin=origin, says=Says.TEXT, label=spoken)
    lines = "\n".join(chunk.ingredients).replace(JOINT, "")
    return Record(passage=passage, origin=origin, says=Says.LINES, label=lines, stated=mentioned(spoken))


def _spoken(text: str) -> str:
    """Return `text` as one reads it; a word broken at the end of a line both in one and with its hyphen."""
    broken = [word.replace(JOINT, "-") for word in text.split() if JOINT in word]
    return "\n".join((text.replace(JOINT, ""), *broken))


def _title(row: Row) -> tuple[str, bool]:
    """Return the title of a document, and whether it is the heading above all others."""
    headings = [block for block in row.text.blocks if block.shape is Shape.HEADING]
    highest = min((block.level for block in headings), default=0)
    only = [block.text for block in headings if block.level == highest]
    first = row.text.blocks[0]
    over_all = len(only) == 1 and first.shape is Shape.HEADING and first.level == highest
    if over_all and (not row.text.title or _bare(only[0]) in _bare(row.text.title)):
        return only[0], True
    stem = Path(row.document.name).stem
    return row.text.title or re.sub(r"[_-]+", " ", stem).strip() or stem, False


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
