"""What callers send about attachments."""

import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chauban.dossiers.attachments import SourceKind
from chauban.dossiers.notice_requests import Line
from chauban.dossiers.requests import RequestBody

LARGEST_SOURCE = 20 * 1024 * 1024
"""Bytes of a file to be copied."""


def _plain(name: str) -> str:
    tidy = unicodedata.normalize("NFC", name)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or letter in '/\\"' for letter in tidy):
        raise ValueError("a file name without folders, quotes and control characters")
    return tidy


class BringSource(RequestBody):
    """`POST /v1/dossiers/{id}/copy-sources`: the file that is going to be uploaded to be copied, and what it is: `signed_file` as
    another agency issued it, or `paper_scan` of a paper original; its title, number and symbol, day and issuing agency."""

    kind: SourceKind
    title: Line
    number: Line | None = None
    day: date | None = None
    issuer: Line
    name: Annotated[str, AfterValidator(_plain)] = Field(min_length=1, max_length=200)
    type: Literal["application/pdf", "image/jpeg", "image/png", "image/tiff"]
    bytes: int = Field(ge=1, le=LARGEST_SOURCE)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class AnnounceAttachment(RequestBody):
    """`POST /v1/dossiers/{id}/attachments`: the file that is going to be uploaded; `sha256` in hex, of exactly these `bytes`."""

    component: str = Field(min_length=1, max_length=300)
    name: Annotated[str, AfterValidator(_plain)] = Field(min_length=1, max_length=200)
    type: str = Field(min_length=1, max_length=100)
    bytes: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
