"""What callers send to have a certified copy made."""

from typing import Literal

from pydantic import Field

from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.notice_requests import Line, Sentence
from chauban.dossiers.requests import RequestBody


class OrderCopy(RequestBody):
    """`POST /v1/documents/{id}/copies`. `purpose` is printed on SAO LỤC and TRÍCH SAO; `excerpt` are the passages of a TRÍCH SAO,
    word for word as the document has them."""

    kind: Literal[DocumentKind.SAO_Y, DocumentKind.SAO_LUC, DocumentKind.TRICH_SAO]
    purpose: Line
    excerpt: tuple[Sentence, ...] = Field(default=(), max_length=20)
