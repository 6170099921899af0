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


class OrderSourceCopy(OrderCopy):
    """`POST /v1/dossiers/{id}/copy-sources/{id}/copies`: the same of a file that others issued. Of a scan the caller states by
    `compared_with_paper` that it was held against the paper original and agrees with it."""

    compared_with_paper: bool = False
