"""What callers send about attachments."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from chauban.dossiers.requests import RequestBody


def _plain(name: str) -> str:
    tidy = unicodedata.normalize("NFC", name)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or letter in '/\\"' for letter in tidy):
        raise ValueError("a file name without folders, quotes and control characters")
    return tidy


class AnnounceAttachment(RequestBody):
    """`POST /v1/dossiers/{id}/attachments`: the file that is going to be uploaded; `sha256` in hex, of exactly these `bytes`."""

    component: str = Field(min_length=1, max_length=300)
    name: Annotated[str, AfterValidator(_plain)] = Field(min_length=1, max_length=200)
    type: str = Field(min_length=1, max_length=100)
    bytes: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
