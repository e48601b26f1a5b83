"""Documents of each form as blocks of text: Markdown, HTML, Word and PDF, told apart by what is in them."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from retrieval.errors import BadInputError
from retrieval.knowledge.loaders.files import UTF16, clean, decoded, one_line, read_head
from retrieval.knowledge.loaders.markdown import Block, blocks, front_matter, parsed_html
from retrieval.knowledge.loaders.pdf import open_pdf, pdf_date, read_pdf
from retrieval.knowledge.loaders.recipes_markdown import scalar, stated_date

_HEAD = 4_096
_TEXT_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".rst"})
_MOST_TEXT = 5_000_000  # bytes of Markdown or HTML, which would take minutes

_MOST_XML = 30_000_000  # bytes of a Word file's text, which takes ten times as much memory
_MOST_PARTS = 5_000
_BLOCK = 65_536
_PROPERTIES = "docProps/core.xml"
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    NotImplementedError,
)
_WORD_TEXT = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0"

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_DATA = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{]|<\?xml)")
_PROSE = re.compile(rb"^(?:#{1,6} |[-*+] |\d+\. )|[.!?](?:\s|$)", re.MULTILINE)
_MODIFIED = re.compile(rb"<dcterms:(?:modified|created)[^>]*>(\d{4}-\d{2}-\d{2})")
_CORE_TITLE = re.compile(rb"<dc:title>([^<]{1,200})</dc:title>")

_AROUND = "nav header footer aside form".split()
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)


class Form(StrEnum):
    """How a document is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    WORD = "docx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it was read: its title, '' when it names none, and its blocks."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself: the ISO date of its last change and its licence, '' where it doesn't."""

    date: str = ""
    licence: str = ""


def form_of(path: Path, *, asked: bool = False) -> Form | None:
    """Return the form of the document `path` by its first bytes; `None` when it is no document.

    Plain text has no mark of its own: a table and a poem both are. It counts as Markdown with a suffix of text, or
    without one that is known and with sentences or headings in it; with `asked`, always.
    """
    head = read_head(path, _HEAD)
    if b"%PDF-" in head[:1024]:
        return Form.PDF
    if head.startswith(_OLE) or (head.startswith(b"PK\x03\x04") and _is_word(path, head)):
        return Form.WORD
    if not head.strip() or (b"\0" in head and not head.startswith(UTF16)):
        return None
    if _HTML.match(head):
        return Form.HTML
    if asked:
        return Form.MARKDOWN
    if _DATA.match(head) or path.suffix.lower() not in _TEXT_SUFFIXES:
        return None
    return Form.MARKDOWN if path.suffix or _PROSE.search(head) else None


def about(data: bytes, form: Form, name: str) -> About:
    """Return what a document says of itself, without reading all of it.

    Raises `BadInputError` for one that can't be opened: encrypted, broken, too large, or not UTF-8.
    """
    if form is Form.PDF:
        return About(date=pdf_date(open_pdf(data, name)))
    if form is Form.WORD:
        match = _MODIFIED.search(_unpacked(data, name).get(_PROPERTIES, b""))
        return About(date=match[1].decode() if match else "")
    text = _decoded(data, name)
    if form is Form.HTML:
        return About()
    values, _ = _front_matter(text, name)
    return About(
        date=stated_date(values), licence=scalar(values.get("licence")) or scalar(values.get("license"))
    )


def read_document(data: bytes, form: Form, name: str) -> Text:
    """Return the title and the text of a document. Raises `BadInputError` when it can't be read or has no text."""
    if form is Form.PDF:
        pdf = read_pdf(data, name)
        return Text(title=pdf.title, blocks=pdf.blocks)
    text = _READERS[form](data, name)
    if not any(char.isalnum() for block in text.blocks for char in block.text):
        raise BadInputError(f"{name} has no text")
    return text


def _read_markdown(data: bytes, name: str) -> Text:
    values, body = _front_matter(_decoded(data, name), name)
    return Text(title=scalar(values.get("title")), blocks=blocks(body))


def _front_matter(text: str, name: str) -> tuple[Mapping[str, object], str]:
    try:
        return front_matter(text, name)
    except BadInputError:  # a line of hyphens may stand above anything in a text
        return {}, text


def _read_html(data: bytes, name: str) -> Text:
    return _from_html(_decoded(data, name), name)


def _read_word(data: bytes, name: str) -> Text:
    import mammoth

    parts = _unpacked(data, name)
    title = _CORE_TITLE.search(parts.get(_PROPERTIES, b""))
    try:
        converted = mammoth.convert_to_html(
            _packed(parts),
            convert_image=mammoth.images.img_element(lambda _image: {}),
            style_map="p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh",
        )
    except Exception as error:  # a broken file makes mammoth raise anything
        raise BadInputError(f"{name} is a broken Word file: open it and save it again") from error
    text = _from_html(converted.value, name)
    own = one_line(title[1].decode("utf-8", "replace")) if title else ""
    return Text(title=own, blocks=text.blocks)


def _from_html(html: str, name: str) -> Text:
    """Return what a reader of a page sees of its main part."""
    from markdownify import MarkdownConverter

    soup = parsed_html(html)
    title = one_line(soup.title.get_text()) if soup.title else ""
    for tag in soup(_AROUND):
        if not (tag.name in {"header", "aside"} and tag.find_parent(["article", "main"])):
            tag.decompose()
    body = soup.find("main") or soup.find("article") or soup.body or soup
    try:
        converter = MarkdownConverter(heading_style="ATX", bullets="-", strip=["a", "img"])
        markdown = clean(converter.convert_soup(body))
    except RecursionError:
        raise BadInputError(f"{name}: HTML nested too deeply") from None
    return Text(title=title, blocks=blocks(markdown))


def _decoded(data: bytes, name: str) -> str:
    if len(data) > _MOST_TEXT:
        raise BadInputError(f"{name} is larger than {_MOST_TEXT // 1_000_000} MB of text: split it")
    return decoded(data, name)


def _is_word(path: Path, head: bytes) -> bool:
    """Return whether a zip is a Word file; a broken one counts when it was meant to be."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORD_TEXT in archive.namelist()
    except _BROKEN_ZIP:
        return path.suffix.lower() == ".docx" or b"[Content_Types].xml" in head


def _unpacked(data: bytes, name: str) -> dict[str, bytes]:
    """Return the text parts of a Word file, pictures left out.

    They are read in blocks and counted, since the sizes that a zip declares may be lies. Raises `BadInputError` for a
    broken file, an encrypted one, the old format, and a zip bomb.
    """
    if data.startswith(_OLE):
        raise BadInputError(
            f"{name} is encrypted or in Word's old format: save it as .docx without a password"
        )
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
            if len(members) > _MOST_PARTS or sum(info.file_size for info in members) > _MOST_XML:
                raise BadInputError(f"{name} unpacks to more than a document can be: split it")
            for info in members:
                with archive.open(info) as part:
                    # The last block ends where the size was declared, and with the check sum.
                    parts[info.filename] = b"".join(iter(partial(part.read, _BLOCK), b""))
    except _BROKEN_ZIP as error:
        raise BadInputError(f"{name} is a broken Word file: open it and save it again") from error
    if _WORD_TEXT not in parts:
        raise BadInputError(f"{name} is a broken Word file: it has no {_WORD_TEXT}")
    return parts


def _packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


_READERS = {Form.MARKDOWN: _read_markdown, Form.HTML: _read_html, Form.WORD: _read_word}
