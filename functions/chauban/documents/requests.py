"""What is asked of a renderer and what it gives; light, so that callers need not load the renderer itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttachedFile:
    """A file embedded beside the data; `relationship` is what it is to the document (AFRelationship; ISO 32000-2, 14.13)."""

    name: str
    content: bytes
    description: str
    relationship: str


@dataclass(frozen=True)
class RenderRequest:
    """What a document is made of. `template` is a path in `files`; `context` is JSON-like; `data` is embedded as it is.

    `made_at` (aware) is every date of the file; `document_id` goes into the file's identifier and metadata; `language` is
    a BCP 47 tag. `watermark`, where there is one, is written across every page.
    """

    template: str
    files: Mapping[str, bytes]
    context: Mapping[str, object]
    data: bytes
    title: str
    language: str
    made_at: datetime
    document_id: str
    watermark: str | None = None
    attached: tuple[AttachedFile, ...] = ()


@dataclass(frozen=True)
class RenderedDocument:
    """The file, its SHA-256 (hex), its number of pages, and the hash of the fonts it was set in."""

    pdf: bytes
    sha256: str
    pages: int
    fonts_sha256: str
