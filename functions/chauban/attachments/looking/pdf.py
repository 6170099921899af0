"""PDFs: they open, are not encrypted, have pages, and hold nothing that acts by itself or carries another file along.

Everything that a reader can reach from the trailer is looked at, objects in object streams too; and since readers differ in what
they reach, the worst words are looked for in the whole file. Links to web pages are allowed: they do nothing until somebody
follows them. A signed PDF is a good paper, and so is a result of this service, which embeds its data.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from chauban.attachments import reasons

MAX_PAGES = 500
MAX_OBJECTS = 200_000
# Kinds of actions (ISO 32000-1, table 198; ISO 32000-2, table 201) and of annotations that run, fetch, send or play something.
_ACTIONS = {
    *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToE", "/Rendition"),
    *("/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView", "/SetOCGState", "/Trans"),
}
_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
# What a file may carry along: data as text, which no machine runs.
_DATA = (".json", ".xml", ".csv", ".txt")
# The same where a reader other than ours might find it: anywhere in the file, also in what was written over.
_WRITTEN = re.compile(rb"/(?:JavaScript|Launch|ImportData|SubmitForm|RichMedia)(?=[\x00\t\n\x0c\r ()<>\[\]{}/%])")
_BEGINNING, _END = b"%PDF-", b"%%EOF"
# ISO 32000-1, implementation note 18: how far from the end of the file its marker may be.
_TAIL = 1024


def pdf_fault(content: bytes) -> str | None:
    """A word for what is wrong with a PDF; None where nothing is."""
    if not content.startswith(_BEGINNING):
        return reasons.TYPE
    if _END not in content[-_TAIL:]:
        return reasons.UNREADABLE
    if _WRITTEN.search(content):
        return reasons.ACTIVE
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if reader.encrypted or reader.trailer_view.get("/Encrypt") is not None:
            return reasons.ENCRYPTED
        return _pages_fault(reader) or _content_fault(reader)
    except (PdfDecodeLimitError, RecursionError):
        return reasons.COMPLEX
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, NotImplementedError, OSError):
        return reasons.UNREADABLE


def _pages_fault(reader: PdfFileReader) -> str | None:
    """Counts the pages of the tree itself; `/Count` may say anything."""
    waiting, seen, pages = [reader.root["/Pages"]], 0, 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if not isinstance(node, generic.DictionaryObject):
            return reasons.UNREADABLE
        if "/Kids" in node:
            kids = node["/Kids"]
            waiting += [kids[position] for position in range(len(kids))]
        else:
            pages += 1
        # A tree that leads back to itself has no end.
        if pages > MAX_PAGES or seen > 2 * MAX_PAGES:
            return reasons.PAGES
    return None if pages else reasons.UNREADABLE


def _content_fault(reader: PdfFileReader) -> str | None:
    for count, found in enumerate(_reachable(reader)):
        if count > MAX_OBJECTS:
            return reasons.COMPLEX
        if isinstance(found, generic.DictionaryObject) and (fault := _dictionary_fault(found)):
            return fault
    return None


def _reachable(reader: PdfFileReader) -> Iterator[Any]:
    """Every object that the trailer leads to, each once."""
    waiting: list[Any] = [reader.trailer.raw_get("/Root"), reader.trailer_view.get("/Info")]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, generic.IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            found = reader.get_object(found.reference)
        if isinstance(found, generic.DictionaryObject):
            waiting += [found.raw_get(name) for name in found]
        elif isinstance(found, generic.ArrayObject):
            waiting += [found.raw_get(position) for position in range(len(found))]
        yield found


def _dictionary_fault(found: generic.DictionaryObject) -> str | None:
    if member(found, "/S") in _ACTIONS or "/JS" in found or "/JavaScript" in found or "/RichMediaContent" in found:
        return reasons.ACTIVE
    if member(found, "/Subtype") in _ANNOTATIONS:
        return reasons.ACTIVE
    if "/XFA" in found:
        return reasons.DYNAMIC
    embedded = member(found, "/EF")
    if isinstance(embedded, generic.DictionaryObject) and not _is_data(found, embedded):
        return reasons.EMBEDDED
    return None


def member(found: generic.DictionaryObject, name: str) -> Any:
    """What a member is, wherever it stands: `get` would give a reference to it; None where there is none."""
    try:
        return found[name]
    except KeyError:
        return None


def is_signed(content: bytes) -> bool:
    """Whether a PDF that nothing is wrong with has a signature."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    dictionaries = (found for found in _reachable(reader) if isinstance(found, generic.DictionaryObject))
    return any("/ByteRange" in found and "/Contents" in found for found in dictionaries)


def _is_data(specification: generic.DictionaryObject, embedded: generic.DictionaryObject) -> bool:
    """Whether an embedded file is text under the name of a data file."""
    names = [str(specification[key]) for key in ("/F", "/UF") if key in specification]
    if not names or not all(name.lower().endswith(_DATA) for name in names):
        return False
    streams = [embedded[key] for key in embedded]
    return all(isinstance(stream, generic.StreamObject) and _is_text(stream.data) for stream in streams)


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\t\r\n" for letter in text)
